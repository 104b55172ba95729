// A code for the traveller's phone. A dot walks round the frame: a sticker on the glass does not.
import QtQuick
import Kiosk.Bridge
import Kiosk.Style

Rectangle {
    id: root

    required property string code
    readonly property real track: 4 * (width - dot.width)
    property real walked: 0

    color: "white"
    radius: Style.radius
    border.width: Style.stroke
    border.color: Style.strong
    implicitHeight: width
    Accessible.role: Accessible.Graphic
    Accessible.name: Words.say("screen.code")

    Image {
        anchors.fill: parent
        anchors.margins: Style.mm(4)
        source: root.code !== "" && width >= 1 && height >= 1 ? "image://codes/" + encodeURIComponent(root.code) : ""
        sourceSize: Qt.size(width, height)
        cache: false
        smooth: false
    }

    Rectangle {
        id: dot

        readonly property real side: root.width - width
        readonly property real way: root.walked * root.track

        width: Style.mm(3)
        height: width
        radius: width / 2
        color: Style.strong
        x: way < side ? way : way < 2 * side ? side : way < 3 * side ? 3 * side - way : 0
        y: way < side ? 0 : way < 2 * side ? way - side : way < 3 * side ? side : 4 * side - way
    }

    NumberAnimation on walked {
        running: root.visible
        from: 0
        to: 1
        duration: 12000
        loops: Animation.Infinite
    }
}
