import QtQuick
import Kiosk.Controls
import Kiosk.Style

PressableCase {
    name: "PagerButton"

    control: Component {
        PagerButton {
            icon: "down"
        }
    }

    function test_theDrawingStandsBesideTheWords(): void {
        const control = one({});
        compare(drawingsOf(control), ["down"]);
        verify(textsOf(control)[0].x >= Style.gap + Style.iconSize);
    }
}
