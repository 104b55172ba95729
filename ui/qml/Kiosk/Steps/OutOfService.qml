// Why the machine serves nobody now, and when somebody does.
import QtQuick
import Kiosk.Bridge
import Kiosk.Controls
import Kiosk.Style

Item {
    id: root

    Column {
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        spacing: Style.mm(12)

        Icon {
            anchors.horizontalCenter: parent.horizontalCenter
            width: Style.mm(Style.wide ? 32 : 48)
            height: width
            name: "closed"
            colour: Style.strong
        }

        Sentence {
            width: parent.width
            text: Page.out_of_service.reason
            font.pixelSize: Style.leadPx
            horizontalAlignment: Text.AlignHCenter
        }

        Sentence {
            width: parent.width
            text: Words.say("screen.outcome.hours") + "  " + Page.out_of_service.hours
            font.bold: true
            horizontalAlignment: Text.AlignHCenter
        }
    }
}
