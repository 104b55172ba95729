"""A list of equal rows for QML's Repeaters. Rows that only change their words keep their controls."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Property, QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtQml import QmlAnonymous

QML_IMPORT_NAME = "Kiosk.Bridge"
QML_IMPORT_MAJOR_VERSION = 1

Row = tuple[str | int | bool, ...]


@QmlAnonymous
class RowsModel(QAbstractListModel):
    """Rows are tuples in the order of `roles`; a delegate declares the roles it wants as required properties."""

    counted = Signal()

    def __init__(self, roles: Sequence[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._roles = {Qt.ItemDataRole.UserRole + number: role.encode() for number, role in enumerate(roles)}
        self._rows: tuple[Row, ...] = ()

    def show(self, rows: Sequence[Row]) -> None:
        """Replaces the rows."""
        before, after = self._rows, tuple(rows)
        if len(before) != len(after):
            self.beginResetModel()
            self._rows = after
            self.endResetModel()
            self.counted.emit()
            return
        self._rows = after
        for number, (old, new) in enumerate(zip(before, after, strict=True)):
            if old != new:
                self.dataChanged.emit(self.index(number), self.index(number))

    @property
    def rows(self) -> tuple[Row, ...]:
        return self._rows

    @Property(int, notify=counted)
    def count(self) -> int:
        return len(self._rows)

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008 (Qt's own signature)
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        return self._rows[index.row()][role - Qt.ItemDataRole.UserRole] if index.isValid() and role in self._roles else None

    def roleNames(self) -> dict[int, Any]:
        return dict(self._roles)
