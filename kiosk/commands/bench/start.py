"""From process start to the first frame, beside the same first page in a bare PySide6 program; and to ready to serve."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from kiosk.commands.bench.hall import hall
from kiosk.commands.bench.measure import Line, line
from kiosk.domain.failure import Failure

RUNS = 5
WAIT_S = 60.0
BARE = Path(__file__).parent / "bare_page.py"


def measure() -> list[Line] | Failure:
    with hall() as world:
        if isinstance(world, Failure):
            return world
        machine: list[dict[str, float]] = []
        bare: list[float] = []
        command = [sys.executable, "-m", "kiosk", "run", "--profile", str(world.profile)]
        for _run in range(RUNS):  # one after the other, so that both see the same noise
            bare.append(_marks([sys.executable, str(BARE)], "first_frame").get("first_frame", float("nan")))
            machine.append(_marks(command, "ready"))
    if any("ready" not in marks for marks in machine):
        return Failure("bench.no_start")
    frames = [marks["first_frame"] for marks in machine]
    return [
        line("start.first_frame", "s", frames, bare, limit=2.0, limits_ratio=True),
        line("start.ready", "s", [marks["ready"] for marks in machine], frames, limit=5.0),
    ]


def _marks(command: list[str], last: str) -> dict[str, float]:
    """Starts a process and reads the moments it marks, in seconds since it was started, until `last`; then ends it."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "marks"
        started = time.monotonic()
        process = subprocess.Popen(
            command, env={**os.environ, "KIOSK_MARKS": str(file)}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL
        )
        marks: dict[str, float] = {}
        while time.monotonic() - started < WAIT_S and last not in marks and process.poll() is None:
            time.sleep(0.01)
            if file.exists():
                words = [row.split() for row in file.read_text().splitlines()]
                marks = {row[0]: float(row[1]) - started for row in words if len(row) == 2}
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        return marks
