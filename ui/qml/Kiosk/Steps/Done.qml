// What was issued, and how the receipt is wanted.
pragma ComponentBehavior: Bound
import QtQuick
import Kiosk.Bridge
import Kiosk.Controls
import Kiosk.Style

Item {
    id: root

    readonly property bool coded: Page.done.receipt_code !== ""
    readonly property real lowest: Math.max(choices.visible ? choices.height : 0, coded ? panel.height : 0)

    Card {
        anchors.left: parent.left
        anchors.right: area.right
        anchors.top: parent.top
        height: Math.min(area.height, area.wanted) + Style.mm(4)
        visible: Page.done.lines.count > 0
    }

    PagedArea {
        id: area

        anchors.left: parent.left
        anchors.top: parent.top
        anchors.topMargin: Style.mm(2)
        width: Style.wide && root.lowest > 0 ? parent.width * 0.54 : parent.width
        height: Style.wide ? parent.height - Style.mm(2) : parent.height - Style.mm(2) - (root.lowest > 0 ? root.lowest + Style.mm(10) : 0)
        gap: 0

        Repeater {
            model: Page.done.lines

            LabelLine {}
        }
    }

    CodePanel {
        id: panel

        visible: root.coded
        width: Math.min(Style.mm(Style.wide ? 96 : 120), root.height * (Style.textSize === 3 ? 0.4 : 0.55))
        height: width
        anchors.right: Style.wide ? parent.right : undefined
        anchors.horizontalCenter: Style.wide ? undefined : parent.horizontalCenter
        anchors.bottom: Style.wide ? undefined : parent.bottom
        anchors.top: Style.wide ? parent.top : undefined
        code: Page.done.receipt_code
    }

    Column {
        id: choices

        visible: Page.choices.count > 0 && !root.coded
        width: Style.wide ? root.width * 0.42 : root.width
        anchors.right: parent.right
        anchors.bottom: Style.wide ? undefined : parent.bottom
        anchors.top: Style.wide ? parent.top : undefined
        spacing: Style.mm(5)

        Repeater {
            model: Page.choices

            TileCard {
                required offered

                width: choices.width
                height: implicitHeight
                icon: answerId.includes("paper") ? "paper" : answerId.includes("code") || answerId.includes("qr") ? "phone" : "not"
            }
        }
    }
}
