// Digits, one large key each. The keys come from the page, in the order they are read.
pragma ComponentBehavior: Bound
import QtQuick
import Kiosk.Bridge
import Kiosk.Controls
import Kiosk.Style

Item {
    id: root

    Column {
        id: words

        anchors.left: parent.left
        anchors.top: parent.top
        width: Style.wide ? parent.width * 0.5 - Style.mm(6) : parent.width
        spacing: Style.mm(8)

        ProblemBanner {
            visible: Style.scarce && Page.problem !== ""
            width: parent.width
            height: implicitHeight
            words: Page.problem
        }

        // Beneath a problem the largest letters leave no room for it: the keys come first.
        Sentence {
            visible: Page.problem === "" || Style.textSize < 3
            width: parent.width
            text: Page.keypad.sentence
            font.pixelSize: Style.leadPx
        }

        Card {
            width: parent.width
            height: typed.implicitHeight + Style.mm(Style.textSize < 3 ? 12 : 8)
            border.color: Style.strong
            border.width: Style.stroke
            // Typed with the keys beneath it, never by itself.
            Accessible.role: Accessible.StaticText
            Accessible.name: Page.title + (Page.keypad.shown !== "" ? ": " + Page.keypad.shown : "")

            Sentence {
                id: typed

                readonly property int missing: Math.max(0, Page.keypad.length - Page.keypad.shown.length)

                anchors.centerIn: parent
                text: Page.keypad.shown + "_".repeat(missing)
                wrapMode: Text.NoWrap
                font.pixelSize: Math.min(Style.displayPx, parent.width / Math.max(11, Page.keypad.length) * 1.25)
                font.bold: true
                color: Style.strong
                Accessible.ignored: true
            }
        }
    }

    Item {
        id: keys

        readonly property int gap: Style.mm(Style.wide ? 4 : 5)
        // Ten digits and one more key: the nought stays in the middle, as on a telephone.
        readonly property bool eleven: Page.choices.count === 11
        readonly property int rows: Math.max(1, Math.ceil(Page.choices.count / 3))
        readonly property real cellWidth: (width - gap * 2) / 3
        readonly property real cellHeight: Math.min(Style.mm(44), (height - gap * (rows - 1)) / rows)

        anchors.right: parent.right
        anchors.left: Style.wide ? words.right : parent.left
        anchors.leftMargin: Style.wide ? Style.mm(12) : 0
        anchors.top: Style.wide ? parent.top : words.bottom
        anchors.topMargin: Math.max(Style.wide ? 0 : Style.mm(Style.textSize < 3 ? 10 : 6), Style.reach - (root.parent?.y ?? 0) - (Style.wide ? 0 : words.height))
        anchors.bottom: parent.bottom

        Repeater {
            model: Page.choices

            KeypadKey {
                required offered
                required property int index
                readonly property int cell: keys.eleven && index > 8 ? index + 1 : index

                x: (cell % 3) * (keys.cellWidth + keys.gap)
                y: Math.floor(cell / 3) * (keys.cellHeight + keys.gap)
                width: keys.cellWidth
                height: keys.cellHeight
            }
        }
    }
}
