"""The journal against the other parties' books: what differs, and how. Pure: rows in, lines out; `kiosk.services.reconciling` asks.

A case that has ended must stand exactly as the other side says. One that is still open may be ahead of or behind the other side by the act that is
under way, put off, or still to come: what it is allowed to be there stands in the two tables below, and only what lies outside them is a line.
An answer that was not had is not compared at all: then there is no reconciliation, never "no difference".
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from kiosk.case.moves import Act, Issue, Money
from kiosk.domain.money import yuan


class Kind(StrEnum):
    """What a line says. The first word is whose book it is about: the authority's application, the provider's order, its refund, or a case."""

    CASE_UNREADABLE = "case_unreadable"  # the journal's own row cannot be read, so nothing can be compared
    APPLICATION_UNKNOWN = "application_unknown"  # the authority has one that no case knows
    APPLICATION_MISSING = "application_missing"  # the case has one that the authority does not know
    APPLICATION_STATE = "application_state"
    APPLICATION_ENDORSEMENTS = "application_endorsements"  # other endorsements, or other numbers
    ORDER_UNKNOWN = "order_unknown"  # paid, and no case knows the order
    ORDER_MISSING = "order_missing"
    ORDER_STATE = "order_state"
    ORDER_AMOUNT = "order_amount"
    ORDER_PAID_TWICE = "order_paid_twice"
    ORDER_NOT_IN_BILL = "order_not_in_bill"  # the provider says paid, and its bill of that day has no such payment
    REFUND_UNKNOWN = "refund_unknown"  # money was given back, and the journal does not know
    REFUND_MISSING = "refund_missing"  # the journal counts on a refund that the provider does not know
    REFUND_STATE = "refund_state"
    REFUND_AMOUNT = "refund_amount"
    REFUNDED_TWICE = "refunded_twice"
    REFUND_NOT_IN_BILL = "refund_not_in_bill"


NOT_FOUND, OPEN, PAID, REFUNDED, CLOSED = "not_found", "open", "paid", "refunded", "closed"
NONE, SUBMITTED, APPROVED, ISSUED, VERIFIED, VOIDED, REJECTED = "none", "submitted", "approved", "issued", "verified", "voided", "rejected"
PROCESSING = "processing"

_ORDER_AS: Mapping[Money, frozenset[str]] = {
    Money.NONE: frozenset({NOT_FOUND, CLOSED}),
    Money.OPEN: frozenset({OPEN, NOT_FOUND}),  # at Alipay an order comes into being with the scan
    Money.PAID: frozenset({PAID}),
    Money.REFUND_PENDING: frozenset({REFUNDED}),
    Money.REFUNDED: frozenset({REFUNDED}),
    Money.CLOSED: frozenset({CLOSED, NOT_FOUND}),
}
_APPLICATION_AS: Mapping[Issue, frozenset[str]] = {
    Issue.NONE: frozenset({NONE}),
    Issue.SUBMITTED: frozenset({SUBMITTED, APPROVED, REJECTED}),  # the authority decides in its own time
    Issue.APPROVED: frozenset({APPROVED}),
    Issue.ISSUED: frozenset({ISSUED}),
    Issue.VERIFIED: frozenset({VERIFIED}),
    Issue.REJECTED: frozenset({REJECTED}),
    Issue.VOIDED: frozenset({VOIDED, REJECTED}),
}
_REFUND_AS: Mapping[Money, frozenset[str]] = {
    Money.REFUND_PENDING: frozenset({PROCESSING, REFUNDED}),
    Money.REFUNDED: frozenset({REFUNDED}),
}

# What an open case may be besides. By the act under way or put off, and by where it stands while nobody can say.
_ORDER_BESIDES: Mapping[Act | Money, frozenset[str]] = {
    Act.OPEN_CHARGE: frozenset({NOT_FOUND, OPEN, PAID, CLOSED}),
    Act.CLOSE_CHARGE: frozenset({NOT_FOUND, OPEN, PAID, CLOSED, REFUNDED}),
    Act.REFUND: frozenset({REFUNDED}),
    Money.OPEN: frozenset({NOT_FOUND, PAID, CLOSED}),  # paid or run out since the last look
}
_APPLICATION_BESIDES: Mapping[Act | Issue, frozenset[str]] = {
    Act.SUBMIT: frozenset({NONE, SUBMITTED, APPROVED, REJECTED}),
    Act.ISSUE: frozenset({ISSUED}),
    Act.REPORT_VERIFIED: frozenset({VERIFIED}),
    Act.VOID: frozenset({VOIDED, REJECTED, NONE}),
    Issue.SUBMITTED: frozenset({NONE}),  # sent without an answer: it stands as submitted until it is voided
}

Lines = frozenset[tuple[str | None, ...]]


@dataclass(frozen=True, slots=True)
class CaseSide:
    """One case as the journal has it.

    orders: the numbers used, the present one last. under_way: acts begun or put off; empty for a case that has ended.
    wanted: (destination, kind, validity, valid_until); issued: the same with the number behind, empty before the authority issued.
    """

    case_id: str
    money: Money
    issue: Issue
    fee_fen: int
    orders: tuple[str, ...] = ()
    open: bool = False
    under_way: frozenset[Act] = frozenset()
    wanted: Lines = frozenset()
    issued: Lines = frozenset()


@dataclass(frozen=True, slots=True)
class ApplicationRow:
    """The authority's word. lines: (destination, kind, validity, valid_until, number or None)."""

    case_id: str
    state: str
    lines: Lines = frozenset()


