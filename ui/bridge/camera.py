"""The live picture: the newest frame of the seam's Preview, mirrored, inside an oval."""

from PySide6.QtCore import Property, QObject, QRectF, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen
from PySide6.QtQml import QmlElement, QmlUncreatable
from PySide6.QtQuick import QQuickItem, QQuickPaintedItem

from kiosk.view import Preview

QML_IMPORT_NAME = "Kiosk.Bridge"
QML_IMPORT_MAJOR_VERSION = 1

FRAME_MS = 40
BYTES_PER_PIXEL = 3
RING_SHARE = 90  # the outline is this part of the oval's width


@QmlElement
@QmlUncreatable("the screen owns it")
class CameraFeed(QObject):
    """Carries the Preview to the item that paints it."""

    def __init__(self, preview: Preview, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.preview = preview


@QmlElement
class CameraPreview(QQuickPaintedItem):
    """Paints the newest frame at most 25 times a second while it is visible. Mirrored, as people know themselves; cropped, never stretched.

    `showing` is False while there is no frame: QML then draws its own placeholder.
    """

    feed_changed = Signal()
    showing_changed = Signal()
    ring_changed = Signal()

    def __init__(self, parent: QQuickItem | None = None) -> None:
        super().__init__(parent)
        self._feed: CameraFeed | None = None
        self._ring = QColor(0, 0, 0)
        self._serial = 0
        self._frame: tuple[int, int, bytes] | None = None
        self._timer = QTimer(self, interval=FRAME_MS)
        self._timer.timeout.connect(self._look)
        self.visibleChanged.connect(self._run)

    @Property(CameraFeed, notify=feed_changed)
    def feed(self) -> CameraFeed | None:
        return self._feed

    @feed.setter  # type: ignore[no-redef]
    def feed(self, feed: CameraFeed | None) -> None:
        self._feed = feed
        self.feed_changed.emit()
        self._look()
        self._run()

    @Property(QColor, notify=ring_changed)
    def ring(self) -> QColor:
        """Colour of the oval's outline."""
        return self._ring

    @ring.setter  # type: ignore[no-redef]
    def ring(self, ring: QColor) -> None:
        self._ring = ring
        self.ring_changed.emit()
        self.update()

    @Property(bool, notify=showing_changed)
    def showing(self) -> bool:
        return self._frame is not None

    def _run(self) -> None:
        if self.isVisible() and self._feed is not None:
            self._timer.start()
        else:
            self._timer.stop()

    def _look(self) -> None:
        if self._feed is None:
            return
        serial, frame = self._feed.preview.newest()
        if serial != self._serial:
            was_showing, self._serial, self._frame = self._frame is not None, serial, frame
            self.update()
            if was_showing != (frame is not None):
                self.showing_changed.emit()

    def paint(self, painter: QPainter) -> None:
        stroke = self.width() / RING_SHARE
        area = QRectF(0, 0, self.width(), self.height()).adjusted(stroke, stroke, -stroke, -stroke)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        if self._frame is not None:
            self._paint_frame(painter, area, self._frame)
        painter.setPen(QPen(self._ring, stroke))
        painter.drawEllipse(area)

    def _paint_frame(self, painter: QPainter, area: QRectF, frame: tuple[int, int, bytes]) -> None:
        width, height, pixels = frame
        image = QImage(pixels, width, height, width * BYTES_PER_PIXEL, QImage.Format.Format_BGR888)
        oval = QPainterPath()
        oval.addEllipse(area)
        painter.save()
        painter.setClipPath(oval)
        scale = max(area.width() / width, area.height() / height)
        shown = QRectF(0, 0, width * scale, height * scale)
        shown.moveCenter(area.center())
        painter.translate(self.width(), 0)
        painter.scale(-1, 1)
        painter.drawImage(shown, image, QRectF(image.rect()))
        painter.restore()
