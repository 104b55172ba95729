"""Asking the machine to end, from any thread and at any time, also before it is there to hear it; and noting moments of its start."""

import os
import threading
import time
from collections.abc import Callable


class Stop:
    """The window was closed, or SIGTERM came: settle the case, give the card back, end. `request` does not block."""

    def __init__(self) -> None:
        self.asked = False
        self._lock = threading.Lock()
        self._hear: Callable[[], object] = lambda: None

    def request(self) -> None:
        with self._lock:
            self.asked = True
            self._hear()

    def listen(self, hear: Callable[[], object]) -> None:
        """`hear` is called for each request, and at once where one was made before."""
        with self._lock:
            self._hear = hear
            if self.asked:
                hear()


def mark(moment: str) -> None:
    """Notes a moment of the start for `kiosk bench`, where it asks for it."""
    file = os.environ.get("KIOSK_MARKS")
    if file:
        with open(file, "a", encoding="utf-8") as marks:
            marks.write(f"{moment} {time.monotonic()}\n")
