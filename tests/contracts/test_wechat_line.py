"""The line beneath every gateway: bounded in time and size, no redirects, no proxies, and settings that are checked before anything is sent."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from drivers.world.wechat import WechatKeys
from kiosk.domain.failure import Failure
from kiosk.gateways.authority import Authority
from kiosk.gateways.http import Answer, Line, NoAnswer, decoded, wrong_address
from kiosk.gateways.wechat import WechatPay
from tests.contracts.loopback import TickingClock, run, served


def sent(url: str, timeout_s: float = 3.0, method: str = "GET") -> Answer | NoAnswer:
    async def exchange() -> Answer | NoAnswer:
        line = Line(url, timeout_s)
        try:
            return await line.send(line.request(method, "/x"))
        finally:
            await line.aclose()

    return run(exchange())


def app(answer: Any) -> Starlette:
    async def endpoint(_: Request) -> Response:
        return await answer() if asyncio.iscoroutinefunction(answer) else answer

    return Starlette(routes=[Route("/x", endpoint), Route("/elsewhere", endpoint)])


def test_a_redirect_is_not_followed() -> None:
    with served(app(Response(status_code=307, headers={"Location": "/elsewhere"}))) as url:
        answer = sent(url)
    assert isinstance(answer, Answer)
    assert answer.status == 307


def test_an_endless_answer_is_cut_off() -> None:
    with served(app(Response(b"x" * (3 << 20)))) as url:
        assert sent(url) is NoAnswer.UNCLEAR


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with served(app(Response(b"direct"))) as url:
        answer = sent(url)
    assert isinstance(answer, Answer)
    assert answer.body == b"direct"


@contextmanager
def speaking(first: bytes, then: bytes = b"", every_s: float = 0.05) -> Iterator[str]:
    """A server that says `first` and goes on with `then` for ever."""
    stop = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(65536)
            try:
                connection.sendall(first)
                while then and not stop.wait(every_s):
                    connection.sendall(then)
            except OSError:
                return

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    stop.set()
    thread.join(5)
    listener.close()


def test_an_answer_that_trickles_does_not_outlast_the_time_out() -> None:
    with speaking(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b" ") as url:
        assert sent(url, timeout_s=0.3) is NoAnswer.UNCLEAR


@pytest.mark.parametrize(
    "noise",
    [b"", b"\x00\xff\xfe garbage", b"HTTP/1.1 two hundred\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort", b"SSH-2.0-x\r\n"],
)
def test_noise_instead_of_http_is_unclear(noise: bytes) -> None:
    with speaking(noise) as url:
        assert sent(url) is NoAnswer.UNCLEAR


def test_nobody_listening_is_unreachable() -> None:
    assert sent("http://127.0.0.1:9") is NoAnswer.UNREACHABLE


@pytest.mark.parametrize("url", ["https://api.mch.weixin.qq.com", "http://127.0.0.1:8080", "http://localhost:1", "http://[::1]:1"])
def test_https_and_this_machine_are_good_addresses(url: str) -> None:
    assert wrong_address(url) is None


@pytest.mark.parametrize(
    "url",
    [
        "http://api.mch.weixin.qq.com",
        "ftp://127.0.0.1",
        "127.0.0.1:80",
        "",
        "https://",
        "http://127.0.0.1.evil.example",
        "http://[::1",
        "https://a b",
        "https://example.com:99999",
        "https://example.com/?token=1",
        "https://name:word@example.com",
    ],
)
def test_money_and_names_do_not_travel_in_the_clear(url: str) -> None:
    wrong = wrong_address(url)
    assert wrong is not None
    assert wrong.code == "gateway.address"


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> WechatKeys:
    return WechatKeys.at(tmp_path_factory.mktemp("hall") / "keys")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"url": "http://example.com"}, "gateway.address"),
        ({"private_key": Path("/nowhere.pem")}, "gateway.key_unreadable"),
        ({"private_key": "public"}, "gateway.key_unreadable"),
        ({"platform_public_key": "private"}, "gateway.key_unreadable"),
        ({"platform_public_key": "garbage"}, "gateway.key_unreadable"),
        ({"mchid": '19"\r\nX: 1'}, "gateway.setting"),
        ({"serial_no": ""}, "gateway.setting"),
        ({"appid": "微信"}, "gateway.setting"),
    ],
)
def test_wrong_settings_are_named_before_anything_is_sent(keys: WechatKeys, tmp_path: Path, change: dict[str, Any], code: str) -> None:
    garbage = tmp_path / "garbage.pem"
    garbage.write_bytes(b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n")
    files = {
        "private": keys.directory / "wechat_merchant.pem",
        "public": keys.directory / "wechat_platform_public.pem",
        "garbage": garbage,
    }
    whole: dict[str, Any] = {**keys.profile("http://127.0.0.1:9"), "private_key": "private", "platform_public_key": "public", **change}
    for name in ("private_key", "platform_public_key"):
        whole[name] = files.get(whole[name], whole[name])
    opened = WechatPay.open(clock=TickingClock(), **whole)
    assert isinstance(opened, Failure)
    assert opened.code == code


def test_a_missing_or_strange_token_is_named(tmp_path: Path) -> None:
    missing = Authority.open(url="http://127.0.0.1:9", token_file=tmp_path / "none")
    assert isinstance(missing, Failure)
    assert missing.code == "gateway.key_unreadable"
    for text in ("", "two words", "签"):
        (tmp_path / "token").write_text(text)
        strange = Authority.open(url="http://127.0.0.1:9", token_file=tmp_path / "token")
        assert isinstance(strange, Failure)


def test_a_bottomless_document_is_no_document() -> None:
    assert decoded(b'{"deep":' + b"[" * 100_000 + b"]" * 100_000 + b"}", dict[str, object]) is None
    assert decoded(b"\xff\xfe", str) is None
    assert decoded(b'"whole"', str) == "whole"
