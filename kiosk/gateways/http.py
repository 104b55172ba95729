"""One server that the machine asks over HTTP: bounded in time and size, no redirects, no proxies, no exchange logged.

`Line.send` never raises for what a network or a server may do: it gives an Answer or says in which way there was none.
"""

import asyncio
import logging
import re
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar
from urllib.parse import urlsplit

import httpx
import msgspec

from kiosk.domain.failure import Failure

T = TypeVar("T")
log = logging.getLogger(__name__)

_LONGEST_ANSWER_BYTES = 1 << 20
_CONNECT_S = 3.0
# shorter than common servers keep an idle connection, so that a poll does not meet one that is being closed
_IDLE_S = 4.0

# their lines would carry order and case numbers into the journal of the system
logging.getLogger("httpx").setLevel(logging.WARNING)
logging.getLogger("httpcore").setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: httpx.Headers
    body: bytes


class NoAnswer(Enum):
    """UNREACHABLE: no connection, so this request was never sent. UNCLEAR: it may have arrived and been done; nobody said so."""

    UNREACHABLE = "unreachable"
    UNCLEAR = "unclear"


class Line:
    """A reused connection to one server. Belongs to one event loop. `timeout_s` bounds a whole exchange, from connecting to the last byte."""

    def __init__(self, url: str, timeout_s: float) -> None:
        self._url = url.rstrip("/")
        self._timeout_s = timeout_s
        self._client = httpx.AsyncClient(
            # a plain-http address is loopback only (see `wrong_address`); reading the certificate store would cost 50 ms for nothing
            verify=urlsplit(url).scheme == "https",
            trust_env=False,
            follow_redirects=False,
            timeout=httpx.Timeout(timeout_s, connect=min(_CONNECT_S, timeout_s)),
            limits=httpx.Limits(max_connections=8, keepalive_expiry=_IDLE_S),
            headers={"User-Agent": "endorsement-kiosk", "Accept": "application/json", "Accept-Encoding": "identity"},
        )

    @property
    def url(self) -> str:
        return self._url

    async def get_file(self, target: str, longest_bytes: int, timeout_s: float) -> Answer | NoAnswer:
        """A file by its address alone, without credentials."""
        return await self.send(self.request("GET", target), longest_bytes, timeout_s)

    def request(self, method: str, target: str, body: bytes | None = None, content_type: str = "application/json") -> httpx.Request:
        """target: path and query, already percent-encoded."""
        headers = None if body is None else {"Content-Type": content_type}
        return self._client.build_request(method, self._url + target, content=body, headers=headers)

    async def send(self, request: httpx.Request, longest_bytes: int = _LONGEST_ANSWER_BYTES, timeout_s: float | None = None) -> Answer | NoAnswer:
        """longest_bytes, timeout_s: for a file, which may be larger and slower than an answer."""
        try:
            async with asyncio.timeout(timeout_s or self._timeout_s):
                response = await self._client.send(request, stream=True)
                try:
                    body = bytearray()
                    async for chunk in response.aiter_bytes():
                        body += chunk
                        if len(body) > longest_bytes:
                            return NoAnswer.UNCLEAR
                finally:
                    await response.aclose()
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
            return NoAnswer.UNREACHABLE
        except (httpx.HTTPError, TimeoutError):
            return NoAnswer.UNCLEAR
        return Answer(response.status_code, response.headers, bytes(body))

    async def aclose(self) -> None:
        await self._client.aclose()


def wrong_address(url: str) -> Failure | None:
    """`gateway.address` unless the address is https, or http on this machine itself (the simulated hall, a local proxy)."""
    try:
        parts = urlsplit(url)
        httpx.URL(url)
        plain = not (parts.query or parts.fragment or parts.username or " " in url) and parts.port != 0
    except (ValueError, httpx.InvalidURL):
        return Failure("gateway.address", detail={"url": url})
    here = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost", "::1")
    good = plain and bool(parts.hostname) and (parts.scheme == "https" or here)
    return None if good else Failure("gateway.address", detail={"url": url})


def wrong_word(**settings: str) -> Failure | None:
    """`gateway.setting` for the first setting that is no plain ASCII word, so that none breaks out of a header or a query."""
    for name, value in settings.items():
        if not re.fullmatch(r"[0-9A-Za-z_\-]{1,64}", value):
            return Failure("gateway.setting", detail={"key": name})
    return None


def logged(failure: Failure) -> Failure:
    """Writes the other side's own words into the log file (codes and kinds, nothing personal) and hands the failure on."""
    log.warning("%s %s", failure.code, " ".join(f"{name}={value}" for name, value in sorted(failure.detail.items())))
    return failure


def decoded(body: bytes, shape: type[T]) -> T | None:
    """The JSON document in the shape asked for (strict types, unknown members ignored), None where it is anything else."""
    try:
        return msgspec.json.decode(body, type=shape)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
