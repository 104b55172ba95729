// The live picture in an oval, with the way to turn or move beside it; without a frame, a drawing of what is to come.
import QtQuick
import Kiosk.Bridge
import Kiosk.Style

Item {
    id: root

    // left, right, up, down as in a mirror; "" and any other word draw nothing.
    property string arrow: ""

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

    Rectangle {
        id: way

        readonly property var icons: ({
                left: "back",
                right: "forward",
                up: "up",
                down: "down"
            })
        readonly property string icon: icons[root.arrow] ?? ""

        visible: icon !== ""
        width: Style.mm(26)
        height: width
        radius: width / 2
        color: Style.strong
        // Clothes may have its colour.
        border.width: Style.stroke * 2
        border.color: Style.strongText
        x: root.arrow === "left" ? 0 : root.arrow === "right" ? root.width - width : (root.width - width) / 2
        y: root.arrow === "up" ? 0 : root.arrow === "down" ? root.height - height : (root.height - height) / 2

        Icon {
            anchors.centerIn: parent
            width: parent.width * 0.6
            height: width
            name: way.icon !== "" ? way.icon : "back"
            colour: Style.strongText
        }
    }
}
