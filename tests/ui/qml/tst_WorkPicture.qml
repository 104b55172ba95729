import QtQuick
import Kiosk.Controls
import Kiosk.Style

ControlCase {
    name: "WorkPicture"

    control: Component {
        WorkPicture {
            height: width
        }
    }

    function test_theRingTurns(): void {
        checkMoves(made({}));
    }

    function test_theRingStandsRoundTheMark(): void {
        const [ring, mark] = visibleItems(made({})).filter(each => each instanceof Drawing);
        compare([ring.name, mark.name], ["work_ring", "mark"]);
        verify(mark.width < ring.width / 2);
    }

    function test_itIsNeverLargerThanADecimetre(): void {
        compare(made({
            "width": Style.mm(150)
        }).side, Style.mm(100));
        compare(made({
            "width": Style.mm(40)
        }).side, Style.mm(40));
    }
}
