"""The baseline of `bench start`: a bare PySide6 program that shows a page like the machine's first one. Run as a script."""

import os
import sys
import time
from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtQml import QQmlApplicationEngine
from PySide6.QtQuick import QQuickWindow

PAGE = """
import QtQuick
Window {
    width: 1080; height: 1920; visible: true; color: "#F6F7F9"
    component Words: Text { color: "#0F1F38"; font.family: "Noto Sans CJK SC" }
    Rectangle {
        width: parent.width; height: 180; color: "#12376B"
        Words { anchors.centerIn: parent; text: "自助签注"; color: "white"; font.pixelSize: 60 }
    }
    Words { x: 60; y: 400; text: "正在启动"; font.pixelSize: 60 }
    Words { x: 60; y: 520; text: "请稍候"; font.pixelSize: 40 }
    Repeater {
        model: 8
        Rectangle {
            required property int index
            x: 20 + index * 131; y: 1740; width: 122; height: 140; radius: 10; color: "white"
            Words { anchors.centerIn: parent; text: parent.index; font.pixelSize: 34 }
        }
    }
}
"""


def main() -> int:
    application = QGuiApplication(sys.argv)
    engine = QQmlApplicationEngine()
    engine.loadData(PAGE.encode())
    window = cast(QQuickWindow, engine.rootObjects()[0])

    def shown() -> None:
        with open(os.environ["KIOSK_MARKS"], "a", encoding="utf-8") as file:
            file.write(f"first_frame {time.monotonic()}\n")
        application.quit()

    window.frameSwapped.connect(shown, Qt.ConnectionType.QueuedConnection)
    return application.exec()


if __name__ == "__main__":
    sys.exit(main())
