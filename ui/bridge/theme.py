"""The palette in force, as QML sees it."""

from PySide6.QtCore import Property, QObject, Signal
from PySide6.QtGui import QColor
from PySide6.QtQml import QJSEngine, QmlElement, QmlSingleton

from ui.bridge.palette import PALETTES, Palette

QML_IMPORT_NAME = "Kiosk.Bridge"
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
@QmlSingleton
class ThemeColours(QObject):
    """One colour per name of `Palette`; all change at once."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = "default"
        self._palette: Palette = PALETTES[self._name]

    @staticmethod
    def create(engine: QJSEngine) -> QObject:
        """QML asks for the singleton; the screen has hung it on its engine."""
        return engine.property("theme_colours")  # type: ignore[no-any-return]

    def wear(self, name: str) -> None:
        """Changes the theme; KeyError for a name that does not exist."""
        if name != self._name:
            self._palette = PALETTES[name]
            self._name = name
            self.changed.emit()

    @property
    def palette(self) -> Palette:
        return self._palette

    @Property(str, notify=changed)
    def name(self) -> str:
        return self._name

    @Property(QColor, notify=changed)
    def ink(self) -> QColor:
        return QColor(self._palette.ink)

    @Property(QColor, notify=changed)
    def muted(self) -> QColor:
        return QColor(self._palette.muted)

    @Property(QColor, notify=changed)
    def paper(self) -> QColor:
        return QColor(self._palette.paper)

    @Property(QColor, notify=changed)
    def surface(self) -> QColor:
        return QColor(self._palette.surface)

    @Property(QColor, notify=changed)
    def line(self) -> QColor:
        return QColor(self._palette.line)

    @Property(QColor, notify=changed)
    def strong(self) -> QColor:
        return QColor(self._palette.strong)

    @Property(QColor, notify=changed)
    def on_strong(self) -> QColor:
        return QColor(self._palette.on_strong)

    @Property(QColor, notify=changed)
    def pressed(self) -> QColor:
        return QColor(self._palette.pressed)

    @Property(QColor, notify=changed)
    def chosen(self) -> QColor:
        return QColor(self._palette.chosen)

    @Property(QColor, notify=changed)
    def band(self) -> QColor:
        return QColor(self._palette.band)

    @Property(QColor, notify=changed)
    def on_band(self) -> QColor:
        return QColor(self._palette.on_band)

    @Property(QColor, notify=changed)
    def accent(self) -> QColor:
        return QColor(self._palette.accent)

    @Property(QColor, notify=changed)
    def done(self) -> QColor:
        return QColor(self._palette.done)

    @Property(QColor, notify=changed)
    def trouble(self) -> QColor:
        return QColor(self._palette.trouble)

    @Property(QColor, notify=changed)
    def on_signal(self) -> QColor:
        return QColor(self._palette.on_signal)

    @Property(QColor, notify=changed)
    def dim(self) -> QColor:
        return QColor(self._palette.dim)
