// The page's actions, the strong one at the right hand.
pragma ComponentBehavior: Bound
import QtQuick
import Kiosk.Bridge
import Kiosk.Controls
import Kiosk.Style

Item {
    id: root

    readonly property int count: Page.actions.count
    property real tallest: 0

    height: count > 0 ? tallest : 0

    function measure(): void {
        let height = 0;
        for (let number = 0; number < buttons.count; ++number)
            height = Math.max(height, buttons.itemAt(number)?.implicitHeight ?? 0);
        root.tallest = height;
    }

    Row {
        id: row

        // The strong action takes two shares of the width, the quiet ones one; on a wide panel they stay at the right.
        readonly property real available: Style.wide ? Math.min(root.width, Style.mm(110) * (root.count + 1)) : root.width
        readonly property real share: (available - spacing * (root.count - 1)) / Math.max(1, root.count + (root.count > 1 ? 0.6 : 0))

        anchors.right: parent.right
        spacing: Style.mm(5)

        Repeater {
            id: buttons

            model: Page.actions
            onItemAdded: root.measure()
            onItemRemoved: root.measure()

            ActionButton {
                required primary
                required offered

                width: row.share * (primary && root.count > 1 ? 1.6 : 1)
                height: root.tallest
                onImplicitHeightChanged: root.measure()
            }
        }
    }
}
