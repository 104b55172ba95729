// How far the work is, 0..1.
import QtQuick
import Kiosk.Style

Rectangle {
    id: root

    required property real fraction

    implicitHeight: Style.mm(5)
    radius: height / 2
    color: Style.surface
    border.width: Style.hair
    border.color: Style.strong
    Accessible.role: Accessible.ProgressBar
    Accessible.name: Math.round(fraction * 100) + " %"

    Rectangle {
        x: Style.hair * 3
        y: Style.hair * 3
        height: parent.height - Style.hair * 6
        width: Math.max(height, (parent.width - Style.hair * 6) * Math.min(1, Math.max(0, root.fraction)))
        radius: height / 2
        color: Style.strong
    }
}
