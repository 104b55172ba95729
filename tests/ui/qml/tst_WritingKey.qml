import QtQuick
import QtTest
import Kiosk.Controls
import Kiosk.Probe

PressableCase {
    id: root

    name: "WritingKey"
    leastMm: 12.7
    more: ({
            "name": "type:q"
        })

    control: Component {
        WritingKey {}
    }

    SignalSpy {
        id: struck

        signalName: "struck"
    }

    function test_isFoundByWhatItTypes(): void {
        compare(one({}).objectName, "type:q");
    }

    function test_aDrawingStandsForTheWordsWhichStillAreItsName(): void {
        const control = one({
            "icon": "erase"
        });
        compare(drawingsOf(control), ["erase"]);
        compare(wordsOf(control), []);
        verify(Probe.told(control).name.startsWith("Confirm"));
    }

    function test_aMarkIsToldByAName(): void {
        const control = one({
            "label": "，",
            "spokenName": "Chinese comma"
        });
        compare(wordsOf(control), ["，"]);
        compare(Probe.told(control).name, "Chinese comma");
    }

    function test_aStrokeBegunWhileThePageWasDeafTypesNothing(): void {
        const control = one({}) as WritingKey;
        struck.clear();
        struck.target = control;
        mouseClick(control);
        compare(struck.count, 1);
        Probe.deafen(1000);
        mouseClick(control);
        compare(struck.count, 1);
    }
}
