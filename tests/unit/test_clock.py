"""The machine's clock: looks, the hall's skips, the rules' date. No test here waits."""

import asyncio
import json
import os
from datetime import date, timedelta
from pathlib import Path

import pytest

from kiosk.domain.clock import SHANGHAI, SystemClock, Window


class Hall:
    """The simulated hall's clock.json; each writing is a change, however fast the test runs."""

    def __init__(self, directory: Path) -> None:
        self.file = directory / "clock.json"
        self._written = 1

    def tell(self, text: str) -> None:
        self.file.write_text(text)
        self._written += 1
        os.utime(self.file, ns=(self._written, self._written))

    def advance(self, seconds: float, as_of: str | None = None) -> None:
        self.tell(json.dumps({"advance_s": seconds, "as_of": as_of}))


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return Hall(tmp_path)


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    monkeypatch.setattr("kiosk.domain.clock.asyncio.sleep", sleep)
    return waits


def looks(clock: SystemClock, window: Window, skip: dict[int, float] | None = None, hall: Hall | None = None) -> list[int]:
    async def collect() -> list[int]:
        seen = []
        async for look in clock.looks(window):
            seen.append(look)
            if skip and hall and look in skip:
                hall.advance(skip[look])
        return seen

    return asyncio.run(collect())


def test_a_window_is_a_count_of_looks_with_a_wait_after_each(slept: list[float]) -> None:
    assert looks(SystemClock(), Window(4, 0.5)) == [0, 1, 2, 3]
    assert slept == [0.5] * 4
    assert Window(4, 0.5).seconds == 2.0


def test_a_fast_world_shortens_the_waits_and_never_the_count(slept: list[float]) -> None:
    assert len(looks(SystemClock(divisor=10), Window(8, 0.25))) == 8
    assert slept == [0.025] * 8


def test_an_empty_window_has_no_look(slept: list[float]) -> None:
    assert looks(SystemClock(), Window(0, 1.0)) == [] and slept == []


def test_time_that_the_hall_skips_counts_as_looks(slept: list[float], hall: Hall) -> None:
    hall.advance(0)
    clock = SystemClock(clock_file=hall.file)
    assert looks(clock, Window(100, 0.5), {2: 20.0}, hall) == [0, 1, 2, *range(43, 100)]


def test_a_skip_to_the_end_ends_the_window(slept: list[float], hall: Hall) -> None:
    hall.advance(0)
    assert looks(SystemClock(clock_file=hall.file), Window(100, 0.5), {1: 3600.0}, hall) == [0, 1]


def test_a_skip_from_before_the_window_does_not_count(slept: list[float], hall: Hall) -> None:
    hall.advance(3600)
    assert looks(SystemClock(clock_file=hall.file), Window(3, 0.5)) == [0, 1, 2]


def test_a_hall_set_back_does_not_lengthen_the_window(slept: list[float], hall: Hall) -> None:
    hall.advance(600)
    assert looks(SystemClock(clock_file=hall.file), Window(5, 0.5), {2: 0.0}, hall) == [0, 1, 2, 3, 4]


def test_the_rules_date_is_the_commands_then_the_halls_then_todays(hall: Hall) -> None:
    hall.advance(0, "2024-05-06")
    assert SystemClock(date(2020, 1, 2), clock_file=hall.file).today() == date(2020, 1, 2)
    clock = SystemClock(clock_file=hall.file)
    assert clock.today() == date(2024, 5, 6)
    hall.advance(3 * 86400)
    assert clock.today() == (clock.now() + timedelta(days=3)).date()


def test_now_is_civil_time_in_shanghai_whatever_the_rules_date(hall: Hall) -> None:
    hall.advance(0, "2001-01-01")
    now = SystemClock(date(1999, 9, 9), clock_file=hall.file).now()
    assert now.tzinfo is SHANGHAI and now.year > 2020 and now.utcoffset() == timedelta(hours=8)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"advance_s": "soon"}', '{"as_of": null}', '{"advance_s": 0, "as_of": "never"}'])
def test_a_clock_file_half_written_leaves_the_last_known_time(hall: Hall, text: str) -> None:
    hall.advance(0, "2024-05-06")
    clock = SystemClock(clock_file=hall.file)
    assert clock.today() == date(2024, 5, 6)
    hall.tell(text)
    assert clock.today() == date(2024, 5, 6)
    hall.file.unlink()
    assert clock.today() == date(2024, 5, 6)
