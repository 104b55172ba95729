// A choice of the page as a wide tile: drawing, words, arrow.
import QtQuick
import Kiosk.Style

AnswerControl {
    id: root

    property string icon: ""

    implicitHeight: Math.max(Style.mm(34), words.implicitHeight + Style.gap * 2)

    Rectangle {
        anchors.fill: parent
        radius: Style.radius
        color: root.down ? Style.chosen : Style.surface
        border.width: root.down ? Style.pressedStroke : Style.stroke
        border.color: root.offered ? Style.strong : Style.dim
    }

    Icon {
        id: picture

        visible: root.icon !== ""
        name: root.icon
        colour: root.offered ? Style.strong : Style.dim
        width: Style.iconSize * 1.5
        height: width
        anchors.left: parent.left
        anchors.leftMargin: Style.wideGap
        anchors.verticalCenter: parent.verticalCenter
    }

    Sentence {
        id: words

        anchors.left: picture.visible ? picture.right : parent.left
        anchors.leftMargin: Style.wideGap
        anchors.right: arrow.left
        anchors.rightMargin: Style.gap
        anchors.verticalCenter: parent.verticalCenter
        text: root.label
        color: root.offered ? Style.strong : Style.dim
        font.pixelSize: Style.leadPx
        font.bold: true
        Accessible.ignored: true
    }

    Icon {
        id: arrow

        name: "forward"
        colour: root.offered ? Style.strong : Style.dim
        anchors.right: parent.right
        anchors.rightMargin: Style.wideGap
        anchors.verticalCenter: parent.verticalCenter
    }
}
