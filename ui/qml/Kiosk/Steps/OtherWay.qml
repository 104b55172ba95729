// The ways beside the camera: why there are any, and a tile for each.
pragma ComponentBehavior: Bound
import QtQuick
import Kiosk.Bridge
import Kiosk.Controls
import Kiosk.Style

Item {
    id: root

    // Beneath a problem the largest letters leave no room for the sentence: the ways come first.
    readonly property bool crowded: Page.problem !== "" && Style.textSize === 3

    Column {
        id: why

        anchors.left: parent.left
        anchors.top: parent.top
        width: Style.wide ? parent.width * 0.42 : parent.width

        ProblemBanner {
            visible: Style.scarce && root.crowded
            width: parent.width
            height: implicitHeight
            words: Page.problem
        }

        Sentence {
            visible: !root.crowded
            width: parent.width
            text: Page.other_way.sentence
            font.pixelSize: Style.scarce ? Style.bodyPx : Style.leadPx
        }
    }

    Column {
        anchors.left: Style.wide ? why.right : parent.left
        anchors.leftMargin: Style.wide ? Style.mm(12) : 0
        anchors.right: parent.right
        anchors.top: Style.wide ? parent.top : why.bottom
        anchors.topMargin: Style.wide || root.crowded ? 0 : Style.mm(12)
        spacing: Style.mm(Style.wide ? 5 : 6)

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
