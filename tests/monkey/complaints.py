"""What nobody may have said while the monkey played: exceptions that nobody caught, faults in the logs, pages answered that were not asked."""

import gc
import sys
import threading
import traceback
from pathlib import Path
from types import TracebackType
from typing import Any

from kiosk.view import Seam, Touch, View


class Complaints:
    """Listens from its making on. asyncio says its own at ERROR in the machine's log, which `in_logs` reads."""

    def __init__(self, seam: Seam) -> None:
        self.heard: list[str] = []
        self.pages: dict[str, int] = {}
        self._views: dict[int, View] = {}
        self._step = ""
        sys.excepthook = self._uncaught
        threading.excepthook = lambda thread: self._uncaught(thread.exc_type, thread.exc_value, thread.exc_traceback)
        sys.unraisablehook = lambda raised: self._uncaught(raised.exc_type, raised.exc_value, raised.exc_traceback)
        seam.watch(self._shown)
        seam.watch_touches(self._touched)

    def in_logs(self, state: Path) -> list[str]:
        """Faults in the machine's log, and anything but warnings in the hall's."""
        gc.collect()  # what an abandoned task had to say
        said = []
        machine = state / "machine" / "machine.log"
        if machine.exists():
            lines = machine.read_text("utf-8").splitlines()
            said += [f"machine.log: {line}" for number, line in enumerate(lines) if _fault(line) or (number and _within(lines, number))]
        said += [f"world.log: {line}" for line in (state / "world.log").read_text("utf-8").splitlines() if "Traceback" in line or "ERROR" in line]
        return said

    def _uncaught(self, kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> Any:
        self.heard.append("".join(traceback.format_exception(kind, error, trace)))

    def _shown(self, view: View) -> None:
        self._views[view.serial] = view
        if view.step != self._step:
            self._step = view.step
            self.pages[view.step] = self.pages.get(view.step, 0) + 1

    def _touched(self, touch: Touch) -> None:
        view = self._views.get(touch.serial)
        if view is None or not view.offers(touch.answer, touch.text):
            self.heard.append(f"{touch} answers a page that did not offer it")


def _fault(line: str) -> bool:
    return " ERROR " in line or " CRITICAL " in line


def _within(lines: list[str], number: int) -> bool:
    """Whether the line belongs to the fault above it: its exception and its frames."""
    while number and not lines[number][:4].isdigit():
        number -= 1
        if _fault(lines[number]):
            return True
    return False
