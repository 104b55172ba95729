"""The acts of money against a provider with awkward answers: paid is its word, unclear is never paid, and never two charges."""

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest

from kiosk.case.acts import Result, Status
from kiosk.case.casefile import Case
from kiosk.case.journal import CHARGE_LIFE_S
from kiosk.case.moves import Money, Standing
from kiosk.domain.failure import Failure
from kiosk.gateways.payment import Charge, ChargeState, OrderState, RefundProgress, RefundState
from kiosk.health.stopwatch import Stopwatch
from kiosk.services.cashier import LATE_S, REFUND_LOOKS, Cashier, CloseCharge, OpenCharge, Refund
from tests.case.small_world import FILE as PLAIN_FILE
from tests.case.small_world import TODAY, HastyClock

EXPIRES = HastyClock().now() + timedelta(seconds=CHARGE_LIFE_S)
FILE = msgspec.structs.replace(PLAIN_FILE, expires_at=EXPIRES.timestamp())
CASE = Case("2611221015ABCDEF", TODAY, Standing(money=Money.OPEN, charges=2), FILE)
ORDER, REFUND_NO = CASE.order_no, CASE.refund_no
UNCLEAR = Failure("payment.unclear", detail={"provider": "wechat", "reason": "no_answer"})
REFUSED = Failure("payment.refused", detail={"provider": "wechat", "status": "400", "code": "PARAM_ERROR"})
PAID_ALREADY = Failure("payment.already_paid", detail={"provider": "wechat"})


class Provider:
    """Answers from lists, the last one again and again; remembers what it was asked."""

    def __init__(self, **answers: list[Any]) -> None:
        self._answers = answers
        self.asked: list[tuple[Any, ...]] = []

    def _next(self, name: str) -> Any:
        left = self._answers[name]
        return left.pop(0) if len(left) > 1 else left[0]

    async def open_charge(self, order_no: str, case_id: str, amount_fen: int, description: str, expires_at: datetime) -> Any:
        self.asked.append(("open", order_no, case_id, amount_fen, expires_at))
        return self._next("open")

    async def query(self, order_no: str, *, case_id: str | None = None, amount_fen: int | None = None) -> Any:
        self.asked.append(("query", order_no, case_id, amount_fen))
        answer = self._next("query")
        return ChargeState(order_no, answer) if isinstance(answer, OrderState) else answer

    async def close(self, order_no: str) -> Any:
        self.asked.append(("close", order_no))
        return self._next("close")

    async def refund(self, order_no: str, refund_no: str, amount_fen: int, total_fen: int, reason: str) -> Any:
        self.asked.append(("refund", order_no, refund_no, amount_fen, total_fen))
        answer = self._next("refund")
        return RefundState(refund_no, order_no, answer) if isinstance(answer, RefundProgress) else answer

    async def query_refund(self, refund_no: str, order_no: str, *, amount_fen: int | None = None) -> Any:
        self.asked.append(("query_refund", refund_no, order_no))
        answer = self._next("query_refund")
        return RefundState(refund_no, order_no, answer) if isinstance(answer, RefundProgress) else answer


def cashier(provider: Provider) -> Cashier:
    gateways: Any = {"wechat": provider}
    return Cashier(gateways, HastyClock(), Stopwatch(), "签注费")


def run(work: Coroutine[Any, Any, Result]) -> Result:
    return asyncio.run(work)


def came_to(result: Result) -> tuple[Status, object]:
    return result.status, result.changes.get("money")


def test_a_charge_is_opened_by_its_number_for_its_fee_and_its_code_is_kept() -> None:
    provider = Provider(open=[Charge(ORDER, "weixin://pay/1")])
    desk = cashier(provider)
    result = run(OpenCharge(desk).do(CASE, ORDER))
    assert came_to(result) == (Status.DONE, Money.OPEN) and result.notes["code"] == "weixin://pay/1"
    assert provider.asked == [("open", f"{CASE.case_id}-2", CASE.case_id, FILE.fee_fen, EXPIRES)]


def test_a_lost_code_is_asked_for_again_by_the_same_number_until_the_same_end() -> None:
    provider = Provider(open=[UNCLEAR, Charge(ORDER, "weixin://pay/1")], query=[OrderState.OPEN])
    result = run(OpenCharge(cashier(provider)).do(CASE, ORDER))
    assert came_to(result) == (Status.DONE, Money.OPEN) and result.notes["code"] == "weixin://pay/1"
    assert [asked[0] for asked in provider.asked] == ["open", "query", "open"] and provider.asked[0] == provider.asked[2]


