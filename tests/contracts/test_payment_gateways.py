"""Both payment providers through the same gateway contract, over real loopback HTTP, against the world's own servers."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from drivers.world.alipay import AlipayKeys, alipay_app
from drivers.world.faults import Fault, FaultBoard
from drivers.world.pace import Pace
from drivers.world.payments import PaymentsBook
from drivers.world.wechat import WechatKeys, wechat_app
from kiosk.domain.failure import Failure
from kiosk.gateways.alipay import Alipay
from kiosk.gateways.payment import Charge, ChargeState, OrderState, PaymentGateway, RefundProgress, RefundState
from kiosk.gateways.wechat import WechatPay
from tests.contracts.loopback import Switch, TickingClock, in_minutes

ORDER, CASE, REFUND = "KS20261122A1", "case-20261122-0001", "KS20261122A1R1"
UNCLEAR_KINDS = ("silence", "garbage", "bad_signature", "lost_answer")


@dataclass
class Provider:
    name: str
    book: PaymentsBook
    faults: FaultBoard
    clock: TickingClock
    make: Callable[[float], PaymentGateway]
    runner: asyncio.Runner
    gateways: dict[float, PaymentGateway] = field(default_factory=dict)

    def asked(self, act: Callable[[PaymentGateway], Any], timeout_s: float = 3.0) -> Any:
        """Lets the gateway act, on the test's own event loop."""

        async def exchange() -> Any:
            if timeout_s not in self.gateways:
                self.gateways[timeout_s] = self.make(timeout_s)
            return await act(self.gateways[timeout_s])

        return self.runner.run(exchange())

    def hang_up(self) -> None:
        for gateway in self.gateways.values():
            self.runner.run(gateway.aclose())

    def fault(self, moment: str, kind: str, **parameters: str | int) -> None:
        self.faults.put(self.name, moment, Fault(kind, parameters=parameters))

    def row(self) -> dict[str, object]:
        (row,) = self.book.rows()
        return row


@pytest.fixture(params=["wechat", "alipay"])
def provider(
    request: pytest.FixtureRequest, tmp_path: Path, switch: tuple[Switch, str], hall: tuple[Path, WechatKeys, AlipayKeys]
) -> Iterator[Provider]:
    (inside, url), (directory, wechat_keys, alipay_keys) = switch, hall
    clock, faults = TickingClock(), FaultBoard()
    book = PaymentsBook(tmp_path / "ledger.sqlite", clock.seconds)
    of_wechat = request.param == "wechat"
    inside.inside = (
        wechat_app(book, wechat_keys, faults, clock.seconds, Pace(30)) if of_wechat else alipay_app(book, alipay_keys, faults, clock.seconds)
    )

    def make(timeout_s: float) -> PaymentGateway:
        settings: dict[str, Any] = dict((wechat_keys if of_wechat else alipay_keys).profile(url))
        for name in ("private_key", "platform_public_key"):
            settings[name] = directory / settings[name]
        opened = (WechatPay if of_wechat else Alipay).open(clock=clock, timeout_s=timeout_s, **settings)
        assert not isinstance(opened, Failure)
        return opened

    with asyncio.Runner() as runner:
        found = Provider(request.param, book, faults, clock, make, runner)
        yield found
        found.hang_up()
    book.close_book()


EXPIRES = in_minutes(10)


def opening(amount_fen: int = 1500, order_no: str = ORDER, expires_at: datetime = EXPIRES) -> Callable[[PaymentGateway], Any]:
    return lambda gateway: gateway.open_charge(order_no, CASE, amount_fen, "往来港澳通行证签注", expires_at)


def asking(gateway: PaymentGateway) -> Any:
    return gateway.query(ORDER, case_id=CASE, amount_fen=1500)


def closing(gateway: PaymentGateway) -> Any:
    return gateway.close(ORDER)


