import QtQuick
import Kiosk.Controls
import Kiosk.Style

AnswerCase {
    name: "TileCard"

    control: Component {
        TileCard {}
    }

    function test_itsWordsBeginWhereItsDrawingEnds(): void {
        const control = one({});
        const alone = textsOf(control)[0].x;
        compare(drawingsOf(control), ["forward"]);
        control.icon = "phone";
        compare(drawingsOf(control), ["phone", "forward"]);
        verify(textsOf(control)[0].x >= alone + Style.iconSize);
        checkWordsInside(control);
    }
}