@pytest.mark.parametrize("found", [OrderState.NOT_FOUND, OrderState.PAID, OrderState.CLOSED, UNCLEAR])
def test_an_order_that_is_not_seen_open_is_not_opened_again(found: Any) -> None:
    provider = Provider(open=[UNCLEAR], query=[found])
    assert run(OpenCharge(cashier(provider)).do(CASE, ORDER)).status is Status.UNKNOWN
    assert [asked[0] for asked in provider.asked] == ["open", "query"]


@pytest.mark.parametrize(
    ("answer", "status"),
    [(REFUSED, Status.NOT_DONE), (UNCLEAR, Status.UNKNOWN), (Failure("payment.unreachable"), Status.UNKNOWN), (PAID_ALREADY, Status.UNKNOWN)],
)
def test_only_a_signed_no_counts_as_not_opened(answer: Failure, status: Status) -> None:
    result = run(OpenCharge(cashier(Provider(open=[answer], query=[UNCLEAR]))).do(CASE, ORDER))
    assert result.status is status and result.failure is answer


@pytest.mark.parametrize(
    ("answer", "status", "money"),
    [
        (OrderState.PAID, Status.DONE, Money.PAID),
        (OrderState.OPEN, Status.DONE, Money.OPEN),
        (OrderState.CLOSED, Status.DONE, Money.CLOSED),
        (OrderState.REFUNDED, Status.DONE, Money.REFUND_PENDING),
        (OrderState.NOT_FOUND, Status.NOT_DONE, Money.NONE),
        (OrderState.UNKNOWN, Status.UNKNOWN, None),
        (Failure("payment.contradiction"), Status.UNKNOWN, None),
        (UNCLEAR, Status.UNKNOWN, None),
    ],
)
def test_what_the_provider_says_of_an_order(answer: Any, status: Status, money: Money | None) -> None:
    provider = Provider(query=[answer])
    assert came_to(run(OpenCharge(cashier(provider)).ask(CASE, ORDER))) == (status, money)
    assert provider.asked == [("query", ORDER, CASE.case_id, FILE.fee_fen)]  # so that another order's payment is not believed


def test_an_open_order_is_closed() -> None:
    provider = Provider(query=[OrderState.OPEN], close=[None])
    assert came_to(run(CloseCharge(cashier(provider)).do(CASE, ORDER))) == (Status.DONE, Money.CLOSED)
    assert provider.asked[-1] == ("close", ORDER)


@pytest.mark.parametrize(("found", "money"), [(OrderState.PAID, Money.PAID), (OrderState.CLOSED, Money.CLOSED)])
def test_closing_asks_first_and_closes_nothing_that_is_not_open(found: OrderState, money: Money) -> None:
    provider = Provider(query=[found], close=[AssertionError])
    assert came_to(run(CloseCharge(cashier(provider)).do(CASE, ORDER))) == (Status.DONE, money)
    assert [asked[0] for asked in provider.asked] == ["query"]


def test_an_order_that_is_not_found_is_closed_by_its_number_and_looked_for_once_more() -> None:
    provider = Provider(query=[OrderState.NOT_FOUND], close=[REFUSED])
    desk = cashier(provider)
    assert came_to(run(CloseCharge(desk).do(CASE, ORDER))) == (Status.DONE, Money.NONE)
    assert [asked[0] for asked in provider.asked] == ["query", "close", "query"] and provider.asked[1] == ("close", ORDER)
    assert isinstance(desk.clock, HastyClock) and desk.clock.slept_s == LATE_S


@pytest.mark.parametrize(("later", "status"), [(OrderState.PAID, Status.DONE), (OrderState.OPEN, Status.UNKNOWN), (UNCLEAR, Status.UNKNOWN)])
def test_an_order_that_arrives_late_is_never_taken_for_none(later: Any, status: Status) -> None:
    provider = Provider(query=[OrderState.NOT_FOUND, later], close=[REFUSED])
    result = run(CloseCharge(cashier(provider)).do(CASE, ORDER))
    assert result.status is status and result.changes.get("money") is not Money.NONE


