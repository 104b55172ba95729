"""The case as a table: its axes, its closed list of acts, and the pure function that says which act comes next.

The same function drives the normal run and recovery; recovery is the same loop without a traveller.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum


class Money(StrEnum):
    NONE = "none"
    OPEN = "open"
    PAID = "paid"
    REFUND_PENDING = "refund_pending"
    REFUNDED = "refunded"
    CLOSED = "closed"


class Issue(StrEnum):
    NONE = "none"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    ISSUED = "issued"
    VERIFIED = "verified"
    REJECTED = "rejected"
    VOIDED = "voided"


class Back(StrEnum):
    """What the card's back shows. BLANK also stands for a spoiled picture: nothing on it is valid."""

    AS_FOUND = "as_found"
    UNKNOWN = "unknown"
    WRITTEN = "written"
    BLANK = "blank"


class Custody(StrEnum):
    WITH_TRAVELLER = "with_traveller"
    IN_MACHINE = "in_machine"
    RETAINED = "retained"
    UNKNOWN = "unknown"


class Wish(StrEnum):
    """What the case is to come to: undecided while the traveller chooses, deliver once confirmed, withdraw to undo everything."""

    UNDECIDED = "undecided"
    DELIVER = "deliver"
    WITHDRAW = "withdraw"


class Act(StrEnum):
    TAKE_IN = "take_in"
    SUBMIT = "submit"
    OPEN_CHARGE = "open_charge"
    CLOSE_CHARGE = "close_charge"
    REFUND = "refund"
    ISSUE = "issue"
    WRITE_BACK = "write_back"
    RESTORE_BACK = "restore_back"
    INSPECT = "inspect"
    REPORT_VERIFIED = "report_verified"
    PRESENT = "present"
    RETAIN = "retain"
    VOID = "void"


class Axis(StrEnum):
    MONEY = "money"
    ISSUE = "issue"
    BACK = "back"
    CUSTODY = "custody"


class Reason(StrEnum):
    """Why a case may end with staff: the closed list."""

    CARD_STUCK = "card_stuck"
    CARD_NOT_FOUND = "card_not_found"
    BIN_FULL = "bin_full"
    BACK_UNSEEN = "back_unseen"
    BACK_NOT_RESTORED = "back_not_restored"
    PAYMENT_UNCLEAR = "payment_unclear"
    PAYMENT_CONTRADICTION = "payment_contradiction"
    REFUND_REFUSED = "refund_refused"
    AUTHORITY_UNCLEAR = "authority_unclear"
    AUTHORITY_CONTRADICTION = "authority_contradiction"
    JOURNAL_UNREADABLE = "journal_unreadable"


