"""One run of the monkey: the real application with its screen, its hall in a process of its own, and afterwards everything that was wrong."""

import json
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from random import Random

from drivers.world import process
from drivers.world.client import WorldClient
from kiosk.commands.keeper import Keeper
from kiosk.commands.run import options
from kiosk.commands.said import catalogue
from kiosk.commands.stop import Stop
from kiosk.config import Profile, load_profile
from kiosk.view import OutOfServiceBody, Seam
from tests.crash.witness import accounts
from tests.monkey.books import untrue
from tests.monkey.complaints import Complaints
from tests.monkey.hall import HallHands
from tests.monkey.monkey import Monkey
from ui.app import Screen
from ui.app import run as show
from ui.screen import ScreenOptions

BACK_S = 240.0
"""The machine's longest own way back: a device's deadlines, a traveller's time, a gateway that is asked again, on a slow computer."""
IDLE_S = 3.0
NEEDS_STAFF = 4
CARD_IN_THE_WAY = tuple(f"failure.{code}" for code in ("card_module.occupied", "card_module.bin_full", "card_module.jam", "card_printer.jam"))


@dataclass
class Outcome:
    """end: where the machine came back to by itself. last: events. cases: how each ended. log: the machine's last words."""

    seed: int
    wrong: list[str] = field(default_factory=list)
    end: str = ""
    kinds: dict[str, int] = field(default_factory=dict)
    pages: dict[str, int] = field(default_factory=dict)
    last: list[str] = field(default_factory=list)
    cases: list[str] = field(default_factory=list)
    log: list[str] = field(default_factory=list)


class Run:
    def __init__(self, hall: process.WorldProcess, seed: int, events: int) -> None:
        self._hall, self._events = hall, events
        self._state = hall.profile.parent
        self._world = WorldClient(hall.control_url)
        self._seam, self._stop, self._chance = Seam(), Stop(), Random(seed)
        self.outcome = Outcome(seed)

    def whole(self) -> Outcome:
        """Main thread: Qt's own."""
        profile, outcome = load_profile(self._hall.profile), self.outcome
        if not isinstance(profile, Profile):
            raise SystemExit(f"no profile: {profile}")
        complaints, before = Complaints(self._seam), self._world.ledger()["permits"]
        show(self._seam, catalogue(), self._options(profile), lambda screen: self._machine(profile, screen))
        outcome.wrong += [*complaints.heard, *complaints.in_logs(self._state)]
        outcome.pages = complaints.pages
        outcome.log = (self._state / "machine" / "machine.log").read_text("utf-8").splitlines()[-30:]
        outcome.wrong += self._command("recover", (0, NEEDS_STAFF)) + self._command("reconcile", (0,))
        journal = accounts(self._state / "machine")
        outcome.wrong += untrue(journal, self._world.ledger(), before)
        outcome.cases = [case.end for case in journal]
        return outcome

    def _options(self, profile: Profile) -> ScreenOptions:
        """Upright or lying, by chance; the first page sleeps soon."""
        made = replace(options(profile.panel, profile.switches, False, self._stop), idle_s=IDLE_S)
        lying = self._chance.random() < 0.3
        return replace(made, width_px=made.height_px, height_px=made.width_px) if lying else made

    def _machine(self, profile: Profile, screen: Screen) -> None:
        """The machine's thread, as `kiosk run` has it, and the monkey's beside it."""
        monkey = threading.Thread(target=self._beside, args=(screen,), name="monkey")
        monkey.start()
        ending = Keeper(self._seam, profile, None, self._stop, time.monotonic()).work(screen)
        monkey.join()
        if ending.failure is not None:
            self.outcome.wrong.append(f"the machine ended: {ending.failure}")
        self.outcome.wrong += [f"Qt said: {message}" for message in screen.messages]
        self.outcome.wrong += [f"no word: {word}" for word in screen.window.page.unknown_words]

    def _beside(self, screen: Screen) -> None:
        try:
            self._monkey(screen)
        except Exception:
            self.outcome.wrong.append("the monkey could not go on: " + traceback.format_exc())
        finally:
            self._stop.request()

    def _monkey(self, screen: Screen) -> None:
        hall = HallHands(self._world, self._chance, self._state / "headset")
        monkey = Monkey(screen, self._seam, self._world, hall, self._chance)
        if not self._reached(("attract",)):
            self.outcome.wrong.append("the machine never began to serve")
            return
        try:
            monkey.play(self._events)
        finally:
            self.outcome.kinds, self.outcome.last = dict(monkey.kinds), list(monkey.last)
        hall.mend()
        self._world.lift_id_card()
        back = self._reached(("attract",)) or self._kept_out()
        self.outcome.end = self._page()
        if not back:
            self.outcome.wrong.append(f"dead screen: {BACK_S:.0f} s after the last event it shows {self._page()}")
        elif back == "attract" and not (screen.press("go:HKG") and self._reached(("notice",))):
            self.outcome.wrong.append("the first page does not answer")

    def _reached(self, steps: tuple[str, ...]) -> str:
        """The page of `steps` that came within the time, empty where none did."""
        until = time.monotonic() + BACK_S
        while time.monotonic() < until:
            view = self._seam.view
            if view is not None and view.step in steps and view.answers:
                return view.step
            time.sleep(0.05)
        return ""

    def _kept_out(self) -> str:
        """Out of service, where all is mended: only a card that people must take out keeps it there."""
        view = self._seam.view
        waits = view is not None and isinstance(view.body, OutOfServiceBody) and view.body.reason.key in CARD_IN_THE_WAY
        return "out_of_service" if waits else ""

    def _page(self) -> str:
        view = self._seam.view
        if view is None:
            return "nothing"
        return f"{view.step} ({view.body.reason.key})" if isinstance(view.body, OutOfServiceBody) else view.step

    def _command(self, name: str, whole: tuple[int, ...]) -> list[str]:
        words = [sys.executable, "-m", "kiosk", name, "--profile", str(self._hall.profile), "--json"]
        ended = subprocess.run(words, capture_output=True, text=True, timeout=300)
        return [] if ended.returncode in whole else [f"kiosk {name} ended with {ended.returncode}: {ended.stdout} {ended.stderr}"]


def run(seed: int, events: int) -> Outcome:
    with tempfile.TemporaryDirectory(prefix="kiosk-monkey-") as folder:
        hall = process.start(Path(folder) / "hall", None, "fast")
        if not isinstance(hall, process.WorldProcess):
            raise SystemExit(f"no hall: {hall}")
        try:
            return Run(hall, seed, events).whole()
        finally:
            hall.stop()


def said(outcome: Outcome) -> str:
    return json.dumps(asdict(outcome), ensure_ascii=False)
