"""One journey as `kiosk transact` prints it."""

from collections.abc import Callable, Sequence

from kiosk.case.casefile import Case
from kiosk.case.moves import Custody, Issue, Money, settled
from kiosk.health.stopwatch import KINDS, Lap
from kiosk.journey.visit import Visit
from kiosk.view import Message

COMPLETED, REFUSED, WITHDRAWN, REFUNDED, NEEDS_STAFF = "completed", "refused", "withdrawn", "refunded", "needs_staff"
EXIT_CODES = {COMPLETED: 0, REFUSED: 3}
PAYMENT_STATES = {Money.OPEN: "open", Money.PAID: "paid", Money.REFUND_PENDING: "paid", Money.REFUNDED: "refunded", Money.CLOSED: "closed"}


def _case(visit: Visit) -> Case | None:
    """The case, where there was anything to it: the permit was inserted, or nobody knows where it is."""
    case = visit.case
    return case if case is not None and (visit.inserted or case.standing.custody is Custody.UNKNOWN) else None


def outcome_of(visit: Visit) -> str:
    case = _case(visit)
    if case is not None and (case.standing.needs_staff is not None or not settled(case.standing)):
        return NEEDS_STAFF
    if case is not None and case.standing.issue is Issue.VERIFIED:
        return COMPLETED
    if case is not None and case.standing.money is Money.REFUNDED:
        return REFUNDED
    return REFUSED if visit.turned is not None else WITHDRAWN


def result_of(visit: Visit, laps: Sequence[Lap], in_all: Callable[[Message], dict[str, str]], artifacts: dict[str, str | None]) -> dict[str, object]:
    """Every key of the contract, always there."""
    case = _case(visit)
    outcome = outcome_of(visit)
    shares = {kind: _ms(sum(lap.shares_s[kind] for lap in laps)) for kind in KINDS}
    software = _ms(sum(lap.software_s for lap in laps))
    return {
        "outcome": outcome,
        "case_id": case.case_id if case else None,
        "endorsements": _endorsements(case) if case and outcome == COMPLETED else [],
        "fee_fen": case.file.fee_fen if case else 0,
        "payment": _payment(case),
        "card": _card(case),
        "needs_staff": case.standing.needs_staff if case else None,
        "refusal": None
        if visit.turned is None or outcome == COMPLETED
        else {"code": visit.turned.code, "rule": visit.turned.rule, "text": in_all(visit.turned.text)},
        "steps": [{"name": lap.name, "ms": _ms(lap.wall_s), "software_ms": _ms(lap.software_s)} for lap in laps],
        "software_ms": software,
        "device_ms": shares["device"],
        "gateway_ms": shares["gateway"],
        "traveller_ms": shares["traveller"],
        "wall_ms": round(software + sum(shares.values()), 3),
        "artifacts": artifacts,
    }


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 3)


def _endorsements(case: Case) -> list[dict[str, object]]:
    return [
        {
            "destination": block.destination,
            "kind": block.kind,
            "validity": block.validity,
            "valid_until": block.valid_until,
            "number": block.number,
        }
        for block in case.file.issued
    ]


def _payment(case: Case | None) -> dict[str, str] | None:
    if case is None or case.standing.charges == 0 or case.standing.money is Money.NONE:
        return None
    return {"method": case.file.method or "", "order_no": case.order_no, "state": PAYMENT_STATES[case.standing.money]}


def _card(case: Case | None) -> str:
    if case is None:
        return "not_inserted"
    # a card whose place nobody knows is reported as the machine's: never as returned
    return "returned" if case.standing.custody is Custody.WITH_TRAVELLER else "retained"