@dataclass(frozen=True, slots=True)
class OrderRow:
    """The provider's word on one order. paid_on: the day of its bill (Asia/Shanghai), where the provider names the instant."""

    order_no: str
    state: str
    amount_fen: int | None = None
    paid_on: date | None = None


@dataclass(frozen=True, slots=True)
class RefundRow:
    refund_no: str
    order_no: str
    state: str
    amount_fen: int | None = None
    on: date | None = None


@dataclass(frozen=True, slots=True)
class BillRow:
    """One line of a provider's bill: a payment, or with `refund_no` a refund of that order."""

    order_no: str
    amount_fen: int
    refund_no: str | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """One line. journal, other: what each side says, a state's word or an amount in yuan; None where it says nothing."""

    kind: Kind
    case_id: str | None
    order_no: str | None = None
    journal: str | None = None
    other: str | None = None


@dataclass(frozen=True, slots=True)
class Sides:
    """Everything that was asked about one case. days: those whose bills lie here."""

    case: CaseSide
    application: ApplicationRow
    orders: tuple[OrderRow, ...] = ()
    refund: RefundRow | None = None
    bill: tuple[BillRow, ...] = ()
    days: Collection[date] = field(default=())


def differences(sides: Sides) -> list[Difference]:
    """Every way in which the case and the other sides differ, each once."""
    found = [*_application(sides), *_orders(sides), *_refund(sides), *_bill(sides)]
    return list(dict.fromkeys(found))


def unknown_orders(bill: Sequence[BillRow], orders: Collection[str], case_of: Mapping[str, str]) -> list[Difference]:
    """Lines of the bill about orders that no case knows. case_of: order number → the case it is named after, where the journal has that one."""
    found = [
        Difference(Kind.REFUND_UNKNOWN if row.refund_no else Kind.ORDER_UNKNOWN, case_of.get(row.order_no), row.order_no, None, yuan(row.amount_fen))
        for row in bill
        if row.order_no not in orders
    ]
    return list(dict.fromkeys(found))


def unknown_applications(listed: Sequence[ApplicationRow], known: Collection[str]) -> list[Difference]:
    """Applications handed in with this machine's token that no case knows."""
    return [Difference(Kind.APPLICATION_UNKNOWN, row.case_id, None, None, row.state) for row in listed if row.case_id not in known]


def _allowed(exact: frozenset[str], besides: Mapping[Act | Money, frozenset[str]] | Mapping[Act | Issue, frozenset[str]], case: CaseSide) -> set[str]:
    if not case.open:
        return set(exact)
    now = {case.money, case.issue, *case.under_way}
    return set(exact).union(*(words for name, words in besides.items() if name in now))


def _application(sides: Sides) -> list[Difference]:
    case, other = sides.case, sides.application
    if other.state not in _allowed(_APPLICATION_AS[case.issue], _APPLICATION_BESIDES, case):
        kind = Kind.APPLICATION_MISSING if other.state == NONE else Kind.APPLICATION_STATE
        return [Difference(kind, case.case_id, None, case.issue.value, other.state)]
    if other.state == NONE:
        return []
    if case.issued and other.state in (ISSUED, VERIFIED):
        ours, theirs = case.issued, other.lines
    elif other.state in (SUBMITTED, APPROVED):
        ours, theirs = case.wanted, frozenset(line[:4] for line in other.lines)
    else:  # the authority may have moved the last day when it issued
        ours, theirs = frozenset(line[:3] for line in case.wanted), frozenset(line[:3] for line in other.lines)
    if ours == theirs:
        return []
    return [Difference(Kind.APPLICATION_ENDORSEMENTS, case.case_id, None, _written(ours), _written(theirs))]


