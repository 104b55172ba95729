// The whole screen as a lamp, for some seconds: a colour, the live picture and one sentence. Header and footer stay.
import QtQuick
import Kiosk.Bridge
import Kiosk.Controls
import Kiosk.Style

Rectangle {
    id: root

    color: Page.face.colour

    CameraOval {
        anchors.horizontalCenter: parent.horizontalCenter
        anchors.top: parent.top
        anchors.topMargin: Style.mm(20)
        height: Math.min(root.width * 0.9, root.height - words.height - Style.mm(60))
        width: height / 1.3
    }

    Rectangle {
        id: words

        anchors.horizontalCenter: parent.horizontalCenter
        anchors.bottom: parent.bottom
        anchors.bottomMargin: Style.mm(16)
        width: Math.min(root.width - 2 * Style.margin, Style.mm(220))
        height: sentence.implicitHeight + Style.mm(12)
        radius: Style.radius
        color: Style.surface

        Sentence {
            id: sentence

            anchors.left: parent.left
            anchors.right: parent.right
            anchors.margins: Style.mm(6)
            anchors.verticalCenter: parent.verticalCenter
            text: Page.face.guidance
            font.pixelSize: Style.titlePx
            font.bold: true
            color: Style.ink
            horizontalAlignment: Text.AlignHCenter
        }
    }
}
