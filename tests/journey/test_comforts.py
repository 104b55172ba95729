"""How a traveller has the screen and the voice: every touch that changes it, and that nobody finds it as somebody else left it."""

import asyncio
from dataclasses import replace
from typing import Any

from kiosk.domain.failure import Failure
from kiosk.journey import comforts
from kiosk.journey.comforts import THEMES
from kiosk.journey.steps.attract import Attract
from kiosk.journey.table import State
from kiosk.journey.timings import READING
from kiosk.journey.visit import Visit
from kiosk.view import LANGUAGES, RATES, VOLUMES, Comfort, Message, Role
from tests.journey.fake_steps import Bench
from tests.journey.virtual import run

QUIET_S = READING.usual.quiet_s


async def at_the_first_page() -> tuple[Bench, asyncio.Task[Visit]]:
    """The real one's keys, so that what they do is the engine's and what they are the page's."""
    bench = Bench()
    engine: Any = bench.engine
    engine._steps[State.ATTRACT].view = Attract().view
    journey = bench.start(State.ATTRACT)
    await bench.on(State.ATTRACT)
    return bench, journey


def test_the_footer_makes_the_page_comfortable_and_the_next_traveller_begins_afresh() -> None:
    async def main() -> None:
        bench = Bench()
        journey = bench.start(State.NOTICE)
        await bench.on(State.NOTICE)
        for answer in ("footer.language", "footer.language", "footer.text_size", "footer.contrast", "footer.voice", "footer.help"):
            assert await bench.touch(answer)
        assert bench.page.comfort == Comfort(LANGUAGES[2], 2, THEMES[1], True)
        assert bench.page.problem is not None and bench.page.problem.key == "help.notice"
        await bench.touch("footer.help")
        assert bench.page.problem is None
        for _size in range(4):
            await bench.touch("footer.text_size")
        assert bench.page.comfort.text_size == 2
        assert bench.steps[State.NOTICE].touches == []
        await bench.touch("footer.cancel")
        await bench.on(State.GOODBYE)
        assert bench.page.comfort.language == LANGUAGES[2]
        await bench.touch("go")
        await journey
        following = bench.start(State.NOTICE)
        await bench.on(State.NOTICE)
        assert bench.page.comfort == Comfort()
        bench.engine.stop()
        await following

    run(main())


def test_one_touch_on_the_first_page_makes_everything_larger_and_slower_and_a_second_takes_it_off() -> None:
    elder = Comfort(text_size=3, voice=True, rate=80, elder=True)

    async def main() -> None:
        bench, journey = await at_the_first_page()
        await bench.touch("footer.contrast")
        assert await bench.touch("elder")
        assert bench.page.comfort == replace(elder, theme=THEMES[1]), "what was chosen beside it stays"
        assert await bench.touch("elder")
        assert bench.page.comfort == Comfort(theme=THEMES[1])
        await bench.touch("elder")
        await bench.touch("footer.voice")
        await bench.touch("voice.off")
        assert bench.page.comfort == replace(elder, theme=THEMES[1], voice=False), "slow whenever the voice comes back"
        assert [key.id for key in bench.page.answers if key.role is Role.FOOTER] == [
            f"footer.{name}" for name in ("back", "cancel", "help", "language", "voice", "staff")
        ]
        await bench.touch("go")
        bench.engine.voice_fitted = False
        bench.engine.stop()
        await journey
        assert bench.page.comfort == Comfort()
        assert comforts.after(Comfort(), "elder", voice=False) == replace(elder, voice=False)

    run(main())


def test_the_keys_are_lowered_by_one_touch_where_the_panel_is_out_of_reach() -> None:
    async def main() -> None:
        bench, journey = await at_the_first_page()
        assert not bench.page.offers("low"), "all of this panel is within reach"
        bench.house.out_of_reach = True
        await bench.touch("footer.contrast")
        assert await bench.touch("low")
        assert bench.page.comfort == Comfort(theme=THEMES[1], low_reach=True)
        assert await bench.touch("low")
        assert bench.page.comfort == Comfort(theme=THEMES[1])
        bench.engine.stop()
        await journey

    run(main())


def test_what_somebody_left_on_the_first_page_ends_when_it_falls_asleep_and_only_there() -> None:
    async def main() -> None:
        bench = Bench()
        journey = bench.start(State.ATTRACT)
        await bench.on(State.ATTRACT)
        for answer in ("footer.language", "footer.text_size", "footer.contrast", "footer.voice", "footer.help"):
            assert await bench.touch(answer)
        bench.seam.slept()
        await asyncio.sleep(0)
        assert bench.page.comfort == Comfort() and bench.page.problem is None and not bench.page.offers("voice.close")
        await bench.touch("go")
        await bench.on(State.NOTICE)
        await bench.touch("footer.language")
        bench.seam.slept()  # on its way when the page changed
        await asyncio.sleep(0)
        assert bench.page.comfort == Comfort(LANGUAGES[1])
        bench.engine.stop()
        await journey

    run(main())


