// Why the last try did not do, above the page's body.
import QtQuick
import Kiosk.Style

Card {
    id: root

    required property string words
    property bool urgent: true
    readonly property color signal: urgent ? Style.trouble : Style.strong

    implicitHeight: sentence.implicitHeight + Style.mm(8)
    border.color: signal
    border.width: Style.stroke
    Accessible.role: Accessible.AlertMessage
    Accessible.name: words

    Rectangle {
        id: bar

        width: Style.mm(14)
        anchors.left: parent.left
        anchors.top: parent.top
        anchors.bottom: parent.bottom
        color: root.signal
        // Round only where the banner is.
        topLeftRadius: Style.radius
        bottomLeftRadius: Style.radius

        Icon {
            anchors.centerIn: parent
            name: root.urgent ? "warning" : "info"
            colour: root.urgent ? Style.signalText : Style.strongText
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
        color: root.signal
        font.bold: true
        Accessible.ignored: true
    }
}
