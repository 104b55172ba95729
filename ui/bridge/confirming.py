"""The view-model of staff's comparison."""

from PySide6.QtCore import Property, QObject, Signal
from PySide6.QtQml import QmlAnonymous

from kiosk.view import CompareBody
from ui.bridge.words import Say

QML_IMPORT_NAME = "Kiosk.Bridge"
QML_IMPORT_MAJOR_VERSION = 1


@QmlAnonymous
class CompareModel(QObject):
    """What staff compare the person with; the portrait itself comes as `image://portrait/<serial>`."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._person = ""
        self._sentence = ""

    def show(self, body: CompareBody, say: Say) -> None:
        self._person = body.person
        self._sentence = say(body.sentence)
        self.changed.emit()

    @Property(str, notify=changed)
    def person(self) -> str:
        return self._person

    @Property(str, notify=changed)
    def sentence(self) -> str:
        return self._sentence
