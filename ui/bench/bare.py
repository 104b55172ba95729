"""The baseline: a bare QML page of as many texts and rectangles as each of the machine's pages has, and nothing behind it."""

from collections.abc import Callable, Sequence
from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtQml import QQmlApplicationEngine
from PySide6.QtQuick import QQuickItem, QQuickWindow

from ui.press import items

PAGE = """
import QtQuick
Window {
    id: window
    property var counted: []
    property int page: 0
    width: 1080; height: 1920; visible: true; color: "#F6F7F9"
    component Sheet: Item {
        property int texts: 0
        property int rectangles: 0
        Component.onCompleted: [texts, rectangles] = window.counted[window.page % window.counted.length]
        Repeater {
            model: parent.rectangles
            Rectangle {
                required property int index
                property bool down: area.pressed
                objectName: "control"
                x: 20 + index % 8 * 131; y: 1740 - Math.floor(index / 8) * 160; width: 122; height: 140; radius: 10
                color: down ? "#12376B" : "white"
                MouseArea { id: area; anchors.fill: parent; onClicked: window.page += 1 }
            }
        }
        Repeater {
            model: parent.texts
            Text {
                required property int index
                x: 60 + index % 2 * 480; y: 60 + Math.floor(index / 2) * 60
                text: "自助签注 " + index; color: "#0F1F38"; font.family: "Noto Sans CJK SC"; font.pixelSize: 40
            }
        }
    }
    Component { id: even; Sheet { } }
    Component { id: odd; Sheet { } }
    Loader { anchors.fill: parent; sourceComponent: window.counted.length === 0 ? null : window.page % 2 ? odd : even }
}
"""


class Bare:
    """counted: (texts, rectangles) of each page."""

    def __init__(self, counted: Sequence[tuple[int, int]]) -> None:
        self.pages = len(counted)
        self._engine = QQmlApplicationEngine()
        self._engine.loadData(PAGE.encode())
        self.quick_window = cast(QQuickWindow, self._engine.rootObjects()[0])
        self.quick_window.setProperty("counted", counted)

    def controls(self) -> list[QQuickItem]:
        return [item for item in items(self.quick_window.contentItem()) if item.objectName() == "control"]

    def drawn(self) -> int:
        return int(self.quick_window.property("page"))

    def on_drawn(self, look: Callable[[], None]) -> None:
        self.quick_window.frameSwapped.connect(look, Qt.ConnectionType.QueuedConnection)

    def close(self) -> None:
        self.quick_window.hide()
        self._engine.deleteLater()
