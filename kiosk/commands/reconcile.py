"""`kiosk reconcile`: the journal against the authority's and the payment providers' books, their bills and lists. It asks and changes nothing."""

import asyncio
from datetime import date
from pathlib import Path
from typing import Any

from kiosk import app
from kiosk.case.reconciliation import Difference
from kiosk.commands.said import FAILED, OK, catalogue, fail, in_all, say, talk
from kiosk.config import Profile, load_profile
from kiosk.domain.failure import Failure
from kiosk.gateways.bills import Bill
from kiosk.services.reconciling import Reconciliation
from kiosk.store.transaction import StoreFailed
from kiosk.view import Message


def run(profile_file: str, day: str | None, as_json: bool) -> int:
    """Exit 0 without a difference, 1 with one or where anything could not be asked (`failure`), 2 for wrong usage."""
    try:
        only = None if day is None else date.fromisoformat(day)
    except ValueError:
        return fail(Failure("usage.as_of", detail={"value": day or "-"}), as_json)
    profile = load_profile(Path(profile_file))
    if isinstance(profile, Failure):
        return fail(profile, as_json)
    result = asyncio.run(_reconciled(profile, only))
    if isinstance(result, Failure):
        return fail(result, as_json)
    document = document_of(result)
    if as_json:
        say(document)
    counts = ", ".join(f"{document[name]} {name}" for name in ("cases", "orders", "applications"))
    talk(f"{document['days'][0]} to {document['days'][-1]}: {counts}, {len(document['differences'])} differences")
    for line in document["differences"]:
        talk(f"{line['kind']}: {line['text']['en']}")
    return FAILED if document["differences"] else OK


async def _reconciled(profile: Profile, only: date | None) -> Reconciliation | Failure:
    machine = app.build(profile, catalogue(), faces=False)
    if isinstance(machine, Failure):
        return machine
    try:
        days = machine.reconciler.days(with_today=profile.simulated is not None) if only is None else (only,)
        return await machine.reconciler.reconcile(days, every_case=only is None)
    except StoreFailed as refused:
        return refused.failure
    finally:
        await machine.close()


def document_of(result: Reconciliation) -> dict[str, Any]:
    """`{days, cases, orders, applications, bills, differences}`; days: those whose bills and lists were compared; bills: those with a row."""
    return {
        "days": [day.isoformat() for day in result.days],
        "cases": result.cases,
        "orders": result.orders,
        "applications": result.applications,
        "bills": [_bill(bill) for bill in result.bills if bill.payments or bill.refunds],
        "differences": [_difference(line) for line in result.differences],
    }


def _bill(bill: Bill) -> dict[str, Any]:
    return {"provider": bill.provider, "day": bill.day.isoformat(), "payments": len(bill.payments), "refunds": len(bill.refunds)}


def _difference(line: Difference) -> dict[str, Any]:
    params = {"case_id": line.case_id or "-", "order_no": line.order_no or "-", "journal": _word(line.journal), "other": _word(line.other)}
    return {
        "kind": line.kind.value,
        "case_id": line.case_id,
        "order_no": line.order_no,
        "journal": line.journal,
        "other": line.other,
        "text": in_all(Message(f"difference.{line.kind.value}", params)),
    }


def _word(said: str | None) -> Message | str:
    """A state in the reader's language; amounts and endorsements as they are."""
    key = f"books.{said}"
    return Message(key) if key in catalogue() else said or "-"
