"""The simulated exit-entry authority and its registry: HTTP + JSON with a bearer token, every case in its own book.

Fault device `authority`; moments registry, submit, query, issue, verified, void, list, notice. Kinds: refuse (500, nothing done), silence (nothing
done, no answer), and after the act: late (`seconds`), garbage, lost_answer. At submit also reject (the case is rejected) and pending (stays
submitted), at query also pending; a submitted case is approved when it is next asked about. At list also half_list (the last row is lost on the way).
"""

import hmac
import json
import re
import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any, Protocol

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from drivers.world.faults import Fault, FaultBoard
from drivers.world.ledger import Application, Ledger
from drivers.world.payment_faults import GARBAGE, BrokenAnswer, be_late, hold_silent, is_kind
from drivers.world.personas import DESTINATIONS, Persona

DEVICE = "authority"
_ANSWER_KINDS = ("refuse", "silence", "garbage", "late", "lost_answer")
FAULTS = {
    "registry": _ANSWER_KINDS,
    "submit": (*_ANSWER_KINDS, "reject", "pending"),
    "query": (*_ANSWER_KINDS, "pending"),
    "issue": _ANSWER_KINDS,
    "verified": _ANSWER_KINDS,
    "void": _ANSWER_KINDS,
    "list": (*_ANSWER_KINDS, "half_list"),
    "notice": _ANSWER_KINDS,
}
_BEIJING = timezone(timedelta(hours=8))
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_CASE = re.compile(r"[A-Za-z0-9_-]{1,64}")

Reply = tuple[int, dict[str, Any]]


class Hall(Protocol):
    """What the authority needs of the hall."""

    def person(self, id_number: str) -> Persona | None: ...

    def registry_entry(self, persona: Persona) -> dict[str, Any]: ...

    def today_iso(self) -> str: ...

    def issuer(self) -> str: ...

    def noticed(self, notice: Any) -> bool: ...


class Authority:
    """Decides and books, one request at a time; a request that waits for a fault does not hold the others up."""

    def __init__(self, hall: Hall, ledger: Ledger, faults: FaultBoard, token: str) -> None:
        self._hall = hall
        self._ledger = ledger
        self._faults = faults
        self._token = token
        self._one_at_a_time = threading.Lock()  # or two requests to issue would number one case twice

    def app(self) -> Starlette:
        case = "/applications/{case_id}"
        return Starlette(
            routes=[
                Route("/registry/query", self._served("registry", self._registry), methods=["POST"]),
                Route("/applications", self._served("list", self._list), methods=["GET"]),
                Route(case, self._served("submit", self._submit), methods=["PUT"]),
                Route(case, self._served("query", self._query), methods=["GET"]),
                Route(case + "/issue", self._served("issue", self._issue), methods=["POST"]),
                Route(case + "/verified", self._served("verified", self._verified), methods=["POST"]),
                Route(case + "/void", self._served("void", self._void), methods=["POST"]),
                Route("/notices", self._served("notice", self._notice), methods=["POST"]),
            ]
        )

    def _served(self, moment: str, act: Callable[[str, Any, Fault | None], Reply]) -> Callable[[Request], Any]:
        async def endpoint(request: Request) -> Response:
            body = await request.body()
            given = request.headers.get("authorization", "")
            if not hmac.compare_digest(given.encode(), f"Bearer {self._token}".encode()):
                return _answer(_error(401, "token_wrong"))
            fault = self._faults.take(DEVICE, moment)
            if fault is not None and fault.kind == "silence":
                return await hold_silent(request, fault)
            if is_kind(fault, "refuse"):
                return _answer(_error(500, "out_of_order"))
            try:
                document = json.loads(body) if body else None
            except ValueError:
                return _answer(_error(400, "bad_request"))
            about = request.path_params.get("case_id", request.query_params.get("day", ""))
            reply = await run_in_threadpool(self._acted, act, about, document, fault)
            if fault is not None and fault.kind == "late":
                await be_late(fault)
            if is_kind(fault, "lost_answer"):
                return BrokenAnswer()
            return Response(GARBAGE, 200, media_type="application/json") if is_kind(fault, "garbage") else _answer(reply)

        return endpoint

    def _acted(self, act: Callable[[str, Any, Fault | None], Reply], case_id: str, document: Any, fault: Fault | None) -> Reply:
        with self._one_at_a_time:
            return act(case_id, document, fault)

    def _registry(self, _: str, asked: Any, __: Fault | None) -> Reply:
        if not isinstance(asked, dict) or set(asked) != {"id_number"} or not isinstance(asked["id_number"], str):
            return _error(400, "bad_request")
        persona = self._hall.person(asked["id_number"])
        if persona is None:
            return _error(404, "person_unknown")
        return 200, {"person": self._hall.registry_entry(persona)}

    def _submit(self, case_id: str, asked: Any, fault: Fault | None) -> Reply:
        known = self._ledger.application(case_id)
        if known is not None:
            return (200, _case(known)) if known.body == asked else _error(409, "case_conflict")
        if _CASE.fullmatch(case_id) is None or not _is_application(asked):
            return _error(400, "bad_request")
        reason = "authority_decision" if is_kind(fault, "reject") else self._objection(asked)
        state = "rejected" if reason else "submitted" if is_kind(fault, "pending") else "approved"
        endorsements = tuple(asked["endorsements"])
        self._ledger.add_application(
            Application(case_id, asked["permit_number"], asked["id_number"], state, reason, asked, endorsements, time.time())
        )
        return self._now(case_id)

    def _objection(self, asked: Mapping[str, Any]) -> str | None:
        """Why the authority rejects an application that is well formed."""
        persona = self._hall.person(asked["id_number"])
        permit = persona.permit(asked["permit_number"]) if persona is not None else None
        if permit is None:
            return "permit_not_of_person"
        destinations = [row["destination"] for row in asked["endorsements"]]
        if len(set(destinations)) < len(destinations) or not set(destinations) <= set(DESTINATIONS[permit.kind]):
            return "destination_not_of_permit"
        if any(not self._hall.today_iso() <= row["valid_until"] <= permit.expires_on.isoformat() for row in asked["endorsements"]):
            return "valid_until_beyond_permit"
        return None

    def _query(self, case_id: str, _: Any, fault: Fault | None) -> Reply:
        known = self._ledger.application(case_id)
        if known is not None and known.state == "submitted" and not is_kind(fault, "pending"):
            self._ledger.set_application(case_id, "approved")
        return self._now(case_id)

    def _list(self, day: str, _: Any, fault: Fault | None) -> Reply:
        """What the machine of this token handed in on one day, in Beijing time."""
        try:
            since = datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=_BEIJING).timestamp()
        except ValueError:
            return _error(400, "bad_request")
        rows = [_case(each) for each in self._ledger.submitted_between(since, since + 86400)]
        return 200, {"day": day, "count": len(rows), "applications": rows[:-1] if is_kind(fault, "half_list") else rows}

    def _issue(self, case_id: str, _: Any, __: Fault | None) -> Reply:
        known = self._ledger.application(case_id)
        if known is None:
            return _error(404, "case_unknown")
        if known.state == "approved":
            rows = tuple(
                {**row, "number": self._ledger.next_endorsement_number(), "issued_on": self._hall.today_iso(), "issuer": self._hall.issuer()}
                for row in known.endorsements
            )
            self._ledger.set_application(case_id, "issued", rows)
        elif known.state not in ("issued", "verified"):
            return _error(409, "case_not_approved")
        return self._now(case_id)

    def _verified(self, case_id: str, _: Any, __: Fault | None) -> Reply:
        known = self._ledger.application(case_id)
        if known is None:
            return _error(404, "case_unknown")
        if known.state == "issued":
            self._ledger.set_application(case_id, "verified")
            self._ledger.show_in_registry(case_id)
        elif known.state != "verified":
            return _error(409, "case_not_issued")
        return self._now(case_id)

    def _void(self, case_id: str, _: Any, __: Fault | None) -> Reply:
        known = self._ledger.application(case_id)
        if known is None:
            return _error(404, "case_unknown")
        if known.state == "verified":
            return _error(409, "case_verified")
        if known.state != "rejected":
            self._ledger.set_application(case_id, "voided")
        return self._now(case_id)

    def _notice(self, _: str, notice: Any, __: Fault | None) -> Reply:
        return (200, {"accepted": True}) if self._hall.noticed(notice) else _error(400, "bad_request")

    def _now(self, case_id: str) -> Reply:
        known = self._ledger.application(case_id)
        return _error(404, "case_unknown") if known is None else (200, _case(known))


