"""The hall's own clock: real time plus what a tester advanced, and the date in force for the rules; told to the machine by clock.json."""

import json
import threading
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from drivers.world.files import write_whole

_SHANGHAI = ZoneInfo("Asia/Shanghai")


class HallClock:
    """Starts at real time at every start of the hall. Thread-safe; each change rewrites `file` at once."""

    def __init__(self, file: Path, as_of: date | None) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._advance_s = 0.0
        self._as_of = as_of
        self._write()

    @property
    def advance_s(self) -> float:
        return self._advance_s

    @property
    def as_of(self) -> date | None:
        return self._as_of

    def today(self) -> date:
        """The date in force: the as-of date where one is set, else the day in Shanghai after what was advanced."""
        with self._lock:
            return self._as_of or (datetime.now(_SHANGHAI) + timedelta(seconds=self._advance_s)).date()

    def advance(self, seconds: float) -> float:
        """Lets `seconds` pass; gives what was advanced altogether."""
        with self._lock:
            self._advance_s += seconds
            self._write()
            return self._advance_s

    def set_as_of(self, day: date | None) -> None:
        with self._lock:
            self._as_of = day
            self._write()

    def _write(self) -> None:
        as_of = self._as_of.isoformat() if self._as_of else None
        write_whole(self._file, json.dumps({"advance_s": self._advance_s, "as_of": as_of}).encode())
