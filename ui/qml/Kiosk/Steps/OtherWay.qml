// The ways beside the camera: why there are any, and a tile for each within easy reach.
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

    Card {
        id: frame

        anchors.left: parent.left
        anchors.right: why.right
        anchors.top: why.bottom
        anchors.topMargin: why.height > 0 ? Style.mm(8) : 0
        anchors.bottom: Style.wide ? parent.bottom : ways.top
        anchors.bottomMargin: Style.wide ? 0 : Style.mm(8)
        visible: height >= Style.mm(50)

        Drawing {
            anchors.fill: parent
            anchors.margins: Style.mm(8)
            name: "other_way"
        }
    }

    Column {
        id: ways

        readonly property real between: spacing * (Page.choices.count - 1)
        readonly property real room: Style.wide ? root.height : root.height - why.height - Style.mm(8)
        readonly property real tileHeight: Math.min(Style.mm(Style.wide || Style.textSize === 3 ? 60 : 44), (room - between) / Math.max(1, Page.choices.count))

        anchors.left: Style.wide ? why.right : parent.left
        anchors.leftMargin: Style.wide ? Style.mm(12) : 0
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        spacing: Style.mm(Style.wide ? 5 : 6)

        Repeater {
            model: Page.choices

            TileCard {
                required offered

                width: parent?.width ?? 0
                height: Math.max(implicitHeight, ways.tileHeight)
                icon: answerId === "staff" ? "staff" : answerId === "ticket" ? "paper" : "face"
            }
        }
    }
}
