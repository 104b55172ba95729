"""One picture of all pages in a language, to be looked at: both orientations, in the usual and in the largest letters, in the default theme."""

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter

from ui.render import save

THUMBNAILS = {"portrait": QSize(216, 384), "landscape": QSize(384, 216)}
TEXT_SIZES = (1, 3)
THEME = "default"
WIDTH_PX = 4200
GAP_PX, CAPTION_PX, HEADING_PX = 14, 22, 48


def contact_sheet(pictures: Iterable[Path], language: str, out: Path) -> Path | None:
    """Writes `out/contact-<language>.png` from what `render_all` wrote; None where none of it is in the language. OSError as `render_all`."""
    blocks = {
        f"{orientation}, {language}, text size {size}": (thumbnail, found)
        for orientation, thumbnail in THUMBNAILS.items()
        for size in TEXT_SIZES
        if (found := [path for path in pictures if path.parts[-3:-1] == (orientation, language) and path.stem.endswith(f"-{size}-{THEME}")])
    }
    if not blocks:
        return None
    height = GAP_PX + sum(HEADING_PX + _rows(len(found), cell) * _pitch(cell).height() for cell, found in blocks.values())
    sheet = QImage(WIDTH_PX, height, QImage.Format.Format_RGB32)
    sheet.fill(QColor("#3a3f45"))
    painter = QPainter(sheet)
    painter.setPen(Qt.GlobalColor.white)
    top = GAP_PX
    for heading, (cell, found) in blocks.items():
        painter.setFont(_font(24))
        painter.drawText(QRect(GAP_PX, top, WIDTH_PX, HEADING_PX), Qt.AlignmentFlag.AlignVCenter, heading)
        painter.setFont(_font(13))
        top += HEADING_PX
        for number, path in enumerate(found):
            row, column = divmod(number, _columns(cell))
            _lay(painter, path, QRect(GAP_PX + column * _pitch(cell).width(), top + row * _pitch(cell).height(), cell.width(), cell.height()))
        top += _rows(len(found), cell) * _pitch(cell).height()
    painter.end()
    path = out / f"contact-{language}.png"
    save(sheet, path)
    return path


def _lay(painter: QPainter, path: Path, place: QRect) -> None:
    picture = QImage(str(path))
    if picture.isNull():
        raise OSError(f"cannot read {path}")
    painter.drawImage(place, picture.scaled(place.size(), mode=Qt.TransformationMode.SmoothTransformation))
    caption = QRect(place.left(), place.bottom() + 1, place.width(), CAPTION_PX)
    painter.drawText(caption, Qt.AlignmentFlag.AlignVCenter, path.stem.removesuffix(f"-{THEME}")[:-2])


def _font(px: int) -> QFont:
    font = QFont("Noto Sans CJK SC")
    font.setPixelSize(px)
    return font


def _pitch(cell: QSize) -> QSize:
    return QSize(cell.width() + GAP_PX, cell.height() + CAPTION_PX + GAP_PX)


def _columns(cell: QSize) -> int:
    return (WIDTH_PX - GAP_PX) // _pitch(cell).width()


def _rows(count: int, cell: QSize) -> int:
    return -(-count // _columns(cell))
