// Why the machine serves nobody now, and when somebody does.
import QtQuick
import Kiosk.Bridge
import Kiosk.Controls
import Kiosk.Style

Card {
    id: root

    Column {
        id: words

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.margins: Style.mm(10)
        anchors.verticalCenter: parent.verticalCenter
        spacing: Style.mm(Style.scarce ? 4 : Style.wide ? 8 : 16)

        Icon {
            anchors.horizontalCenter: parent.horizontalCenter
            width: Style.mm(Style.scarce ? 24 : Style.wide ? 48 : 90)
            height: width
            name: "closed"
            colour: Style.strong
        }

        Sentence {
            width: parent.width
            text: Page.out_of_service.reason
            font.pixelSize: Style.textSize === 3 ? Style.leadPx : Style.titlePx
            font.bold: true
            horizontalAlignment: Text.AlignHCenter
        }

        Sentence {
            width: parent.width
            text: Words.say("screen.outcome.hours") + "  " + Page.out_of_service.hours
            font.pixelSize: Style.leadPx
            horizontalAlignment: Text.AlignHCenter
        }
    }
}
