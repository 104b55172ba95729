"""The comparison itself: each kind of difference, and what an open case is allowed to be without being one."""

import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from kiosk.case.moves import Act, Issue, Money
from kiosk.case.reconciliation import (
    ApplicationRow,
    BillRow,
    CaseSide,
    Difference,
    Kind,
    OrderRow,
    RefundRow,
    Sides,
    differences,
    unknown_applications,
    unknown_orders,
)

CASE, ORDER, REFUND = "2611221000ABCDEF", "2611221000ABCDEF-1", "2611221000ABCDEF-1-R"
DAY, BEFORE = date(2026, 11, 22), date(2026, 11, 21)
WANTED = frozenset({("HKG", "G", "1Y1", "2027-11-21"), ("MAC", "G", "3M1", "2027-02-21")})
ISSUED = frozenset({("HKG", "G", "1Y1", "2027-11-21", "E00000001"), ("MAC", "G", "3M1", "2027-02-21", "E00000002")})
ASKED = frozenset((*line, None) for line in WANTED)
DELIVERED = CaseSide(CASE, Money.PAID, Issue.VERIFIED, 1500, (ORDER,), wanted=WANTED, issued=ISSUED)
UNDONE = replace(DELIVERED, money=Money.REFUNDED, issue=Issue.VOIDED)
PAID = OrderRow(ORDER, "paid", 1500, DAY)
REFUNDED = OrderRow(ORDER, "refunded", 1500, DAY)
GIVEN_BACK = RefundRow(REFUND, ORDER, "refunded", 1500, DAY)
PAYMENT, REFUND_ROW = BillRow(ORDER, 1500), BillRow(ORDER, 1500, REFUND)
COMPLETED = Sides(DELIVERED, ApplicationRow(CASE, "verified", ISSUED), (PAID,), None, (PAYMENT,), (DAY,))
RETURNED = Sides(UNDONE, ApplicationRow(CASE, "voided", ISSUED), (REFUNDED,), GIVEN_BACK, (PAYMENT, REFUND_ROW), (DAY,))


def kinds(sides: Sides) -> list[str]:
    return [line.kind.value for line in differences(sides)]


def in_state(sides: Sides, money: Money, order: str) -> Sides:
    return replace(sides, case=replace(sides.case, money=money), orders=(OrderRow(ORDER, order, 1500),), refund=None, bill=())


def test_what_agrees_is_no_difference() -> None:
    assert differences(COMPLETED) == []
    assert differences(RETURNED) == []
    nothing = Sides(CaseSide(CASE, Money.NONE, Issue.NONE, 0), ApplicationRow(CASE, "none"))
    assert differences(nothing) == []
    unpaid = Sides(replace(UNDONE, money=Money.CLOSED, issued=frozenset()), ApplicationRow(CASE, "voided", ASKED), (OrderRow(ORDER, "closed", 1500),))
    assert differences(unpaid) == []
    never_scanned = replace(unpaid, orders=(OrderRow(ORDER, "not_found"),))
    assert differences(never_scanned) == []


