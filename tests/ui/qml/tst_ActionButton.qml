import QtQuick
import Kiosk.Controls
import Kiosk.Style

AnswerCase {
    name: "ActionButton"

    control: Component {
        ActionButton {}
    }

    function test_theStrongOneIsFilledAndHasAnArrow(): void {
        const quiet = one({});
        compare(drawingsOf(quiet), []);
        verify(Qt.colorEqual(colourAt(quiet, Style.mm(4), Style.mm(4)), Style.surface));
        quiet.primary = true;
        compare(drawingsOf(quiet), ["forward"]);
        verify(Qt.colorEqual(colourAt(quiet, Style.mm(4), Style.mm(4)), Style.strong));
        quiet.hold();
        verify(Qt.colorEqual(colourAt(quiet, Style.mm(4), Style.mm(4)), Style.pressed));
    }

    function test_onItsOwnWidthItsWordsHaveOneLine(): void {
        const control = one({
            "primary": true,
            "label": "Send the receipt to my telephone"
        });
        control.width = control.implicitWidth;
        compare(textsOf(control)[0].lineCount, 1);
        checkWordsInside(control);
    }
}
