import QtQuick
import Kiosk.Controls
import Kiosk.Probe
import Kiosk.Style

ControlCase {
    name: "SimulatedBadge"

    control: Component {
        SimulatedBadge {}
    }

    function test_itSaysSoInEveryLanguageAndSize(): void {
        const badge = createTemporaryObject(control, this);
        const said = [];
        for (const language of ["zh-Hans", "zh-Hant", "en"])
            for (const textSize of [0, 3]) {
                Probe.comfort(language, textSize, "default");
                compare(wordsOf(badge), [Words.say("screen.simulated")]);
                checkWordsInside(badge);
                said.push(wordsOf(badge)[0]);
            }
        compare(new Set(said).size, 3);
    }

    function test_itIsTold(): void {
        const badge = createTemporaryObject(control, this);
        checkTold(textsOf(badge)[0], Accessible.StaticText, Words.say("screen.simulated"));
    }
}
