import QtQuick
import Kiosk.Bridge
import Kiosk.Controls
import Kiosk.Probe

ControlCase {
    name: "Sentence"

    control: Component {
        Sentence {}
    }

    function test_itWrapsAndIsNeverCut(): void {
        const sentence = made({
            "text": "Short"
        });
        checkGrows(sentence, () => sentence.text = longWords);
        verify(sentence.lineCount > 1);
    }

    function test_aWordLongerThanTheLineIsBrokenToo(): void {
        const sentence = made({
            "text": "W".repeat(200)
        });
        settle(sentence);
        verify(sentence.contentWidth <= sentence.width);
    }

    function test_itIsToldAsItIsWritten(): void {
        checkTold(made({
            "text": "Insert the permit"
        }), Accessible.StaticText, "Insert the permit");
    }

    function test_whatLooksLikeMarkUpIsWrittenAsItIs(): void {
        const plain = made({
            "text": "<b>x</b>"
        });
        const marked = createTemporaryQmlObject("import QtQuick; Text { textFormat: Text.StyledText; text: '<b>x</b>' }", plain);
        verify(plain.contentWidth > 2 * marked.contentWidth);
    }

    function test_itsCapitalsGrowWithTheLetterSize(): void {
        const sentence = made({
            "text": "E"
        });
        for (const [textSize, least] of [[0, 3.5], [1, 4.8], [2, 6.4], [3, 8.5]]) {
            Probe.comfort("en", textSize, "default");
            checkAtLeast(sentence.font.pixelSize * Panel.cap_ratio, least);
        }
    }

    function test_eachLanguageHasItsOwnLetters(): void {
        const sentence = made({
            "text": "骨"
        });
        Probe.comfort("zh-Hant", 1, "default");
        compare(sentence.font.family, "Noto Sans CJK TC");
        Probe.comfort("zh-Hans", 1, "default");
        compare(sentence.font.family, "Noto Sans CJK SC");
    }
}
