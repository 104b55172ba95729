import QtQuick
import Kiosk.Controls
import Kiosk.Probe
import Kiosk.Style

ControlCase {
    name: "TotalLine"

    control: Component {
        TotalLine {
            amount: "¥30.00"
        }
    }

    function test_itIsToldInOne(): void {
        checkTold(made({}), Accessible.StaticText, Words.say("screen.total") + " ¥30.00");
    }

    function test_theSumIsTheLargestOfTheLine(): void {
        const [word, sum] = textsOf(made({}));
        compare(sum.text, "¥30.00");
        verify(sum.font.pixelSize > word.font.pixelSize && sum.font.bold);
    }

    function test_wordAndSumStayInsideAndApart(): void {
        const line = made({
            "amount": "¥160.00"
        });
        for (const textSize of [0, 1, 2, 3]) {
            Probe.comfort("en", textSize, "default");
            checkWordsInside(line);
            const [word, sum] = textsOf(line);
            verify(word.x + word.contentWidth < sum.x);
        }
    }
}
