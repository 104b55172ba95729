"""The traveller's time: asked before it is up, begun anew by any touch."""

import asyncio

import pytest

from kiosk.journey.events import Event
from kiosk.journey.table import State
from kiosk.journey.timings import ENDING, READING, TICK_S
from kiosk.view import Comfort
from tests.journey.fake_steps import Bench
from tests.journey.virtual import run

QUIET_S, ALERT_S = READING.usual.quiet_s, READING.usual.alert_s
READING_S, ENDING_S = QUIET_S + ALERT_S, ENDING.usual.ticks * TICK_S


def test_an_alert_comes_before_the_time_is_up_and_more_time_can_be_had() -> None:
    async def main() -> None:
        bench = Bench()
        clock = bench.house.clock
        journey = bench.start(State.NOTICE)
        await bench.on(State.NOTICE)
        began = clock.monotonic()
        deadline = bench.page.deadline
        assert deadline is not None and deadline.ends_at == began + READING_S and not deadline.asked
        assert not bench.page.offers("more_time")
        await asyncio.sleep(QUIET_S - 1)
        assert not bench.page.offers("more_time")
        await asyncio.sleep(2)
        assert bench.page.deadline is not None and bench.page.deadline.asked and bench.page.offers("more_time")
        assert await bench.touch("more_time")
        assert not bench.page.offers("more_time")
        await asyncio.sleep(READING_S - 2)
        assert bench.page.step == "notice"
        await asyncio.sleep(4)
        assert bench.page.step == "goodbye" and bench.engine._visit.ended_by is Event.TIMED_OUT
        await asyncio.sleep(ENDING_S + 1)
        await journey

    run(main())


@pytest.mark.parametrize("comfort", [Comfort(), Comfort(elder=True), Comfort(voice=True)])
def test_more_time_can_be_had_again_and_again_by_one_touch_and_its_end_is_told(comfort: Comfort) -> None:
    async def main() -> None:
        bench = Bench()
        span = READING.of(comfort)
        journey = bench.start(State.NOTICE)
        await bench.on(State.NOTICE)
        bench.engine._visit.comfort = comfort
        assert await bench.touch("footer.help")
        for _extension in range(12):
            await asyncio.sleep(span.quiet_s - 1)
            assert not bench.page.offers("more_time")
            seen = len(bench.pages)
            await asyncio.sleep(span.alert_s)  # a second before the end
            told = [page.deadline.told_s for page in bench.pages[seen:] if page.deadline is not None]
            assert told == ([45, 30, 15] if comfort.unhurried else [30, 15])
            assert await bench.touch("more_time")
        await asyncio.sleep(span.quiet_s + span.alert_s + 1)
        assert bench.page.step == "goodbye"
        bench.engine.stop()
        await journey

    run(main())


def test_any_touch_begins_the_travellers_time_anew() -> None:
    async def main() -> None:
        bench = Bench()
        journey = bench.start(State.NOTICE)
        await bench.on(State.NOTICE)
        for _touch in range(4):
            await asyncio.sleep(QUIET_S - 5)
            assert await bench.touch("footer.text_size")
        assert bench.page.step == "notice"
        await asyncio.sleep(READING_S + ENDING_S + 2)
        await journey

    run(main())


def test_time_that_the_hall_skips_is_the_travellers_time_too() -> None:
    async def main() -> None:
        bench = Bench()
        journey = bench.start(State.NOTICE)
        await bench.on(State.NOTICE)
        await asyncio.sleep(1)
        bench.house.clock._advance_s = READING_S + 1
        await asyncio.sleep(1)
        assert bench.page.step == "goodbye"
        await asyncio.sleep(ENDING_S + 1)
        await journey

    run(main())
