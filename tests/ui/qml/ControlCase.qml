// What every case of a control shares: a panel to stand on, millimetres, and the eyes to look at what is drawn. The smallest control of a page has
// 12.7 mm, its main ones 20 mm (the figures of tests/ui/geometry.py).
import QtQuick
import QtTest
import Kiosk.Bridge
import Kiosk.Controls
import Kiosk.Probe
import Kiosk.Style

TestCase {
    id: root

    property Component control
    property string sample: "review"
    readonly property string longWords: "Take the permit out of its cover and put it into the slot with the photograph up; 请把证件从保护套中取出，照片面朝上插入卡口。"

    width: Panel.width_px
    height: Panel.height_px
    visible: true
    when: windowShown

    Rectangle {
        anchors.fill: parent
        color: Style.paper
    }

    function init(): void {
        Probe.forget();
        Probe.show(sample);
        Probe.use_keyboard();
    }

    function cleanup(): void {
        compare(Probe.unknown_words(), []);
    }

    // The control, 20 mm from the panel's edge, as wide as a half page where nothing else is said.
    function made(properties: var): var {
        const place = {
            "x": Style.mm(20),
            "y": Style.mm(20),
            "width": Style.mm(100)
        };
        const item = createTemporaryObject(control, root, Object.assign(place, properties));
        verify(item !== null, "the control could not be built");
        settle(item);
        return item;
    }

    // Drawing lays out to the end what waits for its layout, and what waits for that.
    function settle(item: Item): void {
        grabImage(item);
    }

    function inMm(pixels: real): real {
        return pixels / Panel.px_per_mm;
    }

    // Positions are whole pixels: one of them is forgiven.
    function checkAtLeast(pixels: real, millimetres: real): void {
        verify(pixels >= millimetres * Panel.px_per_mm - 1, inMm(pixels).toFixed(1) + " mm, not " + millimetres);
    }

    function visibleItems(item: Item): var {
        let found = [];
        for (const child of item.children)
            if (child.visible)
                found = found.concat([child], visibleItems(child));
        return found;
    }

    function textsOf(item: Item): var {
        return [item].concat(visibleItems(item)).filter(each => each instanceof Text && each.text !== "");
    }

    function wordsOf(item: Item): var {
        return textsOf(item).map(text => text.text);
    }

    // The names of the drawings that can be seen.
    function drawingsOf(item: Item): var {
        return visibleItems(item).filter(each => each instanceof Drawing && each.name !== "" && each.opacity > 0).map(each => each.name);
    }

    function checkWordsInside(item: Item): void {
        settle(item);
        for (const text of textsOf(item)) {
            const from = text.mapToItem(item, 0, 0);
            verify(!text.truncated, "cut: " + text.text);
            verify(text.contentWidth <= text.width + 1 && text.contentHeight <= text.height + 1, "larger than its place: " + text.text);
            verify(from.x >= -1 && from.x + text.width <= item.width + 1, "runs out at a side: " + text.text);
            verify(from.y >= -1 && from.y + text.height <= item.height + 1, "runs out above or below: " + text.text);
        }
    }

    // Words that are too long for one line make it higher, in every size of the letters, and stay inside it.
    function checkGrows(item: Item, lengthen: var): void {
        checkWordsInside(item);
        const before = item.implicitHeight;
        lengthen();
        for (const textSize of [0, 1, 2, 3]) {
            Probe.comfort("en", textSize, "default");
            checkWordsInside(item);
            verify(wordsOf(item).includes(longWords));
        }
        verify(item.implicitHeight > before);
    }

    // Whether a picture of it changes by itself.
    function checkMoves(item: Item): void {
        const before = grabImage(item);
        tryVerify(() => !grabImage(item).equals(before), 3000);
    }

    function checkTold(item: Item, role: int, name: string): void {
        const told = Probe.told(item);
        compare(told.role, role);
        compare(told.name, name);
    }

    // One pixel of the page as it is drawn, from the item's upper left corner.
    function colourAt(item: Item, x: real, y: real): color {
        const at = item.mapToItem(root, x, y);
        return grabImage(root).pixel(Math.round(at.x), Math.round(at.y));
    }
}
