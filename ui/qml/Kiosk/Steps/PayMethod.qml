// How to pay: the sum and what will be done with the telephone, and a tile for each way within easy reach.
pragma ComponentBehavior: Bound
import QtQuick
import Kiosk.Bridge
import Kiosk.Controls
import Kiosk.Style

Item {
    id: root

    Card {
        id: sum

        readonly property real room: height - amount.implicitHeight - Style.mm(28)

        anchors.left: parent.left
        anchors.top: parent.top
        width: Style.wide ? parent.width * 0.42 : parent.width
        height: Style.wide ? parent.height : parent.height - ways.height - Style.mm(Style.textSize === 3 ? 6 : 12)

        Drawing {
            visible: sum.room >= Style.mm(40)
            anchors.horizontalCenter: parent.horizontalCenter
            y: Style.mm(10)
            width: parent.width - Style.mm(20)
            height: sum.room
            name: "pay_phone"
        }

        Column {
            id: amount

            anchors.left: parent.left
            anchors.right: parent.right
            anchors.margins: Style.mm(6)
            y: sum.room >= Style.mm(40) ? parent.height - height - Style.mm(10) : (parent.height - height) / 2
            spacing: Style.mm(1)

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
        id: ways

        readonly property real between: spacing * (Page.choices.count - 1)
        readonly property real room: Style.wide ? root.height : root.height - amount.implicitHeight - Style.mm(24)
        readonly property real tileHeight: Math.min(Style.mm(Style.wide ? 90 : 48), (room - between) / Math.max(1, Page.choices.count))

        anchors.left: Style.wide ? sum.right : parent.left
        anchors.leftMargin: Style.wide ? Style.mm(12) : 0
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        spacing: Style.mm(6)

        Repeater {
            model: Page.choices

            TileCard {
                required offered

                width: parent?.width ?? 0
                height: Math.max(implicitHeight, ways.tileHeight)
                icon: "phone"
            }
        }
    }
}
