// The ways beside the camera: why there are any, and a tile for each.
pragma ComponentBehavior: Bound
import QtQuick
import Kiosk.Bridge
import Kiosk.Controls
import Kiosk.Style

Item {
    id: root

    Sentence {
        id: why

        anchors.left: parent.left
        anchors.top: parent.top
        width: Style.wide ? parent.width * 0.42 : parent.width
        text: Page.other_way.sentence
        font.pixelSize: Style.scarce ? Style.bodyPx : Style.leadPx
    }

    Column {
        anchors.left: Style.wide ? why.right : parent.left
        anchors.leftMargin: Style.wide ? Style.mm(12) : 0
        anchors.right: parent.right
        anchors.top: Style.wide ? parent.top : why.bottom
        anchors.topMargin: Style.wide ? 0 : Style.mm(12)
        spacing: Style.mm(6)

        Repeater {
            model: Page.choices

            TileCard {
                required offered

                width: parent?.width ?? 0
                height: implicitHeight
                icon: answerId === "staff" ? "staff" : answerId === "ticket" ? "paper" : "face"
            }
        }
    }
}
