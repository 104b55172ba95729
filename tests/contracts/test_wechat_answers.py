"""What the WeChat Pay client makes of signed answers of every kind, and what the world's server takes."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.world.faults import FaultBoard
from drivers.world.payments import PaymentsBook
from drivers.world.wechat import WechatKeys, wechat_app
from kiosk.domain.failure import Failure
from kiosk.gateways.payment import Charge, ChargeState, OrderState, RefundProgress, RefundState
from kiosk.gateways.signing import Signer
from kiosk.gateways.wechat import WechatPay
from tests.contracts.loopback import ScriptedLine, TickingClock, in_minutes, run, served
from tests.contracts.test_wechat_signing import TEN_O_CLOCK, answered, gateway, opened

ORDER, REFUND = "KS20261122A1", "KS20261122A1R1"


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> WechatKeys:
    return WechatKeys.at(tmp_path_factory.mktemp("hall") / "keys")


def paid(**other: object) -> dict[str, object]:
    return {
        "appid": "wx8888888888888888",
        "mchid": "1900000109",
        "out_trade_no": ORDER,
        "trade_state": "SUCCESS",
        "attach": "case",
        "amount": {"total": 1500, "currency": "CNY"},
        "transaction_id": "4200",
        **other,
    }


def refund(**other: object) -> dict[str, object]:
    return {
        "out_refund_no": REFUND,
        "out_trade_no": ORDER,
        "status": "SUCCESS",
        "amount": {"total": 1500, "refund": 1500, "currency": "CNY"},
        **other,
    }


def pay(keys: WechatKeys, status: int, body: bytes) -> WechatPay:
    return gateway(ScriptedLine(answered(keys, status, body, TEN_O_CLOCK)), Signer(keys.merchant), keys, TickingClock(TEN_O_CLOCK))


def queried(keys: WechatKeys, document: object, status: int = 200) -> ChargeState | Failure:
    return run(pay(keys, status, json.dumps(document).encode()).query(ORDER, case_id="case", amount_fen=1500))


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("SUCCESS", OrderState.PAID),
        ("REFUND", OrderState.REFUNDED),
        ("NOTPAY", OrderState.OPEN),
        ("USERPAYING", OrderState.OPEN),
        ("PAYERROR", OrderState.OPEN),
        ("CLOSED", OrderState.CLOSED),
        ("REVOKED", OrderState.CLOSED),
        ("SOMETHING_NEW", OrderState.UNKNOWN),
    ],
)
def test_each_word_of_the_platform_has_its_state(keys: WechatKeys, word: str, state: OrderState) -> None:
    said = queried(keys, paid(trade_state=word))
    assert isinstance(said, ChargeState)
    assert said.state is state


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"mchid": "1900000110"}, "payment.contradiction"),
        ({"appid": "wx1"}, "payment.contradiction"),
        ({"out_trade_no": "KS20261122A2"}, "payment.contradiction"),
        ({"amount": {"total": 1499, "currency": "CNY"}}, "payment.contradiction"),
        ({"amount": {"total": 1500, "currency": "HKD"}}, "payment.contradiction"),
        ({"attach": "another"}, "payment.contradiction"),
        ({"amount": None}, "payment.unclear"),
        ({"attach": None}, "payment.unclear"),
        ({"amount": {"total": "1500", "currency": "CNY"}}, "payment.unclear"),
        ({"amount": {"total": 1500.5}}, "payment.unclear"),
        ({"trade_state": None}, "payment.unclear"),
    ],
)
def test_a_payment_that_is_not_exactly_ours_is_not_believed(keys: WechatKeys, change: dict[str, object], code: str) -> None:
    said = queried(keys, paid(**change))
    assert isinstance(said, Failure)
    assert said.code == code


def test_an_open_order_need_not_name_amount_and_case(keys: WechatKeys) -> None:
    assert queried(keys, paid(trade_state="NOTPAY", amount=None, attach=None, transaction_id=None)) == ChargeState(ORDER, OrderState.OPEN)


@pytest.mark.parametrize(
    ("status", "document", "code"),
    [
        (403, {"code": "NO_AUTH", "message": "x"}, "payment.refused"),
        (401, {"code": "SIGN_ERROR"}, "payment.refused"),
        (500, {"code": "SYSTEM_ERROR"}, "payment.unclear"),
        (502, "bad gateway", "payment.unclear"),
        (429, {"code": "FREQUENCY_LIMITED"}, "payment.unclear"),
        (408, {"code": "ORDER_NOT_EXIST"}, "payment.unclear"),
        (404, {"message": "no code"}, "payment.unclear"),
        (202, {"code": "USERPAYING"}, "payment.unclear"),
        (302, {"code": "ORDER_NOT_EXIST"}, "payment.unclear"),
        (200, [], "payment.unclear"),
    ],
)
def test_only_a_signed_no_with_a_word_is_a_no(keys: WechatKeys, status: int, document: object, code: str) -> None:
    said = queried(keys, document, status)
    assert isinstance(said, Failure)
    assert said.code == code


@pytest.mark.parametrize("word", ["ORDER_NOT_EXIST", "ORDERNOTEXIST"])
def test_both_spellings_of_not_found_are_understood(keys: WechatKeys, word: str) -> None:
    assert queried(keys, {"code": word}, 404) == ChargeState(ORDER, OrderState.NOT_FOUND)


@pytest.mark.parametrize(("status", "word"), [(202, "USERPAYING"), (200, "")])
def test_a_close_without_the_platforms_204_is_unclear(keys: WechatKeys, status: int, word: str) -> None:
    said = run(pay(keys, status, json.dumps({"code": word}).encode()).close(ORDER))
    assert isinstance(said, Failure)
    assert said.code == "payment.unclear"


@pytest.mark.parametrize("url", ["http://evil.example/", "https://evil.example", "", "weixin://" + "x" * 600])
def test_a_code_that_leads_elsewhere_is_not_shown(keys: WechatKeys, url: str) -> None:
    said = run(pay(keys, 200, json.dumps({"code_url": url}).encode()).open_charge(ORDER, "case", 1500, "签注", in_minutes(10)))
    assert isinstance(said, Failure)
    assert said.code == "payment.unclear"


@pytest.mark.parametrize(
    ("word", "progress"),
    [
        ("SUCCESS", RefundProgress.REFUNDED),
        ("PROCESSING", RefundProgress.PROCESSING),
        ("CLOSED", RefundProgress.CLOSED),
        ("ABNORMAL", RefundProgress.ABNORMAL),
        ("NEW_WORD", RefundProgress.UNKNOWN),
    ],
)
def test_each_word_about_a_refund_has_its_progress(keys: WechatKeys, word: str, progress: RefundProgress) -> None:
    said = run(pay(keys, 200, json.dumps(refund(status=word)).encode()).query_refund(REFUND, ORDER))
    assert said == RefundState(REFUND, ORDER, progress, 1500)


@pytest.mark.parametrize(
    "change",
    [
        {"out_refund_no": "OTHER"},
        {"out_trade_no": "KS20261122A2"},
        {"amount": {"total": 1500, "refund": 1499, "currency": "CNY"}},
        {"amount": {"total": 1500, "refund": 1500, "currency": "USD"}},
        {"amount": {"total": 1499, "refund": 1500, "currency": "CNY"}},
        {"amount": {"total": -1500, "refund": 1500, "currency": "CNY"}},
    ],
)
def test_a_refund_of_something_else_is_not_believed(keys: WechatKeys, change: dict[str, object]) -> None:
    body = json.dumps(refund(**change)).encode()
    for said in (
        run(pay(keys, 200, body).refund(ORDER, REFUND, 1500, 1500, "未能制作")),
        run(pay(keys, 200, body).query_refund(REFUND, ORDER, amount_fen=1500)),
    ):
        assert isinstance(said, Failure)
        assert said.code == "payment.contradiction"


def test_a_refund_of_another_total_is_not_believed(keys: WechatKeys) -> None:
    body = json.dumps(refund(amount={"total": 3000, "refund": 1500, "currency": "CNY"})).encode()
    said = run(pay(keys, 200, body).refund(ORDER, REFUND, 1500, 1500, "x"))
    assert isinstance(said, Failure)
    assert (said.code, said.detail["what"]) == ("payment.contradiction", "amount")


@pytest.mark.parametrize("word", ["NOTPAY", "USERPAYING", "CLOSED"])
def test_an_order_that_was_paid_and_was_not_is_neither(keys: WechatKeys, word: str) -> None:
    said = queried(keys, paid(trade_state=word, success_time="2026-11-22T10:00:00+08:00"))
    assert isinstance(said, ChargeState)
    assert said.state is OrderState.UNKNOWN


@pytest.mark.parametrize("instant", ["yesterday", "2026-11-22T10:00:00", 17, None, "2026-11-22T10:00:00+08:00"])
def test_an_instant_that_is_none_is_not_guessed(keys: WechatKeys, instant: object) -> None:
    said = queried(keys, paid(success_time=instant))
    if isinstance(said, ChargeState):
        assert (said.paid_at is not None) is (instant == "2026-11-22T10:00:00+08:00")
    else:
        assert said.code == "payment.unclear" and instant == 17


def test_the_platforms_own_words_stand_in_the_log(keys: WechatKeys, caplog: pytest.LogCaptureFixture) -> None:
    queried(keys, paid(trade_state="NEW WORD\n2026"))
    queried(keys, {"code": "RULE_LIMIT"}, 403)
    queried(keys, paid(out_trade_no="OTHER"))
    queried(keys, b"".decode(), 502)
    assert "word=NEW?WORD?2026" in caplog.text
    assert "payment.refused code=RULE_LIMIT provider=wechat status=403" in caplog.text
    assert "payment.contradiction provider=wechat what=order_no" in caplog.text
    assert "payment.unclear provider=wechat reason=status_502" in caplog.text
    assert ORDER not in caplog.text


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
NEARLY = st.fixed_dictionaries(
    {}, optional={name: JSON | st.just(value) for name, value in {**paid(), **refund(), "code": "ORDERPAID", "code_url": "weixin://x"}.items()}
)
BODIES = (
    st.binary(max_size=200)
    | (JSON | NEARLY).map(lambda document: json.dumps(document).encode())
    | st.integers(1, 5000).map(lambda depth: b"[" * depth)
)


@settings(max_examples=150, deadline=None)
@given(body=BODIES, status=st.sampled_from([200, 202, 204, 301, 400, 404, 409, 429, 500, 503]))
def test_whatever_is_answered_nothing_raises_and_only_our_payment_is_a_payment(keys: WechatKeys, body: bytes, status: int) -> None:
    said = run(pay(keys, status, body).query(ORDER, case_id="case", amount_fen=1500))
    assert isinstance(said, ChargeState | Failure)
    if isinstance(said, ChargeState) and said.state is OrderState.PAID:
        document = json.loads(body)
        assert (document["out_trade_no"], document["amount"]["total"], document["attach"]) == (ORDER, 1500, "case")
    assert isinstance(run(pay(keys, status, body).open_charge(ORDER, "case", 1500, "签注", in_minutes(10))), Charge | Failure)
    if run(pay(keys, status, body).close(ORDER)) is None:
        assert status == 204
    assert isinstance(run(pay(keys, status, body).refund(ORDER, REFUND, 1500, 1500, "x")), RefundState | Failure)
    assert isinstance(run(pay(keys, status, body).query_refund(REFUND, ORDER)), RefundState | Failure)


@pytest.fixture(scope="module")
def platform(keys: WechatKeys, tmp_path_factory: pytest.TempPathFactory) -> Any:
    book = PaymentsBook(tmp_path_factory.mktemp("book") / "ledger.sqlite")
    with served(wechat_app(book, keys, FaultBoard())) as url:
        yield url, book
    book.close_book()


@pytest.mark.parametrize(
    "change",
    [
        {"out_trade_no": "KS1"},
        {"amount": {"total": 0, "currency": "CNY"}},
        {"amount": {"total": 15.0, "currency": "CNY"}},
        {"amount": {"total": True, "currency": "CNY"}},
        {"amount": {"total": 1500, "currency": "USD"}},
        {"time_expire": "2026-11-22T10:00:00"},
        {"time_expire": "soon"},
        {"time_expire": "2020-01-01T00:00:00+08:00"},
        {"attach": "x" * 129},
        {"description": ""},
        {"notify_url": None},
        {"appid": "wx0000000000000000"},
    ],
)
def test_the_worlds_platform_turns_down_what_the_real_one_would(keys: WechatKeys, platform: Any, change: dict[str, object]) -> None:
    url, book = platform
    whole = {
        "appid": keys.appid,
        "mchid": keys.mchid,
        "description": "签注",
        "out_trade_no": ORDER,
        "time_expire": in_minutes(10).isoformat(),
        "attach": "case",
        "notify_url": "https://notify.invalid/wechat",
        "amount": {"total": 1500, "currency": "CNY"},
    }

    async def asked() -> object:
        client = opened(keys, url, TickingClock())
        try:
            return await client._ask("POST", "/v3/pay/transactions/native", {**whole, **change})
        finally:
            await client.aclose()

    answer = run(asked())
    assert not isinstance(answer, Failure)
    assert answer.status == 400  # type: ignore[attr-defined]
    assert book.rows() == []


def test_a_second_start_of_the_world_keeps_its_keys(tmp_path: Path) -> None:
    first, second = WechatKeys.at(tmp_path / "keys"), WechatKeys.at(tmp_path / "keys")
    assert first.profile("http://127.0.0.1:1") == second.profile("http://127.0.0.1:1")
    assert first.merchant.private_numbers() == second.merchant.private_numbers()
    assert sorted(path.name for path in (tmp_path / "keys").iterdir()) == ["wechat_merchant.pem", "wechat_platform.pem", "wechat_platform_public.pem"]
    assert (tmp_path / "keys" / "wechat_merchant.pem").stat().st_mode & 0o077 == 0
    assert first.platform_public_key_id.startswith("PUB_KEY_ID_")
