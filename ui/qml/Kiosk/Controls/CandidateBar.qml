// What the pinyin may mean: as many candidates as fit, whole, and keys to the ones before and after.
pragma ComponentBehavior: Bound
import QtQuick
import Kiosk.Style

Item {
    id: root

    required property int count
    required property real cell
    required property int gap
    required property var wordOf
    // Grows with every change of the candidates: their number alone does not tell.
    required property int revision
    // How many characters may be picked at once.
    property int room: 1000

    signal picked(int number)

    readonly property int letters: Style.textSize === 3 ? Style.smallPx : Style.leadPx
    // Where each page turned so far begins.
    property var starts: [0]
    readonly property int first: starts[starts.length - 1]
    readonly property var shown: fitting(first, count, revision)

    // Another word is typed.
    onRevisionChanged: root.starts = [0]
    onCountChanged: root.starts = [0]

    function fitting(first: int, count: int, _revision: int): var {
        const words = [];
        let room = candidates.width;
        for (let number = first; number < count; ++number) {
            const word = root.wordOf(number);
            room -= root.widthOf(word) + root.gap;
            if (room < -root.gap && words.length > 0)
                break;
            words.push(word);
        }
        return words;
    }

    function widthOf(word: string): real {
        return Math.max(root.cell, metrics.advanceWidth(word) + Style.mm(4));
    }

    FontMetrics {
        id: metrics

        font.family: Style.family
        font.pixelSize: root.letters
        font.bold: true
    }

    Sentence {
        visible: root.count === 0
        anchors.fill: parent
        text: Words.say("screen.write.pick")
        color: Style.muted
        verticalAlignment: Text.AlignVCenter
    }

    Row {
        id: candidates

        anchors.left: parent.left
        anchors.right: earlier.left
        anchors.rightMargin: root.gap
        spacing: root.gap

        Repeater {
            model: root.shown.length

            WritingKey {
                required property int index

                name: "pick:" + (index + 1)
                label: root.shown[index] ?? ""
                letters: root.letters
                offered: label.length <= root.room
                width: root.widthOf(label)
                height: root.height
                onStruck: root.picked(root.first + index)
            }
        }
    }

    WritingKey {
        id: earlier

        visible: root.count > 0
        name: "pick:earlier"
        icon: "back"
        label: Words.say("screen.write.earlier")
        offered: root.starts.length > 1
        anchors.right: more.left
        anchors.rightMargin: root.gap
        width: root.cell
        height: root.height
        onStruck: root.starts = root.starts.slice(0, -1)
    }

    WritingKey {
        id: more

        visible: root.count > 0
        name: "pick:more"
        icon: "forward"
        label: Words.say("screen.write.more")
        offered: root.first + root.shown.length < root.count
        anchors.right: parent.right
        width: root.cell
        height: root.height
        onStruck: root.starts = [...root.starts, root.first + root.shown.length]
    }
}
