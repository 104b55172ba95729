"""The machine's thread beside the screen. Loaded only once the first frame is drawn: everything heavy comes with it."""

import asyncio
import logging
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from drivers.contract.failure import Failure as DeviceFailure
from drivers.world import process
from drivers.world.client import WorldClient
from kiosk import app
from kiosk.commands.said import catalogue, talk
from kiosk.commands.scripted import Journey, Plan, ready
from kiosk.commands.stop import Stop, mark
from kiosk.config import Profile, load_profile
from kiosk.domain.failure import Failure
from kiosk.health.desk import in_our_words
from kiosk.journey.steps.out_of_service import closed_view
from kiosk.journey.table import State
from kiosk.services.papers import ReceiptData
from kiosk.store.transaction import StoreFailed
from kiosk.view import Message, Seam, View
from ui.app import Screen

log = logging.getLogger(__name__)


@dataclass
class Ending:
    """How the machine's thread ended: why it could not run, or the demonstration's result."""

    failure: Failure | None = None
    result: dict[str, Any] | None = None


class Keeper:
    """The machine's thread: its hall (where it brings its own), its loop, its orderly end."""

    def __init__(self, seam: Seam, profile: Profile | None, plan: Plan | None, stop: Stop, started: float) -> None:
        self._seam = seam
        self._profile = profile
        self._plan = plan
        self._stop = stop
        self._started = started
        self._ending = Ending()

    def work(self, screen: Screen) -> Ending:
        """Runs on the thread that the screen starts once its first frame is drawn."""
        with self._hall() as profile:
            if isinstance(profile, Failure):
                self._ending.failure = profile
            else:
                asyncio.run(self._main(profile, screen))
        return self._ending

    @contextmanager
    def _hall(self) -> Iterator[Profile | Failure]:
        if self._profile is not None:
            yield self._profile
            return
        with tempfile.TemporaryDirectory(prefix="kiosk-hall-") as state:
            hall = process.start(Path(state), None, "fast" if self._plan else "real")
            if isinstance(hall, DeviceFailure):
                yield in_our_words(hall)
                return
            talk(f"the hall's page of buttons: {hall.control_url}")
            try:
                yield load_profile(hall.profile)
            finally:
                hall.stop()

    async def _main(self, profile: Profile, screen: Screen) -> None:
        receipts: list[ReceiptData] = []
        machine = app.build(profile, catalogue(), seam=self._seam, keep=receipts.append if self._plan else None)
        if isinstance(machine, Failure):
            self._ending.failure = machine
            if self._plan is None and machine.code.startswith(("store.", "audit.")):
                await self._without_records(machine, profile)
            return
        loop = asyncio.get_running_loop()
        self._stop.listen(lambda: loop.call_soon_threadsafe(machine.engine.stop))
        try:
            if self._plan is None:
                await self._serve(machine)
            else:
                refused = await ready(machine)
                if refused is not None:
                    self._ending.failure = refused
                    return
                await self._demonstrate(machine, self._plan, profile, screen, receipts)
        finally:
            self._stop.listen(lambda: None)  # the loop is about to end
            await machine.close()

    async def _without_records(self, why: Failure, profile: Profile) -> None:
        """Where the machine's records cannot be opened nobody is served: the screen says why, until the machine is stopped."""
        talk(f"out of service: {why.code}")
        reason = Message(f"failure.{why.code}", dict(why.detail))
        self._seam.publish(closed_view(reason, profile.machine.hours, profile.simulated is not None))
        stopped, loop = asyncio.Event(), asyncio.get_running_loop()
        self._stop.listen(lambda: loop.call_soon_threadsafe(stopped.set))
        await stopped.wait()
        self._stop.listen(lambda: None)  # the loop is about to end

    async def _serve(self, machine: app.Machine) -> None:
        """Journey after journey, until stopped; out of service while something is missing."""
        refused: Failure | None
        try:
            refused = await ready(machine)
        except StoreFailed as failed:
            refused = failed.failure
        except Exception:
            log.exception("not ready")  # a machine that cannot begin stays there and says so
            refused = Failure("machine.fault")
        if refused is None:
            mark("ready")
        talk(f"ready to serve after {time.monotonic() - self._started:.1f} s" if refused is None else f"out of service: {refused.code}")
        machine.engine.listen(asyncio.get_running_loop())
        start = State.ATTRACT if refused is None else State.OUT_OF_SERVICE
        beside = [asyncio.create_task(machine.daily.keep_on())]
        if machine.headset is not None:
            beside.append(asyncio.create_task(machine.headset.keep_on()))
        try:
            while not self._stop.asked:
                await machine.engine.serve(start)
                machine.stopwatch.laps.clear()
                start = State.ATTRACT
        finally:
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)

    async def _demonstrate(self, machine: app.Machine, plan: Plan, profile: Profile, screen: Screen, receipts: list[ReceiptData]) -> None:
        if profile.simulated is None or plan.out is None:
            return
        world = WorldClient(profile.simulated.control_url)
        pictures: list[str] = []
        out = plan.out

        async def shown(view: View) -> None:
            name = f"{len(pictures) + 1:02}-{view.step}"
            if pictures and pictures[-1].split("-", 1)[1] == view.step and view.step not in ("choose", "face", "issuing", "pay", "receipt"):
                return
            pictures.append(name)
            await asyncio.to_thread(screen.grab, out / f"{name}.png")

        async def press(_view: View, answer: str) -> bool:
            return await asyncio.to_thread(screen.press, answer)

        try:
            result = await Journey(machine, world, plan, receipts).walk(press, shown)
        finally:
            world.close()
        if isinstance(result, Failure):
            self._ending.failure = result
        else:
            self._ending.result = result
