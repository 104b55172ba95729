pragma ComponentBehavior: Bound
import QtQuick
import QtTest
import Kiosk.Controls
import Kiosk.Style

ControlCase {
    id: root

    readonly property var letters: ["qwertyuiop", "asdfghjkl", "zxcvbnm"].map(row => row.split(""))

    name: "WritingKeys"

    control: Component {
        WritingKeys {
            candidates: 0
            revision: 0
            digits: false
            rows: root.letters
        }
    }

    SignalSpy {
        id: said
    }

    function board(mode: string, signal: string): WritingKeys {
        const made = root.made({
            "width": Style.mm(240),
            "height": Style.mm(120),
            "mode": mode
        }) as WritingKeys;
        said.clear();
        said.target = made;
        said.signalName = signal;
        return made;
    }

    function key(board: Item, name: string): WritingKey {
        return visibleItems(board).find(each => each.objectName === name) as WritingKey;
    }

    function test_everyKeyIsLargeEnoughAndApart(): void {
        const control = board("latin", "typed");
        const keys = visibleItems(control).filter(each => each instanceof WritingKey);
        compare(keys.length, 26 + 2 + 3);
        for (const one of keys)
            checkAtLeast(Math.min(one.width, one.height), 12.7);
        checkAtLeast(key(control, "type:w").x - key(control, "type:q").x - key(control, "type:q").width, 2.54);
        checkWordsInside(control);
    }

    function test_lettersTypeThemselvesAndCapitalsWhereTheyAreOn(): void {
        const control = board("latin", "typed");
        mouseClick(key(control, "type:q"));
        control.capitals = true;
        mouseClick(key(control, "type:q"));
        compare(said.signalArguments.map(each => each[0]), ["q", "Q"]);
        verify(key(control, "shift").lit);
    }

    function test_pinyinIsTypedSmallHoweverItIsDrawn(): void {
        const control = board("pinyin", "typed");
        compare(key(control, "type:q").label, "Q");
        mouseClick(key(control, "type:q"));
        compare(said.signalArguments[0][0], "q");
        verify(!key(control, "shift"));
    }

    function test_whileItIsFullNoLetterIsOfferedAndEverythingElseIs(): void {
        const control = board("pinyin", "typed");
        control.full = true;
        const dead = visibleItems(control).filter(each => each instanceof WritingKey && !each.offered).map(each => each.objectName);
        compare(dead.length, 26);
        verify(dead.every(name => name.startsWith("type:")));
        mouseClick(key(control, "type:q"));
        compare(said.count, 0);
    }

    function test_theOtherModesAreOfferedEachByItsName_data(): var {
        return [
            {
                "tag": "pinyin",
                "others": ["mode:latin", "mode:signs"]
            },
            {
                "tag": "latin",
                "others": ["mode:pinyin", "mode:signs"]
            },
            {
                "tag": "signs",
                "others": ["mode:pinyin", "mode:latin"]
            }
        ];
    }

    function test_theOtherModesAreOfferedEachByItsName(row: var): void {
        const control = board(row.tag, "changed");
        compare(visibleItems(control).map(each => each.objectName).filter(name => name.startsWith("mode:")), row.others);
        mouseClick(key(control, row.others[0]));
        compare(said.signalArguments[0][0], row.others[0].substring(5));
    }

    function test_spaceEraseAndShiftAreSaid_data(): var {
        return ["space", "erase", "shift"].map(name => ({
                    "tag": name
                }));
    }

    function test_spaceEraseAndShiftAreSaid(row: var): void {
        const control = board("latin", {
            "space": "spaced",
            "erase": "erased",
            "shift": "shifted"
        }[row.tag]);
        mouseClick(key(control, row.tag));
        compare(said.count, 1);
    }

    function test_candidatesStandAboveTheLettersOfPinyinOnly(): void {
        const control = board("pinyin", "picked");
        control.wordOf = number => "天地".charAt(number);
        control.candidates = 2;
        settle(control);
        mouseClick(key(control, "pick:2"));
        compare(said.signalArguments[0][0], 1);
        control.mode = "latin";
        settle(control);
        verify(!key(control, "pick:2"));
    }
}
