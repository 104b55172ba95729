import QtQuick
import Kiosk.Controls

ControlCase {
    id: root

    name: "Entry"

    control: Component {
        Entry {
            implicitHeight: 10
        }
    }

    function test_itTellsItsAreaWhatConcernsTheLayout_data(): var {
        return [["implicitHeight", 20], ["present", false], ["whole", false]].map(row => ({
                    "tag": row[0],
                    "value": row[1]
                }));
    }

    function test_itTellsItsAreaWhatConcernsTheLayout(row: var): void {
        let told = 0;
        const entry = made({
            "arranger": () => told += 1
        });
        told = 0;
        entry[row.tag] = row.value;
        compare(told, 1);
        entry[row.tag] = row.value;
        compare(told, 1);
    }

    function test_aloneItTellsNobody(): void {
        const entry = made({});
        entry.implicitHeight = 30;
        compare(entry.height, 30);
    }
}
