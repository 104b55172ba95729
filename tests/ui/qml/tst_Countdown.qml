import QtQuick
import Kiosk.Controls
import Kiosk.Probe
import Kiosk.Style

ControlCase {
    name: "Countdown"
    sample: "take_card"

    control: Component {
        Countdown {}
    }

    function test_itCountsTheSecondsThatAreLeft(): void {
        Probe.close_in(25);
        const countdown = createTemporaryObject(control, this);
        compare(wordsOf(countdown)[0], Words.say("screen.seconds_left").replace("{n}", 25));
        Probe.later(10);
        tryVerify(() => wordsOf(countdown)[0] === Words.say("screen.seconds_left").replace("{n}", 15), 1000);
        compare(drawingsOf(countdown), ["clock"]);
    }

    function test_itEndsAtNought(): void {
        Probe.close_in(3);
        const countdown = createTemporaryObject(control, this);
        Probe.later(30);
        tryVerify(() => wordsOf(countdown)[0] === Words.say("screen.seconds_left").replace("{n}", 0), 1000);
    }

    function test_itIsAsLargeAsItsWords(): void {
        const countdown = createTemporaryObject(control, this);
        for (const textSize of [0, 1, 2, 3]) {
            Probe.comfort("en", textSize, "default");
            checkWordsInside(countdown);
        }
        verify(countdown.width > 0);
        checkTold(textsOf(countdown)[0], Accessible.StaticText, wordsOf(countdown)[0]);
    }
}