def test_closing_finds_a_payment_made_in_between() -> None:
    provider = Provider(query=[OrderState.OPEN, OrderState.PAID], close=[PAID_ALREADY])
    assert came_to(run(CloseCharge(cashier(provider)).do(CASE, ORDER))) == (Status.DONE, Money.PAID)


def test_a_provider_that_contradicts_itself_leaves_the_order_unsettled() -> None:
    provider = Provider(query=[OrderState.OPEN], close=[PAID_ALREADY])
    assert run(CloseCharge(cashier(provider)).do(CASE, ORDER)).status is Status.NOT_DONE


def test_a_close_nobody_answers_is_unknown_and_asked_about() -> None:
    provider = Provider(query=[OrderState.OPEN, OrderState.OPEN, OrderState.CLOSED, UNCLEAR], close=[UNCLEAR])
    act = CloseCharge(cashier(provider))
    assert run(act.do(CASE, ORDER)).status is Status.UNKNOWN
    assert came_to(run(act.ask(CASE, ORDER))) == (Status.NOT_DONE, Money.OPEN)
    assert came_to(run(act.ask(CASE, ORDER))) == (Status.DONE, Money.CLOSED)
    assert came_to(run(act.ask(CASE, ORDER))) == (Status.UNKNOWN, None)


def test_a_silent_provider_is_not_told_to_close_what_may_be_paid() -> None:
    provider = Provider(query=[UNCLEAR], close=[UNCLEAR])
    assert run(CloseCharge(cashier(provider)).do(CASE, ORDER)).status is Status.UNKNOWN


@pytest.mark.parametrize(
    ("answer", "status", "money"),
    [
        (RefundProgress.REFUNDED, Status.DONE, Money.REFUNDED),
        (RefundProgress.PROCESSING, Status.DONE, Money.REFUND_PENDING),
        (RefundProgress.NOT_FOUND, Status.NOT_DONE, None),
        (RefundProgress.ABNORMAL, Status.UNKNOWN, None),
        (RefundProgress.CLOSED, Status.UNKNOWN, None),
        (RefundProgress.UNKNOWN, Status.UNKNOWN, None),
        (REFUSED, Status.NOT_DONE, None),
        (UNCLEAR, Status.UNKNOWN, None),
    ],
)
def test_a_refund_is_what_the_provider_says_of_it(answer: Any, status: Status, money: Money | None) -> None:
    paid = replace(CASE, standing=replace(CASE.standing, money=Money.PAID))
    provider = Provider(refund=[answer])
    assert came_to(run(Refund(cashier(provider)).do(paid, REFUND_NO))) == (status, money)
    assert provider.asked == [("refund", ORDER, f"{ORDER}-R", FILE.fee_fen, FILE.fee_fen)]


def test_a_pending_refund_is_waited_for_and_never_asked_for_again() -> None:
    pending = replace(CASE, standing=replace(CASE.standing, money=Money.REFUND_PENDING))
    provider = Provider(query_refund=[RefundProgress.PROCESSING, RefundProgress.PROCESSING, RefundProgress.REFUNDED], refund=[AssertionError])
    assert came_to(run(Refund(cashier(provider)).do(pending, REFUND_NO))) == (Status.DONE, Money.REFUNDED)
    assert {asked[0] for asked in provider.asked} == {"query_refund"}


def test_a_refund_that_takes_too_long_is_put_off() -> None:
    pending = replace(CASE, standing=replace(CASE.standing, money=Money.REFUND_PENDING))
    desk = cashier(Provider(query_refund=[RefundProgress.PROCESSING]))
    result = run(Refund(desk).do(pending, REFUND_NO))
    assert result.status is Status.UNKNOWN and result.failure == Failure("payment.refund_slow")
    assert isinstance(desk.clock, HastyClock) and desk.clock.slept_s == REFUND_LOOKS.seconds


def test_a_refund_under_way_or_done_is_never_a_new_refund() -> None:
    for answer, status in ((RefundProgress.NOT_FOUND, Status.NOT_DONE), (UNCLEAR, Status.UNKNOWN), (RefundProgress.REFUNDED, Status.DONE)):
        provider = Provider(query_refund=[answer])
        assert run(Refund(cashier(provider)).ask(CASE, REFUND_NO)).status is status
        assert provider.asked == [("query_refund", REFUND_NO, ORDER)]
