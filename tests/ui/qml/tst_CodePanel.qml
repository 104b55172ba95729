import QtQuick
import Kiosk.Controls
import Kiosk.Probe
import Kiosk.Style

ControlCase {
    name: "CodePanel"

    control: Component {
        CodePanel {
            code: "weixin://wxpay/bizpayurl?pr=NwY5Mz9zz"
        }
    }

    function test_itIsSquareAndToldAsAPicture(): void {
        const panel = made({});
        compare(panel.height, panel.width);
        checkTold(panel, Accessible.Graphic, Words.say("screen.code"));
    }

    // Every colour of the page's middle line inside the way of the dot.
    function coloursOf(panel: Item): var {
        const picture = grabImage(panel);
        const colours = new Set();
        for (let x = Style.mm(3) + 2; x < panel.width - Style.mm(3) - 2; ++x)
            colours.add(picture.pixel(x, panel.height / 2).toString());
        return colours;
    }

    function test_theCodeIsBlackOnWhiteInEveryTheme_data(): var {
        return ["default", "white_on_black", "low"].map(theme => ({
                    "tag": theme
                }));
    }

    function test_theCodeIsBlackOnWhiteInEveryTheme(row: var): void {
        Probe.comfort("en", 1, row.tag);
        compare(Array.from(coloursOf(made({}))).sort(), ["#000000", "#ffffff"]);
    }

    function test_anotherCodeIsAnotherPicture(): void {
        const panel = made({});
        const before = grabImage(panel);
        panel.code = "https://example.invalid/r/1";
        verify(!grabImage(panel).equals(before));
        panel.code = "";
        compare(Array.from(coloursOf(panel)), ["#ffffff"]);
    }

    function test_theDotWalksRoundTheFrame(): void {
        const panel = made({});
        checkMoves(panel);
        const dot = panel.children[1];
        const side = panel.width - dot.width;
        for (const [walked, x, y] of [[0, 0, 0], [0.25, side, 0], [0.5, side, side], [0.75, 0, side]]) {
            panel.walked = walked;
            fuzzyCompare(dot.x, x, 1);
            fuzzyCompare(dot.y, y, 1);
        }
    }
}
