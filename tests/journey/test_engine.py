"""The interpreter of the table: time, touches, calls for staff, stops and failing steps. Minutes pass here, but nobody waits."""

import asyncio
import logging
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from kiosk.case.casefile import Case, CaseFile
from kiosk.case.moves import Standing
from kiosk.domain.failure import Failure
from kiosk.journey import comforts
from kiosk.journey.comforts import THEMES
from kiosk.journey.events import EVERYWHERE, Event
from kiosk.journey.house import House
from kiosk.journey.steps.attract import Attract
from kiosk.journey.table import TABLE, State, Stay, decide
from kiosk.journey.timings import ENDING, READING, TICK_S, UNLIMITED
from kiosk.journey.visit import Visit
from kiosk.view import LANGUAGES, RATES, VOLUMES, Comfort, Message, Role, Touch
from tests.journey.fake_steps import END_PAGES, Bench
from tests.journey.virtual import run

QUIET_S, ALERT_S = READING.usual.quiet_s, READING.usual.alert_s
READING_S, ENDING_S = QUIET_S + ALERT_S, ENDING.usual.ticks * TICK_S


def saying(event: Event) -> Any:
    async def step(_visit: Visit, _house: House) -> Event:
        return event

    return step


async def for_ever(_visit: Visit, _house: House) -> Event:
    await asyncio.Event().wait()
    raise AssertionError


def test_a_journey_walks_the_table_and_is_wiped_at_its_end() -> None:
    async def main() -> None:
        bench = Bench()
        journey = bench.start(State.NOTICE)
        await bench.on(State.NOTICE)
        bench.steps[State.ID_CARD].run_as = saying(Event.READ)
        bench.steps[State.REGISTRY].run_as = saying(Event.REFUSED)
        assert await bench.touch("go")
        await bench.on(State.REFUSED)
        assert await bench.touch("go")
        visit = await journey
        assert bench.engine.trail == [State.NOTICE, State.ID_CARD, State.REGISTRY, State.REFUSED]
        assert visit.id_card is None and visit.phone.reveal() == "" and bench.forgotten == 1
        assert [lap.name for lap in bench.house.stopwatch.laps] == ["notice", "id_card", "registry", "refused"]

    run(main())


@pytest.mark.parametrize("state", [state for state in TABLE if isinstance(decide(state, Event.CANCELLED), State) and state not in END_PAGES])
def test_cancel_leaves_the_state_by_the_tables_way(state: State) -> None:
    async def main() -> None:
        bench = Bench()
        bench.steps[State.GIVING_BACK].run_as = for_ever
        journey = bench.start(state)
        await bench.on(state)
        assert await bench.touch("footer.cancel")
        await bench.on(State(decide(state, Event.CANCELLED)))
        assert bench.steps[state].cancelled == 1 and bench.engine._visit.ended_by is Event.CANCELLED
        journey.cancel()
        with pytest.raises(asyncio.CancelledError):
            await journey

    run(main())


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


@pytest.mark.parametrize("state", [state for state in TABLE if decide(state, Event.STAFF_CALLED) is Stay.STAY and state is not State.OUT_OF_SERVICE])
def test_a_call_for_staff_is_noted_where_it_is_no_reason_to_leave(state: State) -> None:
    async def main() -> None:
        bench = Bench()
        journey = bench.start(state)
        await bench.on(state)
        bench.engine._outside.put_nowait(Event.STAFF_CALLED)
        await asyncio.sleep(1)
        assert bench.page.step == state and bench.engine._visit.staff_wanted
        waits_for_staff = state in (State.OTHER_WAY, State.STAFF_CONFIRM, State.STAFF_COMPARE)
        assert bench.page.problem is not None and bench.page.problem.key == ("journey.staff_come" if waits_for_staff else "journey.staff_noted")
        assert bench.steps[state].cancelled == 0
        journey.cancel()
        with pytest.raises(asyncio.CancelledError):
            await journey

    run(main())


