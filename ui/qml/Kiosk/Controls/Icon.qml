// A line drawing in one colour.
import QtQuick
import Kiosk.Style

Drawing {
    property color colour: Style.ink

    implicitWidth: Style.iconSize
    implicitHeight: Style.iconSize
    width: implicitWidth
    height: implicitHeight
    tint: colour.toString()
}
