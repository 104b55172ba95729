import QtQuick
import Kiosk.Controls
import Kiosk.Probe
import Kiosk.Style

AnswerCase {
    name: "FooterButton"
    answer: "footer.back"
    leastMm: 12.7
    more: ({
            "answerId": "footer.back",
            "icon": "back"
        })

    control: Component {
        FooterButton {}
    }

    function test_whatIsSwitchedOnIsFilled(): void {
        const control = one({});
        verify(Qt.colorEqual(colourAt(control, Style.mm(2), Style.mm(2)), Style.surface));
        control.lit = true;
        verify(Qt.colorEqual(colourAt(control, Style.mm(2), Style.mm(2)), Style.strong));
        control.hold();
        verify(Qt.colorEqual(colourAt(control, Style.mm(2), Style.mm(2)), Style.pressed));
    }

    function test_theLargestLettersOnAWidePanelTakeTheDrawingsRoom(): void {
        const control = one({});
        compare(drawingsOf(control), ["back"]);
        Probe.turn("landscape");
        Probe.comfort("en", 3, "default");
        compare(drawingsOf(control), []);
        checkAtLeast(control.implicitHeight, leastMm);
        checkWordsInside(control);
    }
}
