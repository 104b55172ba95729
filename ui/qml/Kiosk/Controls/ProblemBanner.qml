// Why the last try did not do, above the page's body.
import QtQuick
import Kiosk.Style

Card {
    id: root

    required property string words

    implicitHeight: sentence.implicitHeight + Style.mm(8)
    border.color: Style.trouble
    border.width: Style.stroke
    Accessible.role: Accessible.AlertMessage
    Accessible.name: words

    Rectangle {
        id: bar

        width: Style.mm(14)
        anchors.left: parent.left
        anchors.top: parent.top
        anchors.bottom: parent.bottom
        color: Style.trouble
        radius: Style.radius

        Icon {
            anchors.centerIn: parent
            name: "warning"
            colour: Style.signalText
        }
    }

    Sentence {
        id: sentence

        anchors.left: bar.right
        anchors.leftMargin: Style.mm(5)
        anchors.right: parent.right
        anchors.rightMargin: Style.mm(5)
        anchors.verticalCenter: parent.verticalCenter
        text: root.words
        color: Style.trouble
        font.bold: true
        Accessible.ignored: true
    }
}
