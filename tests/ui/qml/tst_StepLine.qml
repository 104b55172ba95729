import QtQuick
import Kiosk.Bridge
import Kiosk.Controls
import Kiosk.Probe
import Kiosk.Style

ControlCase {
    name: "StepLine"

    control: Component {
        StepLine {}
    }

    function segments(line: Item): var {
        return visibleItems(line).filter(each => each instanceof Rectangle);
    }

    function test_thereIsASegmentForEachStepAndThoseGoneAreFilled(): void {
        const line = made({});
        compare(Page.place, 6);
        compare(segments(line).length, Page.places);
        compare(segments(line).filter(each => Qt.colorEqual(each.color, Style.strong)).length, 6);
        Probe.show("pay");
        compare(segments(line).filter(each => Qt.colorEqual(each.color, Style.strong)).length, 7);
    }

    function test_theSegmentsFillTheLineBesideTheWords(): void {
        const line = made({});
        for (const textSize of [0, 1, 2, 3]) {
            Probe.comfort("en", textSize, "default");
            checkWordsInside(line);
            const last = segments(line)[Page.places - 1];
            fuzzyCompare(last.mapToItem(line, last.width, 0).x, line.width, 1);
            verify(last.width > 0);
        }
    }

    function test_itIsToldInWords(): void {
        const line = made({});
        checkTold(textsOf(line)[0], Accessible.StaticText, Page.place_text);
        verify(Page.place_text.includes("6"));
    }
}
