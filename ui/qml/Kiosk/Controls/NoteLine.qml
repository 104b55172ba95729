// Something to know, quietly.
import QtQuick
import Kiosk.Style

Item {
    id: root

    required property string words
    property string icon: "info"

    implicitHeight: Math.max(picture.height, sentence.implicitHeight)

    Icon {
        id: picture

        name: root.icon
        colour: Style.muted
        anchors.left: parent.left
        anchors.top: parent.top
    }

    Sentence {
        id: sentence

        anchors.left: picture.right
        anchors.leftMargin: Style.gap
        anchors.right: parent.right
        anchors.top: parent.top
        text: root.words
        color: Style.muted
        font.pixelSize: Style.smallPx
    }
}
