// The machine is at work: its mark inside a ring that turns.
import QtQuick
import Kiosk.Bridge
import Kiosk.Style

Item {
    id: root

    readonly property real side: Math.min(width, height, Style.mm(100))

    Accessible.ignored: true

    Drawing {
        anchors.centerIn: parent
        width: root.side
        height: root.side
        name: "work_ring"

        RotationAnimation on rotation {
            running: root.visible
            from: 0
            to: 360
            duration: 2400
            loops: Animation.Infinite
        }
    }

    Icon {
        anchors.centerIn: parent
        width: root.side * 0.42
        height: width
        name: "mark"
        colour: Style.strong
    }
}
