// The machine works: its stages, how far it is, and what the traveller should know meanwhile.
import QtQuick
import Kiosk.Bridge
import Kiosk.Controls
import Kiosk.Style

Item {
    id: root

    WorkPicture {
        id: picture

        anchors.left: parent.left
        anchors.top: parent.top
        width: Style.wide ? parent.width * 0.36 : parent.width
        height: Style.wide ? parent.height : Math.min(Style.mm(120), parent.height - words.height - Style.mm(14))
    }

    Column {
        id: words

        anchors.left: Style.wide ? picture.right : parent.left
        anchors.leftMargin: Style.wide ? Style.mm(12) : 0
        anchors.right: parent.right
        anchors.top: Style.wide ? undefined : picture.bottom
        anchors.topMargin: Style.mm(14)
        anchors.verticalCenter: Style.wide ? parent.verticalCenter : undefined
        spacing: Style.mm(Style.wide ? 6 : 10)

        Card {
            width: parent.width
            height: stages.height + Style.mm(14)

            Column {
                id: stages

                anchors.left: parent.left
                anchors.right: parent.right
                anchors.verticalCenter: parent.verticalCenter
                anchors.leftMargin: Style.mm(8)
                anchors.rightMargin: Style.mm(8)

                Repeater {
                    model: Page.working.stages

                    StageLine {
                        width: stages.width
                        height: implicitHeight
                    }
                }
            }
        }

        ProgressLine {
            visible: Page.working.fraction >= 0
            width: parent.width
            height: implicitHeight
            fraction: Page.working.fraction
        }

        Sentence {
            visible: text !== ""
            width: parent.width
            text: Page.working.sentence
            font.pixelSize: Style.leadPx
            horizontalAlignment: Style.wide ? Text.AlignLeft : Text.AlignHCenter
        }
    }
}