WRITE_LIMIT = 2  # prints tried for one case before it is undone
RESTORE_LIMIT = 2
LOOK_LIMIT = 3  # looks at the back that showed nothing before staff must look


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a case stands. blocked: axes that wait for staff. deferred: acts put off because the other side does not answer now."""

    wish: Wish = Wish.UNDECIDED
    money: Money = Money.NONE
    issue: Issue = Issue.NONE
    back: Back = Back.AS_FOUND
    custody: Custody = Custody.WITH_TRAVELLER
    began: bool = False
    not_taken: bool = False
    charges: int = 0
    writes: int = 0
    restores: int = 0
    looks: int = 0
    pictured: bool = False  # the case file holds a picture of the back as it was handed in
    remains: bool = False  # on a spoiled back a code of the new endorsements can still be read
    blocked: frozenset[Axis] = frozenset()
    deferred: frozenset[Act] = frozenset()
    needs_staff: Reason | None = None


@dataclass(frozen=True, slots=True)
class ActRow:
    """One act: what it does in the world, what it needs, what it may change. Diagrams and checks read this table."""

    does: str
    needs: str
    axes: frozenset[Axis]


ACTS: Mapping[Act, ActRow] = {
    Act.TAKE_IN: ActRow("opens the slot and draws the permit in", "no card inside", frozenset({Axis.CUSTODY})),
    Act.SUBMIT: ActRow("hands the application to the authority", "confirmed choice", frozenset({Axis.ISSUE})),
    Act.OPEN_CHARGE: ActRow("opens the order at the payment provider", "issue approved, no charge open", frozenset({Axis.MONEY})),
    Act.CLOSE_CHARGE: ActRow("asks, then closes the order; may find it paid", "money open", frozenset({Axis.MONEY})),
    Act.REFUND: ActRow("asks the provider to give the money back", "money paid, nothing valid issued", frozenset({Axis.MONEY})),
    Act.ISSUE: ActRow("has the authority issue the endorsements", "money paid", frozenset({Axis.ISSUE})),
    Act.WRITE_BACK: ActRow("erases the back and prints it anew", "issue issued", frozenset({Axis.BACK})),
    Act.RESTORE_BACK: ActRow("prints what the card showed before", "back spoiled, issue not verified", frozenset({Axis.BACK})),
    Act.INSPECT: ActRow("looks at the back: as it came, then after each print", "card in the machine", frozenset({Axis.BACK})),
    Act.REPORT_VERIFIED: ActRow("tells the authority that the back was seen", "back written", frozenset({Axis.ISSUE})),
    Act.PRESENT: ActRow("puts the card at the gate until it is taken", "card in the machine", frozenset({Axis.CUSTODY})),
    Act.RETAIN: ActRow("draws a card that was not taken into the bin", "card not taken in time", frozenset({Axis.CUSTODY})),
    Act.VOID: ActRow("has the authority void the application", "application not delivered", frozenset({Axis.ISSUE})),
}


def settled(case: Standing) -> bool:
    """The two good ends, and the card out of the machine's hands."""
    delivered = case.issue is Issue.VERIFIED and case.money is Money.PAID and case.back is Back.WRITTEN
    undone = (
        case.issue in (Issue.NONE, Issue.REJECTED, Issue.VOIDED)
        and case.money in (Money.NONE, Money.CLOSED, Money.REFUNDED)
        and case.back is Back.AS_FOUND
    )
    return (delivered or undone) and case.custody in (Custody.WITH_TRAVELLER, Custody.RETAINED)


def next_act(case: Standing) -> Act | None:
    """The act that comes next, or None: the case is settled, waits for the traveller (choice, payment), or waits for staff."""
    if not case.began:
        return None if case.wish is Wish.WITHDRAW else Act.TAKE_IN
    if case.wish is Wish.UNDECIDED:
        return None
    wanted = _deliver(case) if delivering(case) else _undo(case)
    if wanted is Act.OPEN_CHARGE and case.custody is not Custody.IN_MACHINE:
        return None
    if wanted is not None or (delivering(case) and case.money is Money.OPEN):
        return wanted
    somewhere_inside = case.custody in (Custody.IN_MACHINE, Custody.UNKNOWN)
    if somewhere_inside and Axis.CUSTODY not in case.blocked and not case.deferred & MOVES_THE_CARD:
        return Act.RETAIN if case.not_taken else Act.PRESENT
    if case.money is Money.REFUND_PENDING and _may(case, Act.REFUND, Axis.MONEY):
        return Act.REFUND
    return None


def delivering(case: Standing) -> bool:
    """Whether the case still goes towards the printed endorsement: a verified one always does, and so does one that was seen on the card."""
    if case.issue is Issue.VERIFIED:
        return True
    if case.issue is Issue.ISSUED and case.back is Back.WRITTEN:
        return True  # only its report is missing: print and money stand, whatever becomes of the report
    return (
        case.wish is Wish.DELIVER
        and case.issue not in (Issue.REJECTED, Issue.VOIDED)
        and case.money not in (Money.REFUND_PENDING, Money.REFUNDED)
        and not (case.writes >= WRITE_LIMIT and case.back is not Back.WRITTEN and case.back is not Back.UNKNOWN)
        and case.custody is Custody.IN_MACHINE
    )


def _may(case: Standing, act: Act, axis: Axis) -> bool:
    return act not in case.deferred and axis not in case.blocked


def _deliver(case: Standing) -> Act | None:
    if case.issue is Issue.VERIFIED:
        return None
    if case.issue in (Issue.NONE, Issue.SUBMITTED):
        # nothing is asked for or paid before the camera has shown what the card looked like
        return Act.SUBMIT if case.pictured else Act.INSPECT
    if case.money in (Money.NONE, Money.CLOSED):
        return Act.OPEN_CHARGE
    if case.money is not Money.PAID:
        return None
    if case.issue is Issue.APPROVED:
        return Act.ISSUE
    if case.back is Back.WRITTEN:
        return Act.REPORT_VERIFIED if _may(case, Act.REPORT_VERIFIED, Axis.ISSUE) else None
    if Axis.BACK in case.blocked:
        return None
    return Act.INSPECT if case.back is Back.UNKNOWN else Act.WRITE_BACK


