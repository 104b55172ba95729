// What must not be overlooked, from across the hall: large words on the colour of trouble, beating once a second.
// Once a second is far below the three flashes a second that can hurt people.
import QtQuick
import Kiosk.Style

Rectangle {
    id: root

    required property string words

    // As large as the letters leave room for.
    readonly property real air: Style.mm((Style.wide ? [22, 20, 14, 8] : [22, 20, 12, 8])[Style.textSize])

    implicitHeight: Math.max(sign.height, sentence.implicitHeight) + 2 * air
    color: Style.trouble
    radius: Style.radius
    border.width: Style.stroke
    border.color: Style.signalText
    Accessible.role: Accessible.AlertMessage
    Accessible.name: words

    Icon {
        id: sign

        name: "warning"
        colour: Style.signalText
        width: Style.mm([34, 32, 24, 20][Style.textSize])
        height: width
        anchors.left: parent.left
        anchors.leftMargin: Style.mm(6)
        anchors.verticalCenter: parent.verticalCenter

        SequentialAnimation on opacity {
            running: root.visible
            loops: Animation.Infinite

            PauseAnimation {
                duration: 600
            }

            NumberAnimation {
                to: 0.25
                duration: 200
            }

            NumberAnimation {
                to: 1
                duration: 200
            }
        }
    }

    Sentence {
        id: sentence

        anchors.left: sign.right
        anchors.leftMargin: Style.mm(6)
        anchors.right: parent.right
        anchors.rightMargin: Style.mm(6)
        anchors.verticalCenter: parent.verticalCenter
        text: root.words
        color: Style.signalText
        font.pixelSize: Style.textSize < 2 ? Style.displayPx : Style.titlePx
        font.bold: true
        Accessible.ignored: true
    }
}
