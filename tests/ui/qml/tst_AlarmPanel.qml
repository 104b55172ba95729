import QtQuick
import Kiosk.Controls
import Kiosk.Style

ControlCase {
    name: "AlarmPanel"

    control: Component {
        AlarmPanel {
            words: "Take your permit"
        }
    }

    function sign(panel: Item): Item {
        return visibleItems(panel).find(each => each instanceof Icon);
    }

    function test_itIsToldAsAnAlert(): void {
        checkTold(made({}), Accessible.AlertMessage, "Take your permit");
    }

    function test_itsWordsAreTheLargestOfThePage(): void {
        const panel = made({});
        compare(textsOf(panel)[0].font.pixelSize, Style.displayPx);
        verify(Qt.colorEqual(colourAt(panel, panel.width / 2, Style.mm(3)), Style.trouble));
        checkAtLeast(sign(panel).width, 32);
    }

    function test_itBeatsOnceASecondAndNeverFaster(): void {
        const panel = made({});
        let dark = false, beats = 0;
        sign(panel).opacityChanged.connect(() => {
            const now = sign(panel).opacity < 0.5;
            beats += now && !dark ? 1 : 0;
            dark = now;
        });
        wait(1500);
        verify(beats >= 1 && beats <= 2, beats + " beats");
    }

    function test_longWordsStayInside(): void {
        const panel = made({});
        checkGrows(panel, () => panel.words = longWords);
    }
}