def test_the_voices_keys_set_it_and_everything_about_it_ends_with_the_journey() -> None:
    async def main() -> None:
        bench = Bench()
        journey = bench.start(State.NOTICE)
        await bench.on(State.NOTICE)
        assert not bench.page.offers("voice.slower")
        await bench.touch("footer.voice")
        assert bench.page.comfort.voice and bench.page.offers("voice.close")
        for _step in range(3):
            assert await bench.touch("voice.slower")
        assert bench.page.comfort.rate == RATES[0] and not bench.page.offers("voice.slower") and bench.page.offers("voice.faster")
        assert await bench.touch("voice.louder")
        assert bench.page.comfort.volume == VOLUMES[-1] and not bench.page.offers("voice.louder")
        await bench.touch("voice.pause")
        assert bench.page.comfort.paused
        await bench.touch("voice.repeat")
        assert not bench.page.comfort.paused and bench.page.comfort.repeats == 1
        await bench.touch("voice.close")
        assert bench.page.comfort.voice and not bench.page.offers("voice.close")
        await bench.touch("footer.voice")
        assert bench.page.comfort.voice and bench.page.offers("voice.off"), "the footer's key brings the sheet back"
        await bench.touch("voice.off")
        assert bench.page.comfort == Comfort() and not bench.page.offers("voice.close")
        await bench.touch("footer.voice")
        await bench.touch("voice.faster")
        await bench.touch("footer.cancel")
        await bench.on(State.GOODBYE)
        assert bench.page.comfort.voice and not bench.page.offers("voice.close"), "a new step lies open"
        await bench.touch("go")
        await journey
        assert bench.page.comfort == Comfort()

    run(main())


def test_a_headset_turns_the_voice_on_and_what_only_it_turned_on_goes_silent_with_it() -> None:
    async def main() -> None:
        bench = Bench()
        journey = bench.start(State.NOTICE)
        await bench.on(State.NOTICE)
        await asyncio.sleep(QUIET_S + 1)
        assert bench.page.offers("more_time")
        bench.engine.headset(True)
        assert bench.page.comfort == Comfort(voice=True) and not bench.page.offers("more_time"), "somebody is there"
        await bench.touch("footer.voice")
        bench.engine.headset(False)
        assert bench.page.comfort == Comfort() and not bench.page.offers("voice.close")
        await bench.touch("footer.voice")
        await bench.touch("voice.pause")
        bench.engine.headset(True)
        assert bench.page.comfort == Comfort(voice=True, repeats=1), "said again, with what is private"
        bench.engine.headset(False)
        assert bench.page.comfort == Comfort(voice=True, repeats=1), "the traveller had turned it on: it goes on aloud"
        bench.engine.voice_failed(Failure("voice.no_device"))
        bench.engine.headset(True)
        assert bench.page.comfort == Comfort()
        bench.engine.stop()
        await journey
        bench.engine.headset(True)
        assert bench.page.comfort == Comfort(), "nobody's page"
        assert comforts.with_headset(Comfort(voice=True, elder=True), False, True).voice

    run(main())


def test_a_voice_that_cannot_speak_says_so_on_the_page_and_is_not_offered_until_the_next_traveller() -> None:
    async def main() -> None:
        bench = Bench()
        journey = bench.start(State.NOTICE)
        await bench.on(State.NOTICE)
        bench.engine.voice_failed(Failure("voice.no_device"))
        assert bench.page.problem is None, "nobody asked for it"
        await bench.touch("footer.voice")
        bench.engine.voice_failed(Failure("voice.no_device"))
        assert bench.page.problem == Message("voice.none")
        assert bench.page.comfort == Comfort() and not bench.page.offers("voice.close") and not bench.page.offers("footer.voice")
        await bench.touch("footer.cancel")
        await bench.on(State.GOODBYE)
        assert bench.page.problem is None and not bench.page.offers("footer.voice")
        await bench.touch("go")
        await journey
        following = bench.start(State.NOTICE)
        await bench.on(State.NOTICE)
        assert bench.page.offers("footer.voice")
        bench.engine.voice_fitted = False
        await bench.touch("footer.help")
        assert not bench.page.offers("footer.voice")
        bench.engine.stop()
        await following

    run(main())
