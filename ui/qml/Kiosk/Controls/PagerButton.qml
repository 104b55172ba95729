// Turns the pages of a long page.
import QtQuick
import Kiosk.Style

Pressable {
    id: root

    property string icon: ""

    implicitHeight: Math.max(Style.touchMain, words.implicitHeight + Style.gap)

    Rectangle {
        anchors.fill: parent
        radius: Style.radius
        color: root.down ? Style.chosen : Style.surface
        border.width: root.down ? Style.pressedStroke : Style.stroke
        border.color: root.offered ? Style.strong : Style.dim
    }

    Icon {
        id: picture

        name: root.icon
        colour: root.offered ? Style.strong : Style.dim
        anchors.left: parent.left
        anchors.leftMargin: Style.gap
        anchors.verticalCenter: parent.verticalCenter
    }

    Sentence {
        id: words

        anchors.left: picture.right
        anchors.right: parent.right
        anchors.leftMargin: Style.gap
        anchors.rightMargin: Style.gap
        anchors.verticalCenter: parent.verticalCenter
        text: root.label
        color: root.offered ? Style.strong : Style.dim
        font.bold: true
        horizontalAlignment: Text.AlignHCenter
        Accessible.ignored: true
    }
}