@pytest.mark.parametrize("state", list(TABLE))
def test_a_stop_ends_every_state(state: State) -> None:
    """Where the machine is at work it finishes first; everywhere the journey then comes to its end without a touch."""

    async def main() -> None:
        bench = Bench()
        bench.steps[State.GIVING_BACK].run_as = saying(Event.RETURNED)
        bench.steps[State.TAKE_CARD].run_as = saying(Event.TAKEN)
        working = decide(state, Event.STOPPED) is Stay.STAY
        if working and state is not State.GIVING_BACK:

            async def work(_visit: Visit, _house: House) -> Event:
                await asyncio.sleep(30)
                return next(e for e, d in TABLE[state].on.items() if isinstance(d, State) and e not in EVERYWHERE)

            bench.steps[state].run_as = work
        journey = bench.start(state)
        await bench.on(state)
        bench.engine.stop()
        await asyncio.wait_for(journey, 60)
        assert bench.engine._state is State.END
        assert bench.steps[state].cancelled == (0 if working else 1)
        if isinstance(decide(state, Event.STOPPED), State) and decide(state, Event.STOPPED) is not State.END:
            assert State.GIVING_BACK in bench.engine.trail

    run(main())


@pytest.mark.parametrize("state", list(TABLE))
def test_a_failing_step_ends_safely_and_its_fault_is_logged(state: State, caplog: pytest.LogCaptureFixture) -> None:
    async def fails(_visit: Visit, _house: House) -> Event:
        raise RuntimeError("a bug")

    async def main() -> list[State]:
        bench = Bench()
        for giving in (State.GIVING_BACK, State.OUT_OF_SERVICE):
            bench.steps[giving].run_as = saying(Event.RETURNED_BROKEN if giving is State.GIVING_BACK else Event.DONE)
        for page in END_PAGES:
            bench.steps[page].run_as = saying(Event.DONE)
        bench.steps[state].run_as = fails
        await asyncio.wait_for(bench.start(state), 3600)
        return bench.engine.trail

    with caplog.at_level(logging.ERROR):
        trail = run(main())
    assert any(f"step {state.value} failed" in record.getMessage() for record in caplog.records)
    if state in (*END_PAGES, State.OUT_OF_SERVICE):
        assert trail == [state]
    elif state is State.ATTRACT:
        assert trail == [state, State.OUT_OF_SERVICE]
    elif state is State.RECEIPT:
        assert trail == [state, State.GOODBYE]
    elif decide(state, Event.DEVICE_LOST) is State.GIVING_BACK:
        assert trail == [state, State.GIVING_BACK, State.PROBLEM]
    else:
        assert trail == [state, State.PROBLEM]


def test_an_event_that_cannot_be_goes_the_safe_way(caplog: pytest.LogCaptureFixture) -> None:
    async def main() -> None:
        bench = Bench()
        bench.steps[State.FACE].run_as = saying(Event.PAID)
        bench.steps[State.GIVING_BACK].run_as = saying(Event.PAID)
        bench.steps[State.PROBLEM].run_as = saying(Event.DONE)
        await bench.start(State.FACE)
        assert bench.engine.trail == [State.FACE, State.GIVING_BACK, State.PROBLEM]

    with caplog.at_level(logging.ERROR):
        run(main())
    assert "undecided event paid in state face" in caplog.text


def test_what_sent_the_traveller_back_is_remembered_through_the_giving_back() -> None:
    async def main() -> None:
        bench = Bench()
        bench.steps[State.CHOOSE].run_as = for_ever
        bench.steps[State.GIVING_BACK].run_as = saying(Event.RETURNED)
        journey = bench.start(State.CHOOSE)
        await asyncio.sleep(READING_S + 1)
        assert bench.page.step == "goodbye" and bench.engine._visit.ended_by is Event.TIMED_OUT
        await asyncio.sleep(ENDING_S + 1)
        await journey

    run(main())


def test_the_case_is_read_again_after_an_act_that_outlasted_its_step() -> None:
    async def main() -> None:
        bench = Bench()
        newer = Case("X", date(2026, 11, 22), Standing(), CaseFile("", "", ""))
        bench.loaded = newer

        async def with_case(visit: Visit, _house: House) -> Event:
            case: Any = type("OldCase", (), {"case_id": "X"})()
            visit.case = case
            await asyncio.Event().wait()
            raise AssertionError

        bench.steps[State.PAY].run_as = with_case
        bench.steps[State.GIVING_BACK].run_as = for_ever
        journey = bench.start(State.PAY)
        await bench.on(State.PAY)
        await bench.touch("footer.cancel")
        await bench.on(State.GIVING_BACK)
        assert bench.engine._visit.case is newer
        journey.cancel()
        with pytest.raises(asyncio.CancelledError):
            await journey

    run(main())


