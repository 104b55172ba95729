// Where am I: a segment for each step, and the words.
pragma ComponentBehavior: Bound
import QtQuick
import Kiosk.Bridge
import Kiosk.Style

Item {
    id: root

    implicitHeight: words.implicitHeight

    Sentence {
        id: words

        anchors.left: parent.left
        anchors.verticalCenter: parent.verticalCenter
        text: Page.place_text
        font.pixelSize: Style.smallPx
        color: Style.muted
    }

    Row {
        id: segments

        readonly property real segmentWidth: (width - spacing * (Page.places - 1)) / Math.max(1, Page.places)

        anchors.left: words.right
        anchors.leftMargin: Style.wideGap
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        spacing: Style.mm(1.5)

        Repeater {
            model: Page.places

            Rectangle {
                required property int index

                width: segments.segmentWidth
                height: Style.mm(2)
                radius: height / 2
                color: index < Page.place ? Style.strong : "transparent"
                border.width: Style.hair
                border.color: index < Page.place ? Style.strong : Style.dim
            }
        }
    }
}
