// What every control promises that answers the page: it is one to press, and its press reaches the machine as that answer.
import QtQuick
import Kiosk.Bridge
import Kiosk.Probe

PressableCase {
    id: root

    property string answer: "confirm"

    more: ({
            "answerId": root.answer
        })

    function test_aTouchReachesTheMachine(): void {
        mouseClick(one({}));
        compare(Probe.answers(), [answer]);
    }
}
