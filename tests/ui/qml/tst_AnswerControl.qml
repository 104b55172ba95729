import QtQuick
import Kiosk.Bridge
import Kiosk.Controls
import Kiosk.Probe
import Kiosk.Style

AnswerCase {
    name: "AnswerControl"

    control: Component {
        AnswerControl {
            id: plain

            implicitHeight: Math.max(Style.touchMain, words.implicitHeight)

            Face {
                id: words

                control: plain
            }
        }
    }

    function test_itIsFoundByItsAnswer(): void {
        compare(one({}).objectName, "answer:confirm");
    }

    function test_whatChangedUnderTheFingerIsNotAnswered(): void {
        const control = one({});
        mousePress(control);
        Probe.show("pay");
        Probe.show("review");
        Probe.show("compare");
        mouseRelease(control);
        compare(Probe.answers(), []);
    }

    function test_aPageThatOnlyRenewedItsWordsIsAnswered(): void {
        const control = one({});
        mousePress(control);
        Probe.show("");
        mouseRelease(control);
        compare(Probe.answers(), ["confirm"]);
    }

    function test_aStrokeThatBeganWhileThePageWasDeafIsNotAnswered(): void {
        const control = one({});
        Probe.deafen(50);
        mousePress(control);
        tryVerify(() => !Page.deaf);
        mouseRelease(control);
        compare(Probe.answers(), []);
        mouseClick(control);
        compare(Probe.answers(), ["confirm"]);
    }
}
