"""Alipay's signatures and answers: against a value made with the openssl command, and signed answers of every kind."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.world.alipay import AlipayKeys, alipay_app
from drivers.world.faults import FaultBoard
from drivers.world.merchant_keys import sign
from drivers.world.payments import PaymentsBook
from kiosk.domain.failure import Failure
from kiosk.gateways.alipay import Alipay
from kiosk.gateways.http import Answer, NoAnswer
from kiosk.gateways.payment import Charge, ChargeState, OrderState, RefundProgress, RefundState
from kiosk.gateways.signing import Signer, Verifier, read_signer
from tests.contracts.loopback import ScriptedLine, TickingClock, in_minutes, run, served

KEY_FILE = Path(__file__).parents[1] / "data" / "gateways" / "merchant_test_key.pem"
ORDER, REFUND = "KS20261122A1", "KS20261122A1R1"
TEN_O_CLOCK = 1795312800.0  # 2026-11-22 10:00:00 +08:00

# printf 'app_id=…&biz_content={"out_trade_no":"KS20261122A1"}&…&version=1.0' | openssl dgst -sha256 -sign merchant_test_key.pem | base64
QUERY_SIGNATURE = (
    "SK8wph4A5Qg7FyaidM8Xz8zZ2eZX50i41/T+2LL6IqS+rRG32LoburL9Y+K68B9gYK0LBvasP3xGmOkBiyzIhtROS553W7fqulwoHmBAjv2XQt6eOplHHoma"
    "KZngY/9sCP6vsKNNzZ2lP5xB6sPSOoQQhhhzfq4BAaTRAKTeE0IDVEpwe+tmkwR2lO+PjbXhUrI/Yr4Yydx1fhC5V9z+MSXexOIjeOWmv008Um78XHUDZ88r"
    "8OZNYG0YRQNc/Posyq1tWXSG5mqmBwlk9CP1iGLC2OeJP/cQOpzTUA648cO3TayFiMHrfLcZfp60skzK2Rj0BGpw9mCtq8OsX7pRMA=="
)


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> AlipayKeys:
    return AlipayKeys.at(tmp_path_factory.mktemp("hall") / "keys")


def gateway(keys: AlipayKeys, *answers: Answer | NoAnswer, signer: Signer | None = None) -> Alipay:
    verifier = Verifier(keys.platform.public_key())
    return Alipay(ScriptedLine(*answers), TickingClock(TEN_O_CLOCK), signer or Signer(keys.merchant), verifier, keys.app_id)


def answered(keys: AlipayKeys, method: str, inner: bytes, status: int = 200) -> Answer:
    """An answer as the platform signs it: over the inner bytes as they stand."""
    name = method.replace(".", "_").encode() + b"_response"
    return Answer(status, httpx.Headers(), b'{"' + name + b'":' + inner + b',"sign":"' + sign(keys.platform, inner).encode() + b'"}')


def reply(keys: AlipayKeys, method: str, **members: object) -> Answer:
    return answered(keys, method, json.dumps({"code": "10000", "out_trade_no": ORDER, **members}).encode())


def paid(keys: AlipayKeys, **other: object) -> Answer:
    return reply(
        keys, "alipay.trade.query", **{"trade_status": "TRADE_SUCCESS", "total_amount": "15.00", "trade_no": "42", "passback_params": "case", **other}
    )


def queried(keys: AlipayKeys, answer: Answer) -> ChargeState | Failure:
    return run(gateway(keys, answer).query(ORDER, case_id="case", amount_fen=1500))


def test_a_request_is_signed_as_openssl_signs_it(keys: AlipayKeys) -> None:
    signer = read_signer(KEY_FILE)
    assert isinstance(signer, Signer)
    line = ScriptedLine(NoAnswer.UNCLEAR)
    run(Alipay(line, TickingClock(TEN_O_CLOCK), signer, Verifier(keys.platform.public_key()), keys.app_id).query(ORDER))
    sent = parse_qs(line.requests[0].content.decode())
    assert sent["sign"] == [QUERY_SIGNATURE]
    assert sent["timestamp"] == ["2026-11-22 10:00:00"]


def test_an_answer_signed_by_another_or_altered_or_unsigned_is_not_believed(keys: AlipayKeys, tmp_path: Path) -> None:
    whole = paid(keys)
    bad = [
        paid(AlipayKeys.at(tmp_path)),
        Answer(200, whole.headers, whole.body.replace(b"15.00", b"15.01")),
        Answer(200, whole.headers, whole.body.replace(b'"code"', b' "code"')),
        Answer(200, whole.headers, whole.body[: whole.body.index(b',"sign"')] + b"}"),
        Answer(200, whole.headers, whole.body[: whole.body.index(b',"sign"')] + b',"sign":17}'),
    ]
    for answer in bad:
        said = queried(keys, answer)
        assert isinstance(said, Failure)
        assert (said.code, said.detail["reason"]) == ("payment.unclear", "bad_signature")
    assert isinstance(queried(keys, whole), ChargeState)


def test_a_second_copy_of_the_response_does_not_slip_past_the_signature(keys: AlipayKeys) -> None:
    whole = reply(keys, "alipay.trade.query", trade_status="WAIT_BUYER_PAY", total_amount="15.00").body
    forged = b'"alipay_trade_query_response":{"code":"10000","out_trade_no":"KS20261122A1","trade_status":"TRADE_SUCCESS","total_amount":"15.00"}'
    for body in (whole[:-1] + b"," + forged + b"}", b"{" + forged + b"," + whole[1:]):
        said = queried(keys, Answer(200, httpx.Headers(), body))
        assert isinstance(said, Failure) or said.state is OrderState.OPEN


@pytest.mark.parametrize(
    ("members", "state"),
    [
        ({"trade_status": "WAIT_BUYER_PAY"}, OrderState.OPEN),
        ({"trade_status": "TRADE_SUCCESS"}, OrderState.PAID),
        ({"trade_status": "TRADE_FINISHED"}, OrderState.PAID),
        ({"trade_status": "TRADE_CLOSED"}, OrderState.CLOSED),
        ({"trade_status": "TRADE_CLOSED", "send_pay_date": "2026-11-22 10:00:00"}, OrderState.REFUNDED),
        ({"trade_status": "NEW_WORD"}, OrderState.UNKNOWN),
        ({"trade_status": None}, OrderState.UNKNOWN),
        ({"total_amount": "15"}, OrderState.PAID),
        ({"total_amount": "15.0"}, OrderState.PAID),
    ],
)
def test_each_word_of_the_platform_has_its_state(keys: AlipayKeys, members: dict[str, object], state: OrderState) -> None:
    said = queried(keys, paid(keys, **members))
    assert isinstance(said, ChargeState)
    assert said.state is state


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"out_trade_no": "KS20261122A2"}, "payment.contradiction"),
        ({"total_amount": "15.01"}, "payment.contradiction"),
        ({"passback_params": "another"}, "payment.contradiction"),
        ({"total_amount": None}, "payment.unclear"),
        ({"total_amount": "1.5e1"}, "payment.unclear"),
        ({"total_amount": "-15.00"}, "payment.unclear"),
        ({"total_amount": "15.005"}, "payment.unclear"),
        ({"total_amount": 15}, "payment.unclear"),
        ({"code": "20000", "sub_code": "isp.unknow-error"}, "payment.unclear"),
        ({"code": "10003"}, "payment.unclear"),
        ({"code": "40004", "sub_code": "ACQ.SYSTEM_ERROR"}, "payment.unclear"),
        ({"code": "40004", "sub_code": "ACQ.INVALID_PARAMETER"}, "payment.refused"),
        ({"code": "40006", "sub_code": "isv.insufficient-isv-permissions"}, "payment.refused"),
    ],
)
def test_a_payment_that_is_not_exactly_ours_is_not_believed(keys: AlipayKeys, members: dict[str, object], code: str) -> None:
    said = queried(keys, paid(keys, **members))
    assert isinstance(said, Failure)
    assert said.code == code


def test_a_payment_made_in_the_moment_of_the_cancel_is_not_called_closed(keys: AlipayKeys) -> None:
    unscanned = answered(keys, "alipay.trade.close", b'{"code":"40004","sub_code":"ACQ.TRADE_NOT_EXIST"}')
    for action, done in (({"action": "close"}, True), ({}, True), ({"action": "refund"}, False)):
        said = run(gateway(keys, unscanned, reply(keys, "alipay.trade.cancel", **action)).close(ORDER))
        assert (said is None) is done
    assert isinstance(said, Failure)
    assert said.code == "payment.unclear"


def test_a_code_that_leads_elsewhere_is_not_shown(keys: AlipayKeys) -> None:
    for url in ("http://qr.alipay.com/x", "https://qr.alipay.com.evil.example/x", "https://qr.alipay.com/" + "x" * 600):
        opened = gateway(keys, reply(keys, "alipay.trade.precreate", qr_code=url))
        said = run(opened.open_charge(ORDER, "case", 1500, "签注", in_minutes(10)))
        assert isinstance(said, Failure)
        assert said.code == "payment.unclear"


def test_a_repeated_refund_is_processing_until_it_is_asked_about(keys: AlipayKeys) -> None:
    said = run(gateway(keys, reply(keys, "alipay.trade.refund", fund_change="N")).refund(ORDER, REFUND, 1500, 1500, "x"))
    assert said == RefundState(REFUND, ORDER, RefundProgress.PROCESSING, 1500)


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"out_trade_no": "KS20261122A2", "fund_change": "Y"}, "payment.contradiction"),
        ({"fund_change": "Y", "refund_fee": "14.99"}, "payment.contradiction"),
        ({"fund_change": "Y", "refund_fee": "30.00"}, "payment.contradiction"),
        ({"fund_change": "Y", "refund_fee": "-15.00"}, "payment.unclear"),
        ({"fund_change": "Y", "refund_fee": 15}, "payment.unclear"),
        ({"code": "20000", "sub_code": "isp.unknow-error"}, "payment.unclear"),
        ({"code": "40004", "sub_code": "ACQ.SYSTEM_ERROR"}, "payment.unclear"),
        ({"code": "40004", "sub_code": "ACQ.SELLER_BALANCE_NOT_ENOUGH"}, "payment.refused"),
    ],
)
def test_a_refund_of_something_else_is_not_believed(keys: AlipayKeys, members: dict[str, object], code: str) -> None:
    said = run(gateway(keys, reply(keys, "alipay.trade.refund", **members)).refund(ORDER, REFUND, 1500, 1500, "x"))
    assert isinstance(said, Failure)
    assert said.code == code


def test_a_refund_without_the_word_that_money_moved_is_asked_about(keys: AlipayKeys) -> None:
    for word in (None, "N", "MAYBE"):
        said = run(gateway(keys, reply(keys, "alipay.trade.refund", fund_change=word, refund_fee="15.00")).refund(ORDER, REFUND, 1500, 1500, "x"))
        assert said == RefundState(REFUND, ORDER, RefundProgress.PROCESSING, 1500)


def about_refund(keys: AlipayKeys, **members: object) -> RefundState | Failure:
    answer = reply(keys, "alipay.trade.fastpay.refund.query", **members)
    return run(gateway(keys, answer).query_refund(REFUND, ORDER, amount_fen=1500))


@pytest.mark.parametrize(
    ("members", "progress"),
    [
        ({"refund_status": "REFUND_SUCCESS"}, RefundProgress.REFUNDED),
        ({}, RefundProgress.PROCESSING),
        ({"refund_status": "REFUND_FAIL"}, RefundProgress.UNKNOWN),
        ({"refund_status": "refund_success"}, RefundProgress.UNKNOWN),
    ],
)
def test_each_word_about_a_refund_has_its_progress(keys: AlipayKeys, members: dict[str, object], progress: RefundProgress) -> None:
    assert about_refund(keys, out_request_no=REFUND, refund_amount="15.00", **members) == RefundState(REFUND, ORDER, progress, 1500)


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"out_request_no": "OTHER", "refund_amount": "15.00", "refund_status": "REFUND_SUCCESS"}, "payment.contradiction"),
        ({"out_request_no": REFUND, "refund_amount": "14.99", "refund_status": "REFUND_SUCCESS"}, "payment.contradiction"),
        ({"out_request_no": REFUND, "out_trade_no": "OTHER", "refund_amount": "15.00"}, "payment.contradiction"),
        ({"refund_amount": "15.00"}, "payment.contradiction"),
        ({"out_trade_no": "OTHER"}, "payment.contradiction"),
        ({"out_request_no": REFUND, "refund_status": "REFUND_SUCCESS"}, "payment.unclear"),
        ({"out_request_no": REFUND, "refund_amount": "lots"}, "payment.unclear"),
    ],
)
def test_an_answer_about_another_refund_is_not_believed(keys: AlipayKeys, members: dict[str, object], code: str) -> None:
    said = about_refund(keys, **members)
    assert isinstance(said, Failure)
    assert said.code == code


def not_by_number(keys: AlipayKeys, trade: Answer) -> RefundState | Failure:
    """What is said of a refund that the gateway does not know by its number."""
    answers = [reply(keys, "alipay.trade.fastpay.refund.query", out_trade_no=None), trade]
    return run(gateway(keys, *answers).query_refund(REFUND, ORDER, amount_fen=1500))


def test_a_refund_that_is_not_there_is_not_found(keys: AlipayKeys) -> None:
    assert not_by_number(keys, paid(keys)) == RefundState(REFUND, ORDER, RefundProgress.NOT_FOUND)
    no_trade = answered(keys, "alipay.trade.query", b'{"code":"40004","sub_code":"ACQ.TRADE_NOT_EXIST"}')
    assert not_by_number(keys, no_trade) == RefundState(REFUND, ORDER, RefundProgress.NOT_FOUND)


def test_a_payment_that_a_cancel_gave_back_is_refunded_and_never_asked_for_again(keys: AlipayKeys) -> None:
    wholly = {"trade_status": "TRADE_CLOSED", "send_pay_date": "2026-11-22 10:00:00"}
    assert not_by_number(keys, paid(keys, **wholly)) == RefundState(REFUND, ORDER, RefundProgress.REFUNDED, 1500)
    for other in ({"total_amount": "14.99"}, {"out_trade_no": "OTHER"}, {"total_amount": None}):
        assert isinstance(not_by_number(keys, paid(keys, **wholly, **other)), Failure)


def test_an_order_that_was_paid_and_was_not_is_neither(keys: AlipayKeys) -> None:
    said = queried(keys, paid(keys, trade_status="WAIT_BUYER_PAY", send_pay_date="2026-11-22 10:00:00"))
    assert isinstance(said, ChargeState)
    assert said.state is OrderState.UNKNOWN


@pytest.mark.parametrize("method", ["alipay.trade.close", "alipay.trade.cancel"])
def test_a_close_answered_for_another_order_is_not_believed(keys: AlipayKeys, method: str) -> None:
    unscanned = answered(keys, "alipay.trade.close", b'{"code":"40004","sub_code":"ACQ.TRADE_NOT_EXIST"}')
    answers = ([unscanned] if method.endswith("cancel") else []) + [reply(keys, method, out_trade_no="OTHER", action="close")]
    said = run(gateway(keys, *answers).close(ORDER))
    assert isinstance(said, Failure)
    assert said.code == "payment.contradiction"


def test_the_gateways_own_words_stand_in_the_log(keys: AlipayKeys, caplog: pytest.LogCaptureFixture) -> None:
    queried(keys, paid(keys, trade_status="NEW WORD\n2026"))
    queried(keys, paid(keys, code="40004", sub_code="ACQ.INVALID_PARAMETER"))
    queried(keys, paid(keys, code="20000", sub_code="isp.unknow-error"))
    queried(keys, paid(keys, code="40004", sub_code="ACQ.TRADE_NOT_EXIST"))
    assert "word=NEW?WORD?2026" in caplog.text
    assert "payment.refused code=ACQ.INVALID_PARAMETER" in caplog.text and "reason=code_isp.unknow-error" in caplog.text
    assert "TRADE_NOT_EXIST" not in caplog.text  # an order whose code nobody has scanned yet is asked about every second
    assert ORDER not in caplog.text


def test_the_worlds_gateway_refuses_a_wrong_signature_and_a_cancel_gives_paid_money_back(keys: AlipayKeys, tmp_path: Path) -> None:
    book = PaymentsBook(tmp_path / "ledger.sqlite")
    files = {"private_key": keys.directory / "alipay_app.pem", "platform_public_key": keys.directory / "alipay_platform_public.pem"}

    async def exchange(url: str) -> Any:
        settings: dict[str, Any] = {"clock": TickingClock(), "url": url, "app_id": keys.app_id, **files}
        mine, stranger = Alipay.open(**settings), Alipay.open(**{**settings, "private_key": KEY_FILE})
        assert isinstance(mine, Alipay)
        assert isinstance(stranger, Alipay)
        refused = await stranger.open_charge(ORDER, "case", 1500, "签注", in_minutes(10))
        assert book.rows() == []
        await mine.open_charge(ORDER, "case", 1500, "签注", in_minutes(10))
        book.pay_newest("alipay")
        cancelled = await mine._cancel(ORDER)
        after = await mine.query(ORDER, case_id="case", amount_fen=1500)
        given_back = await mine.query_refund(REFUND, ORDER, amount_fen=1500)
        assert given_back == RefundState(REFUND, ORDER, RefundProgress.REFUNDED, 1500)
        await mine.aclose()
        await stranger.aclose()
        return refused, cancelled, after

    with served(alipay_app(book, keys, FaultBoard())) as url:
        refused, cancelled, after = run(exchange(url))
    assert (refused.code, refused.detail["code"]) == ("payment.refused", "isv.invalid-signature")
    assert cancelled.code == "payment.unclear"
    assert after.state is OrderState.REFUNDED
    assert book.rows()[0]["refunded_fen"] == 1500
    book.close_book()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
MEMBERS = {
    "code": "10000",
    "out_trade_no": ORDER,
    "trade_status": "TRADE_SUCCESS",
    "total_amount": "15.00",
    "out_request_no": REFUND,
    "action": "close",
}
INNER = (JSON | st.fixed_dictionaries({}, optional={name: JSON | st.just(value) for name, value in MEMBERS.items()})).map(
    lambda document: json.dumps(document).encode()
) | st.binary(max_size=100)
METHODS = ["alipay.trade.precreate", "alipay.trade.query", "alipay.trade.close", "alipay.trade.refund", "alipay.trade.fastpay.refund.query", "error"]


@settings(max_examples=150, deadline=None)
@given(inner=INNER, method=st.sampled_from(METHODS), whole=st.booleans())
def test_whatever_is_answered_nothing_raises_and_only_our_payment_is_a_payment(keys: AlipayKeys, inner: bytes, method: str, whole: bool) -> None:
    answer = answered(keys, method, inner) if whole else Answer(200, httpx.Headers(), inner)
    said = run(gateway(keys, answer).query(ORDER, case_id="case", amount_fen=1500))
    assert isinstance(said, ChargeState | Failure)
    if isinstance(said, ChargeState) and said.state is OrderState.PAID:
        assert json.loads(inner)["total_amount"] == "15.00"
    assert isinstance(run(gateway(keys, answer).open_charge(ORDER, "case", 1500, "x", in_minutes(10))), Charge | Failure)
    assert isinstance(run(gateway(keys, answer, answer).close(ORDER)), Failure | None)
    assert isinstance(run(gateway(keys, answer).refund(ORDER, REFUND, 1500, 1500, "x")), RefundState | Failure)
    assert isinstance(run(gateway(keys, answer, answer).query_refund(REFUND, ORDER)), RefundState | Failure)