def ledger_rows(ledger: Ledger) -> list[dict[str, Any]]:
    """`authority` of GET /ledger, oldest first."""
    return [
        {
            "case_id": each.case_id,
            "permit_number": each.permit_number,
            "state": each.state,
            "endorsements": [{name: row[name] for name in ("destination", "kind", "validity", "valid_until")} for row in each.endorsements],
        }
        for each in ledger.applications()
    ]


def _is_application(asked: Any) -> bool:
    if not isinstance(asked, dict) or set(asked) != {"permit_number", "id_number", "phone", "contact", "endorsements"}:
        return False
    if asked["contact"] is not None and not _is_contact(asked["contact"]):
        return False
    if not isinstance(asked["permit_number"], str) or not isinstance(asked["id_number"], str) or not isinstance(asked["phone"], str | None):
        return False
    rows = asked["endorsements"]
    return isinstance(rows, list) and 1 <= len(rows) <= 2 and all(_is_endorsement(row) for row in rows)


def _is_contact(told: Any) -> bool:
    """Each part may be missing, but somebody said something; a phone number belongs to a name."""
    if not isinstance(told, dict) or set(told) != {"name", "phone", "address"} or not all(isinstance(part, str | None) for part in told.values()):
        return False
    return any(told.values()) and "" not in told.values() and (told["name"] is not None or told["phone"] is None)


def _is_endorsement(row: Any) -> bool:
    if not isinstance(row, dict) or set(row) != {"destination", "kind", "validity", "valid_until"}:
        return False
    return all(isinstance(value, str) and value for value in row.values()) and _DAY.fullmatch(row["valid_until"]) is not None


def _case(application: Application) -> dict[str, Any]:
    return {
        "case_id": application.case_id,
        "state": application.state,
        "reason": application.reason,
        "endorsements": [dict(row) for row in application.endorsements],
    }


def _error(status: int, code: str) -> Reply:
    return status, {"error": {"code": code}}


def _answer(reply: Reply) -> Response:
    return JSONResponse(reply[1], reply[0])
