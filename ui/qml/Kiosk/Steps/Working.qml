// The machine works: its stages, how far it is, and what the traveller should know meanwhile.
pragma ComponentBehavior: Bound
import QtQuick
import Kiosk.Bridge
import Kiosk.Controls
import Kiosk.Style

Item {
    id: root

    readonly property bool said: Page.working.sentence !== ""

    WorkPicture {
        id: picture

        readonly property real taken: Style.wide ? (root.said ? sentence.height + Style.mm(6) : 0) : words.height + (root.said ? sentence.height + Style.mm(10) : 0) + Style.mm(14)

        anchors.left: parent.left
        anchors.top: parent.top
        width: Style.wide ? parent.width * 0.4 : parent.width
        height: Math.max(0, Math.min(Style.mm(Style.wide ? 200 : 120), parent.height - taken))
    }

    Column {
        id: words

        anchors.left: Style.wide ? picture.right : parent.left
        anchors.leftMargin: Style.wide ? Style.mm(12) : 0
        anchors.right: parent.right
        y: Style.wide ? Math.max(0, (picture.height - height) / 2) : picture.height + Style.mm(14)
        spacing: Style.mm(Style.wide ? 5 : 10)

        Card {
            width: parent.width
            height: stages.height + Style.mm(Style.scarce ? 6 : 14)

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
    }

    Sentence {
        id: sentence

        visible: root.said
        anchors.left: parent.left
        anchors.top: Style.wide ? picture.bottom : words.bottom
        anchors.topMargin: Style.mm(Style.wide ? 6 : 10)
        width: Style.wide ? picture.width : parent.width
        text: Page.working.sentence
        font.pixelSize: Style.leadPx
        horizontalAlignment: Text.AlignHCenter
    }
}
