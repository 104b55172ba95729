// "Do you need more time?": over the page, with the seconds that are left.
import QtQuick
import Kiosk.Bridge
import Kiosk.Controls
import Kiosk.Style

Item {
    id: root

    objectName: "dialog:more_time"

    // The page behind stays to be seen, and takes no touch.
    Rectangle {
        anchors.fill: parent
        color: Style.ink
        opacity: 0.72
    }

    MouseArea {
        anchors.fill: parent
    }

    Card {
        id: sheet

        anchors.horizontalCenter: parent.horizontalCenter
        y: Math.max((parent.height - height) / 2, Style.reach)
        width: Math.min(parent.width - Style.margin * 2, Style.mm(260))
        height: column.height + Style.mm(24)
        border.color: Style.strong
        border.width: Style.stroke

        Column {
            id: column

            anchors.left: parent.left
            anchors.right: parent.right
            anchors.verticalCenter: parent.verticalCenter
            anchors.margins: Style.mm(12)
            spacing: Style.mm(8)

            Sentence {
                width: parent.width
                text: Words.say("screen.still_there.title")
                font.pixelSize: Style.titlePx
                font.bold: true
                horizontalAlignment: Text.AlignHCenter
            }

            Sentence {
                width: parent.width
                text: Math.max(0, Page.seconds_left)
                font.pixelSize: Style.displayPx * 1.6
                font.bold: true
                color: Style.strong
                horizontalAlignment: Text.AlignHCenter
                Accessible.name: Words.say("screen.seconds_left").replace("{n}", text)
            }

            ProgressLine {
                width: parent.width
                height: implicitHeight
                fraction: Page.alert_s > 0 ? Page.seconds_left / Page.alert_s : 0
            }

            Sentence {
                width: parent.width
                text: Words.say("screen.still_there.sentence")
                horizontalAlignment: Text.AlignHCenter
            }

            ActionButton {
                visible: Page.more_time_offered
                width: parent.width
                height: implicitHeight
                answerId: "more_time"
                label: Words.say("screen.still_there.more_time")
                primary: true
            }

            ActionButton {
                visible: Page.cancel_offered
                width: parent.width
                height: implicitHeight
                answerId: "footer.cancel"
                label: Words.say("screen.still_there.cancel")
            }
        }
    }
}