@pytest.mark.parametrize(
    ("sides", "kind"),
    [
        (replace(COMPLETED, application=ApplicationRow(CASE, "voided", ISSUED)), "application_state"),
        (replace(COMPLETED, application=ApplicationRow(CASE, "issued", ISSUED)), "application_state"),
        (replace(RETURNED, application=ApplicationRow(CASE, "issued", ISSUED)), "application_state"),
        (replace(COMPLETED, application=ApplicationRow(CASE, "none")), "application_missing"),
        (replace(COMPLETED, application=ApplicationRow(CASE, "verified", frozenset(list(ISSUED)[:1]))), "application_endorsements"),
        (
            replace(COMPLETED, application=ApplicationRow(CASE, "verified", frozenset((*line[:4], "E00000009") for line in ISSUED))),
            "application_endorsements",
        ),
        (
            replace(RETURNED, application=ApplicationRow(CASE, "voided", frozenset({("TWN", "L", "6M1", "2027-05-21", None)}))),
            "application_endorsements",
        ),
        (replace(COMPLETED, orders=(OrderRow(ORDER, "not_found"),), bill=()), "order_missing"),
        (replace(COMPLETED, orders=(OrderRow(ORDER, "open", 1500),), bill=()), "order_state"),
        (replace(COMPLETED, orders=(OrderRow(ORDER, "unknown", 1500),), bill=()), "order_state"),
        (replace(COMPLETED, orders=(REFUNDED,)), "refund_unknown"),
        (replace(COMPLETED, orders=(replace(PAID, amount_fen=1501),)), "order_amount"),
        (replace(COMPLETED, bill=(BillRow(ORDER, 1501),)), "order_amount"),
        (replace(COMPLETED, bill=(PAYMENT, PAYMENT)), "order_paid_twice"),
        (replace(COMPLETED, bill=()), "order_not_in_bill"),
        (replace(COMPLETED, bill=(PAYMENT, REFUND_ROW)), "refund_unknown"),
        (replace(RETURNED, refund=replace(GIVEN_BACK, state="not_found", amount_fen=None, on=None)), "refund_missing"),
        (replace(RETURNED, refund=replace(GIVEN_BACK, state="abnormal")), "refund_state"),
        (replace(RETURNED, refund=replace(GIVEN_BACK, state="processing")), "refund_state"),
        (replace(RETURNED, refund=replace(GIVEN_BACK, amount_fen=1499)), "refund_amount"),
        (replace(RETURNED, bill=(PAYMENT, BillRow(ORDER, 1400, REFUND))), "refund_amount"),
        (replace(RETURNED, bill=(PAYMENT, REFUND_ROW, BillRow(ORDER, 1500, "another"))), "refunded_twice"),
        (replace(RETURNED, bill=(PAYMENT,)), "refund_not_in_bill"),
        (in_state(RETURNED, Money.REFUNDED, "paid"), "order_state"),
        (in_state(RETURNED, Money.CLOSED, "paid"), "order_state"),
        (in_state(RETURNED, Money.NONE, "open"), "order_state"),
        (replace(in_state(RETURNED, Money.CLOSED, "closed"), bill=(PAYMENT,)), "order_state"),
    ],
)
def test_each_way_to_differ_has_its_line(sides: Sides, kind: str) -> None:
    assert kinds(sides) == [kind]
    (line,) = differences(sides)
    assert line.case_id == CASE and (line.order_no == ORDER) is not line.kind.value.startswith("application")


def test_a_line_says_what_each_side_says() -> None:
    voided = replace(COMPLETED, application=ApplicationRow(CASE, "voided", ISSUED))
    assert differences(voided) == [Difference(Kind.APPLICATION_STATE, CASE, None, "verified", "voided")]
    dearer = replace(COMPLETED, orders=(replace(PAID, amount_fen=1605),))
    assert differences(dearer) == [Difference(Kind.ORDER_AMOUNT, CASE, ORDER, "15.00", "16.05")]


def test_two_orders_of_one_case_both_paid_are_paid_twice() -> None:
    second = f"{CASE}-2"
    case = replace(DELIVERED, orders=(ORDER, second))
    both = replace(COMPLETED, case=case, orders=(PAID, OrderRow(second, "paid", 1500, DAY)), bill=(PAYMENT, BillRow(second, 1500)))
    assert kinds(both) == ["order_state", "order_paid_twice"]
    closed = replace(both, orders=(OrderRow(ORDER, "closed", 1500), OrderRow(second, "paid", 1500, DAY)), bill=(BillRow(second, 1500),))
    assert kinds(closed) == []


def test_a_payment_of_another_day_is_not_looked_for_in_this_days_bill() -> None:
    assert kinds(replace(COMPLETED, bill=(), days=(BEFORE,))) == []
    assert kinds(replace(RETURNED, bill=(REFUND_ROW,), orders=(replace(REFUNDED, paid_on=BEFORE),))) == []