def refunding(amount_fen: int = 1500, refund_no: str = REFUND) -> Callable[[PaymentGateway], Any]:
    return lambda gateway: gateway.refund(ORDER, refund_no, amount_fen, 1500, "签注未能制作")


def asking_refund(gateway: PaymentGateway) -> Any:
    return gateway.query_refund(REFUND, ORDER, amount_fen=1500)


def code(value: object) -> str:
    assert isinstance(value, Failure), value
    return value.code


def test_a_charge_is_opened_shown_paid_and_stands_in_the_ledger(provider: Provider) -> None:
    charge = provider.asked(opening())
    assert isinstance(charge, Charge)
    assert charge.code_url.startswith("weixin://wxpay/bizpayurl" if provider.name == "wechat" else "https://qr.alipay.com/")
    assert provider.asked(asking).state is OrderState.OPEN
    assert provider.book.pay_newest(provider.name) == ORDER
    state = provider.asked(asking)
    assert (state.state, state.amount_fen, state.case_id) == (OrderState.PAID, 1500, CASE)
    assert provider.book.rows() == [{"order_no": ORDER, "case_id": CASE, "amount_fen": 1500, "state": "paid", "refunded_fen": 0}]


def test_the_same_order_again_is_the_same_order_and_another_amount_is_refused(provider: Provider) -> None:
    assert isinstance(provider.asked(opening()), Charge)
    assert isinstance(provider.asked(opening()), Charge)
    assert code(provider.asked(opening(amount_fen=3000))) == "payment.refused"
    assert code(provider.asked(opening(expires_at=in_minutes(20)))) == "payment.refused"
    assert provider.row()["amount_fen"] == 1500


def test_a_closed_order_cannot_be_paid_opened_or_refunded_and_closing_it_again_is_done(provider: Provider) -> None:
    provider.asked(opening())
    assert provider.asked(closing) is None
    assert provider.book.pay_newest(provider.name) is None
    assert provider.row()["state"] == "closed"
    assert provider.asked(closing) is None
    assert code(provider.asked(opening())) == "payment.refused"
    assert code(provider.asked(refunding())) == "payment.refused"
    assert provider.row()["refunded_fen"] == 0


def test_a_declined_order_stays_open_and_can_be_closed(provider: Provider) -> None:
    provider.asked(opening())
    assert provider.book.decline(provider.name) == ORDER
    assert provider.asked(asking).state is OrderState.OPEN
    assert provider.asked(closing) is None
    assert provider.asked(asking).state is OrderState.CLOSED
    assert provider.asked(closing) is None


def test_closing_a_paid_order_says_that_it_is_paid_and_keeps_the_money(provider: Provider) -> None:
    provider.asked(opening())
    provider.book.pay_newest(provider.name)
    assert code(provider.asked(closing)) == "payment.already_paid"
    assert code(provider.asked(opening())) == "payment.already_paid"
    assert provider.row() == {"order_no": ORDER, "case_id": CASE, "amount_fen": 1500, "state": "paid", "refunded_fen": 0}


def test_an_order_that_never_was_is_not_found_or_at_most_open(provider: Provider) -> None:
    expected = OrderState.NOT_FOUND if provider.name == "wechat" else OrderState.OPEN
    assert provider.asked(asking).state is expected
    assert provider.asked(asking_refund).state is RefundProgress.NOT_FOUND
    assert provider.asked(lambda gateway: gateway.probe()) is None


def test_a_refund_goes_back_once_and_the_order_stays_paid(provider: Provider) -> None:
    provider.asked(opening())
    provider.book.pay_newest(provider.name)
    first = provider.asked(refunding())
    assert isinstance(first, RefundState)
    assert first.amount_fen == 1500
    assert first.state in (RefundProgress.PROCESSING, RefundProgress.REFUNDED)
    assert isinstance(provider.asked(refunding()), RefundState)
    provider.clock.ahead_s += 1
    assert provider.asked(asking_refund) == RefundState(REFUND, ORDER, RefundProgress.REFUNDED, 1500)
    assert provider.asked(asking).state is OrderState.REFUNDED
    assert provider.row() == {"order_no": ORDER, "case_id": CASE, "amount_fen": 1500, "state": "paid", "refunded_fen": 1500}


