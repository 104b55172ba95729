"""Resident memory of the running machine (screen and all, without the hall) after 50 journeys, and its growth from the 10th."""

import json
import os
import subprocess
import sys
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
        resident: list[float] = json.loads(child.stdout)
    except ValueError:
        return Failure("bench.not_completed", detail={"outcome": f"exit {child.returncode}"})
    if len(resident) < JOURNEYS:
        return Failure("bench.not_completed", detail={"outcome": f"{len(resident)} journeys"})
    last, settled = resident[-1:], resident[min(SETTLED_AT, len(resident)) - 1 :][:1]
    return [
        line(f"memory.after_{JOURNEYS}", "MB", last, resident[:1], limit=LIMIT_MB),
        line("memory.growth_from_10th", "MB", last, settled, limit=LIMIT_GROWTH, limits_ratio=True),
    ]


def resident_mb(process: int | str = "self") -> float:
    pages = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def child(profile: str, journeys: int) -> int:
    """The machine with its screen (offscreen), walked `journeys` times; prints the resident megabytes after each as JSON."""
    from kiosk.commands.bench.journeys import walk
    from kiosk.commands.said import catalogue, talk
    from kiosk.view import Seam
    from ui.app import Screen
    from ui.app import run as show
    from ui.screen import ScreenOptions

    seam = Seam()
    sizes: list[float] = []
    ended: list[object] = []

    def work(_screen: Screen) -> None:
        ended.append(walk(Path(profile), journeys, lambda _number: sizes.append(round(resident_mb(), 2)), seam))

    show(seam, catalogue(), ScreenOptions(), work)
    if ended and isinstance(ended[0], Failure):
        talk(str(ended[0]))
    print(json.dumps(sizes))
    return 0


if __name__ == "__main__":
    sys.exit(child(sys.argv[1], int(sys.argv[2])))
