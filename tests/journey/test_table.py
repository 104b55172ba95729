"""The journey's table: every pair decided, every step's word understood, and always a way out that brings the permit back."""

import ast
import inspect
from collections.abc import Iterator

import pytest

from kiosk.journey.engine import Step
from kiosk.journey.events import EVERYWHERE, Event
from kiosk.journey.steps import all_steps
from kiosk.journey.table import STEPS_ON_THE_LINE, TABLE, State, Stay, decide
from kiosk.journey.timings import COMPARING, ENDING, TICK_S
from kiosk.services.slot import INSERT

STATES = [state for state in State if state is not State.END]
INSIDE = [
    State.PERMIT,
    State.CHIP,
    State.FACE,
    State.OTHER_WAY,
    State.STAFF_CONFIRM,
    State.STAFF_COMPARE,
    State.CHOOSE,
    State.PHONE,
    State.REVIEW,
    State.APPROVAL,
    State.PAY_METHOD,
    State.PAY,
    State.ISSUING,
    State.TAKE_CARD,
    State.GIVING_BACK,
]
BACK = (Event.RETURNED, Event.RETURNED_REFUSED, Event.RETURNED_TO_STAFF, Event.RETURNED_BROKEN)


def _events(node: ast.expr) -> Iterator[Event]:
    """The events that an expression can come to."""
    match node:
        case ast.Attribute(value=ast.Name(id="Event"), attr=name):
            yield Event[name]
        case ast.IfExp(body=body, orelse=orelse):
            yield from _events(body)
            yield from _events(orelse)
        case ast.Call(func=ast.Attribute(value=ast.Dict(values=values), attr="get"), args=[_, default]):
            for value in (*values, default):
                yield from _events(value)


def emitted(step: Step) -> set[Event]:
    """Every event that the step's class (and those it is made from) can return, read from its text."""
    found: set[Event] = set()
    for made_from in type(step).__mro__[:-1]:
        tree = ast.parse(inspect.getsource(made_from))
        for node in ast.walk(tree):
            if isinstance(node, ast.Return) and node.value is not None:
                found |= set(_events(node.value))
    return found


STEPS = all_steps()


def test_every_state_has_a_row_and_a_step() -> None:
    assert set(TABLE) == set(STATES) == set(STEPS)


@pytest.mark.parametrize("state", STATES)
def test_every_event_is_decided_in_every_state(state: State) -> None:
    assert set(TABLE[state].on) == set(Event)
    for event in EVERYWHERE:
        assert decide(state, event) is not Stay.NEVER, event


@pytest.mark.parametrize("state", STATES)
def test_whatever_a_step_says_leads_somewhere(state: State) -> None:
    said = emitted(STEPS[state])
    assert said, "the reader of the step's text found nothing"
    for event in said:
        assert isinstance(decide(state, event), State), (state, event)


@pytest.mark.parametrize("state", STATES)
def test_no_way_is_drawn_that_nobody_takes(state: State) -> None:
    own = {event for event, decision in TABLE[state].on.items() if isinstance(decision, State)} - set(EVERYWHERE)
    assert own == emitted(STEPS[state]) - set(EVERYWHERE)


def test_every_step_returns_only_events_that_the_reader_understands() -> None:
    """The AST reader above must not overlook one: each return of each `run` yields an event or is one of the helpers'."""
    for state, step in STEPS.items():
        tree = ast.parse(inspect.getsource(inspect.getmodule(type(step))))  # type: ignore[arg-type]
        for function in ast.walk(tree):
            if isinstance(function, ast.AsyncFunctionDef) and function.returns is not None and ast.unparse(function.returns) == "Event":
                for node in ast.walk(function):
                    if isinstance(node, ast.Return) and node.value is not None:
                        helper = isinstance(node.value, ast.Await)
                        assert helper or list(_events(node.value)), (state, ast.unparse(node))


def reach(start: State, events: set[Event] | None = None) -> set[State]:
    seen = {start}
    waiting = [start]
    while waiting:
        state = waiting.pop()
        if state is State.END:
            continue
        for event, decision in TABLE[state].on.items():
            if isinstance(decision, State) and decision not in seen and (events is None or event in events):
                seen.add(decision)
                waiting.append(decision)
    return seen


def test_every_state_is_reached_from_the_first_page() -> None:
    assert reach(State.ATTRACT) == set(State)


