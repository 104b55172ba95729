// What it costs, as the page's last line.
import QtQuick
import Kiosk.Style

Rectangle {
    id: root

    required property string amount

    implicitHeight: Math.max(word.implicitHeight, sum.implicitHeight) + Style.mm(6)
    radius: Style.radius
    color: Style.chosen
    border.width: Style.hair
    border.color: Style.strong
    Accessible.role: Accessible.StaticText
    Accessible.name: Words.say("screen.total") + " " + amount

    Sentence {
        id: word

        anchors.left: parent.left
        anchors.leftMargin: Style.mm(6)
        anchors.right: sum.left
        anchors.rightMargin: Style.gap
        anchors.verticalCenter: parent.verticalCenter
        text: Words.say("screen.total")
        font.pixelSize: Style.leadPx
        Accessible.ignored: true
    }

    Sentence {
        id: sum

        anchors.right: parent.right
        anchors.rightMargin: Style.mm(6)
        anchors.verticalCenter: parent.verticalCenter
        text: root.amount
        font.pixelSize: Style.titlePx
        font.bold: true
        color: Style.strong
        Accessible.ignored: true
    }
}
