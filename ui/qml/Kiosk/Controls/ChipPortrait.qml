// The portrait of the permit's chip, whole and as it was taken, in a frame that fits it.
import QtQuick
import Kiosk.Bridge
import Kiosk.Style

Item {
    id: root

    readonly property bool showing: Page.camera.serial > 0 && width >= 1 && height >= 1

    Accessible.role: Accessible.Graphic
    Accessible.name: Words.say("screen.portrait")

    Image {
        id: picture

        anchors.centerIn: parent
        cache: false
        source: root.showing ? "image://portrait/" + Page.camera.serial : ""
        sourceSize: Qt.size(Math.max(1, root.width - Style.mm(4)), Math.max(1, root.height - Style.mm(4)))
    }

    Rectangle {
        visible: picture.status === Image.Ready
        anchors.fill: picture
        anchors.margins: -Style.mm(2)
        color: "transparent"
        radius: Style.radius
        border.width: Style.mm(2)
        border.color: Style.strong
    }

    Icon {
        visible: !root.showing
        anchors.centerIn: parent
        width: Math.min(root.width, root.height) / 3
        height: width
        name: "person_card"
        colour: Style.strong
    }
}
