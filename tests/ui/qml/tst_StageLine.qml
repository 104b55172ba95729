import QtQuick
import Kiosk.Controls

ControlCase {
    name: "StageLine"

    control: Component {
        StageLine {
            words: "Print the card"
            stage: "waiting"
        }
    }

    function test_whatIsDoneIsTicked(): void {
        const line = made({});
        compare(drawingsOf(line), []);
        line.stage = "done";
        compare(drawingsOf(line), ["tick"]);
    }

    function test_whatRunsIsPlainerThanWhatWaits(): void {
        const line = made({});
        verify(!textsOf(line)[0].font.bold);
        line.stage = "running";
        verify(textsOf(line)[0].font.bold);
    }

    function test_itMovesOnlyWhileTheMachineDoes(): void {
        const line = made({
            "stage": "running"
        });
        checkMoves(line);
        line.stage = "done";
        const still = grabImage(line);
        wait(100);
        verify(grabImage(line).equals(still));
    }

    function test_itIsToldAsALineOfAList(): void {
        checkTold(made({}), Accessible.ListItem, "Print the card");
    }

    function test_longWordsStayInside(): void {
        const line = made({});
        checkGrows(line, () => line.words = longWords);
    }
}
