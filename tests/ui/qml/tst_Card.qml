import QtQuick
import Kiosk.Controls
import Kiosk.Probe
import Kiosk.Style

ControlCase {
    name: "Card"

    control: Component {
        Card {
            height: Style.mm(30)
        }
    }

    function test_itIsASheetWithAnEdge(): void {
        const card = made({});
        verify(Qt.colorEqual(colourAt(card, card.width / 2, card.height / 2), Style.surface));
        verify(Qt.colorEqual(colourAt(card, card.width / 2, 0), Style.line));
        verify(!Qt.colorEqual(colourAt(card, 0, 0), Style.line), "its corners are round");
    }

    function test_itWearsTheThemeInForce(): void {
        const card = made({});
        Probe.comfort("en", 1, "white_on_black");
        verify(Qt.colorEqual(colourAt(card, card.width / 2, card.height / 2), "#000000"));
    }
}
