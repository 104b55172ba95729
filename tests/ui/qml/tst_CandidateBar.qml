pragma ComponentBehavior: Bound
import QtQuick
import QtTest
import Kiosk.Controls
import Kiosk.Style

ControlCase {
    id: root

    readonly property string characters: "天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏"

    name: "CandidateBar"

    control: Component {
        CandidateBar {
            cell: Style.mm(14)
            gap: Style.mm(2.6)
            count: 0
            revision: 0
            wordOf: number => root.characters.charAt(number)
        }
    }

    SignalSpy {
        id: picked

        signalName: "picked"
    }

    function bar(count: int): CandidateBar {
        const made = root.made({
            "width": Style.mm(120),
            "height": Style.mm(16),
            "count": count
        }) as CandidateBar;
        picked.clear();
        picked.target = made;
        return made;
    }

    function key(bar: Item, name: string): WritingKey {
        return visibleItems(bar).find(each => each.objectName === name) as WritingKey;
    }

    function test_whereNothingIsTypedItSaysWhatToDo(): void {
        const control = bar(0);
        compare(wordsOf(control), [Words.say("screen.write.pick")]);
        checkWordsInside(control);
    }

    function test_asManyAsFitAreThereAndWhole(): void {
        const control = bar(root.characters.length);
        const keys = visibleItems(control).filter(each => each instanceof WritingKey && each.objectName.match(/\d/));
        compare(keys.length, control.shown.length);
        verify(keys.length >= 4 && keys.length < root.characters.length);
        const last = keys[keys.length - 1];
        verify(last.mapToItem(control, last.width, 0).x <= control.width - 2 * (control.cell + control.gap));
        checkWordsInside(control);
    }

    function test_pagesAreTurnedAndWhatIsPickedIsNumberedThroughout(): void {
        const control = bar(root.characters.length);
        const fit = control.shown.length;
        verify(!key(control, "pick:earlier").offered);
        mouseClick(key(control, "pick:more"));
        settle(control);
        compare(key(control, "pick:1").label, root.characters.charAt(fit));
        mouseClick(key(control, "pick:2"));
        compare(picked.signalArguments[0][0], fit + 1);
        mouseClick(key(control, "pick:earlier"));
        settle(control);
        compare(key(control, "pick:1").label, "天");
    }

    function test_theLastPageEndsAndAnotherWordBeginsAtItsFirst(): void {
        const control = bar(root.characters.length);
        for (let turned = 0; turned < 20 && key(control, "pick:more").offered; ++turned) {
            mouseClick(key(control, "pick:more"));
            settle(control);
        }
        verify(!key(control, "pick:more").offered && control.first > 0);
        control.count = 3;
        compare(control.first, 0);
    }

    function test_asManyOtherWordsTakeThePlacesOfTheOnesBefore(): void {
        const control = bar(root.characters.length);
        mouseClick(key(control, "pick:more"));
        control.wordOf = number => root.characters.charAt(root.characters.length - 1 - number);
        ++control.revision;
        settle(control);
        compare([control.first, key(control, "pick:1").label], [0, "藏"]);
    }

    function test_aLongWordIsShownThoughItIsAlone(): void {
        const control = bar(2);
        control.wordOf = () => "中华人民共和国";
        ++control.revision;
        settle(control);
        compare(control.shown, ["中华人民共和国"]);
    }
}
