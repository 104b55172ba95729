"""How large the screen is, in millimetres: everything QML draws is measured with it."""

import math

from PySide6.QtCore import Property, QObject, Signal
from PySide6.QtGui import QFont, QFontMetricsF
from PySide6.QtQml import QJSEngine, QmlElement, QmlSingleton

from kiosk.view import REACH_MM

QML_IMPORT_NAME = "Kiosk.Bridge"
QML_IMPORT_MAJOR_VERSION = 1

MM_PER_INCH = 25.4
# By language; Noto Sans CJK carries Latin too, so one family serves a whole page.
FAMILIES = {"zh-Hans": "Noto Sans CJK SC", "zh-Hant": "Noto Sans CJK TC", "en": "Noto Sans CJK SC"}


@QmlElement
@QmlSingleton
class Panel(QObject):
    """Pixels per millimetre from the panel's diagonal and resolution. In a window that is scaled down, the millimetres shrink with it."""

    changed = Signal()

    def __init__(
        self, width_px: int, height_px: int, diagonal_inches: float, scale: float = 1.0, parent: QObject | None = None, bottom_mm: float = 880.0
    ) -> None:
        super().__init__(parent)
        self._scale = scale
        self._diagonal_inches, self._bottom_mm = diagonal_inches, bottom_mm
        self._language = "zh-Hans"
        self._cap_ratios: dict[str, float] = {}
        self.resize(width_px, height_px)

    @staticmethod
    def create(engine: QJSEngine) -> QObject:
        return engine.property("panel")  # type: ignore[no-any-return]

    def resize(self, width_px: int, height_px: int) -> None:
        """Another resolution (or orientation) of a panel with the same diagonal."""
        self._width_px, self._height_px = width_px, height_px
        self.changed.emit()

    def _px_per_mm(self) -> float:
        return self._scale * math.hypot(self._width_px, self._height_px) / (self._diagonal_inches * MM_PER_INCH)

    def speak(self, language: str) -> None:
        """The language decides the font family."""
        if language != self._language:
            self._language = language
            self.changed.emit()

    @Property(int, notify=changed)
    def width_px(self) -> int:
        return round(self._width_px * self._scale)

    @Property(int, notify=changed)
    def height_px(self) -> int:
        return round(self._height_px * self._scale)

    @Property(float, notify=changed)
    def px_per_mm(self) -> float:
        return self._px_per_mm()

    @Property(float, notify=changed)
    def above_reach_px(self) -> float:
        """How much of the picture, from its top, is too high to be reached."""
        return max(0.0, (self._bottom_mm - REACH_MM[1]) * self._px_per_mm() + self._height_px * self._scale)

    @Property(float, notify=changed)
    def below_reach_px(self) -> float:
        """How much of it, from its foot, is too low."""
        return max(0.0, (REACH_MM[0] - self._bottom_mm) * self._px_per_mm())

    @Property(str, notify=changed)
    def family(self) -> str:
        return FAMILIES[self._language]

    @Property(float, notify=changed)
    def cap_ratio(self) -> float:
        """Height of a capital letter in em, measured (0.733 for Noto Sans CJK)."""
        family = FAMILIES[self._language]
        if family not in self._cap_ratios:
            font = QFont(family)
            font.setPixelSize(100)
            self._cap_ratios[family] = QFontMetricsF(font).capHeight() / 100
        return self._cap_ratios[family]
