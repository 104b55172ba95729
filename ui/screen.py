"""The screen itself: one window, one page at a time. Built and used on Qt's thread, except where a method says otherwise."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, QUrl
from PySide6.QtQml import QQmlApplicationEngine
from PySide6.QtQuick import QQuickWindow

from kiosk.i18n import Catalogue
from kiosk.view import Seam, View
from ui.alarm import QUESTION, Alarm
from ui.bridge.attention import Attention
from ui.bridge.crossing import Crossing
from ui.bridge.engine import QML, equip
from ui.bridge.page import Page
from ui.bridge.panel import Panel
from ui.bridge.theme import ThemeColours
from ui.keyboard import Keyboard, Switches
from ui.shield import WakeShield

WINDOW_SHARE = 0.9  # of the desktop's height or width, where the machine runs in a window


@dataclass(frozen=True, slots=True)
class ScreenOptions:
    """The panel and how the machine stands on it. bottom_mm: the picture's lower edge above the floor.

    on_close: the window's close button, SIGTERM or SIGINT; called on Qt's thread, must not block; the machine then settles its case and calls
    `Screen.quit`. None: the screen closes at once. clock: the monotonic seconds in which deadlines are given. idle_s: after so long without touch
    or key the first page sleeps.
    """

    width_px: int = 1080
    height_px: int = 1920
    diagonal_inches: float = 21.5
    bottom_mm: float = 880.0
    windowed: bool = False
    fullscreen: bool = False
    on_close: Callable[[], None] | None = None
    clock: Callable[[], float] = time.monotonic
    double_strike_ms: int = 350
    idle_s: float = 60.0
    switches: Switches = field(default_factory=Switches)


class ScreenError(Exception):
    """The screen could not be built: a broken installation."""


class Window(QObject):
    """Engine, window and page; knows which view's frame has really been drawn."""

    def __init__(self, seam: Seam, catalogue: Catalogue, options: ScreenOptions, scale: float = 1.0) -> None:
        super().__init__()
        self.crossing = Crossing(seam, self)
        self.panel = Panel(options.width_px, options.height_px, options.diagonal_inches, scale, self, options.bottom_mm)
        self.theme = ThemeColours(self)
        self.page = Page(catalogue, self.panel, self.theme, seam.preview, self.crossing.post, options.clock, options.double_strike_ms, self)
        self.attention = Attention(self)
        self.attention.fell_asleep.connect(seam.slept)
        self.page.stirred.connect(seam.stirred)
        self.crossing.arrived.connect(self._show)
        self.alarm, self.question = Alarm(), Alarm(sound=QUESTION)
        self.drawn_serial = -1  # of the newest view that a frame has shown
        self.on_drawn: Callable[[], None] | None = None
        self._applied_serial = -1
        self._ripe_serial = -1
        self.frames = 0
        self.engine = QQmlApplicationEngine()
        equip(self.engine, self.page, self.panel, self.theme, self.attention, seam.preview)
        self.engine.load(QUrl.fromLocalFile(str(QML / "Main.qml")))
        roots = self.engine.rootObjects()
        if not roots or not isinstance(roots[0], QQuickWindow):
            raise ScreenError("Main.qml did not load")
        self.quick_window: QQuickWindow = roots[0]
        self.keyboard = Keyboard(self.quick_window, self.page, self.attention, options.switches, self)
        self.shield = WakeShield(self.quick_window, self.page, self.attention, options.idle_s, self)  # before the keyboard: it swallows keys too
        self.quick_window.frameSwapped.connect(self._swapped, Qt.ConnectionType.QueuedConnection)
        if options.fullscreen:
            self.quick_window.showFullScreen()
        else:
            self.quick_window.show()

    def show(self, view: View) -> None:
        """Puts a view on without a seam (samples, pictures)."""
        self._show(view)

    def _show(self, view: View) -> None:
        self.page.show(view)
        self.alarm.ring(view.alarm)
        # whoever listens is asked by the voice
        self.question.ring(view.deadline is not None and view.deadline.asked and not view.comfort.voice)
        self._applied_serial = view.serial
        # One turn of the event loop later, late layout is done; the next frame then is this view's.
        QTimer.singleShot(0, self._ripen)

    def _ripen(self) -> None:
        self._ripe_serial = self._applied_serial
        self.quick_window.update()

    def _swapped(self) -> None:
        self.frames += 1
        self.drawn_serial = self._ripe_serial
        if self.on_drawn is not None:
            self.on_drawn()

    @property
    def serial_of_applied(self) -> int:
        """Serial of the view that was put on last; -1 before the first."""
        return self._applied_serial

    def close(self) -> None:
        """Takes the window and its engine down, in an order that leaves no binding without its page."""
        for sound in (self.alarm, self.question):
            sound.ring(False)
        for watcher in (self.keyboard, self.shield):
            self.quick_window.removeEventFilter(watcher)
        self.quick_window.hide()
        self.quick_window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        self.engine.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