def test_refunds_never_exceed_what_was_paid_and_a_number_means_one_amount(provider: Provider) -> None:
    provider.asked(opening())
    assert code(provider.asked(refunding())) == "payment.refused"
    provider.book.pay_newest(provider.name)
    assert isinstance(provider.asked(refunding(1000)), RefundState)
    assert code(provider.asked(refunding(600, "SECOND"))) == "payment.refused"
    assert code(provider.asked(refunding(900))) == "payment.refused"
    assert isinstance(provider.asked(refunding(500, "THIRD")), RefundState)
    assert provider.row()["refunded_fen"] == 1500


def test_an_expired_order_cannot_be_paid_and_must_still_be_closed(provider: Provider) -> None:
    provider.asked(opening())
    provider.clock.ahead_s += 601
    assert provider.book.pay_newest(provider.name) is None
    assert provider.asked(asking).state is OrderState.OPEN
    assert provider.asked(closing) is None
    assert provider.row()["state"] == "closed"


def test_the_phone_pays_the_newest_open_order_of_its_own_method(provider: Provider) -> None:
    provider.asked(opening())
    provider.asked(opening(order_no="KS20261122A2"))
    other = "alipay" if provider.name == "wechat" else "wechat"
    assert provider.book.pay_newest(other) is None
    assert provider.book.pay_newest(provider.name) == "KS20261122A2"
    assert provider.book.pay_newest(provider.name) == ORDER
    assert provider.book.pay_newest(provider.name) is None


def test_a_definite_no_is_refused_with_the_providers_word_and_nothing_is_done(provider: Provider) -> None:
    provider.fault("order", "refuse", code="NO_AUTH")
    refused = provider.asked(opening())
    assert code(refused) == "payment.refused"
    assert refused.detail["code"] == "NO_AUTH"
    assert provider.book.rows() == []


@pytest.mark.parametrize("kind", UNCLEAR_KINDS)
def test_no_clear_answer_to_an_order_is_unclear_and_asking_again_is_safe(provider: Provider, kind: str) -> None:
    provider.fault("order", kind)
    assert code(provider.asked(opening(), timeout_s=0.3)) == "payment.unclear"
    assert len(provider.book.rows()) == (0 if kind == "silence" else 1)
    assert isinstance(provider.asked(opening()), Charge)
    assert len(provider.book.rows()) == 1


@pytest.mark.parametrize("kind", UNCLEAR_KINDS)
def test_no_clear_answer_about_a_payment_is_never_taken_for_one(provider: Provider, kind: str) -> None:
    provider.asked(opening())
    provider.book.pay_newest(provider.name)
    provider.fault("query", kind)
    assert code(provider.asked(asking, timeout_s=0.3)) == "payment.unclear"
    assert provider.asked(asking).state is OrderState.PAID


@pytest.mark.parametrize("kind", UNCLEAR_KINDS)
def test_no_clear_answer_to_a_close_is_unclear_and_closing_again_is_safe(provider: Provider, kind: str) -> None:
    provider.asked(opening())
    provider.fault("close", kind)
    first = provider.asked(closing, timeout_s=0.3)
    assert code(first) == "payment.unclear"
    assert provider.asked(closing) is None
    assert provider.row()["state"] == "closed"


@pytest.mark.parametrize("kind", UNCLEAR_KINDS)
def test_no_clear_answer_to_a_refund_is_unclear_and_repeating_it_refunds_once(provider: Provider, kind: str) -> None:
    provider.asked(opening())
    provider.book.pay_newest(provider.name)
    provider.fault("refund", kind)
    assert code(provider.asked(refunding(), timeout_s=0.3)) == "payment.unclear"
    assert isinstance(provider.asked(refunding()), RefundState)
    assert provider.row()["refunded_fen"] == 1500


