"""WeChat Pay's signatures, both ways: against values made with the openssl command, against the world's server, against tampering."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from drivers.world.faults import FaultBoard
from drivers.world.merchant_keys import private_key_at, sign, verified
from drivers.world.payments import PaymentsBook
from drivers.world.wechat import WechatKeys, wechat_app
from kiosk.domain.failure import Failure
from kiosk.gateways.http import Answer, NoAnswer
from kiosk.gateways.signing import Signer, Verifier, read_signer
from kiosk.gateways.wechat import WechatPay
from tests.contracts.loopback import ScriptedLine, TickingClock, in_minutes, run, served

KEY_FILE = Path(__file__).parents[1] / "data" / "gateways" / "merchant_test_key.pem"
NONCE = "0123456789abcdef0123456789abcdef"
TEN_O_CLOCK = 1795312800.0  # 2026-11-22 10:00:00 +08:00

# printf 'POST\n/v3/…/close\n1795312800\n<nonce>\n{"mchid":"1900000109"}\n' | openssl dgst -sha256 -sign merchant_test_key.pem | base64
CLOSE_SIGNATURE = (
    "PGs0PrjrxPpzlx08i8BHQuehyiUUs90sKULkohQraAiie38KJE5CjGylU4zjPf4isfoN3YYt/HhrV6MDoPzB+49iVNuV7WduGBcZwtyN+Cx57HDxKkfVm5O0"
    "8v6ZGoUZZTHL9l6prNnbKQ9vIJh+fO0Dosn0B2xxkB0R8lpzu+FiFGquzfJG52EukZT8Ds/coKQ/TqRovupAyM8jnVG+HgUWzWp6DUxXoiCxC09SNV6jOmWK"
    "xOiEuxzAN0u+XUsSy1WElFlEUnIDlnq4db90uBUTHwuAk8tK9pg4u8AHaR6Cgtn5S98xREAw2CqiAbVf1BRoLii7ARq/ExFWUQm3ZA=="
)
# the same for 'GET\n/v3/…/KS%7C2026%2A1?mchid=1900000109\n1795312800\n<nonce>\n\n'
QUERY_SIGNATURE = (
    "YwLCweTJv5oYS6T/x4B4PvqXnVcH525i7BfHuITPmdkWMermaJ92L603cMMfBE2YJyZvZEJ2gl48TUsLcN5/KXZjZdG8y6hWQrRNEah3ZsTGVHhjltrIs1ub"
    "rwERwdx7W6vZQY2PO9y7ts8gBILXRm2QFykgPP3El4Vgny1kYdzBEh3CugVrCVCe1u9MDNOsDR14xT+ZELJIH/wHi8oBLqZ5dZdjeWDRmG1LIyome0AgoVGb"
    "fsNt5jo473ty+wdqDslhw0ipoa075mee9dKKwikoqNTK/9ZJK1THBD5ScYwahn8XnLieyeXzPQHq2rrbuKUR8SgZSofwfp5czXf4QA=="
)


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> WechatKeys:
    return WechatKeys.at(tmp_path_factory.mktemp("hall") / "keys")


def gateway(line: ScriptedLine, signer: Signer, keys: WechatKeys, clock: TickingClock, serial_no: str = "ABC123") -> WechatPay:
    verifier = Verifier(keys.platform.public_key())
    return WechatPay(line, clock, signer, verifier, keys.mchid, keys.appid, serial_no, keys.platform_public_key_id, "https://notify.invalid/wechat")


def answered(keys: WechatKeys, status: int, body: bytes, at: float, serial: str | None = None, nonce: str = NONCE) -> Answer:
    """An answer as the platform signs it."""
    stamp = str(int(at))
    headers = {
        "Wechatpay-Timestamp": stamp,
        "Wechatpay-Nonce": nonce,
        "Wechatpay-Serial": serial or keys.platform_public_key_id,
        "Wechatpay-Signature": sign(keys.platform, f"{stamp}\n{nonce}\n".encode() + body + b"\n"),
    }
    return Answer(status, httpx.Headers(headers), body)


@pytest.mark.parametrize(("order_no", "act", "signature"), [("KS20261122A1", "close", CLOSE_SIGNATURE), ("KS|2026*1", "query", QUERY_SIGNATURE)])
def test_a_request_is_signed_as_openssl_signs_it(keys: WechatKeys, monkeypatch: pytest.MonkeyPatch, order_no: str, act: str, signature: str) -> None:
    monkeypatch.setattr(secrets, "token_hex", lambda _: NONCE)
    signer = read_signer(KEY_FILE)
    assert isinstance(signer, Signer)
    line = ScriptedLine(NoAnswer.UNCLEAR)
    pay = gateway(line, signer, keys, TickingClock(TEN_O_CLOCK))
    run(pay.close(order_no) if act == "close" else pay.query(order_no))
    assert line.requests[0].headers["Authorization"] == (
        f'WECHATPAY2-SHA256-RSA2048 mchid="1900000109",nonce_str="{NONCE}",timestamp="1795312800",serial_no="ABC123",signature="{signature}"'
    )


def test_the_world_verifies_the_same_value() -> None:
    text = f'POST\n/v3/pay/transactions/out-trade-no/KS20261122A1/close\n1795312800\n{NONCE}\n{{"mchid":"1900000109"}}\n'.encode()
    merchant = private_key_at(KEY_FILE)
    assert sign(merchant, text) == CLOSE_SIGNATURE
    assert verified(merchant.public_key(), text, CLOSE_SIGNATURE)
    assert not verified(merchant.public_key(), text + b" ", CLOSE_SIGNATURE)
    assert not verified(merchant.public_key(), text, "not base64 签")


@pytest.mark.parametrize(("status", "body"), [(204, b""), (400, b'{"code":"ORDER_CLOSED","message":""}')])
def test_an_answer_signed_now_is_taken_whatever_its_status(keys: WechatKeys, status: int, body: bytes) -> None:
    clock = TickingClock(TEN_O_CLOCK)
    for lag_s in (-299, 0, 299):
        line = ScriptedLine(answered(keys, status, body, TEN_O_CLOCK + lag_s))
        assert run(gateway(line, Signer(keys.merchant), keys, clock).close("KS20261122A1")) is None


def test_an_answer_too_old_unsigned_by_another_key_or_altered_is_not_believed(keys: WechatKeys, tmp_path: Path) -> None:
    good = answered(keys, 204, b"", TEN_O_CLOCK)
    stranger = WechatKeys.at(tmp_path)
    bad = [
        answered(keys, 204, b"", TEN_O_CLOCK - 301),
        answered(keys, 204, b"", TEN_O_CLOCK + 301),
        answered(keys, 204, b"", TEN_O_CLOCK, serial="PUB_KEY_ID_OF_SOMEBODY"),
        answered(stranger, 204, b"", TEN_O_CLOCK, serial=keys.platform_public_key_id),
        Answer(204, httpx.Headers({**good.headers, "Wechatpay-Nonce": "other"}), b""),
        Answer(204, httpx.Headers([*good.headers.raw[1:], (b"Wechatpay-Timestamp", "１７９５".encode())]), b""),
        Answer(204, httpx.Headers({**good.headers, "Wechatpay-Timestamp": "9" * 5000}), b""),
        Answer(204, httpx.Headers({**good.headers, "Wechatpay-Signature": "!"}), b""),
        Answer(400, good.headers, b'{"code":"ORDER_CLOSED"}'),
        Answer(204, httpx.Headers(), b""),
        Answer(400, httpx.Headers(), b'{"code":"ORDERPAID"}'),
    ]
    for answer in bad:
        said = run(gateway(ScriptedLine(answer), Signer(keys.merchant), keys, TickingClock(TEN_O_CLOCK)).close("KS20261122A1"))
        assert isinstance(said, Failure)
        assert (said.code, said.detail["reason"]) == ("payment.unclear", "bad_signature")


@pytest.fixture
def hall(keys: WechatKeys, tmp_path: Path) -> Iterator[tuple[str, PaymentsBook]]:
    book = PaymentsBook(tmp_path / "ledger.sqlite")
    with served(wechat_app(book, keys, FaultBoard())) as url:
        yield url, book
    book.close_book()


def opened(keys: WechatKeys, url: str, clock: TickingClock, **other: object) -> WechatPay:
    settings = {**keys.profile(url), "private_key": keys.directory / "wechat_merchant.pem"}
    settings |= {"platform_public_key": keys.directory / "wechat_platform_public.pem", **other}
    pay = WechatPay.open(clock=clock, **settings)  # type: ignore[arg-type]
    assert isinstance(pay, WechatPay)
    return pay


def asked_once(pay: WechatPay) -> object:
    async def exchange() -> object:
        try:
            return await pay.open_charge("KS20261122A1", "case", 1500, "签注", in_minutes(10))
        finally:
            await pay.aclose()

    return run(exchange())


def test_the_platform_refuses_a_merchant_that_signs_wrongly(keys: WechatKeys, hall: tuple[str, PaymentsBook]) -> None:
    url, book = hall
    wrong: list[dict[str, object]] = [{"private_key": KEY_FILE}, {"serial_no": "0" * 40}, {"mchid": "1900000110"}]
    for other in wrong:
        said = asked_once(opened(keys, url, TickingClock(), **other))
        assert isinstance(said, Failure)
        assert (said.code, said.detail["status"], said.detail["code"]) == ("payment.refused", "401", "SIGN_ERROR")
    assert book.rows() == []


def test_a_machine_whose_clock_is_wrong_gets_no_clear_answer(keys: WechatKeys, hall: tuple[str, PaymentsBook]) -> None:
    """The platform turns the stale request down, and the machine cannot believe an answer that seems to come from another time."""
    url, book = hall
    clock = TickingClock()
    clock.ahead_s = 400
    said = asked_once(opened(keys, url, clock))
    assert isinstance(said, Failure)
    assert said.code == "payment.unclear"
    assert book.rows() == []


def test_a_request_altered_on_the_way_is_turned_down(keys: WechatKeys, hall: tuple[str, PaymentsBook]) -> None:
    url, book = hall
    line = ScriptedLine(NoAnswer.UNCLEAR)
    pay = gateway(line, Signer(keys.merchant), keys, TickingClock(), keys.serial_no)
    run(pay.open_charge("KS20261122A1", "case", 1500, "签注", in_minutes(10)))
    request = line.requests[0]
    altered = request.content.replace(b"1500", b"1501")
    with httpx.Client(trust_env=False) as client:
        said = client.post(url + request.url.path, content=altered, headers=request.headers)
        unsigned = client.post(url + request.url.path, content=request.content)
        other_path = client.post(url + "/v3/refund/domestic/refunds", content=request.content, headers=request.headers)
        whole = client.post(url + request.url.path, content=request.content, headers=request.headers)
    assert [answer.status_code for answer in (said, unsigned, other_path)] == [401, 401, 401]
    assert said.json()["code"] == "SIGN_ERROR"
    assert whole.status_code == 200
    assert len(book.rows()) == 1
