"""An engine over steps that do as they are told, in virtual time."""

import asyncio
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any

from kiosk.domain.failure import Failure
from kiosk.health.stopwatch import Stopwatch
from kiosk.journey.engine import Engine
from kiosk.journey.events import Event
from kiosk.journey.house import House
from kiosk.journey.page import Page, primary
from kiosk.journey.table import TABLE, State
from kiosk.journey.visit import Visit
from kiosk.view import Message, Preview, Seam, Touch, View, WelcomeBody
from tests.journey.virtual import VirtualClock

Run = Callable[[Visit, House], Awaitable[Event]]
END_PAGES = (State.GOODBYE, State.REFUSED, State.STAFF, State.PROBLEM)


class FakeStep:
    """run: what the state does; without one it waits for the touch `go` and says `goes_on`."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.run_as: Run | None = None
        self.goes_on = next((e for e, d in TABLE[state].on.items() if isinstance(d, State)), Event.DONE)
        self.touches: list[str] = []
        self.cancelled = 0

    async def run(self, visit: Visit, house: House) -> Event:
        try:
            if self.run_as is not None:
                return await self.run_as(visit, house)
            while True:
                touch = await visit.next_touch()
                self.touches.append(touch)
                if touch == "go":
                    return self.goes_on
        except asyncio.CancelledError:
            self.cancelled += 1
            raise

    def view(self, visit: Visit, house: House) -> Page:
        return Page(
            Message(f"title.{self.state}"),
            WelcomeBody(Message("word.plain", {"text": "x"}), ""),
            (primary("go", "word.plain"), primary("off", "word.plain", enabled=False)),
        )


class Bench:
    """engine, seam and steps; `pages` is every view published. Make it inside the virtual loop."""

    def __init__(self) -> None:
        self.seam = Seam()
        self.audited: list[Any] = []
        self.steps = {state: FakeStep(state) for state in State if state is not State.END}
        for state in END_PAGES:
            self.steps[state].goes_on = Event.DONE
        self.loaded: Any = Failure("journal.unreadable")
        self.forgotten = 0
        house: Any = SimpleNamespace(
            clock=VirtualClock(),
            stopwatch=Stopwatch(),
            preview=Preview(),
            simulated=True,
            hall=Message("word.plain", {"text": "hall"}),
            hours="",
            out_of_reach=False,
            identity=SimpleNamespace(forget=self._forget),
            slot=SimpleNamespace(),
            audit=SimpleNamespace(write=self.audited.append),
            executor=SimpleNamespace(journal=SimpleNamespace(load=lambda _case_id: self.loaded)),
        )
        self.house = house
        steps: Any = self.steps
        self.engine = Engine(steps, house, self.seam)
        self.pages: list[View] = []
        self.seam.watch(self.pages.append)
        self.engine.listen(asyncio.get_running_loop())

    async def _forget(self) -> None:
        self.forgotten += 1

    @property
    def page(self) -> View:
        view = self.seam.view
        assert view is not None
        return view

    def start(self, state: State) -> "asyncio.Task[Visit]":
        return asyncio.create_task(self.engine.serve(state))

    async def on(self, state: State, within: int = 200) -> None:
        """Waits until the page of `state` is on."""
        for _turn in range(within):
            if self.seam.view is not None and self.page.step == state.value:
                return
            await asyncio.sleep(0)
        raise AssertionError(f"{state} never came, {self.seam.view and self.page.step} is on")

    async def touch(self, answer: str) -> bool:
        taken = self.seam.post(Touch(self.page.serial, answer))
        for _turn in range(5):
            await asyncio.sleep(0)
        return taken
