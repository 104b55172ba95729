import QtQuick
import Kiosk.Controls
import Kiosk.Style

ControlCase {
    name: "ProblemBanner"

    control: Component {
        ProblemBanner {
            words: "Try again"
        }
    }

    function test_itIsToldAsAnAlert(): void {
        checkTold(made({}), Accessible.AlertMessage, "Try again");
    }

    function test_troubleAndNoticeAreToldApartByDrawingAndColour(): void {
        const banner = made({});
        compare(drawingsOf(banner), ["warning"]);
        verify(Qt.colorEqual(colourAt(banner, Style.mm(2), banner.height / 2), Style.trouble));
        banner.urgent = false;
        compare(drawingsOf(banner), ["info"]);
        verify(Qt.colorEqual(colourAt(banner, Style.mm(2), banner.height / 2), Style.strong));
    }

    function test_longWordsStayInside(): void {
        const banner = made({});
        checkGrows(banner, () => banner.words = longWords);
    }
}
