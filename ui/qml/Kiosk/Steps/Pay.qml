// The code to pay with, beside it what the phone must show: the sum and the end of the order number.
import QtQuick
import Kiosk.Bridge
import Kiosk.Controls
import Kiosk.Style

Item {
    id: root

    CodePanel {
        id: panel

        readonly property real side: Style.wide ? Math.min(parent.height, Style.mm(150)) : Math.min(parent.width * 0.8, parent.height - words.implicitHeight - words.anchors.topMargin)

        anchors.horizontalCenter: Style.wide ? undefined : parent.horizontalCenter
        anchors.left: Style.wide ? parent.left : undefined
        anchors.top: parent.top
        width: side
        height: side
        code: Page.pay.code
    }

    Column {
        id: words

        anchors.left: Style.wide ? panel.right : parent.left
        anchors.leftMargin: Style.wide ? Style.mm(16) : 0
        anchors.right: parent.right
        anchors.top: Style.wide ? undefined : panel.bottom
        anchors.verticalCenter: Style.wide ? panel.verticalCenter : undefined
        anchors.topMargin: Style.wide ? 0 : Style.mm(Style.textSize === 3 ? 6 : 12)
        spacing: Style.mm(Style.scarce ? 2 : Style.textSize === 3 ? 3 : 7)

        Sentence {
            width: parent.width
            text: Words.say("screen.pay." + Page.pay.method)
            font.pixelSize: Style.leadPx
            font.bold: true
            horizontalAlignment: Style.wide ? Text.AlignLeft : Text.AlignHCenter
        }

        Sentence {
            width: parent.width
            text: Page.pay.amount
            font.pixelSize: Style.displayPx * (Style.textSize === 3 ? 1 : 1.5)
            font.bold: true
            color: Style.strong
            horizontalAlignment: Style.wide ? Text.AlignLeft : Text.AlignHCenter
        }

        Sentence {
            width: parent.width
            text: Words.say("screen.pay.order_tail").replace("{tail}", Page.pay.order_tail)
            horizontalAlignment: Style.wide ? Text.AlignLeft : Text.AlignHCenter
        }

        NoteLine {
            width: parent.width
            height: implicitHeight
            words: Words.say("screen.pay.compare")
        }
    }
}
