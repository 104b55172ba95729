"""A simulated server on a real loopback port, and what the gateway tests need around it."""

import asyncio
import threading
import time
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

import httpx
import uvicorn

from kiosk.domain.clock import SHANGHAI
from kiosk.gateways.http import Answer, Line, NoAnswer

T = TypeVar("T")


@contextmanager
def served(app: Any) -> Iterator[str]:
    """Serves an ASGI application in a thread; gives its address."""
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=0, log_level="critical", lifespan="off", ws="none", timeout_graceful_shutdown=1)
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.002)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)


class Switch:
    """An ASGI application whose inside each test puts in: one server serves them all."""

    def __init__(self) -> None:
        self.inside: Any = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.inside(scope, receive, send)


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(coroutine)


class TickingClock:
    """Real time, or a fixed instant, moved by `ahead_s`."""

    def __init__(self, at: float | None = None) -> None:
        self.at = at
        self.ahead_s = 0.0

    def seconds(self) -> float:
        return (time.time() if self.at is None else self.at) + self.ahead_s

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.seconds(), SHANGHAI)

    def today(self) -> date:
        return self.now().date()

    def monotonic(self) -> float:
        return self.seconds()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(0)


def in_minutes(minutes: float) -> datetime:
    return datetime.now(SHANGHAI).replace(microsecond=0) + timedelta(minutes=minutes)


class ScriptedLine(Line):
    """Gives the answers laid down for it instead of asking anybody, and keeps the requests."""

    def __init__(self, *answers: Answer | NoAnswer) -> None:
        super().__init__("http://127.0.0.1:9", 1.0)
        self.answers = list(answers)
        self.requests: list[httpx.Request] = []

    async def send(self, request: httpx.Request, longest_bytes: int = 0, timeout_s: float | None = None) -> Answer | NoAnswer:
        self.requests.append(request)
        return self.answers.pop(0)
