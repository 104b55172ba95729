import QtQuick
import Kiosk.Controls

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
}
