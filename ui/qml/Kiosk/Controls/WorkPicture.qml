// The machine is at work: a drawing of it inside a ring that turns.
import QtQuick
import Kiosk.Bridge
import Kiosk.Style

Item {
    id: root

    readonly property real side: Math.min(width, height, Style.mm(150))

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

    Drawing {
        anchors.centerIn: parent
        width: root.side * 0.52
        height: width
        name: "work_machine"
    }
}
