// How to pay: the sum, and a tile for each way.
pragma ComponentBehavior: Bound
import QtQuick
import Kiosk.Bridge
import Kiosk.Controls
import Kiosk.Style

Item {
    id: root

    Card {
        id: sum

        anchors.left: parent.left
        anchors.top: parent.top
        width: Style.wide ? parent.width * 0.42 : parent.width
        height: Style.wide ? Math.min(parent.height, Style.mm(110)) : amount.height + Style.mm(24)

        Column {
            id: amount

            anchors.left: parent.left
            anchors.right: parent.right
            anchors.margins: Style.mm(6)
            anchors.verticalCenter: parent.verticalCenter
            spacing: Style.mm(3)

            Sentence {
                width: parent.width
                text: Words.say("screen.total")
                font.pixelSize: Style.leadPx
                horizontalAlignment: Text.AlignHCenter
            }

            Sentence {
                width: parent.width
                text: Page.pay_method.amount
                font.pixelSize: Style.displayPx * 1.5
                font.bold: true
                color: Style.strong
                horizontalAlignment: Text.AlignHCenter
            }
        }
    }

    Column {
        anchors.left: Style.wide ? sum.right : parent.left
        anchors.leftMargin: Style.wide ? Style.mm(12) : 0
        anchors.right: parent.right
        anchors.top: Style.wide ? parent.top : sum.bottom
        anchors.topMargin: Style.wide ? 0 : Style.mm(12)
        spacing: Style.mm(6)

        Repeater {
            model: Page.choices

            TileCard {
                required offered

                width: parent?.width ?? 0
                height: implicitHeight
                icon: "phone"
            }
        }
    }
}
