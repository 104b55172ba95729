"""Pictures of the seam's Preview: the newest live frame, mirrored, inside an oval; a still portrait, as it is."""

from PySide6.QtCore import Property, QObject, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QPainter, QPainterPath
from PySide6.QtQml import QmlAnonymous
from PySide6.QtQuick import QQuickImageProvider

from kiosk.view import Preview

QML_IMPORT_NAME = "Kiosk.Bridge"
QML_IMPORT_MAJOR_VERSION = 1

FRAME_MS = 33
BYTES_PER_PIXEL = 3


@QmlAnonymous
class CameraFeed(QObject):
    """Looks for a newer frame 30 times a second while `watch(True)`; `serial` names it, 0 = nothing to show. Keeps no frame itself."""

    newer = Signal()

    def __init__(self, preview: Preview, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.preview = preview
        self._serial = 0
        self._timer = QTimer(self, interval=FRAME_MS)
        self._timer.timeout.connect(self._look)

    def watch(self, watching: bool) -> None:
        """On while a page with the live picture is shown."""
        if watching and not self._timer.isActive():
            self._look()
            self._timer.start()
        elif not watching:
            self._timer.stop()
            self._say(0)  # the next page with a picture begins without this one

    @Property(int, notify=newer)
    def serial(self) -> int:
        return self._serial

    def _look(self) -> None:
        serial, _ = self.preview.newest()
        self._say(serial)

    def _say(self, serial: int) -> None:
        if serial != self._serial:
            self._serial = serial
            self.newer.emit()


class CameraFrames(QQuickImageProvider):
    """`image://camera/<serial>`: the newest frame, mirrored as people know themselves, cropped to the oval, never stretched."""

    def __init__(self, preview: Preview) -> None:
        super().__init__(QQuickImageProvider.ImageType.Image)
        self._preview = preview

    def requestImage(self, id: str, size: QSize, requestedSize: QSize) -> QImage:
        image = QImage(max(1, requestedSize.width()), max(1, requestedSize.height()), QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
        _, frame = self._preview.newest()
        if frame is None:
            return image
        width, height, pixels = frame
        taken = QImage(pixels, width, height, width * BYTES_PER_PIXEL, QImage.Format.Format_BGR888)
        area = QRectF(image.rect())
        scale = max(area.width() / width, area.height() / height)
        shown = QRectF(0, 0, width * scale, height * scale)
        shown.moveCenter(area.center())
        oval = QPainterPath()
        oval.addEllipse(area)
        painter = QPainter(image)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        painter.setClipPath(oval)
        painter.translate(area.width(), 0)
        painter.scale(-1, 1)
        painter.drawImage(shown, taken, QRectF(taken.rect()))
        painter.end()
        return image


class Portraits(QQuickImageProvider):
    """`image://portrait/<serial>`: the picture that lies in the Preview, whole and not mirrored, for somebody to compare a person with."""

    def __init__(self, preview: Preview) -> None:
        super().__init__(QQuickImageProvider.ImageType.Image)
        self._preview = preview

    def requestImage(self, id: str, size: QSize, requestedSize: QSize) -> QImage:
        _, frame = self._preview.newest()
        if frame is None:
            blank = QImage(1, 1, QImage.Format.Format_ARGB32_Premultiplied)
            blank.fill(Qt.GlobalColor.transparent)
            return blank
        width, height, pixels = frame
        taken = QImage(pixels, width, height, width * BYTES_PER_PIXEL, QImage.Format.Format_BGR888)
        # scaled makes a picture of its own: the slot's bytes may be overwritten at once
        return taken.scaled(requestedSize, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
