// A label and its value, as on a form.
import QtQuick
import Kiosk.Style

Entry {
    id: root

    required property string label
    required property string value
    // It is what is checked; the largest letters need no more.
    readonly property int fontPx: Style.textSize < 3 ? Style.leadPx : Style.bodyPx

    implicitHeight: Math.max(name.implicitHeight, words.implicitHeight) + Style.mm(7)
    Accessible.role: Accessible.StaticText
    Accessible.name: label + ": " + value

    Sentence {
        id: name

        anchors.left: parent.left
        anchors.leftMargin: Style.mm(6)
        anchors.verticalCenter: parent.verticalCenter
        width: parent.width * 0.34
        text: root.label
        color: Style.muted
        font.pixelSize: root.fontPx
        Accessible.ignored: true
    }

    Sentence {
        id: words

        anchors.left: name.right
        anchors.leftMargin: Style.gap
        anchors.right: parent.right
        anchors.rightMargin: Style.mm(6)
        anchors.verticalCenter: parent.verticalCenter
        text: root.value
        font.bold: true
        font.pixelSize: root.fontPx
        Accessible.ignored: true
    }

    Rectangle {
        visible: !root.last
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        height: Style.hair
        color: Style.line
    }
}
