import QtQuick
import Kiosk.Controls
import Kiosk.Style

ControlCase {
    name: "NoteLine"

    control: Component {
        NoteLine {
            words: "Bring your card"
        }
    }

    function test_itHasADrawingBesideItsWords(): void {
        const line = made({});
        compare(drawingsOf(line), ["info"]);
        verify(line.height >= Style.iconSize);
        verify(textsOf(line)[0].x >= Style.iconSize);
    }

    function test_itsWordsAreTold(): void {
        checkTold(textsOf(made({}))[0], Accessible.StaticText, "Bring your card");
    }

    function test_longWordsStayInside(): void {
        const line = made({});
        checkGrows(line, () => line.words = longWords);
    }
}
