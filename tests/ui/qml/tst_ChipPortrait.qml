import QtQuick
import Kiosk.Bridge
import Kiosk.Controls
import Kiosk.Probe
import Kiosk.Style

ControlCase {
    name: "ChipPortrait"
    sample: "compare"

    control: Component {
        ChipPortrait {
            height: width
        }
    }

    function seen(yes: bool): void {
        Probe.look(yes);
        Probe.show(sample);
        tryVerify(() => Page.camera.serial > 0 === yes);
    }

    function cleanup(): void {
        seen(false);
    }

    function test_withoutAPortraitADrawingStandsForIt(): void {
        seen(false);
        compare(drawingsOf(made({})), ["person_card"]);
    }

    function test_itIsShownWholeInAFrameThatFits(): void {
        seen(true);
        const portrait = made({});
        settle(portrait);
        compare(drawingsOf(portrait), []);
        const picture = visibleItems(portrait).find(each => each instanceof Image);
        fuzzyCompare(picture.width / picture.height, 640 / 480, 0.02);
        const frame = visibleItems(portrait).find(each => each instanceof Rectangle);
        compare([frame.width - picture.width, frame.height - picture.height], [2 * Style.mm(2), 2 * Style.mm(2)]);
        verify(frame.x >= -1 && frame.x + frame.width <= portrait.width + 1);
    }

    function test_itIsToldAsAPicture(): void {
        checkTold(made({}), Accessible.Graphic, Words.say("screen.portrait"));
    }
}
