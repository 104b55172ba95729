// One of the five things an end says: a drawing, what it is about, the sentence.
import QtQuick
import Kiosk.Style

Entry {
    id: root

    required property string icon
    required property string about
    required property string sentence
    property color colour: Style.strong
    property bool large: false

    implicitHeight: words.implicitHeight + Style.mm(Style.scarce ? 3 : Style.wide ? 6 : 8)
    present: sentence !== ""
    Accessible.role: Accessible.StaticText
    Accessible.name: about + ": " + sentence

    Icon {
        id: picture

        anchors.left: parent.left
        anchors.leftMargin: Style.mm(4)
        anchors.verticalCenter: parent.verticalCenter
        width: Style.mm(12)
        height: width
        name: root.icon
        colour: root.colour
    }

    Column {
        id: words

        anchors.left: picture.right
        anchors.leftMargin: Style.mm(6)
        anchors.right: parent.right
        anchors.rightMargin: Style.mm(4)
        anchors.verticalCenter: parent.verticalCenter
        spacing: Style.mm(1)

        Sentence {
            width: parent.width
            text: root.about
            font.pixelSize: Style.smallPx
            color: Style.muted
            Accessible.ignored: true
        }

        Sentence {
            width: parent.width
            text: root.sentence
            font.pixelSize: root.large ? Style.leadPx : Style.bodyPx
            font.bold: true
            Accessible.ignored: true
        }
    }

    Rectangle {
        visible: !root.last
        anchors.left: words.left
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        height: Style.hair
        color: Style.line
    }
}
