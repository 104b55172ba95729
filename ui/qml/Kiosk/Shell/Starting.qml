// Before the first page: the machine says what it is and that it is starting.
import QtQuick
import Kiosk.Controls
import Kiosk.Style

Rectangle {
    color: Style.band

    Column {
        anchors.centerIn: parent
        width: parent.width - Style.margin * 2
        spacing: Style.wideGap

        Icon {
            name: "mark"
            colour: Style.bandText
            width: Style.mm(36)
            height: width
            anchors.horizontalCenter: parent.horizontalCenter
        }

        Sentence {
            width: parent.width
            text: Words.say("screen.machine")
            color: Style.bandText
            font.pixelSize: Style.displayPx
            font.bold: true
            horizontalAlignment: Text.AlignHCenter
        }

        Sentence {
            width: parent.width
            text: Words.say("screen.starting")
            color: Style.bandText
            font.pixelSize: Style.leadPx
            horizontalAlignment: Text.AlignHCenter
        }
    }
}
