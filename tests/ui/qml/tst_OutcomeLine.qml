import QtQuick
import Kiosk.Controls

ControlCase {
    name: "OutcomeLine"

    control: Component {
        OutcomeLine {
            icon: "money"
            about: "Your money"
            sentence: "Paid back"
        }
    }

    function test_itIsToldInOne(): void {
        checkTold(made({}), Accessible.StaticText, "Your money: Paid back");
        compare(drawingsOf(made({})), ["money"]);
    }

    function test_withoutASentenceItIsLeftOut(): void {
        verify(made({}).present);
        verify(!made({
            "sentence": ""
        }).present);
    }

    function test_theLargeOneIsLarger(): void {
        const line = made({});
        const before = textsOf(line)[1].font.pixelSize;
        line.large = true;
        verify(textsOf(line)[1].font.pixelSize > before);
    }

    function test_longWordsStayInside(): void {
        const line = made({});
        checkGrows(line, () => line.sentence = longWords);
    }

    function test_itIsPartedFromWhatFollowsAndOnlyFromThat(): void {
        const line = made({});
        const rules = () => visibleItems(line).filter(each => each instanceof Rectangle).length;
        compare(rules(), 1);
        line.last = true;
        compare(rules(), 0);
    }
}
