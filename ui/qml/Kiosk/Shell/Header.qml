// The band at the top: the machine's mark and name, and whether it is only simulated.
import QtQuick
import Kiosk.Bridge
import Kiosk.Controls
import Kiosk.Style

Rectangle {
    id: root

    color: Style.band
    height: Math.max(Style.mm(Style.wide ? 17 : 22), name.implicitHeight + Style.mm(Style.wide ? 2 : 8), badge.visible ? badge.implicitHeight + Style.mm(3) : 0)

    Icon {
        id: mark

        name: "mark"
        colour: Style.bandText
        width: Style.mm(Style.wide ? 10 : 12)
        height: width
        anchors.left: parent.left
        anchors.leftMargin: Style.margin
        anchors.verticalCenter: parent.verticalCenter
    }

    Sentence {
        id: name

        anchors.left: mark.right
        anchors.leftMargin: Style.mm(5)
        anchors.right: badge.visible ? badge.left : parent.right
        anchors.rightMargin: Style.gap
        anchors.verticalCenter: parent.verticalCenter
        text: Words.say("screen.machine")
        color: Style.bandText
        font.pixelSize: Style.leadPx
        font.bold: true
    }

    SimulatedBadge {
        id: badge

        visible: Page.simulated
        anchors.right: parent.right
        anchors.rightMargin: Style.margin
        anchors.verticalCenter: parent.verticalCenter
        height: implicitHeight
        width: implicitWidth
    }
}
