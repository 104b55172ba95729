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
    property list<real> widths: []

    height: count > 0 ? tallest : 0
    onWidthChanged: measure()

    // The strong action takes more of the width than a quiet one. Where its words would not stand on one line then, each has what its words want,
    // or as much less as leaves every word whole.
    function shared(found: list<var>): list<real> {
        const shares = found.map(button => button.primary && found.length > 1 ? 1.6 : 1);
        const all = shares.reduce((sum, share) => sum + share, 0);
        const wanted = found.reduce((sum, button) => sum + button.implicitWidth, 0);
        const least = found.reduce((sum, button) => sum + button.leastWidth, 0);
        const between = row.spacing * (found.length - 1);
        // On a wide panel they stay at the right.
        const room = (Style.wide ? Math.min(root.width, Style.mm(110) * (all + 0.4)) : root.width) - between;
        const even = shares.map(share => room * share / all);
        if (found.every((button, number) => button.implicitWidth <= even[number]))
            return even;
        const wider = (Style.wide ? Math.min(root.width - between, Math.max(room, wanted)) : room);
        if (wanted <= wider)
            return found.map((button, number) => button.implicitWidth + (wider - wanted) * shares[number] / all);
        const part = Math.max(0, (wider - least) / (wanted - least));
        return found.map(button => button.leastWidth + (button.implicitWidth - button.leastWidth) * part);
    }

    function measure(): void {
        const found = [];
        for (let number = 0; number < buttons.count; ++number) {
            const button = buttons.itemAt(number) as ActionButton;
            if (button !== null)
                found.push(button);
        }
        root.widths = shared(found);
        root.tallest = found.reduce((tallest, button) => Math.max(tallest, button.implicitHeight), 0);
    }

    Row {
        id: row

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
                required property int index

                width: root.widths[index] ?? 0
                height: root.tallest
                onImplicitHeightChanged: root.measure()
                onImplicitWidthChanged: root.measure()
                onLeastWidthChanged: root.measure()
            }
        }
    }
}
