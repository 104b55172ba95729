import QtQuick
import Kiosk.Bridge
import Kiosk.Controls
import Kiosk.Probe
import Kiosk.Style

ControlCase {
    name: "CameraOval"
    sample: "face"

    control: Component {
        CameraOval {
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

    function test_withoutAFrameADrawingStandsForIt(): void {
        seen(false);
        verify(drawingsOf(made({})).includes("face"));
    }

    function test_theLivePictureFillsTheOvalAlone(): void {
        seen(true);
        const oval = made({});
        verify(!drawingsOf(oval).includes("face"));
        // the sample's face is blue-grey in its bytes' order, its wall light
        verify(Qt.colorEqual(colourAt(oval, oval.width / 2, oval.height * 0.4), "#c8a68c"));
        verify(Qt.colorEqual(colourAt(oval, 1, 1), Style.paper));
    }

    function test_theArrowStandsWhereToTurn_data(): var {
        return [["left", "back", 0, 0.5], ["right", "forward", 1, 0.5], ["up", "up", 0.5, 0], ["down", "down", 0.5, 1]].map(row => ({
                    "tag": row[0],
                    "icon": row[1],
                    "x": row[2],
                    "y": row[3]
                }));
    }

    function test_theArrowStandsWhereToTurn(row: var): void {
        const oval = made({
            "arrow": row.tag
        });
        verify(drawingsOf(oval).includes(row.icon));
        const way = visibleItems(oval).find(each => each instanceof Rectangle);
        checkAtLeast(way.width, 20);
        fuzzyCompare(way.x, row.x * (oval.width - way.width), 1);
        fuzzyCompare(way.y, row.y * (oval.height - way.height), 1);
    }

    function test_anyOtherWordDrawsNoArrow(): void {
        const oval = made({
            "arrow": "closer"
        });
        verify(visibleItems(oval).find(each => each instanceof Rectangle) === undefined);
    }

    function test_itIsToldAsAPicture(): void {
        checkTold(made({}), Accessible.Graphic, Words.say("screen.preview"));
    }
}
