// The page's actions: one strong one, the others quiet.
import QtQuick
import Kiosk.Style

AnswerControl {
    id: root

    property bool primary: false
    readonly property color written: !offered ? Style.dim : primary ? Style.strongText : Style.strong

    implicitHeight: Math.max(Style.mm(22), words.implicitHeight + Style.gap * 2)
    // What the words want on one line.
    implicitWidth: measure.implicitWidth + Style.wideGap * 2 + arrowRoom
    // Narrower than this, its longest word would be broken.
    readonly property real leastWidth: longest.contentWidth + Style.gap * 2 + arrowRoom + 1
    readonly property real arrowRoom: primary ? Style.iconSize + Style.gap : 0

    Rectangle {
        anchors.fill: parent
        radius: Style.radius
        color: !root.offered ? Style.paper : root.primary ? (root.down ? Style.pressed : Style.strong) : (root.down ? Style.chosen : Style.surface)
        border.width: root.down && !root.primary ? Style.pressedStroke : Style.stroke
        border.color: root.offered ? Style.strong : Style.dim
    }

    Sentence {
        id: measure

        visible: false
        wrapMode: Text.NoWrap
        text: root.label
        font.pixelSize: Style.leadPx
        font.bold: true
    }

    Sentence {
        id: longest

        visible: false
        width: 1
        wrapMode: Text.WordWrap
        text: root.label
        font.pixelSize: Style.leadPx
        font.bold: true
    }

    Sentence {
        id: words

        anchors.centerIn: parent
        anchors.horizontalCenterOffset: arrow.visible ? -(arrow.width + Style.gap) / 2 : 0
        width: Math.min(measure.implicitWidth + 1, parent.width - Style.gap * 2 - (arrow.visible ? arrow.width + Style.gap : 0))
        text: root.label
        color: root.written
        font.pixelSize: Style.leadPx
        font.bold: true
        horizontalAlignment: Text.AlignHCenter
        Accessible.ignored: true
    }

    Icon {
        id: arrow

        visible: root.primary
        name: "forward"
        colour: root.written
        anchors.left: words.right
        anchors.leftMargin: Style.gap
        anchors.verticalCenter: parent.verticalCenter
    }
}
