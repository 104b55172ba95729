// What was issued, and how the receipt is wanted.
pragma ComponentBehavior: Bound
import QtQuick
import Kiosk.Bridge
import Kiosk.Controls
import Kiosk.Style

Item {
    id: root

    readonly property bool coded: Page.done.receipt_code !== ""
    readonly property bool tiled: Page.choices.count > 0 && !coded
    // Where room is scarce the words come before the drawing.
    readonly property bool beside: Style.wide && !tiled && (coded || !Style.scarce)
    readonly property real linesHeight: area.pages > 1 ? area.height : area.filled

    // What the traveller holds now, or the code to keep it on the telephone.
    Card {
        id: figure

        anchors.left: parent.left
        anchors.top: parent.top
        width: Style.wide ? parent.width * 0.44 : parent.width
        height: Style.wide ? parent.height : parent.height - root.linesHeight - Style.mm(Style.textSize === 3 ? 10 : 14)
        visible: !root.tiled && !root.coded && (root.beside || !Style.wide && height >= Style.mm(40))

        Drawing {
            anchors.fill: parent
            anchors.margins: Style.mm(Style.textSize === 3 ? 5 : 16)
            name: "done_permit"
        }
    }

    CodePanel {
        visible: root.coded
        width: Math.min(figure.width, figure.height, Style.mm(160))
        height: width
        anchors.centerIn: figure
        code: Page.done.receipt_code
    }

    Card {
        anchors.left: area.left
        anchors.right: area.right
        y: area.y - Style.mm(2)
        height: root.linesHeight + Style.mm(4)
        visible: Page.done.lines.count > 0
    }

    PagedArea {
        id: area

        x: root.beside ? figure.width + Style.mm(12) : 0
        y: root.tiled ? Style.mm(2) : Style.wide ? (parent.height - root.linesHeight) / 2 : parent.height - root.linesHeight - Style.mm(2)
        width: !Style.wide ? parent.width : root.tiled ? parent.width * 0.54 : parent.width - x
        // All that the figure or the tiles can spare.
        height: Style.wide ? parent.height - Style.mm(4) : root.tiled ? parent.height - choices.height - Style.mm(12) : parent.height - Style.mm(root.coded ? 80 : 10)
        gap: 0
        airAtMost: Style.mm(Style.textSize === 3 ? 2 : 10)

        Repeater {
            model: Page.done.lines

            LabelLine {}
        }
    }

    Column {
        id: choices

        visible: root.tiled
        width: Style.wide ? root.width * 0.42 : root.width
        anchors.right: parent.right
        anchors.bottom: Style.wide ? undefined : parent.bottom
        anchors.top: Style.wide ? parent.top : undefined
        spacing: Style.mm(5)

        Repeater {
            model: Page.choices

            TileCard {
                required offered

                width: choices.width
                height: implicitHeight
                icon: answerId.includes("paper") ? "paper" : answerId.includes("code") || answerId.includes("qr") ? "phone" : "not"
            }
        }
    }
}
