import QtQuick
import Kiosk.Controls
import Kiosk.Style

AnswerCase {
    name: "KeypadKey"
    sample: "phone"
    answer: "digit:7"

    control: Component {
        KeypadKey {}
    }

    function test_aDigitIsWrittenLargerThanAWord(): void {
        const digit = textsOf(one({
            "label": "7"
        }))[0];
        const word = textsOf(one({
            "label": "Clear"
        }))[0];
        compare(digit.font.pixelSize, Style.titlePx);
        verify(word.font.pixelSize < digit.font.pixelSize);
    }
}
