"""Drawings that take the theme's colours: SVG files of assets/icons, and QR codes."""

from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import Property, QByteArray, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtQml import QmlElement
from PySide6.QtQuick import QQuickItem, QQuickPaintedItem
from PySide6.QtSvg import QSvgRenderer

from ui.bridge.palette import PALETTES

QML_IMPORT_NAME = "Kiosk.Bridge"
QML_IMPORT_MAJOR_VERSION = 1

ICONS = Path(__file__).resolve().parents[2] / "assets" / "icons"
QUIET_ZONE_MODULES = 4
# A drawing is drawn in the default palette's colours; these names are exchanged for those of the theme in force.
EXCHANGED = ("ink", "paper", "surface", "line", "strong", "chosen", "accent", "done", "trouble", "dim")


@lru_cache(maxsize=64)
def _text(name: str) -> str:
    return (ICONS / f"{name}.svg").read_text(encoding="utf-8")


@QmlElement
class Drawing(QQuickPaintedItem):
    """One SVG file of assets/icons, by name. Where `tint` is given, it replaces the ink of the drawing; `theme` names the palette."""

    altered = Signal()

    def __init__(self, parent: QQuickItem | None = None) -> None:
        super().__init__(parent)
        self._name = ""
        self._tint = QColor(0, 0, 0, 0)
        self._theme = "default"
        self._renderer: QSvgRenderer | None = None

    @Property(str, notify=altered)
    def name(self) -> str:
        return self._name

    @name.setter  # type: ignore[no-redef]
    def name(self, name: str) -> None:
        self._name = name
        self._alter()

    @Property(QColor, notify=altered)
    def tint(self) -> QColor:
        return self._tint

    @tint.setter  # type: ignore[no-redef]
    def tint(self, tint: QColor) -> None:
        self._tint = tint
        self._alter()

    @Property(str, notify=altered)
    def theme(self) -> str:
        return self._theme

    @theme.setter  # type: ignore[no-redef]
    def theme(self, theme: str) -> None:
        self._theme = theme
        self._alter()

    def _alter(self) -> None:
        self._renderer = None
        self.altered.emit()
        self.update()

    def _coloured(self) -> QSvgRenderer:
        drawn, worn = PALETTES["default"], PALETTES[self._theme]
        exchange = {getattr(drawn, name): getattr(worn, name) for name in EXCHANGED}
        if self._tint.alpha():
            exchange[drawn.ink] = self._tint.name()
        text = _text(self._name)
        for number, colour in enumerate(exchange):  # by way of marks, so that no colour is exchanged twice
            text = text.replace(colour, f"%{number:02d}%")
        for number, colour in enumerate(exchange.values()):
            text = text.replace(f"%{number:02d}%", colour)
        renderer = QSvgRenderer(QByteArray(text.encode()))
        renderer.setAspectRatioMode(Qt.AspectRatioMode.KeepAspectRatio)
        return renderer

    def paint(self, painter: QPainter) -> None:
        if not self._name:
            return
        if self._renderer is None:
            self._renderer = self._coloured()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._renderer.render(painter, QRectF(0, 0, self.width(), self.height()))


@QmlElement
class QrCode(QQuickPaintedItem):
    """A QR code with its quiet zone, black on white in every theme (a phone has to read it), each module a whole number of pixels."""

    altered = Signal()

    def __init__(self, parent: QQuickItem | None = None) -> None:
        super().__init__(parent)
        self._code = ""
        self._modules: list[list[bool]] = []

    @Property(str, notify=altered)
    def code(self) -> str:
        return self._code

    @code.setter  # type: ignore[no-redef]
    def code(self, code: str) -> None:
        if code == self._code:
            return
        self._code = code
        self._modules = _modules(code) if code else []
        self.altered.emit()
        self.update()

    def paint(self, painter: QPainter) -> None:
        if not self._modules:
            return
        side = len(self._modules) + 2 * QUIET_ZONE_MODULES
        module_px = max(1, int(min(self.width(), self.height())) // side)
        left, top = (int(self.width()) - module_px * side) // 2, (int(self.height()) - module_px * side) // 2
        painter.fillRect(QRectF(0, 0, self.width(), self.height()), Qt.GlobalColor.white)
        for row, line in enumerate(self._modules, QUIET_ZONE_MODULES):
            for column, dark in enumerate(line, QUIET_ZONE_MODULES):
                if dark:
                    painter.fillRect(left + column * module_px, top + row * module_px, module_px, module_px, Qt.GlobalColor.black)


def _modules(code: str) -> list[list[bool]]:
    import qrcode  # only two pages need it, and it is no part of the first frame

    drawn = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=0)
    drawn.add_data(code)
    drawn.make(fit=True)
    return [[bool(module) for module in line] for line in drawn.get_matrix()]
