"""Resident memory of the running machine (screen, process that films and its spare, without the hall) after 50 journeys; and its own growth."""

import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from kiosk.commands.bench.hall import hall
from kiosk.commands.bench.measure import Line, line
from kiosk.domain.failure import Failure

JOURNEYS = int(os.environ.get("KIOSK_BENCH_JOURNEYS", "50"))
SETTLED_AT = 10
LIMIT_MB, LIMIT_GROWTH = 600.0, 1.05


def measure() -> list[Line] | Failure:
    with hall() as world:
        if isinstance(world, Failure):
            return world
        child = subprocess.run(
            [sys.executable, "-m", "kiosk.commands.bench.memory", str(world.profile), str(JOURNEYS)], stdout=subprocess.PIPE, check=False
        )
    try:
        resident: list[tuple[float, float]] = json.loads(child.stdout)
    except ValueError:
        return Failure("bench.not_completed", detail={"outcome": f"exit {child.returncode}"})
    if len(resident) < JOURNEYS:
        return Failure("bench.not_completed", detail={"outcome": f"{len(resident)} journeys"})
    alone, together = [each[0] for each in resident], [each[1] for each in resident]
    settled = alone[min(SETTLED_AT, JOURNEYS) - 1]
    # the processes that film come and go: what counts is the most that was held at once
    return [
        line(f"memory.after_{JOURNEYS}", "MB", [max(together[-SETTLED_AT:])], [together[0]], limit=LIMIT_MB),
        line("memory.growth_from_10th", "MB", alone[-1:], [settled], limit=LIMIT_GROWTH, limits_ratio=True),
    ]


def resident_mb(process: int | str = "self") -> float:
    pages = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _held_mb() -> tuple[float, float]:
    """(this process, with its children). Pages that both hold count twice: too much is said rather than too little."""
    children = {each for task in Path("/proc/self/task").iterdir() for each in (task / "children").read_text(encoding="ascii").split()}
    alone = together = resident_mb()
    for each in children:
        with suppress(OSError):  # gone since
            together += resident_mb(each)
    return round(alone, 2), round(together, 2)


def child(profile: str, journeys: int) -> int:
    """The machine with its screen (offscreen), walked `journeys` times; prints the megabytes after each, alone and with its children, as JSON."""
    from kiosk.commands.bench.journeys import walk
    from kiosk.commands.said import catalogue, talk
    from kiosk.view import Seam
    from ui.app import Screen
    from ui.app import run as show
    from ui.screen import ScreenOptions

    seam = Seam()
    sizes: list[tuple[float, float]] = []
    ended: list[object] = []

    def work(_screen: Screen) -> None:
        ended.append(walk(Path(profile), journeys, lambda _number: sizes.append(_held_mb()), seam))

    show(seam, catalogue(), ScreenOptions(), work)
    if ended and isinstance(ended[0], Failure):
        talk(str(ended[0]))
    print(json.dumps(sizes))
    return 0


if __name__ == "__main__":
    sys.exit(child(sys.argv[1], int(sys.argv[2])))