def _written(lines: Lines) -> str:
    return ", ".join(sorted(" ".join(word or "-" for word in line) for line in lines)) or "-"


def _orders(sides: Sides) -> list[Difference]:
    case = sides.case
    found: list[Difference] = []
    for order in sides.orders:
        now = order.order_no == case.orders[-1]
        money = case.money if now else Money.CLOSED  # an earlier order was closed before the next one was opened
        allowed = _allowed(_ORDER_AS[money], _ORDER_BESIDES if now else {}, case)
        if order.state not in allowed:
            kind = Kind.ORDER_STATE
            if order.state == NOT_FOUND:
                kind = Kind.ORDER_MISSING
            elif order.state == REFUNDED:
                kind = Kind.REFUND_UNKNOWN
            found.append(Difference(kind, case.case_id, order.order_no, money.value, order.state))
        if order.amount_fen is not None and order.amount_fen != case.fee_fen:
            found.append(Difference(Kind.ORDER_AMOUNT, case.case_id, order.order_no, yuan(case.fee_fen), yuan(order.amount_fen)))
    paid = [order.order_no for order in sides.orders if order.state == PAID]
    if len(paid) > 1:
        found.append(Difference(Kind.ORDER_PAID_TWICE, case.case_id, paid[0], yuan(case.fee_fen), yuan(len(paid) * case.fee_fen)))
    return found


def _refund(sides: Sides) -> list[Difference]:
    case, refund = sides.case, sides.refund
    if refund is None or case.money not in _REFUND_AS:
        return []
    if refund.state not in _REFUND_AS[case.money]:
        kind = Kind.REFUND_MISSING if refund.state == NOT_FOUND else Kind.REFUND_STATE
        return [Difference(kind, case.case_id, refund.order_no, case.money.value, refund.state)]
    if refund.amount_fen is not None and refund.amount_fen != case.fee_fen:
        return [Difference(Kind.REFUND_AMOUNT, case.case_id, refund.order_no, yuan(case.fee_fen), yuan(refund.amount_fen))]
    return []


def _bill(sides: Sides) -> list[Difference]:
    """The bill's rows of this case's orders, against the journal and against what the provider itself says of the order."""
    case = sides.case
    found: list[Difference] = []
    for order in sides.orders:
        paid = [row.amount_fen for row in sides.bill if row.order_no == order.order_no and row.refund_no is None]
        refunds = [row for row in sides.bill if row.order_no == order.order_no and row.refund_no is not None]

        def line(kind: Kind, journal: str | None, other: str | None, order_no: str = order.order_no) -> Difference:
            return Difference(kind, case.case_id, order_no, journal, other)

        if len(paid) > 1:
            found.append(line(Kind.ORDER_PAID_TWICE, yuan(case.fee_fen), yuan(sum(paid))))
        elif paid and paid[0] != case.fee_fen:
            found.append(line(Kind.ORDER_AMOUNT, yuan(case.fee_fen), yuan(paid[0])))
        if paid and order.state not in (PAID, REFUNDED):
            found.append(line(Kind.ORDER_STATE, order.state, PAID))  # the provider contradicts itself
        if not paid and order.paid_on is not None and order.paid_on in sides.days:
            found.append(line(Kind.ORDER_NOT_IN_BILL, case.money.value, None))
        found += _refunds_in_bill(sides, order, refunds, line)
    return found


def _refunds_in_bill(
    sides: Sides, order: OrderRow, refunds: Sequence[BillRow], line: Callable[[Kind, str | None, str | None], Difference]
) -> list[Difference]:
    case, refund = sides.case, sides.refund
    given_back_fen = sum(row.amount_fen for row in refunds)
    now = order.order_no == case.orders[-1]
    knows = now and (case.money in (Money.REFUND_PENDING, Money.REFUNDED) or bool(case.under_way & {Act.REFUND, Act.CLOSE_CHARGE}))
    if refunds and not knows:
        money = case.money if now else Money.CLOSED
        return [line(Kind.REFUND_UNKNOWN, money.value, REFUNDED)]
    if given_back_fen > case.fee_fen or len(refunds) > 1:
        return [line(Kind.REFUNDED_TWICE, yuan(case.fee_fen), yuan(given_back_fen))]
    if refunds and given_back_fen != case.fee_fen:
        return [line(Kind.REFUND_AMOUNT, yuan(case.fee_fen), yuan(given_back_fen))]
    told = refund is not None and refund.order_no == order.order_no and refund.on is not None and refund.on in sides.days
    return [line(Kind.REFUND_NOT_IN_BILL, case.money.value, None)] if told and not refunds else []
