"""`kiosk run`: the machine with its screen; without a profile in a simulated hall that is started along with it.

Only what the first page needs is loaded here; the rest comes on the machine's own thread (`keeper`) once that page is drawn.
"""

import os
import time
from pathlib import Path
from typing import Any

from kiosk.commands.said import FAILED, OK, catalogue, fail
from kiosk.commands.stop import Stop, mark
from kiosk.config import Panel, Switches, load_profile
from kiosk.domain.failure import Failure
from kiosk.view import Comfort, Message, Seam, StageState, View, WorkingBody
from ui.app import Screen
from ui.app import run as show
from ui.keyboard import Switches as SwitchKeys
from ui.screen import ScreenOptions


def run(arguments: Any) -> int:
    started = time.monotonic()
    profile = load_profile(Path(arguments.profile)) if arguments.profile else None
    if isinstance(profile, Failure):
        return fail(profile, False)
    plan = None
    if arguments.persona:
        if profile is not None and profile.simulated is None:
            return fail(Failure("profile.not_simulated", detail={"file": arguments.profile}), False)
        from kiosk.commands import demonstration

        asked = demonstration.plan_for(arguments.persona, arguments.scene, Path(arguments.out or "out/demo"))
        if isinstance(asked, Failure):
            return fail(asked, False)
        plan = asked
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    seam = Seam()
    seam.publish(_starting(simulated=profile is None or profile.simulated is not None))
    panel, switches = (profile.panel, profile.switches) if profile is not None else (Panel(), Switches())
    stop = Stop()
    endings: list[Any] = []

    def work(screen: Screen) -> None:
        mark("first_frame")
        from kiosk.commands.keeper import Keeper

        endings.append(Keeper(seam, profile, plan, stop, started).work(screen))

    show(seam, catalogue(), options(panel, switches, bool(arguments.windowed), stop), work)
    return _ended(endings[0], plan) if endings else OK


def _ended(ending: Any, plan: Any) -> int:
    """The exit code: of the machine's failure, or of the demonstration."""
    if ending.failure is not None:
        return fail(ending.failure, False)
    if ending.result is None or plan is None:
        return OK
    from kiosk.commands import demonstration

    demonstration.table(ending.result, plan.out or Path())
    return OK if ending.result["outcome"] == "completed" else FAILED


def options(panel: Panel, switches: Switches, windowed: bool, stop: Stop) -> ScreenOptions:
    return ScreenOptions(
        width_px=panel.width_px,
        height_px=panel.height_px,
        diagonal_inches=panel.diagonal_inches,
        bottom_mm=panel.bottom_mm,
        windowed=windowed,
        # Qt's offscreen platform has a small screen of its own: there the window is the panel's size
        fullscreen=not windowed and os.environ.get("QT_QPA_PLATFORM") != "offscreen",
        on_close=stop.request,
        switches=SwitchKeys(switches.next, switches.activate, switches.bounce_ms),
    )


def _starting(simulated: bool) -> View:
    """The first page, drawn before anything heavy is loaded."""
    body = WorkingBody(((Message("starting.stage"), StageState.RUNNING),), None, Message("starting.sentence"))
    return View(0, "starting", None, Message("starting.title"), body, (), Comfort(), simulated=simulated)
