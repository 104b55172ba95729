// The machine works: its stages, how far it is, and what the traveller should know meanwhile.
pragma ComponentBehavior: Bound
import QtQuick
import Kiosk.Bridge
import Kiosk.Controls
import Kiosk.Style

Item {
    id: root

    Card {
        id: frame

        anchors.left: parent.left
        anchors.top: parent.top
        width: Style.wide ? parent.width * 0.44 : parent.width
        height: Style.wide ? parent.height : parent.height - words.height - Style.mm(Style.textSize === 3 ? 6 : 10)

        WorkPicture {
            anchors.fill: parent
            anchors.margins: Style.mm(Style.textSize === 3 ? 4 : 8)
        }
    }

    Column {
        id: words

        anchors.left: Style.wide ? frame.right : parent.left
        anchors.leftMargin: Style.wide ? Style.mm(12) : 0
        anchors.right: parent.right
        anchors.bottom: Style.wide ? undefined : parent.bottom
        anchors.verticalCenter: Style.wide ? parent.verticalCenter : undefined
        spacing: Style.mm(Style.textSize === 3 ? 5 : 8)

        Column {
            id: stages

            width: parent.width

            Repeater {
                model: Page.working.stages

                StageLine {
                    width: stages.width
                    height: implicitHeight
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
            visible: Page.working.sentence !== ""
            width: parent.width
            text: Page.working.sentence
            font.pixelSize: Style.leadPx
        }
    }
}
