"""Views come in from the machine's thread, touches go out from Qt's."""

from PySide6.QtCore import QObject, Qt, Signal

from kiosk.view import Seam, Touch, View

ATTEMPTS = 3


class Crossing(QObject):
    """`arrived` fires on Qt's thread, once for each view, in order."""

    _sent = Signal(object)
    arrived = Signal(object)

    def __init__(self, seam: Seam, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._seam = seam
        self._sent.connect(self.arrived, Qt.ConnectionType.QueuedConnection)

    def open(self) -> None:
        """From now on views arrive; the present one at once."""
        self._seam.watch(self._send)

    def _send(self, view: View) -> None:
        self._sent.emit(view)

    def post(self, answer: str, step: str, text: str) -> bool:
        """Posts a touch to the newest page of `step`: one that only renewed its words (a guidance, a fraction) meanwhile is still the page that
        was touched. Does not block."""
        for _ in range(ATTEMPTS):
            view = self._seam.view
            if view is None or view.step != step or not view.offers(answer, text):
                return False
            if self._seam.post(Touch(view.serial, answer, text)):
                return True
        return False
