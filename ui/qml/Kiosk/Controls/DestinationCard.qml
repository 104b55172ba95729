// A destination on the first page: a drawing of the place and its name.
import QtQuick
import Kiosk.Bridge
import Kiosk.Style

AnswerControl {
    id: root

    readonly property bool toHongKong: answerId.includes("HKG")
    // Flat and wide: the drawing stands beside the name.
    readonly property bool lying: width > height * 2.2
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
        id: drawing

        x: Style.gap
        y: Style.gap
        width: root.lying ? Math.min(root.height * 1.6, root.width * 0.36) : root.width - Style.gap * 2
        height: root.lying ? root.height - Style.gap * 2 : words.y - Style.gap * 2
        opacity: root.offered ? 1 : 0.4
        name: root.toHongKong && root.toMacau ? "place_both" : root.toHongKong ? "place_hkg" : root.toMacau ? "place_mac" : root.answerId.includes("TWN") ? "place_twn" : "place_other"
        Accessible.ignored: true
    }

    Sentence {
        id: words

        x: root.lying ? drawing.x + drawing.width + Style.wideGap : Style.gap
        y: root.lying ? (root.height - height) / 2 : root.height - height - Style.wideGap
        width: root.width - x - Style.gap
        text: root.label
        color: root.offered ? Style.strong : Style.dim
        font.pixelSize: Style.leadPx
        font.bold: true
        horizontalAlignment: root.lying ? Text.AlignLeft : Text.AlignHCenter
        Accessible.ignored: true
    }
}
