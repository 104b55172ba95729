import QtQuick
import Kiosk.Controls
import Kiosk.Probe

AnswerCase {
    name: "ChoiceCard"
    sample: "choose"
    answer: "choose.HKG:G:once_3m"
    role: Accessible.CheckBox

    control: Component {
        ChoiceCard {}
    }

    function option(properties: var): ChoiceCard {
        return one(Object.assign({
            "detail": "One entry",
            "fee": "¥15.00"
        }, properties)) as ChoiceCard;
    }

    function test_itTellsAllThatItSays(): void {
        const control = option({});
        checkTold(control, Accessible.CheckBox, "Confirm, One entry, ¥15.00");
        compare(wordsOf(control), ["Confirm", "One entry", "¥15.00"]);
    }

    function test_theChosenOneIsTickedAndToldSo(): void {
        const control = option({});
        verify(Probe.told(control).checkable && !Probe.told(control).checked);
        compare(drawingsOf(control), []);
        control.chosen = true;
        verify(Probe.told(control).checked);
        compare(drawingsOf(control), ["tick"]);
    }

    function test_whatCannotBeHadSaysWhyAndHasNoPrice(): void {
        const control = option({
            "whyNot": "Not a resident",
            "offered": false
        });
        compare(wordsOf(control), ["Confirm", "Not a resident"]);
        compare(drawingsOf(control), ["not"]);
        verify(Probe.told(control).name.includes("Not a resident"));
    }

    function test_aReasonThatThePageWritesBeneathIsStillTold(): void {
        const control = option({
            "whyNot": "Not a resident",
            "offered": false
        });
        const together = control.heightWithReason;
        control.reasonApart = true;
        compare(wordsOf(control), ["Confirm"]);
        verify(Probe.told(control).name.includes("Not a resident"));
        compare(control.heightWithReason, together);
    }

    function test_longReasonsStayInside(): void {
        const control = option({
            "whyNot": "No",
            "offered": false
        });
        checkGrows(control, () => control.whyNot = longWords);
    }
}
