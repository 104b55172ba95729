"""Machines as real processes, forked from one that has loaded its libraries already; each is killed by SIGKILL at the boundary it was told."""

import contextlib
import faulthandler
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import kiosk.app
import kiosk.cli
import kiosk.commands.machine
import kiosk.commands.scripted
import kiosk.commands.transact
import kiosk.face.match
import kiosk.services.card_back.inspection
from tests.crash.boundaries import reached
from tests.crash.kinds import MANNERS


@dataclass(frozen=True)
class Ended:
    """killed: by its own SIGKILL at the boundary. code: exit code, None where it was killed or did not end in time.

    boundaries: how many it reached; last: the name of the last."""

    killed: bool
    code: int | None
    boundaries: int
    last: str
    output: str
    wall_s: float


def born(
    words: list[str],
    folder: Path,
    cut: int | None,
    deadline_s: float,
    manner: str = "plain",
    meanwhile: Callable[[int], None] | None = None,
    every_s: float = 0.05,
) -> Ended:
    """Runs `kiosk WORDS` in a process of its own and waits for its end; `meanwhile` is told again and again how many boundaries it has reached."""
    began = time.monotonic()
    trace = folder / "boundary"
    trace.write_text("0 ")
    child = os.fork()
    if child == 0:
        _live(words, folder, cut, manner)
    status: int | None = None
    while status is None:
        done, found = os.waitpid(child, os.WNOHANG)
        if done:
            status = found
        elif time.monotonic() - began > deadline_s:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            break
        else:
            if meanwhile is not None:
                meanwhile(int(trace.read_text().partition(" ")[0]))
            time.sleep(every_s)
    count, _, last = trace.read_text().partition(" ")
    killed = status is not None and os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    code = os.WEXITSTATUS(status) if status is not None and os.WIFEXITED(status) else None
    return Ended(killed, code, int(count), last.strip(), (folder / "output.json").read_text(), time.monotonic() - began)


def _live(words: list[str], folder: Path, cut: int | None, manner: str) -> None:
    """Never returns."""
    trace = os.open(folder / "boundary", os.O_WRONLY)
    count = 0

    def tell(name: str) -> None:
        nonlocal count
        count += 1
        os.pwrite(trace, f"{count} {name:40}".encode(), 0)
        if count == cut:
            os.kill(os.getpid(), signal.SIGKILL)

    code = 70
    try:
        output = os.open(folder / "output.json", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        errors = os.open(folder / "errors.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(output, 1)
        os.dup2(errors, 2)
        sys.stdout = os.fdopen(1, "w", closefd=False)
        sys.stderr = os.fdopen(2, "w", closefd=False)
        with contextlib.suppress(Exception):
            faulthandler.enable()
        kiosk.commands.scripted.Traveller = MANNERS[manner]  # type: ignore[misc]
        with reached(tell):
            code = kiosk.cli.main(words)
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)
