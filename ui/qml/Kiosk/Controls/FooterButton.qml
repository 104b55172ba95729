// One of the eight that stand at the bottom of every page.
import QtQuick
import Kiosk.Style

AnswerControl {
    id: root

    required property string icon
    property bool lit: false
    readonly property color drawn: !offered ? Style.dim : lit ? Style.strongText : Style.strong

    implicitHeight: Style.mm(3) * 2 + (picture.visible ? picture.implicitHeight + Style.mm(1) : 0) + words.implicitHeight

    Rectangle {
        anchors.fill: parent
        radius: Style.radius
        color: root.lit ? (root.down ? Style.pressed : Style.strong) : root.down ? Style.chosen : root.offered ? Style.surface : "transparent"
        border.width: !root.offered ? 0 : root.down && !root.lit ? Style.pressedStroke : Style.hair
        border.color: root.offered ? Style.strong : Style.line
    }

    Column {
        anchors.centerIn: parent
        width: parent.width - Style.mm(2)
        spacing: Style.mm(1)

        Icon {
            id: picture

            // In the largest letters words on two lines stand for themselves: the room is the page's.
            visible: !Style.scarce && !(Style.textSize === 3 && words.lineCount > 1)
            name: root.icon
            colour: root.drawn
            anchors.horizontalCenter: parent.horizontalCenter
        }

        Sentence {
            id: words

            width: parent.width
            text: root.label
            color: root.offered ? root.drawn : Style.dim
            font.pixelSize: Style.smallPx
            horizontalAlignment: Text.AlignHCenter
            Accessible.ignored: true
        }
    }
}
