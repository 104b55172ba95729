"""`kiosk staff`: what waits for the hall's staff, and the steps by which they close it."""

import dataclasses
from datetime import datetime
from functools import partial
from typing import Any

from kiosk import app
from kiosk.audit import kinds
from kiosk.case.casefile import Case
from kiosk.case.recovery import CaseReport, axes
from kiosk.commands import staff_accounts
from kiosk.commands.machine import CARD_DEVICES, SOME_NEED_STAFF, with_machine
from kiosk.commands.said import OK, fail, in_all, say, talk
from kiosk.domain.clock import SHANGHAI
from kiosk.domain.failure import Failure
from kiosk.technician.staff import StaffDesk, Waiting, words
from kiosk.view import Message


def run(arguments: Any) -> int:
    wrong = _wrong(arguments)
    if wrong is not None:
        return fail(wrong, arguments.json)
    if arguments.action in staff_accounts.ACTIONS:
        return staff_accounts.run(arguments)
    work = _list if arguments.action == "list" else partial(_step, arguments)
    document = with_machine(arguments.profile, work, CARD_DEVICES if arguments.action == "retry" else ())
    if isinstance(document, Failure):
        return fail(document, arguments.json)
    if arguments.json:
        say(document)
    _told(document)
    return SOME_NEED_STAFF if arguments.action == "retry" and document["needs_staff"] else OK


def _wrong(arguments: Any) -> Failure | None:
    if arguments.action == "list":
        return None
    if arguments.action not in staff_accounts.ACTIONS and not kinds.case_id(arguments.case):
        return Failure("usage.case", detail={"value": arguments.case or ""})
    if not kinds.staff(arguments.by):
        return Failure("usage.by", detail={"value": arguments.by or ""})
    return None


def desk_of(machine: app.Machine) -> StaffDesk:
    house = machine.house
    return StaffDesk(house.executor, machine.recovery, house.authority, house.cashier, house.slot)


async def _list(machine: app.Machine) -> dict[str, Any]:
    desk = desk_of(machine)
    status = await machine.house.slot.sense()
    count = await machine.house.slot.bin_count()
    return {
        "cards": [_card(case) for case in desk.cards()],
        "cases": [_waiting(waiting) for waiting in desk.waiting()],
        "accounts": staff_accounts.listed(machine.house.staff_login),
        "bin": {
            "level": "unknown" if isinstance(status, Failure) else status.bin.value,
            "count": count,
        },
    }


def _card(case: Case) -> dict[str, Any]:
    since = datetime.fromtimestamp(case.file.retained_at, SHANGHAI).isoformat(timespec="seconds") if case.file.retained_at else None
    return {"case_id": case.case_id, "since": since, "known": axes(case.standing), "needs_staff": case.standing.needs_staff}


def _waiting(waiting: Waiting) -> dict[str, Any]:
    case = waiting.case
    standing = case.standing if case else None
    file = case.file if case else None
    return {
        "case_id": waiting.case_id,
        "reason": waiting.reason,
        "text": in_all(Message(f"staff.reason.{waiting.reason or 'put_off'}")),
        "known": axes(standing) if standing else None,
        "blocked": sorted(standing.blocked) if standing else [],
        "put_off": sorted(standing.deferred) if standing else [],
        "cause": file.cause if file else None,
        "device_code": f"{file.cause_device_code:02X}" if file and file.cause_device_code is not None else None,
        "order_no": case.order_no if case and case.standing.charges else None,
        "refund_no": case.refund_no if case and case.standing.charges else None,
    }


async def _step(arguments: Any, machine: app.Machine) -> dict[str, Any] | Failure:
    desk, case_id, by = desk_of(machine), arguments.case, arguments.by
    match arguments.action:
        case "hand-back":
            outcome: Case | CaseReport | Failure = desk.hand_back(case_id, by)
        case "retry":
            outcome = await desk.retry(case_id, by)
        case _:
            outcome = await desk.settle(case_id, by, words(arguments.money, arguments.issue, arguments.back, arguments.custody))
    await machine.house.notices.send()
    if isinstance(outcome, Failure):
        return outcome
    if isinstance(outcome, CaseReport):
        if outcome.needs_staff is None and case_id in machine.house.executor.journal.open_ids():
            return Failure("staff.still_open", detail={"case_id": case_id})
        return dataclasses.asdict(outcome)
    return {"case_id": case_id, "after": axes(outcome.standing), "needs_staff": outcome.standing.needs_staff}


def _told(document: dict[str, Any]) -> None:
    for card in document.get("cards", []):
        talk(f"{card['case_id']}: in the bin since {card['since'] or '?'}")
    for case in document.get("cases", []):
        talk(f"{case['case_id']}: {case['reason']}: {case['text']['en']} / {case['text']['zh-Hans']}")
    for account in document.get("accounts", []):
        talk(f"{account['number']}: may log in{' (locked)' if account['locked'] else ''}")
    if "case_id" in document:
        talk(f"{document['case_id']}: {document['after']}  needs staff: {document['needs_staff'] or 'no'}")
