// A quiet sheet on the page.
import QtQuick
import Kiosk.Style

Rectangle {
    color: Style.surface
    radius: Style.radius
    border.width: Style.hair
    border.color: Style.line
}
