// One drawing of assets/icons, by name, in the theme's colours; a tint replaces its ink.
import QtQuick
import Kiosk.Bridge

Item {
    id: root

    property string name: ""
    property string tint: ""

    Accessible.ignored: true

    Image {
        anchors.fill: parent
        source: root.name !== "" && root.width >= 1 && root.height >= 1 ? "image://drawings/" + ThemeColours.name + "/" + (root.tint === "" ? "-" : root.tint.slice(-6)) + "/" + root.name : ""
        sourceSize: Qt.size(root.width, root.height)
    }
}
