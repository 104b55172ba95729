"""Pictures for QML's Image elements: SVG files of assets/icons in the theme's colours, QR codes, and the camera's newest frame.

They come through image providers, not through items painted in Python: PySide keeps the Python half of every item that QML creates for ever, so
a page made of such items would leak a little with each traveller.
"""

from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtQuick import QQuickImageProvider
from PySide6.QtSvg import QSvgRenderer

from ui.bridge.palette import PALETTES

ICONS = Path(__file__).resolve().parents[2] / "assets" / "icons"
QUIET_ZONE_MODULES = 4
# A drawing is drawn in the default palette's colours; these are exchanged for those of the theme in force.
EXCHANGED = ("ink", "paper", "surface", "line", "strong", "chosen", "accent", "done", "trouble", "dim")


class Drawings(QQuickImageProvider):
    """`image://drawings/<theme>/<tint, six hex digits, or ->/<name>`: assets/icons/<name>.svg; a tint replaces the drawing's ink."""

    def __init__(self) -> None:
        super().__init__(QQuickImageProvider.ImageType.Image)

    def requestImage(self, id: str, size: QSize, requestedSize: QSize) -> QImage:
        theme, tint, name = id.split("/")
        image = _canvas(requestedSize)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _renderer(name, theme, tint).render(painter, QRectF(image.rect()))
        painter.end()
        return image


class QrCodes(QQuickImageProvider):
    """`image://codes/<text, percent-encoded>`: black on white in every theme (a phone has to read it), each module a whole number of pixels."""

    def __init__(self) -> None:
        super().__init__(QQuickImageProvider.ImageType.Image)

    def requestImage(self, id: str, size: QSize, requestedSize: QSize) -> QImage:
        image = _canvas(requestedSize)
        image.fill(Qt.GlobalColor.white)
        modules = _modules(unquote(id))
        side = len(modules) + 2 * QUIET_ZONE_MODULES
        module_px = max(1, min(image.width(), image.height()) // side)
        left, top = (image.width() - module_px * side) // 2, (image.height() - module_px * side) // 2
        painter = QPainter(image)
        for row, line in enumerate(modules, QUIET_ZONE_MODULES):
            for column, dark in enumerate(line, QUIET_ZONE_MODULES):
                if dark:
                    painter.fillRect(left + column * module_px, top + row * module_px, module_px, module_px, QColor(0, 0, 0))
        painter.end()
        return image


def _canvas(requested: QSize) -> QImage:
    image = QImage(max(1, requested.width()), max(1, requested.height()), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    return image


@lru_cache(maxsize=128)
def _renderer(name: str, theme: str, tint: str) -> QSvgRenderer:
    drawn, worn = PALETTES["default"], PALETTES[theme]
    exchange = {getattr(drawn, colour): getattr(worn, colour) for colour in EXCHANGED}
    if tint != "-":
        exchange[drawn.ink] = f"#{tint}"
    text = (ICONS / f"{name}.svg").read_text(encoding="utf-8")
    for number, colour in enumerate(exchange):  # by way of marks, so that no colour is exchanged twice
        text = text.replace(colour, f"%{number:02d}%")
    for number, colour in enumerate(exchange.values()):
        text = text.replace(f"%{number:02d}%", colour)
    renderer = QSvgRenderer(QByteArray(text.encode()))
    renderer.setAspectRatioMode(Qt.AspectRatioMode.KeepAspectRatio)
    return renderer


def forget_codes() -> None:
    """The codes of former travellers (orders, receipts) are not kept."""
    _modules.cache_clear()


@lru_cache(maxsize=2)
def _modules(code: str) -> list[list[bool]]:
    import qrcode  # only two pages need it, and it is no part of the first frame

    drawn = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=0)
    drawn.add_data(code)
    drawn.make(fit=True)
    return [[bool(module) for module in line] for line in drawn.get_matrix()]