@pytest.mark.parametrize("kind", UNCLEAR_KINDS)
def test_no_clear_answer_about_a_refund_is_unclear(provider: Provider, kind: str) -> None:
    provider.asked(opening())
    provider.book.pay_newest(provider.name)
    provider.asked(refunding())
    provider.fault("refund_query", kind)
    assert code(provider.asked(asking_refund, timeout_s=0.3)) == "payment.unclear"


@pytest.mark.parametrize("kind", ["wrong_amount", "other_order"])
def test_a_signed_answer_about_other_money_or_another_order_is_never_believed(provider: Provider, kind: str) -> None:
    provider.asked(opening())
    provider.book.pay_newest(provider.name)
    provider.fault("query", kind)
    assert code(provider.asked(asking)) == "payment.contradiction"
    provider.asked(refunding())
    provider.fault("refund_query", kind)
    assert code(provider.asked(asking_refund)) == "payment.contradiction"


def test_a_refund_answered_for_another_order_is_never_believed(provider: Provider) -> None:
    provider.asked(opening())
    provider.book.pay_newest(provider.name)
    provider.fault("refund", "other_order")
    assert code(provider.asked(refunding())) == "payment.contradiction"


def test_a_payment_for_another_case_or_amount_than_the_journals_is_never_believed(provider: Provider) -> None:
    provider.asked(opening())
    provider.book.pay_newest(provider.name)
    assert code(provider.asked(lambda gateway: gateway.query(ORDER, case_id="another", amount_fen=1500))) == "payment.contradiction"
    assert code(provider.asked(lambda gateway: gateway.query(ORDER, case_id=CASE, amount_fen=8000))) == "payment.contradiction"


def test_a_late_answer_within_the_time_out_is_an_answer(provider: Provider) -> None:
    provider.faults.put(provider.name, "order", Fault("late", parameters={"seconds": "0.05"}))
    assert isinstance(provider.asked(opening()), Charge)


def test_a_late_answer_after_the_time_out_is_unclear_though_the_order_stands(provider: Provider) -> None:
    provider.faults.put(provider.name, "order", Fault("late", parameters={"seconds": "0.6"}))
    assert code(provider.asked(opening(), timeout_s=0.2)) == "payment.unclear"
    assert provider.row()["state"] == "open"


def test_a_server_that_is_not_there_is_unreachable(provider: Provider) -> None:
    async def to_nobody(gateway: Any) -> object:
        gateway._line._url = "http://127.0.0.1:9"
        return await gateway.query(ORDER)

    assert code(provider.asked(to_nobody)) == "payment.unreachable"


def test_many_questions_at_once_share_the_line(provider: Provider) -> None:
    provider.asked(opening())

    async def many(gateway: PaymentGateway) -> list[ChargeState | Failure]:
        return list(await asyncio.gather(*(gateway.query(ORDER) for _ in range(20))))

    assert all(isinstance(state, ChargeState) for state in provider.asked(many))


@pytest.mark.parametrize(
    ("order_no", "amount_fen"), [("KS1", 1500), ("K" * 33, 1500), ("KS 20261122", 1500), ("KS20261122签", 1500), (ORDER, 0), (ORDER, -1)]
)
def test_a_number_or_amount_that_no_provider_takes_is_a_bug_of_the_caller(provider: Provider, order_no: str, amount_fen: int) -> None:
    with pytest.raises(ValueError, match="not an"):
        provider.asked(opening(amount_fen, order_no))
    assert provider.book.rows() == []


def test_the_book_outlives_the_world(provider: Provider, tmp_path: Path) -> None:
    provider.asked(opening())
    provider.book.pay_newest(provider.name)
    again = PaymentsBook(tmp_path / "ledger.sqlite")
    assert again.rows() == provider.book.rows()
    again.close_book()
