// One key of the telephone keypad.
import QtQuick
import Kiosk.Style

AnswerControl {
    id: root

    readonly property bool digit: label.length === 1

    implicitHeight: Math.max(Style.touchMain, words.implicitHeight + Style.gap)

    Rectangle {
        anchors.fill: parent
        radius: Style.radius
        color: root.down ? Style.chosen : Style.surface
        border.width: root.down ? Style.pressedStroke : Style.stroke
        border.color: root.offered ? Style.strong : Style.dim
    }

    Sentence {
        id: words

        anchors.centerIn: parent
        width: parent.width - Style.mm(2)
        text: root.label
        color: root.offered ? Style.strong : Style.dim
        font.pixelSize: root.digit ? Style.titlePx : Style.bodyPx
        font.bold: true
        horizontalAlignment: Text.AlignHCenter
        Accessible.ignored: true
    }
}
