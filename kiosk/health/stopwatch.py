"""Whose time it was: the machine's own, a device's, a gateway's, or the traveller's."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

KINDS = ("device", "gateway", "traveller")


@dataclass
class Lap:
    """One step's time in seconds: all of it, and the shares that were not the machine's own."""

    name: str
    wall_s: float = 0.0
    shares_s: dict[str, float] = field(default_factory=lambda: dict.fromkeys(KINDS, 0.0))

    @property
    def software_s(self) -> float:
        return max(self.wall_s - sum(self.shares_s.values()), 0.0)


class Stopwatch:
    """For one journey on one loop. Where shares overlap, the one that began first counts until it ends, then the next: polling a reader while waiting
    is the traveller's time, and devices asked side by side take as long as the slowest."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self.laps: list[Lap] = []
        self._started = 0.0
        self._running: dict[object, str] = {}  # in the order in which they began
        self._since = 0.0

    def lap(self, name: str) -> None:
        """Ends the running lap and starts another; a share that is running goes on in the new lap."""
        now = self._monotonic()
        self._end(now)
        self.laps.append(Lap(name))
        self._started = now

    def stop(self) -> None:
        now = self._monotonic()
        self._end(now)
        self._started = now

    def _end(self, now: float) -> None:
        self._charge(now)
        if self.laps:
            self.laps[-1].wall_s += now - self._started

    def _charge(self, now: float) -> None:
        """Gives the time since the last look to the share that began first."""
        if self._running and self.laps:
            self.laps[-1].shares_s[next(iter(self._running.values()))] += now - self._since
        self._since = now

    @contextmanager
    def of(self, kind: str) -> Iterator[None]:
        token = object()
        self._charge(self._monotonic())
        self._running[token] = kind
        try:
            yield
        finally:
            self._charge(self._monotonic())
            del self._running[token]
