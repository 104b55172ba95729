// Lays entries out below each other (or in columns) and, where they do not fit, in pages with large buttons. Nothing is cut in half and
// nothing needs a swipe.
import QtQuick
import Kiosk.Bridge
import Kiosk.Style

Item {
    id: root

    default property alias entries: holder.data
    property int columns: 1
    property int gap: Style.gap
    property int page: 0
    property int pages: 1
    // Kept free at the foot, for what stands there beside the page buttons; and how wide those may be.
    property real footRoom: 0
    property real pagerWidth: width
    // How high an entry may be, above the buttons that turn pages and whatever stands beside them.
    readonly property real roomOfPages: height - Math.max(footRoom > 0 ? footRoom + gap : 0, pager.implicitHeight + gap)
    property bool arranging: false
    readonly property string step: Page.step

    // How high the entries would be without pages.
    property real wanted: 0

    onStepChanged: page = 0
    onWidthChanged: arrange()
    onHeightChanged: arrange()
    onColumnsChanged: arrange()
    onGapChanged: arrange()
    onFootRoomChanged: arrange()
    onPageChanged: arrange()
    Component.onCompleted: arrange()

    function rowsOf(width: real): list<var> {
        const columnWidth = (width - (columns - 1) * gap) / columns;
        const rows = [];
        let open = null;
        for (let number = 0; number < holder.children.length; ++number) {
            const entry = holder.children[number] as Entry;
            if (entry === null)
                continue;
            entry.arranger = root.arrange;
            if (!entry.present) {
                entry.visible = false;
                continue;
            }
            entry.width = entry.whole ? width : columnWidth;
            if (entry.whole || open === null || open.entries.length === columns) {
                open = {
                    "entries": [],
                    "height": 0,
                    "keep": entry.keepWithNext
                };
                rows.push(open);
            }
            entry.x = open.entries.length * (columnWidth + gap);
            open.entries.push(entry);
            open.height = Math.max(open.height, entry.implicitHeight);
            if (entry.whole)
                open = null;
        }
        return rows;
    }

    function arrange(): void {
        if (arranging || width <= 0 || height <= 0)
            return;
        arranging = true;
        const rows = rowsOf(width);
        let total = 0;
        for (const row of rows)
            total += row.height + gap;
        root.wanted = Math.max(0, total - gap);
        const foot = footRoom > 0 ? footRoom + gap : 0;
        const room = height - (wanted <= height - foot ? foot : Math.max(foot, pager.implicitHeight + gap));
        const starts = [0];
        let y = 0;
        for (let number = 0; number < rows.length; ++number) {
            if (y > 0 && y + rows[number].height > room) {
                // What belongs to the next row moves with it, where both have room on one page.
                let first = number;
                let moved = 0;
                while (first - 1 > starts[starts.length - 1] && rows[first - 1].keep && moved + rows[first - 1].height + gap + rows[number].height <= room) {
                    --first;
                    moved += rows[first].height + gap;
                }
                starts.push(first);
                y = moved;
            }
            y += rows[number].height + gap;
        }
        root.pages = starts.length;
        if (page >= starts.length)
            page = starts.length - 1;
        const last = page + 1 < starts.length ? starts[page + 1] : rows.length;
        y = 0;
        for (let number = 0; number < rows.length; ++number) {
            const shown = number >= starts[page] && number < last;
            for (const entry of rows[number].entries) {
                entry.visible = shown;
                entry.y = y;
                entry.height = rows[number].height;
            }
            if (shown)
                y += rows[number].height + gap;
        }
        arranging = false;
    }

    Item {
        id: holder

        anchors.fill: parent
        onChildrenChanged: root.arrange()
    }

    Item {
        id: pager

        visible: root.pages > 1
        anchors.left: parent.left
        anchors.bottom: parent.bottom
        width: root.pagerWidth
        implicitHeight: Math.max(previous.implicitHeight, next.implicitHeight)
        height: implicitHeight

        PagerButton {
            id: previous

            objectName: "pager:previous"
            label: Words.say("screen.pager.previous")
            icon: "up"
            offered: root.page > 0
            anchors.left: parent.left
            width: (parent.width - count.width) / 2 - Style.gap
            height: parent.height
            onActivated: root.page -= 1
        }

        Sentence {
            id: count

            anchors.centerIn: parent
            text: (root.page + 1) + " / " + root.pages
            font.bold: true
        }

        PagerButton {
            id: next

            objectName: "pager:next"
            label: Words.say("screen.pager.next")
            icon: "down"
            offered: root.page + 1 < root.pages
            anchors.right: parent.right
            width: previous.width
            height: parent.height
            onActivated: root.page += 1
        }
    }
}
