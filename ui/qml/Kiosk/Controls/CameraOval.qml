// The live picture in an oval; without a frame, a drawing of what is to come.
import QtQuick
import Kiosk.Bridge
import Kiosk.Style

Item {
    id: root

    readonly property bool showing: Page.camera.serial > 0

    Accessible.role: Accessible.Graphic
    Accessible.name: Words.say("screen.preview")

    Image {
        anchors.fill: parent
        anchors.margins: Style.mm(1)
        cache: false
        source: root.showing && width >= 1 && height >= 1 ? "image://camera/" + Page.camera.serial : ""
        sourceSize: Qt.size(width, height)
    }

    Drawing {
        anchors.fill: parent
        name: "face_oval"
    }

    Icon {
        visible: !root.showing
        anchors.centerIn: parent
        width: root.width / 3
        height: width
        name: "face"
        colour: Style.strong
    }
}