@pytest.mark.parametrize("state", STATES)
def test_every_state_comes_to_the_end(state: State) -> None:
    assert State.END in reach(state)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("event", [event for event in EVERYWHERE if event is not Event.REFUSED])
def test_whoever_cancels_leaves_calls_or_loses_a_device_comes_to_the_end(state: State, event: Event) -> None:
    """By that event, the giving back, and the end pages alone; where it is only noted, the state itself goes on to such a way."""
    first = decide(state, event)
    if isinstance(first, State):
        assert State.END in reach(first, {*BACK, Event.DONE, event})
        return
    assert first is Stay.STAY
    ways = {decision for decision in TABLE[state].on.values() if isinstance(decision, State)}
    assert any(State.END in reach(way, {*BACK, Event.DONE, event}) for way in ways)


@pytest.mark.parametrize("state", INSIDE)
@pytest.mark.parametrize("event", EVERYWHERE)
def test_with_the_permit_inside_everything_leads_to_giving_it_back(state: State, event: Event) -> None:
    if (state, event) == (State.TAKE_CARD, Event.REFUSED):
        assert decide(state, event) is State.PROBLEM  # said only when the card already lies in the bin
        return
    assert decide(state, event) in (State.GIVING_BACK, Stay.STAY)


def test_stopped_is_heard_everywhere_or_waited_out() -> None:
    for state in STATES:
        decision = decide(state, Event.STOPPED)
        assert decision in (State.END, State.GIVING_BACK, Stay.STAY)
        if decision is Stay.STAY:
            assert not TABLE[state].patience.limited, "a state that waits for the traveller must not outlast a stop"


def test_the_permit_is_out_on_every_page_that_ends() -> None:
    for state in (State.GOODBYE, State.REFUSED, State.STAFF, State.PROBLEM):
        came_from = {start for start in STATES for decision in TABLE[start].on.values() if decision is state}
        assert came_from & set(INSIDE) <= {State.GIVING_BACK, State.TAKE_CARD}, (state, came_from)


def test_the_places_on_the_line_follow_the_travellers_way() -> None:
    places = [TABLE[state].place for state in STATES if TABLE[state].place]
    assert places == sorted(places) and set(places) == set(range(1, STEPS_ON_THE_LINE + 1))


@pytest.mark.parametrize("state", STATES)
def test_a_traveller_is_asked_after_two_to_five_minutes_and_the_question_stands(state: State) -> None:
    patience = TABLE[state].patience
    if patience.limited and patience not in (COMPARING, ENDING):
        for span in (patience.usual, patience.slow):
            assert span.asked and 120 <= span.quiet_s <= 300 and 20 <= span.alert_s <= 45
        assert patience.slow.quiet_s >= patience.usual.quiet_s and patience.slow.alert_s > patience.usual.alert_s


def test_nobody_is_given_up_at_the_slot_or_at_the_code_without_being_asked() -> None:
    for state in (State.PERMIT, State.PAY):
        assert TABLE[state].patience.limited and TABLE[state].patience.usual.asked, state
    longest = TABLE[State.PERMIT].patience.slow
    assert INSERT.seconds > 11 * (longest.quiet_s + longest.alert_s), "ten times more time can be had"


def test_no_time_runs_while_paid_work_is_under_way_and_after_it_nothing_is_undone() -> None:
    for state in (State.ISSUING, State.TAKE_CARD):
        assert not TABLE[state].patience.limited and decide(state, Event.TIMED_OUT) is Stay.STAY
    assert decide(State.RECEIPT, Event.TIMED_OUT) is State.GOODBYE


def test_only_the_comparison_which_is_staffs_has_a_time_that_no_touch_renews() -> None:
    assert [state for state in STATES if not TABLE[state].renewed] == [State.STAFF_COMPARE]
    assert TABLE[State.STAFF_COMPARE].patience is COMPARING and COMPARING.slow.ticks * TICK_S <= 60


def test_a_call_for_staff_stays_where_they_are_asked_to_come() -> None:
    for state in (State.OTHER_WAY, State.STAFF_CONFIRM, State.STAFF_COMPARE):
        assert decide(state, Event.STAFF_CALLED) is Stay.STAY
        assert {decide(state, event) for event in EVERYWHERE if event is not Event.STAFF_CALLED} == {State.GIVING_BACK}