ALLOWED = [
    (Money.OPEN, frozenset(), "paid"),
    (Money.OPEN, frozenset(), "closed"),
    (Money.OPEN, frozenset(), "not_found"),
    (Money.OPEN, frozenset({Act.CLOSE_CHARGE}), "refunded"),
    (Money.NONE, frozenset({Act.OPEN_CHARGE}), "open"),
    (Money.NONE, frozenset({Act.OPEN_CHARGE}), "paid"),
    (Money.PAID, frozenset({Act.REFUND}), "refunded"),
]


@pytest.mark.parametrize(("money", "under_way", "order"), ALLOWED)
def test_an_open_case_may_be_behind_the_provider_by_the_act_under_way(money: Money, under_way: frozenset[Act], order: str) -> None:
    case = replace(UNDONE, money=money, issue=Issue.APPROVED, issued=frozenset(), open=True, under_way=under_way)
    sides = Sides(case, ApplicationRow(CASE, "approved", ASKED), (OrderRow(ORDER, order, 1500),))
    assert kinds(sides) == []
    assert kinds(replace(sides, case=replace(case, open=False, under_way=frozenset()))) != [] or (money, order) == (Money.OPEN, "not_found")


@pytest.mark.parametrize(
    ("issue", "under_way", "state"),
    [
        (Issue.NONE, frozenset({Act.SUBMIT}), "approved"),
        (Issue.SUBMITTED, frozenset(), "none"),
        (Issue.APPROVED, frozenset({Act.ISSUE}), "issued"),
        (Issue.ISSUED, frozenset({Act.REPORT_VERIFIED}), "verified"),
        (Issue.ISSUED, frozenset({Act.VOID}), "voided"),
    ],
)
def test_an_open_case_may_be_behind_the_authority_by_the_act_under_way(issue: Issue, under_way: frozenset[Act], state: str) -> None:
    case = CaseSide(CASE, Money.NONE, issue, 1500, open=True, under_way=under_way, wanted=WANTED)
    sides = Sides(case, ApplicationRow(CASE, state, frozenset() if state == "none" else ASKED))
    assert kinds(sides) == []
    assert kinds(replace(sides, case=replace(case, open=False, under_way=frozenset()))) != []


def test_an_open_case_is_held_to_everything_else() -> None:
    waiting = replace(UNDONE, money=Money.REFUND_PENDING, open=True, under_way=frozenset({Act.REFUND}))
    sides = replace(RETURNED, case=waiting, refund=replace(GIVEN_BACK, state="processing"))
    assert kinds(sides) == []
    assert kinds(replace(sides, orders=(PAID,))) == ["order_state"]
    assert kinds(replace(sides, application=ApplicationRow(CASE, "issued", ISSUED))) == ["application_state"]
    assert kinds(replace(sides, orders=(replace(REFUNDED, amount_fen=1),))) == ["order_amount"]


def test_what_no_case_knows_is_said_once_each() -> None:
    bill = [PAYMENT, BillRow("STRANGER-1", 700), BillRow("STRANGER-1", 700), BillRow("STRANGER-1", 700, "R"), BillRow(f"{CASE}-9", 5)]
    assert unknown_orders(bill, {ORDER}, {f"{CASE}-9": CASE}) == [
        Difference(Kind.ORDER_UNKNOWN, None, "STRANGER-1", None, "7.00"),
        Difference(Kind.REFUND_UNKNOWN, None, "STRANGER-1", None, "7.00"),
        Difference(Kind.ORDER_UNKNOWN, CASE, f"{CASE}-9", None, "0.05"),
    ]
    listed = [ApplicationRow(CASE, "verified"), ApplicationRow("STRANGER", "issued")]
    assert unknown_applications(listed, {CASE}) == [Difference(Kind.APPLICATION_UNKNOWN, "STRANGER", None, None, "issued")]


def test_every_kind_has_its_sentence_and_its_word_in_the_audit() -> None:
    root = Path(__file__).parents[2]
    texts = tomllib.loads((root / "assets/i18n/reconciliation.toml").read_text("utf-8"))
    assert {key.removeprefix("difference.") for key in texts if key.startswith("difference.")} == {kind.value for kind in Kind}
    words = tomllib.loads((root / "kiosk/audit/catalogue.toml").read_text("utf-8"))["words"]
    assert set(words["difference"]) == {kind.value for kind in Kind}
