import QtQuick
import Kiosk.Controls

ControlCase {
    name: "ProgressLine"

    control: Component {
        ProgressLine {
            fraction: 0
        }
    }

    function filled(line: Item): real {
        return line.children[0].width / line.width;
    }

    function test_itFillsWithTheWork(): void {
        const line = made({
            "fraction": 0.5
        });
        fuzzyCompare(filled(line), 0.5, 0.02);
        line.fraction = 1;
        verify(filled(line) > 0.97 && filled(line) <= 1);
    }

    function test_itNeverLeavesItsLine_data(): var {
        return [-1, 0, 1.5].map(fraction => ({
                    "tag": fraction.toString(),
                    "fraction": fraction
                }));
    }

    function test_itNeverLeavesItsLine(row: var): void {
        const line = made({
            "fraction": row.fraction
        });
        verify(filled(line) > 0 && filled(line) <= 1);
    }

    function test_itIsToldInPerCent(): void {
        checkTold(made({
            "fraction": 0.62
        }), Accessible.ProgressBar, "62 %");
    }
}
