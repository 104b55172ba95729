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

    function test_theRingStandsRoundTheMachine(): void {
        const [ring, machine] = visibleItems(made({})).filter(each => each instanceof Drawing);
        compare([ring.name, machine.name], ["work_ring", "work_machine"]);
        verify(machine.width * Math.SQRT2 < ring.width, "its corners, too, lie inside the ring");
    }

    function test_itIsNeverLargerThanAHandSpan(): void {
        compare(made({
            "width": Style.mm(170)
        }).side, Style.mm(150));
        compare(made({
            "width": Style.mm(40)
        }).side, Style.mm(40));
    }
}
