// A line drawing in one colour.
import QtQuick
import Kiosk.Bridge
import Kiosk.Style

Drawing {
    property color colour: Style.ink

    implicitWidth: Style.iconSize
    implicitHeight: Style.iconSize
    tint: colour
    Accessible.ignored: true
}
