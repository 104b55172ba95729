"""Walks one traveller through the table: shows pages, takes touches, keeps the time. Only the table knows what comes next."""

import asyncio
import gc
import logging
import math
from typing import Protocol

from kiosk.audit.events import JourneyEnded
from kiosk.domain.clock import Window
from kiosk.domain.failure import Failure
from kiosk.journey import comforts, voice_keys
from kiosk.journey.events import Event
from kiosk.journey.house import House
from kiosk.journey.page import Page
from kiosk.journey.result import outcome_of
from kiosk.journey.table import STEPS_ON_THE_LINE, TABLE, State, Stay, decide
from kiosk.journey.timings import TICK_S, TOLD_EVERY_S, Span
from kiosk.journey.visit import Visit
from kiosk.store.transaction import StoreFailed
from kiosk.view import Answer, Comfort, Deadline, Message, Role, Seam, Touch, View, WelcomeBody

log = logging.getLogger(__name__)
NO_VOICE = Message("voice.none")


class Step(Protocol):
    """One state's doing. `run` may be cancelled at any await; `view` is called whenever something changed."""

    async def run(self, visit: Visit, house: House) -> Event: ...

    def view(self, visit: Visit, house: House) -> Page: ...


class Engine:
    """One journey after another until stopped. Owns the seam's outgoing side."""

    def __init__(self, steps: dict[State, Step], house: House, seam: Seam) -> None:
        self._steps = steps
        self._house = house
        self._seam = seam
        self._state = State.ATTRACT
        self._visit = Visit()
        self._serial = 0
        self._outside: asyncio.Queue[Event] = asyncio.Queue()
        self._ticks_left: float | None = None
        self._asked = False
        self.stopping = False
        self.voice_fitted = True
        """False where the profile names no voice: then the footer's key is not offered."""
        self._voice_fails = False  # nothing can be said on this journey
        self.trail: list[State] = []

    def listen(self, loop: asyncio.AbstractEventLoop) -> None:
        """Touches may come from any thread."""

        def take(touch: Touch) -> None:
            loop.call_soon_threadsafe(self._touched, touch)

        def slept() -> None:
            loop.call_soon_threadsafe(self._slept)

        self._seam.take_touches(take)

        def stirred() -> None:
            loop.call_soon_threadsafe(self._stirred)

        self._seam.take_sleep(slept)
        self._seam.take_stirring(stirred)

    def stop(self) -> None:
        """Settle, give the card back, end. Call on the engine's loop."""
        self.stopping = True
        self._outside.put_nowait(Event.STOPPED)

    async def serve(self, start: State = State.ATTRACT) -> Visit:
        """One journey, from the first page until everything is wiped."""
        self._visit = visit = Visit(stopwatch=self._house.stopwatch)
        self._voice_fails = False
        visit.changed = self._publish
        self._state = start
        self.trail = []
        self._outside = asyncio.Queue()  # a call for staff that came too late belongs to the traveller who left
        if self.stopping:
            self._outside.put_nowait(Event.STOPPED)
        try:
            while self._state is not State.END:
                self.trail.append(self._state)
                self._house.stopwatch.lap(self._state.value)
                event = await self._run_state()
                self._state = self._after(event)
            self._audit_end(visit)
        finally:
            await self._wipe(visit)
        return visit

    def _audit_end(self, visit: Visit) -> None:
        """Writes down that a visit ended; a machine that stood idle or out of service had none."""
        if {*self.trail} <= {State.ATTRACT, State.OUT_OF_SERVICE}:
            return
        try:
            self._house.audit.write(JourneyEnded(outcome=outcome_of(visit), case_id=visit.case.case_id if visit.case else None))
        except StoreFailed as failed:
            log.error("the end of a journey is not in the audit: %s", failed.failure.code)

    async def _wipe(self, visit: Visit) -> None:
        """Leaves nothing of the traveller in the machine's reach: visit, screen, preview, cameras, networks, listeners. Takes some tens of ms.

        The visit goes first: whatever fails afterwards, the person is forgotten.
        """
        house = self._house
        house.stopwatch.stop()
        visit.wipe()
        # what told this traveller's page of acts and alarms must not keep the traveller
        house.executor.starting = lambda _case, _act: None
        house.slot.alarmed = lambda _on: None
        self._visit = Visit()
        self._outside = asyncio.Queue()
        house.preview.clear()
        self._publish_nobody()
        try:
            await house.identity.forget()
        finally:
            gc.collect()  # tasks and failures that refer to each other would keep what they saw until some later collection

    def _after(self, event: Event) -> State:
        decision = decide(self._state, event)
        if isinstance(decision, State):
            if self._state is not State.GIVING_BACK:  # what sent the traveller there is what the end page speaks of
                self._visit.ended_by = event
            return decision
        # NEVER came true: a bug of a step. The traveller's way out is the safe one.
        log.error("undecided event %s in state %s", event.value, self._state.value)
        ways_out = (decide(self._state, Event.DEVICE_LOST), decide(self._state, Event.RETURNED_BROKEN))
        return next((way for way in ways_out if isinstance(way, State)), State.END)

    async def _run_state(self) -> Event:
        state, visit = self._state, self._visit
        visit.help = visit.voice_sheet = False
        if visit.problem == NO_VOICE:
            visit.problem = None  # said once
        visit.inbox = asyncio.Queue()
        self._restart_time()
        self._publish()
        run = asyncio.create_task(self._steps[state].run(visit, self._house))
        ticker = asyncio.create_task(self._tick())
        try:
            while True:
                outside = asyncio.create_task(self._outside.get())
                done, _ = await asyncio.wait({run, ticker, outside}, return_when=asyncio.FIRST_COMPLETED)
                if run in done:
                    if outside in done:
                        self._outside.put_nowait(outside.result())
                    else:
                        outside.cancel()
                    return await self._finished(run)
                if outside in done:
                    event = outside.result()
                else:
                    outside.cancel()
                    event = Event.TIMED_OUT
                if decide(state, event) is not Stay.STAY:
                    return await self._left(run, event)
                self._noted(event)
                if ticker.done():
                    ticker = asyncio.create_task(self._tick())
        finally:
            ticker.cancel()

    async def _finished(self, run: "asyncio.Task[Event]") -> Event:
        if run.exception() is None:
            if self.stopping and self._outside.empty():
                self._outside.put_nowait(Event.STOPPED)
            return run.result()
        log.error("step %s failed: %r", self._state.value, self._visit, exc_info=run.exception())
        self._reload()  # the step did not come to hand on how far the case went
        fault = run.exception()
        self._visit.fail(fault.failure if isinstance(fault, StoreFailed) else Failure("machine.fault"))
        return Event.DEVICE_LOST

    async def _left(self, run: "asyncio.Task[Event]", event: Event) -> Event:
        """Cancels the step; one in the middle of an act finishes the act first."""
        run.cancel()
        try:
            await run
        except asyncio.CancelledError:
            pass
        except Exception:
            log.exception("step %s failed while it was left", self._state.value)
        self._reload()  # the act that was finished meanwhile has changed the case
        if event is Event.STOPPED:
            self._outside.put_nowait(Event.STOPPED)  # every later state hears it too, until the end
        return event

    def _reload(self) -> None:
        case = self._visit.case
        if case is not None:
            loaded = self._house.executor.journal.load(case.case_id)
            self._visit.case = case if isinstance(loaded, Failure) else loaded

    def _noted(self, event: Event) -> None:
        if event is Event.STAFF_CALLED:
            self._visit.staff_wanted = True
            at_work = decide(self._state, Event.CANCELLED) is Stay.STAY
            self._visit.problem = Message("journey.staff_noted" if at_work else "journey.staff_come")
            self._publish()

    # -- time ---------------------------------------------------------------------------------------------------------

    @property
    def _span(self) -> Span:
        return TABLE[self._state].patience.of(self._visit.comfort)

    @property
    def _left_s(self) -> float:
        return (self._ticks_left or 0) * TICK_S

    @property
    def _told_s(self) -> int:
        """The seconds left as they are said: in whole quarters of a minute, and only while the question stands."""
        return math.ceil(self._left_s / TOLD_EVERY_S) * TOLD_EVERY_S if self._asked else 0

    def _restart_time(self) -> None:
        self._ticks_left = self._span.ticks or None
        self._asked = False

    def _renew_time(self) -> None:
        """Somebody is there."""
        if self._ticks_left is not None and TABLE[self._state].renewed:
            self._restart_time()

    async def _tick(self) -> None:
        """Ends when the traveller's time is up; an unlimited state never ends by itself."""
        seen = -1
        async for look in self._house.clock.looks(Window(1 << 30, TICK_S)):
            passed, seen = look - seen, look  # more than one where the hall's clock skipped time
            if self._ticks_left is None:
                continue
            told = self._told_s
            self._ticks_left -= passed
            if self._ticks_left <= 0:
                return
            self._asked = self._span.asked and self._left_s <= self._span.alert_s
            if self._told_s != told:
                self._publish()

    # -- touches ------------------------------------------------------------------------------------------------------

    def _touched(self, touch: Touch) -> None:
        if touch.serial != self._serial or self._state is State.END:
            return  # the page changed while the touch was on its way
        visit = self._visit
        visit.comfort = comforts.after(visit.comfort, touch.answer, self._voice_works)
        self._renew_time()
        match touch.answer:
            case "footer.language" | "footer.text_size" | "footer.contrast" | comforts.ELDER | comforts.LOW:
                pass
            case answer if answer == "footer.voice" or answer.startswith("voice."):
                toggled = answer == "footer.voice" and not visit.voice_sheet
                visit.voice_sheet = toggled or (visit.voice_sheet and answer not in ("footer.voice", "voice.close", "voice.off"))
            case "footer.help":
                visit.help = not visit.help
            case "more_time":
                pass
            case "footer.cancel":
                self._outside.put_nowait(Event.CANCELLED)
                return
            case "footer.staff":
                self._outside.put_nowait(Event.STAFF_CALLED)
                return
            case answer:
                visit.touch(answer, touch.text)
                return
        self._publish()

    def _slept(self) -> None:
        """Nobody stands there: how somebody had the screen and the voice before they walked away is not how the next one finds them."""
        if self._state is State.ATTRACT:
            visit = self._visit
            visit.comfort, visit.help, visit.voice_sheet, visit.problem = Comfort(), False, False, None
            self._voice_fails = False
            self._publish()

    def _stirred(self) -> None:
        """Somebody writes: their time begins anew, and the screen must know, because it counts by itself."""
        if self._state is not State.END:
            self._renew_time()
            self._publish()

    @property
    def _voice_works(self) -> bool:
        return self.voice_fitted and not self._voice_fails

    def headset(self, plugged: bool) -> None:
        """One was plugged in or pulled out. On the engine's loop."""
        visit = self._visit
        if self._state is State.END or not self._voice_works:
            return
        before, visit.comfort = visit.comfort, comforts.with_headset(visit.comfort, plugged, visit.voice_by_headset)
        visit.voice_by_headset = plugged and (visit.voice_by_headset or not before.voice)
        visit.voice_sheet = visit.voice_sheet and visit.comfort.voice
        self._renew_time()
        self._publish()

    def voice_failed(self, _failure: Failure) -> None:
        """Nothing can be said: the traveller who asked for it is told, and what is asked of the voice is not offered until they have gone."""
        visit = self._visit
        if visit.comfort.voice:
            self._voice_fails = True
            visit.comfort, visit.voice_sheet = voice_keys.silent(visit.comfort), False
            visit.problem = NO_VOICE
            self._publish()

    # -- pages --------------------------------------------------------------------------------------------------------

    def _publish(self) -> None:
        self._serial += 1
        self._seam.publish(self._view())

    def _publish_nobody(self) -> None:
        """Between two travellers: the first page without its buttons, so that nothing of the one before stays on the screen."""
        self._serial += 1
        title = Message("journey.attract.title")
        body = WelcomeBody(self._house.hall, self._house.hours)
        self._seam.publish(View(self._serial, State.END.value, None, title, body, (), Comfort(), simulated=self._house.simulated))

    def view_of(self, state: State, visit: Visit) -> View:
        """The page of a state as this visit would see it, without walking there (the gallery of screens, a card that comes out by itself)."""
        here = self._state, self._visit, self._ticks_left, self._asked
        self._state, self._visit = state, visit
        self._restart_time()
        self._serial += 1
        try:
            return self._view()
        finally:
            self._state, self._visit, self._ticks_left, self._asked = here

    def show_again(self) -> None:
        """Where another page was shown meanwhile."""
        self._publish()

    def _view(self) -> View:
        visit, row = self._visit, TABLE[self._state]
        page = self._steps[self._state].view(visit, self._house)
        problem = Message(f"help.{self._state.value}") if visit.help else page.problem or visit.problem
        answers = (*page.answers, *self._footer(), *(voice_keys.keys(visit.comfort) if visit.voice_sheet else ()))
        deadline = None
        if self._ticks_left is not None:
            clock = self._house.clock
            ends_at = clock.monotonic() + clock.real_s(self._left_s)
            deadline = Deadline(ends_at, clock.real_s(self._span.alert_s), self._asked, self._told_s)
            if self._asked:
                answers = (*answers, Answer("more_time", Message("journey.more_time"), Role.PRIMARY))
        return View(
            serial=self._serial,
            step=self._state.value,
            place=(row.place, STEPS_ON_THE_LINE) if row.place else None,
            title=page.title,
            body=page.body,
            answers=answers,
            comfort=visit.comfort,
            problem=problem,
            deadline=deadline,
            speech=page.speech or (page.title,),
            simulated=self._house.simulated,
            alarm=page.alarm,
        )

    def _footer(self) -> tuple[Answer, ...]:
        state = self._state

        def footer(name: str, enabled: bool = True) -> Answer:
            return Answer(f"footer.{name}", Message(f"footer.{name}"), Role.FOOTER, enabled)

        ends = decide(state, Event.DONE) is State.END
        keys = (
            footer("back", decide(state, Event.WENT_BACK) is not Stay.NEVER),
            footer("cancel", isinstance(decide(state, Event.CANCELLED), State) and state is not State.GIVING_BACK and not ends),
            footer("help"),
            footer("language"),
            footer("text_size"),
            footer("contrast"),
            footer("voice", self._voice_works),
            footer("staff", not ends and state is not State.GIVING_BACK),
        )
        return tuple(key for key in keys if not (self._visit.comfort.elder and key.id in comforts.NOT_FOR_ELDERS))
