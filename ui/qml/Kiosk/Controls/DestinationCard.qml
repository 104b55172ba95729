// A destination on the first page: a drawing of the place and its name.
import QtQuick
import Kiosk.Bridge
import Kiosk.Style

AnswerControl {
    id: root

    readonly property bool toHongKong: answerId.includes("HKG")
    readonly property bool toMacau: answerId.includes("MAC")

    // The drawing has room to be known again.
    implicitHeight: words.implicitHeight + Style.mm(40) + Style.gap * 2 + Style.wideGap

    Rectangle {
        anchors.fill: parent
        radius: Style.radius
        color: root.down ? Style.chosen : Style.surface
        border.width: root.down ? Style.pressedStroke : Style.stroke
        border.color: root.offered ? Style.strong : Style.dim
    }

    Drawing {
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: parent.top
        anchors.bottom: words.top
        anchors.margins: Style.gap
        opacity: root.offered ? 1 : 0.4
        name: root.toHongKong && root.toMacau ? "place_both" : root.toHongKong ? "place_hkg" : root.toMacau ? "place_mac" : root.answerId.includes("TWN") ? "place_twn" : "place_other"
        Accessible.ignored: true
    }

    Sentence {
        id: words

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        anchors.margins: Style.gap
        anchors.bottomMargin: Style.wideGap
        text: root.label
        color: root.offered ? Style.strong : Style.dim
        font.pixelSize: Style.leadPx
        font.bold: true
        horizontalAlignment: Text.AlignHCenter
        Accessible.ignored: true
    }
}
