import QtQuick
import Kiosk.Controls
import Kiosk.Probe
import Kiosk.Style

ControlCase {
    name: "Icon"

    control: Component {
        Icon {
            name: "tick"
        }
    }

    function icon(): Icon {
        return made({
            "width": Style.iconSize
        }) as Icon;
    }

    function test_itGrowsWithTheLetters(): void {
        const tick = createTemporaryObject(control, this) as Icon;
        for (const [textSize, millimetres] of [[0, 8], [1, 9], [2, 10], [3, 11]]) {
            Probe.comfort("en", textSize, "default");
            compare([tick.width, tick.height], [Style.mm(millimetres), Style.mm(millimetres)]);
        }
    }

    function test_itIsDrawnInItsColour(): void {
        const tick = icon();
        const dark = grabImage(tick);
        compare(tick.tint, "#0f1f38");
        tick.colour = "#00ff00";
        verify(!grabImage(tick).equals(dark));
    }

    function test_itIsDrawnInTheThemesInkAnew(): void {
        const tick = icon();
        Probe.comfort("en", 1, "white_on_black");
        compare(tick.tint, "#ffffff");
    }
}
