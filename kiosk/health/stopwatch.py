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
    """For one journey on one thread of control. Where shares nest, the outermost counts: polling a reader while waiting is the traveller's time."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self.laps: list[Lap] = []
        self._started = 0.0
        self._inside: str | None = None
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
        if not self.laps:
            return
        if self._inside is not None:
            self.laps[-1].shares_s[self._inside] += now - self._since
            self._since = now
        self.laps[-1].wall_s += now - self._started

    @contextmanager
    def of(self, kind: str) -> Iterator[None]:
        if self._inside is not None or not self.laps:
            yield
            return
        self._inside, self._since = kind, self._monotonic()
        try:
            yield
        finally:
            self.laps[-1].shares_s[kind] += self._monotonic() - self._since
            self._inside = None
