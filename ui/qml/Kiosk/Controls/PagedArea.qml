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
    property bool arranging: false
    readonly property string step: Page.step

    // How much higher than it has to be an entry may stand, where there is room.
    property real airAtMost: 0
    // How high the entries would be without pages; and how high those of this page are.
    property real wanted: 0
    property real filled: 0

    onStepChanged: page = 0
    onWidthChanged: arrange()
    onHeightChanged: arrange()
    onColumnsChanged: arrange()
    onGapChanged: arrange()
    onFootRoomChanged: arrange()
    onAirAtMostChanged: arrange()
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

    // The rows of each page. A heading is never left alone at the foot of one, and stands again above what goes on beneath it.
    function pagesOf(rows: list<var>, room: real): list<var> {
        const pages = [];
        let open = [];
        let heading = null;
        for (const row of rows) {
            if (open.length > 0 && heightOf(open) + gap + row.height > room) {
                const moved = [];
                while (open.length > 1 && open[open.length - 1].keep)
                    moved.unshift(open.pop());
                pages.push(open);
                const again = moved.length === 0 && !row.keep && heading !== null && heading.height + gap + row.height <= room;
                open = again ? [heading] : moved;
            }
            if (row.keep)
                heading = row;
            open.push(row);
        }
        pages.push(open);
        return pages;
    }

    function heightOf(rows: list<var>): real {
        return rows.reduce((sum, row) => sum + row.height + gap, -gap);
    }

    function arrange(): void {
        if (arranging || width <= 0 || height <= 0)
            return;
        arranging = true;
        const rows = rowsOf(width);
        root.wanted = Math.max(0, heightOf(rows));
        const foot = footRoom > 0 ? footRoom + gap : 0;
        const room = height - (wanted <= height - foot ? foot : Math.max(foot, pager.implicitHeight + gap));
        const pages = pagesOf(rows, room);
        root.pages = pages.length;
        if (page >= pages.length)
            page = pages.length - 1;
        const open = pages[page];
        const growing = open.filter(row => !row.keep).length;
        const air = Math.max(0, Math.min(airAtMost, Math.floor((room - heightOf(open)) / Math.max(1, growing))));
        for (const row of rows)
            for (const entry of row.entries)
                entry.visible = open.includes(row);
        let y = 0;
        for (const row of open) {
            const height = row.height + (row.keep ? 0 : air);
            for (const entry of row.entries) {
                entry.last = row === open[open.length - 1];
                entry.y = y;
                entry.height = height;
            }
            y += height + gap;
        }
        root.filled = Math.max(0, y - gap);
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
