// The low-reach band: always the same keys, always in the same place, fewer and larger in the elder mode; what cannot be used now is dim.
pragma ComponentBehavior: Bound
import QtQuick
import Kiosk.Bridge
import Kiosk.Controls
import Kiosk.Style

Rectangle {
    id: root

    readonly property int columns: Style.wide ? keys.count : Math.ceil(keys.count / 2)
    readonly property real cellWidth: (grid.width - grid.spacing * (columns - 1)) / columns
    // The tallest decides for all, so that they stand in line in every language.
    property real cellHeight: 0

    color: Style.surface
    height: grid.height + Style.gap * 2

    function measure(): void {
        let tallest = 0;
        for (let number = 0; number < keys.count; ++number)
            tallest = Math.max(tallest, keys.itemAt(number)?.implicitHeight ?? 0);
        root.cellHeight = tallest;
    }

    Rectangle {
        width: parent.width
        height: Style.hair
        color: Style.line
    }

    Grid {
        id: grid

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: parent.top
        anchors.margins: Style.gap
        columns: root.columns
        spacing: Style.mm(3)

        Repeater {
            id: keys

            model: Page.footer
            onItemAdded: root.measure()
            onItemRemoved: root.measure()

            FooterButton {
                required offered
                required lit

                width: root.cellWidth
                height: root.cellHeight
                onImplicitHeightChanged: root.measure()
            }
        }
    }
}
