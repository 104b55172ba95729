import QtQuick
import Kiosk.Controls
import Kiosk.Probe
import Kiosk.Style

ControlCase {
    name: "FocusRing"

    control: Component {
        FocusRing {
            height: Style.mm(20)
        }
    }

    function test_aDarkLineBetweenTwoLightOnes_data(): var {
        return ["default", "black_on_white", "white_on_black", "low"].map(theme => ({
                    "tag": theme
                }));
    }

    function test_aDarkLineBetweenTwoLightOnes(row: var): void {
        Probe.comfort("en", 1, row.tag);
        const ring = made({});
        const picture = grabImage(this);
        const colours = [];
        for (let x = ring.x - Style.mm(2.5); x < ring.x; ++x) {
            const colour = picture.pixel(x, ring.y + ring.height / 2);
            if (colours.length === 0 || !Qt.colorEqual(colours[colours.length - 1].colour, colour))
                colours.push({
                    "colour": colour,
                    "width": 0
                });
            colours[colours.length - 1].width += 1;
        }
        compare(colours.length, 3);
        verify(Qt.colorEqual(colours[0].colour, Style.paper) && Qt.colorEqual(colours[1].colour, Style.ink) && Qt.colorEqual(colours[2].colour, Style.paper));
        checkAtLeast(colours[1].width, 1.2);
    }

    function test_itKeepsInsideTheGapBetweenTwoControls(): void {
        const ring = made({});
        for (const line of visibleItems(ring))
            verify(-line.x <= 2.54 * Style.mm(100) / 100 && -line.y <= 2.54 * Style.mm(100) / 100);
    }
}
