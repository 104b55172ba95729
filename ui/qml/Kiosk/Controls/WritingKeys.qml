// The board to write with: what the letters may mean, letters or signs, and the keys that change between them. Reading order is its order.
pragma ComponentBehavior: Bound
import QtQuick
import Kiosk.Style

Item {
    id: root

    // `pinyin`, `latin` or `signs`; rows: the keys of it, each row a list of signs.
    required property string mode
    required property list<var> rows
    // What the letters typed so far may mean, the likeliest first; as many as there are, of which a few fit at a time.
    required property int candidates
    required property int revision
    required property bool digits
    property bool capitals: false
    // No more letters: the line has its end, or some of them have to become characters first.
    property bool full: false
    // How many characters the line still takes: a longer candidate would be cut.
    property int room: 1000
    // Whether a space does anything: it picks what letters likeliest mean, or stands between words.
    property bool spaceTaken: true

    signal typed(string sign)
    signal erased
    signal spaced
    signal picked(int number)
    signal changed(string mode)
    signal shifted

    readonly property int gap: Style.mm(2.6)
    readonly property real cell: (width - 9 * gap) / 10
    // The bar of candidates, the rows, and the keys that change the board.
    readonly property int lines: rows.length + (mode === "pinyin" ? 2 : 1)
    readonly property int keyHeightAtMost: Style.mm(Style.wide ? 20 : 26)
    readonly property real keyHeight: Math.max(Style.mm(12.7), Math.min(keyHeightAtMost, (height - gap * (lines - 1)) / lines))

    // The words of a candidate; a function because they are asked for one by one.
    property var wordOf: number => ""
    // The catalogue's key for a mark, which by itself says nothing to a listener.
    property var signKeyOf: sign => ""

    implicitHeight: lines * Style.mm(12.7) + (lines - 1) * gap
    // With the bar of candidates, and keys as high as they get.
    readonly property real heightAtMost: 5 * keyHeightAtMost + 4 * gap

    Column {
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        spacing: root.gap

        CandidateBar {
            width: parent.width
            height: root.keyHeight
            cell: root.cell
            gap: root.gap
            count: root.candidates
            revision: root.revision
            room: root.room
            wordOf: root.wordOf
            visible: root.mode === "pinyin"
            onPicked: number => root.picked(number)
        }

        Repeater {
            model: root.rows

            Row {
                id: row

                required property var modelData
                required property int index
                readonly property bool last: index === root.rows.length - 1
                readonly property bool shift: last && root.mode === "latin"

                anchors.horizontalCenter: parent?.horizontalCenter
                spacing: root.gap

                WritingKey {
                    visible: row.shift
                    name: "shift"
                    label: Words.say("screen.write.capitals")
                    icon: "up"
                    lit: root.capitals
                    Accessible.checkable: true
                    Accessible.checked: root.capitals
                    width: root.cell * 1.5 + root.gap / 2
                    height: root.keyHeight
                    onStruck: root.shifted()
                }

                Repeater {
                    model: row.modelData

                    WritingKey {
                        required property string modelData

                        name: "type:" + modelData
                        label: root.mode === "pinyin" || root.capitals ? modelData.toUpperCase() : modelData
                        spokenName: root.signKeyOf(modelData) === "" ? label : Words.say(root.signKeyOf(modelData)) + " " + label
                        offered: !root.full
                        width: root.cell
                        height: root.keyHeight
                        onStruck: root.typed(root.capitals ? modelData.toUpperCase() : modelData)
                    }
                }

                WritingKey {
                    visible: row.last
                    name: "erase"
                    label: Words.say("screen.write.erase")
                    icon: "erase"
                    width: row.shift ? root.cell * 1.5 + root.gap / 2 : root.cell * 2 + root.gap
                    height: root.keyHeight
                    onStruck: root.erased()
                }
            }
        }

        Row {
            spacing: root.gap

            Repeater {
                model: ["pinyin", "latin", "signs"].filter(mode => mode !== root.mode)

                WritingKey {
                    required property string modelData

                    name: "mode:" + modelData
                    label: Words.say(modelData === "signs" && root.digits ? "screen.write.digits" : "screen.write." + modelData)
                    width: root.cell * 2.5 + root.gap * 2
                    height: root.keyHeight
                    onStruck: root.changed(modelData)
                }
            }

            WritingKey {
                name: "space"
                label: Words.say("screen.write.space")
                offered: root.spaceTaken
                width: root.width - 2 * (root.cell * 2.5 + root.gap * 3)
                height: root.keyHeight
                onStruck: root.spaced()
            }
        }
    }
}
