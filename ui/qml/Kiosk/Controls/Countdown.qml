// Seconds that are left, in words and as a line that grows shorter.
import QtQuick
import Kiosk.Bridge
import Kiosk.Style

Item {
    id: root

    implicitWidth: row.implicitWidth
    implicitHeight: row.implicitHeight

    Row {
        id: row

        spacing: Style.gap / 2

        Icon {
            name: "clock"
            colour: Style.trouble
            anchors.verticalCenter: parent.verticalCenter
        }

        Sentence {
            text: Words.say("screen.seconds_left").replace("{n}", Math.max(0, Page.seconds_left))
            color: Style.trouble
            font.pixelSize: Style.smallPx
            font.bold: true
            wrapMode: Text.NoWrap
            anchors.verticalCenter: parent.verticalCenter
        }
    }
}
