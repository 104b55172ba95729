"""Runs the screen on the main thread and the machine beside it."""

import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QMessageLogContext, QObject, QSocketNotifier, Qt, QTimer, QtMsgType, Signal, qInstallMessageHandler
from PySide6.QtGui import QGuiApplication

from kiosk.i18n import Catalogue
from kiosk.view import Seam
from ui.press import control_of, controls, press_control
from ui.screen import WINDOW_SHARE, ScreenOptions, Window

LOG = logging.getLogger("ui.qt")
FIRST_FRAME_WAIT_MS = 3000  # where no frame comes (screen off), the machine starts all the same
ARMED_WAIT_S = 3.0
CALL_WAIT_S = 10.0
JOIN_S = 15.0

T = TypeVar("T")


@contextmanager
def messages_kept() -> Iterator[list[str]]:
    """Collects what Qt and QML say meanwhile (and logs it). Each message is a fault to mend; tests fail on any."""
    messages: list[str] = []

    def keep(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
        messages.append(text)
        LOG.warning("%s", text)

    before = qInstallMessageHandler(keep)
    try:
        yield messages
    finally:
        qInstallMessageHandler(before)  # whoever listened hears again


class Screen(QObject):
    """The screen as other threads may use it: every method is thread-safe; `press`, `grab` and `wait_shown` block and must not be called on
    Qt's own thread."""

    _called = Signal(object)
    _quit = Signal()

    def __init__(self, window: Window) -> None:
        super().__init__()
        self.window = window
        self._drawn = threading.Condition()
        self._drawn_serial = -1
        self.messages: list[str] = []
        self.first_frame_at: float | None = None
        window.on_drawn = self._on_drawn
        self._called.connect(self._call, Qt.ConnectionType.QueuedConnection)
        self._quit.connect(self._stop, Qt.ConnectionType.QueuedConnection)

    def press(self, answer_id: str) -> bool:
        """Presses and releases the control `answer:<id>` at its centre with real pointer events. Waits until the page listens (a new page is
        deaf for a moment), wakes a sleeping one and turns the pages of a long list as a traveller would. False where no such control can be
        pressed now."""
        until = time.monotonic() + ARMED_WAIT_S
        while time.monotonic() < until:
            if self._on_qt(self._wake) or not self._on_qt(lambda: self.window.page.armed):
                time.sleep(0.01)
            elif self._on_qt(lambda: self._press(answer_id)):
                return True
            elif not self._on_qt(lambda: self._press("pager:next", "")):
                return False
        return False

    def offers(self, answer_id: str) -> bool:
        """Whether the control is on the screen and can be pressed."""
        return self._on_qt(lambda: control_of(self.window.quick_window, f"answer:{answer_id}") is not None)

    def grab(self, path: Path) -> None:
        """Writes the window as PNG, after the newest view's frame has been drawn. OSError where it cannot be written."""
        serial = self._on_qt(lambda: self.window.serial_of_applied)
        self.wait_shown(serial, CALL_WAIT_S)
        image = self._on_qt(self.window.quick_window.grabWindow)
        path.parent.mkdir(parents=True, exist_ok=True)
        if not image.save(str(path)):
            raise OSError(f"cannot write {path}")

    def wait_shown(self, serial: int, timeout_s: float) -> bool:
        """Waits until a frame with the view `serial` (or a newer one) has been drawn."""
        with self._drawn:
            return self._drawn.wait_for(lambda: self._drawn_serial >= serial, timeout_s)

    def quit(self) -> None:
        """Ends the event loop soon."""
        self._quit.emit()

    def _press(self, name: str, prefix: str = "answer:") -> bool:
        control = control_of(self.window.quick_window, prefix + name)
        return control is not None and press_control(self.window.quick_window, control)

    def _wake(self) -> bool:
        """Touches a sleeping page, which only wakes it. Whether it slept."""
        slept = self.window.attention.asleep
        if slept:
            press_control(self.window.quick_window, next(controls(self.window.quick_window)))
        return bool(slept)

    def _on_drawn(self) -> None:
        if self.first_frame_at is None:
            self.first_frame_at = time.monotonic()
        with self._drawn:
            self._drawn_serial = self.window.drawn_serial
            self._drawn.notify_all()

    def _on_qt(self, work: Callable[[], T]) -> T:
        future: Future[T] = Future()
        self._called.emit((work, future))
        return future.result(CALL_WAIT_S)

    def _call(self, job: tuple[Callable[[], object], "Future[object]"]) -> None:
        work, future = job
        try:
            future.set_result(work())
        except Exception as error:
            future.set_exception(error)

    def _stop(self) -> None:
        QGuiApplication.exit(0)  # quit() would ask the window first, and the window would ask the machine


def run(seam: Seam, catalogue: Catalogue, options: ScreenOptions, worker: Callable[[Screen], None]) -> int:
    """Shows `seam` until `Screen.quit` or until `worker` returns. Main thread only; blocks.

    The first frame is drawn before `worker` starts (on its own thread), so that the libraries it loads do not hold it up. Returns 0; an
    exception of the worker is raised again here, after the screen has closed.
    """
    with messages_kept() as messages:
        application = the_application()
        window = Window(seam, catalogue, options, _scale(application, options))
        screen = Screen(window)
        screen.messages = messages
        failures: list[BaseException] = []

        def work() -> None:
            try:
                worker(screen)
            except BaseException as error:
                failures.append(error)
            finally:
                screen.quit()

        thread = threading.Thread(target=work, name="machine", daemon=True)

        def start() -> None:
            if not thread.ident:
                thread.start()

        def close() -> None:
            if options.on_close is None:
                screen.quit()
            else:
                options.on_close()

        window.page.close_requested.connect(close)
        window.quick_window.frameSwapped.connect(start, Qt.ConnectionType.QueuedConnection)
        QTimer.singleShot(FIRST_FRAME_WAIT_MS, start)
        window.crossing.open()
        with _signals(close):
            application.exec()
        if thread.ident:
            thread.join(JOIN_S)
        window.close()
    if failures:
        raise failures[0]
    return 0


def the_application() -> QGuiApplication:
    """The process's one QGuiApplication."""
    existing = QGuiApplication.instance()
    if isinstance(existing, QGuiApplication):
        return existing
    if os.environ.get("QT_QPA_PLATFORM") == "offscreen":
        os.environ.setdefault("QT_QUICK_BACKEND", "software")  # without a display there is no graphics card to count on
    # the pages bring their own keys, and Qt Virtual Keyboard makes characters of them (see ui.pinyin); its own panel stays away, and so does a
    # keyboard of the system's, which would learn what travellers type
    os.environ |= {"QT_IM_MODULE": "qtvirtualkeyboard", "QT_VIRTUALKEYBOARD_DESKTOP_DISABLE": "1"}
    os.environ.pop("QT_IM_MODULES", None)
    application = QGuiApplication(["kiosk"])
    application.setQuitOnLastWindowClosed(False)
    return application


def _scale(application: QGuiApplication, options: ScreenOptions) -> float:
    """1 on the panel itself; in a window, what makes the panel fit the desktop."""
    if not options.windowed:
        return 1.0
    desktop = application.primaryScreen().availableSize()
    return min(1.0, WINDOW_SHARE * desktop.width() / options.width_px, WINDOW_SHARE * desktop.height() / options.height_px)


@contextmanager
def _signals(close: Callable[[], None]) -> Iterator[None]:
    """SIGTERM and SIGINT close the machine as its close button does. Python's handlers run only between byte codes, and Qt's loop runs none:
    the wake-up socket brings it back."""
    reading, writing = socket.socketpair()
    reading.setblocking(False)
    writing.setblocking(False)
    notifier = QSocketNotifier(reading.fileno(), QSocketNotifier.Type.Read)
    notifier.activated.connect(lambda: reading.recv(64))
    before_fd = signal.set_wakeup_fd(writing.fileno())
    before = {number: signal.signal(number, lambda *_: close()) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        notifier.setEnabled(False)
        signal.set_wakeup_fd(before_fd)
        for number, handler in before.items():
            signal.signal(number, handler)
        reading.close()
        writing.close()
