import QtQuick
import Kiosk.Controls

ControlCase {
    name: "LabelLine"

    control: Component {
        LabelLine {
            label: "Name"
            value: "张*"
        }
    }

    function test_itIsToldInOne(): void {
        checkTold(made({}), Accessible.StaticText, "Name: 张*");
    }

    function test_longWordsStayInsideOnBothSides_data(): var {
        return ["label", "value"].map(side => ({
                    "tag": side
                }));
    }

    function test_longWordsStayInsideOnBothSides(row: var): void {
        const line = made({});
        checkGrows(line, () => line[row.tag] = longWords);
    }

    function test_labelAndValueStandBesideEachOther(): void {
        const [label, value] = textsOf(made({
            "label": longWords,
            "value": longWords
        }));
        verify(label.x + label.width < value.x);
    }

    function test_itIsPartedFromWhatFollowsAndOnlyFromThat(): void {
        const line = made({});
        const rules = () => visibleItems(line).filter(each => each instanceof Rectangle).length;
        compare(rules(), 1);
        line.last = true;
        compare(rules(), 0);
    }
}
