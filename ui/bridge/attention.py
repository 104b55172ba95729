"""Whoever stands before the screen, as QML sees them: whether they use keys, and whether nobody has been there for long."""

from PySide6.QtCore import Property, QObject, Signal
from PySide6.QtQml import QJSEngine, QmlElement, QmlSingleton

QML_IMPORT_NAME = "Kiosk.Bridge"
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
@QmlSingleton
class Attention(QObject):
    """keys_used: the control in focus is drawn. asleep: the first touch or key only wakes the page."""

    changed = Signal()
    fell_asleep = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._keys_used = False
        self._asleep = False

    @staticmethod
    def create(engine: QJSEngine) -> QObject:
        return engine.property("attention")  # type: ignore[no-any-return]

    def use_keys(self, used: bool) -> None:
        if used != self._keys_used:
            self._keys_used = used
            self.changed.emit()

    def sleep(self, asleep: bool) -> None:
        if asleep != self._asleep:
            self._asleep = asleep
            self.changed.emit()
            if asleep:
                self.fell_asleep.emit()

    @Property(bool, notify=changed)
    def keys_used(self) -> bool:
        return self._keys_used

    @Property(bool, notify=changed)
    def asleep(self) -> bool:
        return self._asleep
