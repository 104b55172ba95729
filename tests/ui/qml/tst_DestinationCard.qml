import QtQuick
import Kiosk.Controls
import Kiosk.Style

AnswerCase {
    name: "DestinationCard"
    sample: "attract"
    answer: "destination.HKG"

    control: Component {
        DestinationCard {}
    }

    function test_theDrawingIsOfThePlace_data(): var {
        return [["HKG", "place_hkg"], ["MAC", "place_mac"], ["HKG+MAC", "place_both"], ["TWN", "place_twn"], ["XYZ", "place_other"]].map(row => ({
                    "tag": row[0],
                    "drawing": row[1]
                }));
    }

    function test_theDrawingIsOfThePlace(row: var): void {
        const control = one({
            "answerId": "destination." + row.tag
        });
        compare(drawingsOf(control), [row.drawing]);
    }

    function test_theNameStandsBeneathTheDrawingAndInAFlatCardBesideIt(): void {
        const control = one({
            "height": Style.mm(90)
        });
        const drawing = visibleItems(control).find(each => each instanceof Drawing);
        const name = textsOf(control)[0];
        verify(name.y >= drawing.y + drawing.height);
        control.height = Style.mm(30);
        verify(name.x >= drawing.x + drawing.width);
        verify(drawing.height > Style.mm(20));
        checkWordsInside(control);
    }
}
