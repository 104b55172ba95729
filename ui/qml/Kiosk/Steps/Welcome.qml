// Where to? One card for each destination; where the machine stands and when the hall is open beneath.
pragma ComponentBehavior: Bound
import QtQuick
import Kiosk.Bridge
import Kiosk.Controls
import Kiosk.Style

Item {
    id: root

    // The largest letters stand beside the drawings: neither takes the other's room.
    readonly property int columns: Style.textSize === 3 ? (Style.wide ? 2 : 1) : Style.wide ? Math.max(1, Page.choices.count) : 2
    readonly property int rows: Math.ceil(Page.choices.count / columns)

    Grid {
        id: grid

        readonly property real cellWidth: (width - spacing * (columns - 1)) / columns
        readonly property real cellHeight: Math.min(Style.mm(Style.wide ? 120 : 130), (height - spacing * (root.rows - 1)) / Math.max(1, root.rows))

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: parent.top
        anchors.bottom: hall.top
        anchors.bottomMargin: Style.wideGap
        columns: root.columns
        spacing: Style.mm(Style.textSize === 3 ? 4 : 6)

        Repeater {
            model: Page.choices

            DestinationCard {
                required offered

                width: grid.cellWidth
                height: grid.cellHeight
            }
        }
    }

    Column {
        id: hall

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        spacing: Style.mm(3)

        NoteLine {
            width: parent.width
            height: implicitHeight
            icon: "pin"
            words: Page.welcome.hall
        }

        NoteLine {
            width: parent.width
            height: implicitHeight
            icon: "clock"
            words: Page.welcome.hours
        }
    }
}
