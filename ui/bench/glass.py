"""A window as a finger and an eye have it: strokes go in as events, frames come out. Qt's thread, which in software draws as well."""

import random
import threading
import time
from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QObject, QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtQuick import QQuickItem, QQuickWindow

WAIT_MS = 5000
PAUSE_S = 1 / 30  # as long as a camera's frame: a finger comes at any moment of one
PRESS, RELEASE = QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease


class Subject(Protocol):
    """What is measured: pages in a window. A released touch on any control leads to the next page, round and round."""

    quick_window: QQuickWindow
    pages: int

    def controls(self) -> list[QQuickItem]:
        """What can be touched now; each one's `down` says whether a finger is on it."""

    def drawn(self) -> int:
        """Number of the newest page that a frame has shown; -1 before the first."""

    def on_drawn(self, look: Callable[[], None]) -> None:
        """`look` is called after each frame, once `drawn` knows of it."""

    def close(self) -> None: ...


class Glass(QObject):
    def __init__(self, subject: Subject) -> None:
        super().__init__()
        self._window = subject.quick_window
        self._until: Callable[[], bool] | None = None
        self._seen_at = 0.0
        self._loop = QEventLoop()
        self.struck_at = 0.0
        self.frames: list[float] = []
        self._window.frameSwapped.connect(self._swapped, Qt.ConnectionType.DirectConnection)  # no stroke comes between frame and look
        subject.on_drawn(self._look)

    def strike(self, kind: QEvent.Type, control: QQuickItem) -> None:
        """A stroke at the control's centre soon, from another thread: it waits in the queue while Qt draws, as a finger's does."""
        centre = control.mapToScene(QPointF(control.width() / 2, control.height() / 2))
        on_screen = QPointF(self._window.mapToGlobal(centre.toPoint()))
        held = Qt.MouseButton.LeftButton if kind is PRESS else Qt.MouseButton.NoButton

        def post() -> None:
            event = QMouseEvent(kind, centre, on_screen, Qt.MouseButton.LeftButton, held, Qt.KeyboardModifier.NoModifier)
            self.struck_at = time.perf_counter()
            QCoreApplication.postEvent(self._window, event)

        threading.Timer(random.uniform(0, PAUSE_S), post).start()

    def wait(self, until: Callable[[], bool]) -> float:
        """Milliseconds from the newest stroke to the first frame after which `until` holds; TimeoutError where none comes."""
        self._until = until
        self.rest(WAIT_MS)
        if self._until is not None:
            raise TimeoutError("no frame shows what was done")
        return (self._seen_at - self.struck_at) * 1000

    def rest(self, milliseconds: int) -> None:
        """Runs Qt's loop so long, or until what is waited for is seen."""
        timer = QTimer(singleShot=True, interval=milliseconds)
        timer.timeout.connect(self._loop.quit)
        timer.start()
        self._loop.exec()
        timer.stop()

    def _swapped(self) -> None:
        self.frames.append(time.perf_counter())
        self._look()

    def _look(self) -> None:
        if self._until is not None and self._until():
            self._seen_at = time.perf_counter()
            self._until = None
            self._loop.quit()
