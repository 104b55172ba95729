"""The interpreter of the table: time, touches, calls for staff, stops and failing steps. Minutes pass here, but nobody waits."""

import asyncio
import logging
from datetime import date
from typing import Any

import pytest

from kiosk.case.casefile import Case, CaseFile
from kiosk.case.moves import Standing
from kiosk.domain.failure import Failure
from kiosk.journey.events import EVERYWHERE, Event
from kiosk.journey.house import House
from kiosk.journey.table import TABLE, State, Stay, decide
from kiosk.journey.timings import ENDING, READING, TICK_S, UNLIMITED
from kiosk.journey.visit import Visit
from kiosk.view import Touch
from tests.journey.fake_steps import END_PAGES, Bench
from tests.journey.virtual import run

READING_S, ENDING_S = READING.usual.ticks * TICK_S, ENDING.usual.ticks * TICK_S


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
        bench.engine._visit.touch("go")
        bench.steps[State.REGISTRY].run_as = for_ever
        await bench.touch("go")
        await bench.on(State.REGISTRY)
        assert bench.engine._visit.inbox is not first and bench.engine._visit.inbox.empty()
        bench.engine.stop()
        await journey

    run(main())


def test_the_footer_is_always_the_same_and_says_what_is_possible() -> None:
    names = [f"footer.{name}" for name in ("back", "cancel", "help", "language", "text_size", "contrast", "voice", "staff")]

    async def main() -> None:
        bench = Bench()
        for state in TABLE:
            visit = Visit()
            view = bench.engine.view_of(state, visit)
            assert [answer.id for answer in view.answers if answer.id.startswith("footer.")] == names
            assert view.offers("footer.back") == (state in (State.STAFF_CONFIRM, State.STAFF_COMPARE, State.PHONE, State.REVIEW, State.CONTACT))
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