def test_a_touch_for_a_page_that_is_gone_counts_for_nothing() -> None:
    async def main() -> None:
        bench = Bench()
        journey = bench.start(State.NOTICE)
        await bench.on(State.NOTICE)
        old = bench.page.serial
        assert await bench.touch("footer.contrast")
        assert not bench.seam.post(Touch(old, "go"))
        # on its way when the page changed: the seam took it, the engine must not
        bench.engine._touched(Touch(old, "go"))
        bench.engine._touched(Touch(old, "footer.cancel"))
        await asyncio.sleep(1)
        assert bench.page.step == "notice" and bench.steps[State.NOTICE].touches == []
        bench.engine.stop()
        await journey

    run(main())


@pytest.mark.parametrize("answer", ["off", "paid", "more_time", "footer.back", "pay:wechat", ""])
def test_what_the_page_does_not_offer_cannot_be_posted(answer: str) -> None:
    async def main() -> None:
        bench = Bench()
        journey = bench.start(State.NOTICE)
        await bench.on(State.NOTICE)
        assert not await bench.touch(answer)
        await asyncio.sleep(1)
        assert bench.steps[State.NOTICE].touches == [] and bench.page.step == "notice"
        bench.engine.stop()
        await journey

    run(main())


def test_touches_of_one_page_do_not_reach_the_next() -> None:
    async def main() -> None:
        bench = Bench()
        bench.steps[State.NOTICE].run_as = saying(Event.AGREED)
        journey = bench.start(State.NOTICE)
        await bench.on(State.ID_CARD)
        first = bench.engine._visit.inbox
        first.put_nowait("go")
        bench.steps[State.REGISTRY].run_as = for_ever
        await bench.touch("go")
        await bench.on(State.REGISTRY)
        assert bench.engine._visit.inbox is not first and bench.engine._visit.inbox.empty()
        bench.engine.stop()
        await journey

    run(main())


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
        bench = Bench()
        engine: Any = bench.engine
        engine._steps[State.ATTRACT].view = Attract().view
        journey = bench.start(State.ATTRACT)
        await bench.on(State.ATTRACT)
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
        bench = Bench()
        engine: Any = bench.engine
        engine._steps[State.ATTRACT].view = Attract().view
        journey = bench.start(State.ATTRACT)
        await bench.on(State.ATTRACT)
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


def test_the_footer_is_always_the_same_and_says_what_is_possible() -> None:
    names = [f"footer.{name}" for name in ("back", "cancel", "help", "language", "text_size", "contrast", "voice", "staff")]

    async def main() -> None:
        bench = Bench()
        for state in TABLE:
            visit = Visit()
            view = bench.engine.view_of(state, visit)
            assert [answer.id for answer in view.answers if answer.id.startswith("footer.")] == names
            assert view.offers("footer.back") == (state in (State.STAFF_CONFIRM, State.STAFF_COMPARE, State.PHONE, State.REVIEW))
            assert view.offers("footer.cancel") == (isinstance(decide(state, Event.CANCELLED), State) and state not in END_PAGES)
            assert view.simulated
            assert (view.deadline is not None) == (TABLE[state].patience is not UNLIMITED)

    run(main())


def test_a_step_that_is_done_when_the_time_is_up_has_its_word() -> None:
    """Both at the same moment: what was done counts, and what came from outside is heard in the next state."""

    async def main() -> None:
        bench = Bench()

        async def done_at_once(_visit: Visit, _house: House) -> Event:
            bench.engine._outside.put_nowait(Event.CANCELLED)
            return Event.MATCHED

        bench.steps[State.FACE].run_as = done_at_once
        bench.steps[State.GIVING_BACK].run_as = for_ever
        journey = bench.start(State.FACE)
        await bench.on(State.GIVING_BACK)
        assert bench.engine.trail == [State.FACE, State.CHOOSE, State.GIVING_BACK]
        journey.cancel()
        with pytest.raises(asyncio.CancelledError):
            await journey

    run(main())


def test_a_fault_is_told_without_the_persons_data() -> None:
    async def main() -> None:
        bench = Bench()

        async def fails(_visit: Visit, _house: House) -> Event:
            raise ValueError("440103 secret")

        bench.steps[State.CHIP].run_as = fails
        bench.steps[State.GIVING_BACK].run_as = saying(Event.RETURNED_BROKEN)
        bench.steps[State.PROBLEM].run_as = for_ever
        journey = bench.start(State.CHIP)
        await bench.on(State.PROBLEM)
        turned = bench.engine._visit.turned
        assert turned is not None and turned.code == "machine.fault" and not turned.text.params
        assert Failure("machine.fault").detail == {}
        journey.cancel()
        with pytest.raises(asyncio.CancelledError):
            await journey

    run(main())
