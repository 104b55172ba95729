// For staff: the portrait of the permit's chip beside the holder's masked name.
import QtQuick
import Kiosk.Bridge
import Kiosk.Controls
import Kiosk.Style

Item {
    id: root

    Item {
        id: place

        anchors.left: parent.left
        anchors.top: parent.top
        width: Style.wide ? parent.width * 0.44 : parent.width
        height: Style.wide ? parent.height : parent.height - words.implicitHeight - Style.mm(12)

        ChipPortrait {
            anchors.centerIn: parent
            width: parent.width
            height: Math.min(parent.height, Style.mm(240))
        }
    }

    Column {
        id: words

        anchors.left: Style.wide ? place.right : parent.left
        anchors.leftMargin: Style.wide ? Style.mm(12) : 0
        anchors.right: parent.right
        anchors.bottom: Style.wide ? undefined : parent.bottom
        anchors.verticalCenter: Style.wide ? parent.verticalCenter : undefined
        spacing: Style.mm(6)

        Sentence {
            width: parent.width
            text: Page.compare.person
            font.pixelSize: Style.displayPx
            font.bold: true
            color: Style.strong
            horizontalAlignment: Style.wide ? Text.AlignLeft : Text.AlignHCenter
        }

        // Beneath a problem the largest letters leave no room for it on a wide panel.
        Sentence {
            visible: !(Style.scarce && Page.problem !== "")
            width: parent.width
            text: Page.compare.sentence
            font.pixelSize: Style.scarce ? Style.bodyPx : Style.leadPx
            horizontalAlignment: Style.wide ? Text.AlignLeft : Text.AlignHCenter
        }
    }
}
