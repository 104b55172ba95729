pragma ComponentBehavior: Bound
import QtQuick
import Kiosk.Controls
import Kiosk.Probe
import Kiosk.Style

ControlCase {
    id: root

    name: "PagedArea"

    control: Component {
        PagedArea {
            id: area

            property int lines: 5
            property int headingAt: -1
            property var heightsMm: []

            height: Style.mm(100)
            gap: Style.mm(5)

            Repeater {
                model: area.lines

                Entry {
                    required property int index

                    objectName: "entry " + index
                    implicitHeight: Style.mm(area.heightsMm[index] ?? 30)
                    whole: area.columns === 1
                    keepWithNext: index === area.headingAt
                }
            }
        }
    }

    function shown(area: Item): var {
        return visibleItems(area).filter(each => each instanceof Entry).map(each => Number(each.objectName.slice(6)));
    }

    function button(area: Item, which: string): PagerButton {
        return findChild(area, "pager:" + which) as PagerButton;
    }

    function test_whatFitsHasOnePageAndNoButtons(): void {
        const area = made({
            "lines": 3
        });
        compare(area.pages, 1);
        compare(shown(area), [0, 1, 2]);
        verify(!button(area, "next").visible);
    }

    function test_whatDoesNotFitIsTurnedByTheButtons(): void {
        const area = made({});
        compare(area.pages, 3);
        compare(shown(area), [0, 1]);
        verify(!button(area, "previous").enabled);
        mouseClick(button(area, "next"));
        compare(shown(area), [2, 3]);
        mouseClick(button(area, "next"));
        compare(shown(area), [4]);
        verify(!button(area, "next").enabled);
        verify(wordsOf(area).includes("3 / 3"));
        mouseClick(button(area, "previous"));
        compare(shown(area), [2, 3]);
        checkAtLeast(button(area, "next").height, 20);
    }

    function test_nothingLiesUnderTheButtonsNorOverAnother(): void {
        const area = made({});
        const entries = visibleItems(area).filter(each => each instanceof Entry);
        verify(entries[0].y + entries[0].height < entries[1].y);
        verify(entries[1].y + entries[1].height <= button(area, "next").mapToItem(area, 0, 0).y);
    }

    function test_aHeadingGoesWithWhatItHeads(): void {
        const area = made({
            "headingAt": 1
        });
        compare(shown(area), [0]);
        area.page = 1;
        compare(shown(area), [1, 2]);
    }

    function test_aHeadingStaysWhereTheNextPageHasNoRoomForBoth(): void {
        const area = made({
            "lines": 3,
            "headingAt": 1,
            "heightsMm": [30, 10, 70]
        });
        compare(shown(area), [0, 1]);
        mouseClick(button(area, "next"));
        compare(shown(area), [2]);
        compare(area.roomOfPages, area.height - button(area, "next").height - area.gap);
    }

    function test_columnsStandBesideEachOther(): void {
        const area = made({
            "columns": 2,
            "lines": 7
        });
        compare(area.pages, 2);
        compare(shown(area), [0, 1, 2, 3]);
        const [first, second] = visibleItems(area).filter(each => each instanceof Entry);
        compare(first.y, second.y);
        fuzzyCompare(second.x - first.width, area.gap, 1);
    }

    function test_aNewStepBeginsAtItsFirstPage(): void {
        const area = made({});
        area.page = 2;
        Probe.show("");
        compare(area.page, 2);
        Probe.show("pay");
        compare(area.page, 0);
    }

    function test_shorterListsDoNotLeaveAnEmptyPage(): void {
        const area = made({});
        area.page = 2;
        area.lines = 3;
        compare(area.pages, 1);
        compare(shown(area), [0, 1, 2]);
    }

    function test_whatIsNotPresentTakesNoRoom(): void {
        const area = made({
            "lines": 3
        });
        findChild(area, "entry 1").present = false;
        compare(shown(area), [0, 2]);
        compare(area.wanted, 2 * Style.mm(30) + area.gap);
    }
}
