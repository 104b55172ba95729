"""`kiosk run`: the machine with its screen; without a profile in a simulated hall that is started along with it."""

import asyncio
import os
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from drivers.contract.failure import Failure as DeviceFailure
from drivers.world import process
from drivers.world.client import WorldClient
from kiosk import app
from kiosk.commands import people
from kiosk.commands.said import FAILED, OK, catalogue, fail, talk
from kiosk.commands.scripted import Journey, Plan, folder, ready
from kiosk.config import Panel, Profile, assets_directory, load_profile
from kiosk.domain.clock import SHANGHAI
from kiosk.domain.endorsement import Kind, OptionCode
from kiosk.domain.failure import Failure
from kiosk.health.desk import in_our_words
from kiosk.journey.result import COMPLETED
from kiosk.journey.table import State
from kiosk.policy import Policy
from kiosk.services.papers import ReceiptData
from kiosk.view import Comfort, Message, Seam, StageState, View, WorkingBody
from ui.app import Screen
from ui.app import run as show
from ui.screen import ScreenOptions

SIMULATED_REGION = "440100"


@dataclass
class Ending:
    """How the machine's thread ended. stop: called to end it in good order, once its loop runs."""

    failure: Failure | None = None
    result: dict[str, Any] | None = None
    ready_s: float | None = None
    stopping: bool = False


def run(arguments: Any) -> int:
    started = time.monotonic()
    profile = load_profile(Path(arguments.profile)) if arguments.profile else None
    if isinstance(profile, Failure):
        return fail(profile, False)
    plan = None
    if arguments.persona:
        if profile is not None and profile.simulated is None:
            return fail(Failure("profile.not_simulated", detail={"file": arguments.profile}), False)
        asked = demonstration(arguments.persona, Path(arguments.out or "out/demo"))
        if isinstance(asked, Failure):
            return fail(asked, False)
        plan = asked
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    seam = Seam()
    seam.publish(_starting(simulated=profile is None or profile.simulated is not None))
    panel = profile.panel if profile is not None else Panel()
    ending = Ending()
    keeper = Keeper(seam, profile, plan, ending, started)
    show(seam, catalogue(), options(panel, bool(arguments.windowed), keeper), keeper.work)
    if ending.failure is not None:
        return fail(ending.failure, False)
    if ending.result is not None and plan is not None:
        table(ending.result, plan.out or Path())
        return OK if ending.result["outcome"] == COMPLETED else FAILED
    return OK


def options(panel: Panel, windowed: bool, keeper: "Keeper") -> ScreenOptions:
    return ScreenOptions(
        width_px=panel.width_px,
        height_px=panel.height_px,
        diagonal_inches=panel.diagonal_inches,
        windowed=windowed,
        # Qt's offscreen platform has a small screen of its own: there the window is the panel's size
        fullscreen=not windowed and os.environ.get("QT_QPA_PLATFORM") != "offscreen",
        on_close=keeper.stop,
    )


def _starting(simulated: bool) -> View:
    """The first page, drawn before anything heavy is loaded."""
    body = WorkingBody(((Message("starting.stage"), StageState.RUNNING),), None, Message("starting.sentence"))
    return View(0, "starting", None, Message("starting.title"), body, (), Comfort(), simulated=simulated)


def demonstration(persona_id: str, out: Path) -> Plan | Failure:
    """What the scripted traveller of the demonstration takes: a year's single individual journey, else the first that is offered."""
    today = datetime.now(SHANGHAI).date()
    persona = people.load(None, persona_id, today)
    if isinstance(persona, Failure):
        return persona
    if persona.live is None:
        return Failure("persona.no_face", detail={"persona": persona_id})
    policy = Policy.load(assets_directory() / "policy")
    if isinstance(policy, Failure):
        return policy
    offers = policy.evaluate(people.record_of(persona), today, SIMULATED_REGION).offers
    wanted = [offer.option for offer in offers if offer.option.kind is Kind.INDIVIDUAL and offer.option.validity.code == "1Y1"]
    chosen = (wanted or [offer.option for offer in offers])[:1] or [OptionCode.parse("HKG:G:1Y1")]
    return folder(out) or Plan(persona_id, chosen, out=out)


def mark(moment: str) -> None:
    """Notes a moment of the start for `kiosk bench`, where it asks for it."""
    file = os.environ.get("KIOSK_MARKS")
    if file:
        with open(file, "a", encoding="utf-8") as marks:
            marks.write(f"{moment} {time.monotonic()}\n")


class Keeper:
    """The machine's thread: its hall (where it brings its own), its loop, its orderly end."""

    def __init__(self, seam: Seam, profile: Profile | None, plan: Plan | None, ending: Ending, started: float) -> None:
        self._seam = seam
        self._profile = profile
        self._plan = plan
        self._ending = ending
        self._started = started
        self._machine: app.Machine | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._lock = threading.Lock()

    def stop(self) -> None:
        """The window was closed, or SIGTERM came: settle the case, give the card back, end. Any thread; does not block."""
        with self._lock:
            self._ending.stopping = True
            if self._loop is not None and self._machine is not None:
                self._loop.call_soon_threadsafe(self._machine.engine.stop)

    def work(self, screen: Screen) -> None:
        """Runs on the thread that the screen starts once its first frame is drawn."""
        mark("first_frame")
        with self._hall() as profile:
            if isinstance(profile, Failure):
                self._ending.failure = profile
                return
            asyncio.run(self._main(profile, screen))

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
            return
        with self._lock:
            self._machine, self._loop = machine, asyncio.get_running_loop()
            if self._ending.stopping:  # asked for while the machine was still being put together
                machine.engine.stop()
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
            await machine.close()

    async def _serve(self, machine: app.Machine) -> None:
        """Journey after journey, until stopped; out of service while something is missing."""
        refused = await ready(machine)
        self._ending.ready_s = time.monotonic() - self._started
        if refused is None:
            mark("ready")
        talk(f"ready to serve after {self._ending.ready_s:.1f} s" if refused is None else f"out of service: {refused.code}")
        machine.engine.listen(asyncio.get_running_loop())
        start = State.ATTRACT if refused is None else State.OUT_OF_SERVICE
        while not self._ending.stopping:
            await machine.engine.serve(start)
            machine.stopwatch.laps.clear()
            start = State.ATTRACT

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


def table(result: dict[str, Any], out: Path) -> None:
    """What happened, and how long each step took, for the person at the terminal."""
    print(f"\n{result['outcome']}   case {result['case_id']}   card {result['card']}   fee ¥{result['fee_fen'] / 100:.2f}")
    for row in result["endorsements"]:
        print(f"  {row['destination']} {row['kind']} {row['validity']}  valid until {row['valid_until']}  number {row['number']}")
    print(f"\n  {'step':14}{'ms':>10}{'of which the machine thinks':>30}")
    for step in result["steps"]:
        print(f"  {step['name']:14}{step['ms']:>10.0f}{step['software_ms']:>30.1f}")
    whole = "  ".join(f"{name} {result[f'{name}_ms']:.0f}" for name in ("software", "device", "gateway", "traveller", "wall"))
    print(f"\n  ms in all: {whole}   (a fast hall: mechanics shortened)")
    print(f"  everything lies in {out}/: every screen, card_back.png, receipt.pdf, receipt.png, result.json")
