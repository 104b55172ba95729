// The live picture and one sentence of guidance.
import QtQuick
import Kiosk.Bridge
import Kiosk.Controls
import Kiosk.Style

Item {
    id: root

    Item {
        id: picture

        anchors.left: parent.left
        anchors.top: parent.top
        width: Style.wide ? parent.width * 0.46 : parent.width
        height: Style.wide ? parent.height : parent.height - words.implicitHeight - Style.mm(12)

        CameraOval {
            readonly property real room: Math.min(parent.width * 1.3, parent.height)

            anchors.centerIn: parent
            height: room
            width: room / 1.3
            arrow: Page.face.arrow
        }
    }

    Column {
        id: words

        anchors.left: Style.wide ? picture.right : parent.left
        anchors.leftMargin: Style.wide ? Style.mm(12) : 0
        anchors.right: parent.right
        anchors.bottom: Style.wide ? undefined : parent.bottom
        anchors.verticalCenter: Style.wide ? parent.verticalCenter : undefined
        spacing: Style.mm(6)

        Sentence {
            width: parent.width
            text: Page.face.guidance
            font.pixelSize: Style.titlePx
            font.bold: true
            color: Style.strong
            horizontalAlignment: Style.wide ? Text.AlignLeft : Text.AlignHCenter
        }

        ProgressLine {
            width: Style.wide ? parent.width : Style.mm(120)
            height: implicitHeight
            anchors.horizontalCenter: Style.wide ? undefined : parent.horizontalCenter
            fraction: Page.face.progress
        }
    }
}