def _undo(case: Standing) -> Act | None:
    if case.money is Money.OPEN and _may(case, Act.CLOSE_CHARGE, Axis.MONEY):
        return Act.CLOSE_CHARGE
    if Axis.BACK in case.blocked and (case.back is not Back.BLANK or case.remains):
        return None  # the new endorsement may be on it: whether to void and refund is for staff to say
    if case.custody is Custody.IN_MACHINE and Axis.BACK not in case.blocked:
        if case.back is Back.UNKNOWN:
            return Act.INSPECT
        if case.back is not Back.AS_FOUND:
            return Act.RESTORE_BACK
    if case.issue in (Issue.SUBMITTED, Issue.APPROVED, Issue.ISSUED) and _may(case, Act.VOID, Axis.ISSUE):
        return Act.VOID
    if case.issue not in (Issue.NONE, Issue.REJECTED, Issue.VOIDED):
        return None  # nothing is paid back for what may still be valid
    if case.money is Money.PAID and _may(case, Act.REFUND, Axis.MONEY):
        return Act.REFUND
    return None


@dataclass(frozen=True, slots=True)
class Consequence:
    """What follows when an act was refused, or nobody can say whether it was done.

    block: the axis waits for staff, for `reason`. defer: the act is put off until the other side answers again. withdraw: undo the case.
    """

    block: Axis | None = None
    reason: Reason | None = None
    defer: bool = False
    withdraw: bool = False


REFUSED: Mapping[Act, Consequence] = {
    Act.TAKE_IN: Consequence(),
    Act.SUBMIT: Consequence(withdraw=True),
    Act.OPEN_CHARGE: Consequence(withdraw=True),
    Act.CLOSE_CHARGE: Consequence(block=Axis.MONEY, reason=Reason.PAYMENT_CONTRADICTION),
    Act.REFUND: Consequence(block=Axis.MONEY, reason=Reason.REFUND_REFUSED),
    Act.ISSUE: Consequence(withdraw=True),
    Act.WRITE_BACK: Consequence(),  # counted; after the limit the case is undone
    Act.RESTORE_BACK: Consequence(),  # counted; after the limit staff restore it
    Act.INSPECT: Consequence(),  # counted; after the limit staff look
    Act.REPORT_VERIFIED: Consequence(block=Axis.ISSUE, reason=Reason.AUTHORITY_CONTRADICTION),
    Act.PRESENT: Consequence(block=Axis.CUSTODY, reason=Reason.CARD_STUCK),
    Act.RETAIN: Consequence(block=Axis.CUSTODY, reason=Reason.CARD_STUCK),
    Act.VOID: Consequence(block=Axis.ISSUE, reason=Reason.AUTHORITY_CONTRADICTION),
}

UNANSWERED: Mapping[Act, Consequence] = {
    Act.TAKE_IN: Consequence(defer=True, withdraw=True),  # where the card is, is asked again once the module answers
    Act.SUBMIT: Consequence(withdraw=True),  # the application may exist: it stands as submitted and is voided
    Act.OPEN_CHARGE: Consequence(withdraw=True),  # the order may exist: it stands as open and is closed
    Act.CLOSE_CHARGE: Consequence(defer=True),
    Act.REFUND: Consequence(defer=True),
    Act.ISSUE: Consequence(withdraw=True),
    Act.WRITE_BACK: Consequence(),
    Act.RESTORE_BACK: Consequence(),
    Act.INSPECT: Consequence(),
    Act.REPORT_VERIFIED: Consequence(defer=True),
    Act.PRESENT: Consequence(defer=True),
    Act.RETAIN: Consequence(defer=True),
    Act.VOID: Consequence(defer=True),
}

MOVES_THE_CARD = frozenset({Act.TAKE_IN, Act.PRESENT, Act.RETAIN})
MAY_ARRIVE_LATE = frozenset({Act.SUBMIT, Act.OPEN_CHARGE})
"""Sent without an answer, these may reach the other side after it was asked: "not found" is then no proof that they were never made."""

