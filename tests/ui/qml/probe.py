"""What a case in QML cannot do by itself: it puts sample pages on, strikes the screen's own keyboard and tells what was answered and what assistive
technology hears. Pages, panel, theme and seam are those of the machine."""

import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["QT_QUICK_BACKEND"] = "software"

import time
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtQml import QJSEngine, QmlElement, QmlSingleton, QQmlEngine
from PySide6.QtQuick import QQuickItem, QQuickWindow

from kiosk.view import Comfort, Deadline, Seam, Touch
from ui.bridge.attention import Attention
from ui.bridge.crossing import Crossing
from ui.bridge.engine import equip
from ui.bridge.page import Page
from ui.bridge.panel import Panel
from ui.bridge.theme import ThemeColours
from ui.keyboard import Keyboard, Switches
from ui.render import ORIENTATIONS
from ui.samples import sample_catalogue, sample_preview, sample_views

QML_IMPORT_NAME = "Kiosk.Probe"
QML_IMPORT_MAJOR_VERSION = 1

ROOT = Path(__file__).resolve().parents[3]
DIAGONAL_INCHES = 21.5
WORDS = sample_catalogue(ROOT / "assets" / "i18n")
SAMPLES = sample_views()
FRAME = sample_preview().newest()[1]


@QmlElement
@QmlSingleton
class Probe(QObject):
    """One machine without devices, for one file of cases."""

    def __init__(self, engine: QQmlEngine) -> None:
        super().__init__()
        self._seam, self._attention, self._theme = Seam(), Attention(), ThemeColours()
        self._late_s = 0.0
        self._serial = 0
        self._comfort = Comfort()
        self._answers: list[str] = []
        self._keyboard: Keyboard | None = None
        self._crossing = Crossing(self._seam)
        self._panel = Panel(*ORIENTATIONS["portrait"], DIAGONAL_INCHES)
        self._page = Page(WORDS, self._panel, self._theme, self._seam.preview, self._crossing.post, self._now, 0)
        self._seam.take_touches(self._take)
        equip(engine, self._page, self._panel, self._theme, self._attention, self._seam.preview)
        engine.setProperty("probe", self)

    @staticmethod
    def create(engine: QJSEngine) -> QObject:
        return engine.property("probe")  # type: ignore[no-any-return]

    @Slot(str)
    def show(self, sample: str) -> None:
        """Puts a page of ui/samples.py on; the empty name is the one in force, anew."""
        view = SAMPLES[sample] if sample else self._page.view
        assert view is not None
        self._serial += 1
        shown = replace(view, serial=self._serial, comfort=self._comfort)
        self._seam.publish(shown)
        self._page.show(shown)

    @Slot(str, int, str)
    def comfort(self, language: str, text_size: int, theme: str) -> None:
        self._comfort = Comfort(language, text_size, theme)
        self.show("")

    @Slot(str)
    def turn(self, orientation: str) -> None:
        self._panel.resize(*ORIENTATIONS[orientation])

    @Slot(bool)
    def look(self, seen: bool) -> None:
        """The camera has a frame, or has none."""
        self._seam.preview.clear()
        if seen and FRAME is not None:
            self._seam.preview.put(*FRAME)

    @Slot(int)
    def deafen(self, milliseconds: int) -> None:
        """As after a new page that has just come."""
        self._page.double_strike_ms = milliseconds
        self._page.deafen()
        self._page.double_strike_ms = 0

    @Slot(int)
    def close_in(self, seconds: int) -> None:
        """Gives the page a deadline that is told from now on."""
        view = self._page.view
        assert view is not None
        self._serial += 1
        self._page.show(replace(view, serial=self._serial, deadline=Deadline(self._now() + seconds, seconds)))

    @Slot(int)
    def later(self, seconds: int) -> None:
        """Lets the machine's clock jump."""
        self._late_s += seconds

    @Slot()
    def use_keyboard(self) -> None:
        """The screen's own keyboard watches the window; nobody has used it yet."""
        self._attention.use_keys(False)
        if self._keyboard is None:
            window = next(each for each in QGuiApplication.topLevelWindows() if isinstance(each, QQuickWindow))
            self._keyboard = Keyboard(window, self._page, self._attention, Switches(), self)

    @Slot(QQuickItem, result="QVariantMap")
    def told(self, item: QQuickItem) -> dict[str, object]:
        """As assistive technology hears it."""
        told = QAccessible.queryAccessibleInterface(item)
        if told is None:
            return {}
        state = told.state()
        return {
            "role": told.role().value,
            "name": told.text(QAccessible.Text.Name),
            "focusable": bool(state.focusable),
            "disabled": bool(state.disabled),
            "checkable": bool(state.checkable),
            "checked": bool(state.checked),
        }

    @Slot(QQuickItem)
    def press_by_assistance(self, item: QQuickItem) -> None:
        told = QAccessible.queryAccessibleInterface(item)
        told.actionInterface().doAction(told.actionInterface().pressAction())

    @Slot(result=list)
    def answers(self) -> list[str]:
        return self._answers

    @Slot(result=list)
    def unknown_words(self) -> list[str]:
        return self._page.unknown_words

    @Slot()
    def forget(self) -> None:
        self._answers = []
        self._late_s = 0.0
        self._comfort = Comfort()
        self.turn("portrait")

    def _now(self) -> float:
        return time.monotonic() + self._late_s

    def _take(self, touch: Touch) -> None:
        self._answers.append(touch.answer)


class Setup(QObject):
    """Qt Quick Test makes one, and tells it of the engine of each file of cases."""

    probes: list[Probe] = []  # noqa: RUF012 (kept to the end: an engine may outlive its file)

    @Slot(QQmlEngine)
    def qmlEngineAvailable(self, engine: QQmlEngine) -> None:
        self.probes.append(Probe(engine))
