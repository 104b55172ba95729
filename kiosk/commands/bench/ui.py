"""The screen at 1080 x 1920 while the camera films, drawn in software, beside a bare QML page of as many texts and rectangles."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace

from kiosk.commands.bench.measure import Line, line, percentile
from kiosk.domain.failure import Failure

CHILD = [sys.executable, "-m", "ui.bench"]
WAIT_S = 90.0  # for all of them together
TOUCH_MS, PAGE_MS, LATE_MS, LATE_PERCENT, IDLE_PERCENT = 50.0, 300.0, 33.0, 1.0, 10.0


def measure() -> list[Line] | Failure:
    """Each measurement in a process of its own, the bare page right after the machine's, so that both see the same noise."""
    values: dict[str, tuple[list[float], list[float]]] = {}
    ends_at = time.monotonic() + WAIT_S
    for name in ("touch", "page", "frames", "idle"):
        machine = _child(ends_at, name)
        if isinstance(machine, Failure):
            return machine
        bare = _child(ends_at, name, json.dumps(machine["counts"]))
        if isinstance(bare, Failure):
            return bare
        values[name] = machine["values"], bare["values"]
    touch, page, frames, idle = values.values()
    return [
        line("ui.touch", "ms", *touch),
        _of_all("ui.touch_p99", "ms", lambda values: percentile(values, 0.99), touch, TOUCH_MS),
        line("ui.page", "ms", *page),
        _of_all("ui.page_p95", "ms", lambda values: percentile(values, 0.95), page, PAGE_MS),
        _of_all("ui.late_frames", "%", _late_percent, frames, LATE_PERCENT),
        line("ui.idle", "% of a core", idle[0], idle[1], limit=IDLE_PERCENT),
    ]


def _child(ends_at: float, *arguments: str) -> dict[str, list[float]] | Failure:
    drawn_in_software = {"QT_QPA_PLATFORM": "offscreen", "QT_QUICK_BACKEND": "software"}
    try:
        done = subprocess.run(
            [*CHILD, *arguments], env=os.environ | drawn_in_software, stdout=subprocess.PIPE, timeout=ends_at - time.monotonic(), check=True
        )
        found: dict[str, list[float]] = json.loads(done.stdout)
    except subprocess.CalledProcessError as error:
        return Failure("bench.screen_failed", detail={"what": arguments[0], "outcome": f"exit {error.returncode}"})
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        return Failure("bench.screen_failed", detail={"what": arguments[0], "outcome": type(error).__name__})
    return found


def _of_all(name: str, unit: str, figure: Callable[[list[float]], float], measured: tuple[list[float], list[float]], limit: float) -> Line:
    """A line of one figure that all runs together give."""
    machine, bare = measured
    return replace(line(name, unit, [figure(machine)], [figure(bare)], limit=limit), runs=len(machine))


def _late_percent(milliseconds: list[float]) -> float:
    return 100 * sum(each > LATE_MS for each in milliseconds) / len(milliseconds)
