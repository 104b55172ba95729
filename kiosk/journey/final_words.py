"""What is true at the end of a journey: the sentences about what happened, the money and the card, as the case knows them, never as hoped.

A failure's own sentence speaks to somebody who still waits ("please wait, the machine will look at the card"). At the end, on the page and on the
ticket, it is over: the causes that stop a case with the permit inside have sentences of their own, `ended.…`.
"""

from kiosk.case.casefile import Case
from kiosk.case.moves import Axis, Back, Custody, Issue, Money, Reason, Standing
from kiosk.domain.money import yuan
from kiosk.view import Message

STUCK = ("jam", "not_moved", "contact_stuck", "position_unreachable", "unknown_position")
UNCLEAR = ("unclear", "unreachable", "contradiction", "already_paid")
ENDED = {"card_printer": "printer", "card_back": "print", "back_camera": "print", "card_module": "way"}


def cause_key(code: str) -> str:
    """The sentence of what stopped a case whose permit was inside."""
    room, _, reason = code.partition(".")
    if room in ("card_module", "card_printer") and reason in STUCK:
        return "ended.stuck"
    if room in ("authority", "payment") and reason in UNCLEAR:
        return f"ended.{room}"
    return f"ended.{ENDED[room]}" if room in ENDED else f"failure.{code}"


def delivered(case: Case | None) -> bool:
    """Whether the printed endorsement is on the card and stands; its report to the authority may still be under way."""
    return case is not None and case.standing.back is Back.WRITTEN and case.standing.issue in (Issue.ISSUED, Issue.VERIFIED)


def kept_safe(case: Case | None) -> bool:
    """Whether the machine keeps the card because nobody took it: in its bin, or inside where the bin is full."""
    return case is not None and (case.standing.custody is Custody.RETAINED or _held(case.standing))


def _held(standing: Standing) -> bool:
    return standing.custody is Custody.IN_MACHINE and standing.not_taken and standing.needs_staff is Reason.BIN_FULL


def money(case: Case) -> Message:
    """paid_later: the machine still refunds by itself. paid_staff, open_staff: people must."""
    standing = case.standing
    state = standing.money.value
    for_staff = Axis.MONEY in standing.blocked or standing.needs_staff is not None
    if standing.money is Money.PAID and not delivered(case):
        state = "paid_staff" if for_staff else "paid_later"
    elif standing.money is Money.OPEN and for_staff:
        state = "open_staff"
    return Message(f"outcome.money.{state}", {"amount": f"¥{yuan(case.file.fee_fen)}"})


def card(case: Case) -> Message:
    if kept_safe(case):
        return Message("outcome.card.retained")
    if case.standing.custody is not Custody.WITH_TRAVELLER:
        return Message("outcome.card.inside")
    return Message("outcome.card.returned" if _back_in_order(case.standing) else "outcome.card.returned_back")


def _back_in_order(standing: Standing) -> bool:
    return standing.back is Back.AS_FOUND or (standing.back is Back.WRITTEN and standing.issue in (Issue.ISSUED, Issue.VERIFIED))


def what_next(case: Case | None) -> Message:
    """After a failure: where to go, and with what."""
    if case is None or case.standing.custody is Custody.WITH_TRAVELLER:
        return Message("problem.next_staff" if case is not None and case.standing.needs_staff is not None else "problem.next")
    return Message("problem.next_retained" if kept_safe(case) else "problem.next_inside")