# What stands while nobody can say: the worse of the two, so that undoing covers it.
PESSIMISTIC: Mapping[Act, Mapping[str, StrEnum | bool]] = {
    Act.SUBMIT: {"issue": Issue.SUBMITTED},
    Act.OPEN_CHARGE: {"money": Money.OPEN},
    Act.WRITE_BACK: {"back": Back.UNKNOWN},
    Act.RESTORE_BACK: {"back": Back.UNKNOWN},
    Act.TAKE_IN: {"custody": Custody.UNKNOWN, "began": True},
    Act.PRESENT: {"custody": Custody.UNKNOWN},
    Act.RETAIN: {"custody": Custody.UNKNOWN},
}

# Acts that stay undone when put off: what staff are told of when even the last try brings no answer.
# A card is not among them: while its module is silent nobody can say that it is lost, so it stays put off.
DEFERRED_REASON: Mapping[Act, Reason] = {
    Act.CLOSE_CHARGE: Reason.PAYMENT_UNCLEAR,
    Act.REFUND: Reason.PAYMENT_UNCLEAR,
    Act.REPORT_VERIFIED: Reason.AUTHORITY_UNCLEAR,
    Act.VOID: Reason.AUTHORITY_UNCLEAR,
}


def refusal(act: Act, code: str | None) -> Consequence:
    """What follows when `act` was refused with the failure `code`."""
    rule = REFUSED[act]
    if act is Act.RETAIN and code == "card_module.bin_full":
        return replace(rule, reason=Reason.BIN_FULL)
    if rule.block is Axis.CUSTODY and code == "card_module.no_card":
        return replace(rule, reason=Reason.CARD_NOT_FOUND)
    return rule


def counted(case: Standing, act: Act) -> Standing:
    """The case once `act` is intended: an order number is used up before the order is made, so that no number is ever used twice."""
    return replace(case, charges=case.charges + 1) if act is Act.OPEN_CHARGE else case


def tried(case: Standing, act: Act) -> Standing:
    """The case once `act` was tried and came to an answer; a try cut off by a power cut is not counted against the card."""
    match act:
        case Act.WRITE_BACK:
            return replace(case, writes=case.writes + 1, looks=0)
        case Act.RESTORE_BACK:
            return replace(case, restores=case.restores + 1, looks=0)
        case Act.INSPECT:
            return replace(case, looks=case.looks + 1)
        case _:
            return case


def after(case: Standing, act: Act, changes: Mapping[str, StrEnum | bool]) -> Standing:
    """The case after `act` ended with `changes` (axis → value); raises ValueError where the act may not change that axis."""
    allowed = {axis.value for axis in ACTS[act].axes} | {"began", "not_taken", "pictured", "remains"}
    if set(changes) - allowed:
        raise ValueError(f"{act} may not change {sorted(set(changes) - allowed)}")
    changed = replace(case, **changes)  # type: ignore[arg-type]
    if act is Act.INSPECT and "back" in changes:
        changed = replace(changed, looks=0)  # it showed something
    return limited(changed)


def consequent(case: Standing, act: Act, consequence: Consequence) -> Standing:
    """The case after `act` was refused or stayed unanswered."""
    changed = case
    if consequence.block is not None:
        changed = replace(changed, blocked=changed.blocked | {consequence.block}, needs_staff=changed.needs_staff or consequence.reason)
    if consequence.defer:
        changed = replace(changed, deferred=changed.deferred | {act})
    if consequence.withdraw:
        changed = replace(changed, wish=Wish.WITHDRAW)
    return limited(changed)


def limited(case: Standing) -> Standing:
    """What follows once looking or restoring has been tried often enough: the back waits for staff; one that was never touched is given back."""
    if Axis.BACK in case.blocked:
        return case
    if case.looks >= LOOK_LIMIT and case.back is Back.AS_FOUND:
        return replace(case, wish=Wish.WITHDRAW)
    if case.looks >= LOOK_LIMIT and case.back is Back.UNKNOWN:
        return replace(case, blocked=case.blocked | {Axis.BACK}, needs_staff=case.needs_staff or Reason.BACK_UNSEEN)
    if case.restores >= RESTORE_LIMIT and case.back in (Back.BLANK, Back.WRITTEN):
        return replace(case, blocked=case.blocked | {Axis.BACK}, needs_staff=case.needs_staff or Reason.BACK_NOT_RESTORED)
    return case
