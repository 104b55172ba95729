"""One clock for the whole machine, handed in, never imported: civil time is Asia/Shanghai."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Window:
    """How long something may take: a number of looks with a wait between them. A fast world shortens the waits, never the count."""

    looks: int
    every_s: float

    @property
    def seconds(self) -> float:
        return self.looks * self.every_s


class Clock(Protocol):
    def now(self) -> datetime:
        """The real instant, aware, Asia/Shanghai: signatures, certificates and order expiry use it."""

    def today(self) -> date:
        """The calendar date of the rules; the as-of date of a command moves only this."""

    def monotonic(self) -> float:
        """Seconds that never go back."""

    def real_s(self, seconds: float) -> float:
        """How long a wait of `seconds` really takes here: a fast world divides it."""

    async def sleep(self, seconds: float) -> None:
        """Waits; a fast world divides it."""

    def looks(self, window: Window) -> AsyncIterator[int]:
        """0, 1, 2 … with the window's wait between them, until the window is over. Time that the hall's clock skips counts as looks."""


class SystemClock:
    """The machine's clock.

    as_of replaces the date of the rules. divisor shortens the machine's own waits (a fast world). clock_file: the simulated hall's
    `clock.json` ({"advance_s", "as_of"}), None on a real machine.
    """

    def __init__(self, as_of: date | None = None, divisor: float = 1.0, clock_file: Path | None = None) -> None:
        self._as_of = as_of
        self._divisor = divisor
        self._clock_file = clock_file
        self._read_at = 0
        self._advance_s = 0.0
        self._hall_as_of: date | None = None

    def _hall(self) -> None:
        """Reads the hall's clock again where its file changed."""
        if self._clock_file is None:
            return
        try:
            changed = self._clock_file.stat().st_mtime_ns
            if changed != self._read_at:
                told = json.loads(self._clock_file.read_text(encoding="utf-8"))
                self._advance_s = float(told["advance_s"])
                self._hall_as_of = date.fromisoformat(told["as_of"]) if told.get("as_of") else None
                self._read_at = changed
        except (OSError, ValueError, KeyError, TypeError):
            return  # the hall is away or writing: the last known time stands

    def now(self) -> datetime:
        return datetime.now(SHANGHAI)

    def today(self) -> date:
        self._hall()
        return self._as_of or self._hall_as_of or (self.now() + timedelta(seconds=self._advance_s)).date()

    def monotonic(self) -> float:
        return time.monotonic()

    def real_s(self, seconds: float) -> float:
        return seconds / self._divisor

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(self.real_s(seconds))

    async def looks(self, window: Window) -> AsyncIterator[int]:
        self._hall()
        advance_s, look = self._advance_s, 0
        while look < window.looks:
            yield look
            await self.sleep(window.every_s)
            self._hall()
            look += 1 + max(int((self._advance_s - advance_s) / window.every_s), 0)  # a hall set back does not lengthen the window
            advance_s = self._advance_s
