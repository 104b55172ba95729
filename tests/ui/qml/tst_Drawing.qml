import QtQuick
import Kiosk.Controls
import Kiosk.Probe
import Kiosk.Style

ControlCase {
    name: "Drawing"

    control: Component {
        Drawing {
            width: Style.mm(20)
            height: Style.mm(20)
        }
    }

    // How many of the picture's pixels, every other one, have the colour.
    function count(item: Item, colour: color): int {
        const picture = grabImage(item);
        let found = 0;
        for (let x = 0; x < picture.width; x += 2)
            for (let y = 0; y < picture.height; y += 2)
                found += Qt.colorEqual(picture.pixel(x, y), colour) ? 1 : 0;
        return found;
    }

    function test_aTintReplacesItsInk(): void {
        const drawing = made({
            "name": "tick",
            "tint": "#00ff00"
        });
        verify(count(drawing, "#00ff00") > 5);
    }

    function test_withoutATintItWearsTheTheme(): void {
        const drawing = made({
            "name": "place_hkg"
        });
        const light = count(drawing, "#000000");
        Probe.comfort("en", 1, "white_on_black");
        verify(count(drawing, "#000000") > light + drawing.width);
    }

    function test_withoutANameNothingIsDrawn(): void {
        const drawing = made({});
        compare(count(drawing, Style.paper), Math.ceil(drawing.width / 2) * Math.ceil(drawing.height / 2));
    }

    function test_onlyWhatItStandsForIsTold(): void {
        const drawing = made({
            "name": "tick"
        });
        compare(drawing.Accessible.ignored, true);
    }
}
