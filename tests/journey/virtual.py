"""Time that passes only when everyone waits: a loop on which ten minutes take no time at all."""

import asyncio
import selectors
from collections.abc import Coroutine
from datetime import datetime
from typing import Any, TypeVar

from kiosk.domain.clock import SHANGHAI, SystemClock

T = TypeVar("T")


class _Selector(selectors.DefaultSelector):  # type: ignore[misc,valid-type]
    """Instead of waiting, moves the loop's time on. A wait for ever still waits, so that a hanging test is seen as one."""

    loop: "VirtualLoop"

    def select(self, timeout: float | None = None) -> Any:
        if timeout is None:
            return super().select(5.0)
        ready = super().select(0)
        if not ready and timeout > 0:
            self.loop.passed_s += timeout
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        selector = _Selector()
        selector.loop = self
        self.passed_s = 0.0
        super().__init__(selector)

    def time(self) -> float:
        return self.passed_s


class VirtualClock(SystemClock):
    """The machine's own clock on the virtual loop."""

    def now(self) -> datetime:
        return datetime(2026, 11, 22, 10, 15, tzinfo=SHANGHAI)

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()


def run(work: Coroutine[Any, Any, T]) -> T:
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(work)
