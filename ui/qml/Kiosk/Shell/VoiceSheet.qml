// The voice's own keys, over the page and above the footer, until they are closed or the next step comes.
pragma ComponentBehavior: Bound
import QtQuick
import Kiosk.Bridge
import Kiosk.Controls
import Kiosk.Style

Item {
    id: root

    objectName: "dialog:voice"

    // The page behind stays to be seen, and takes no touch.
    Rectangle {
        anchors.fill: parent
        color: Style.ink
        opacity: 0.72
    }

    MouseArea {
        anchors.fill: parent
    }

    Card {
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        anchors.margins: Style.margin
        anchors.bottomMargin: Style.gap
        height: column.height + Style.mm(16)
        border.color: Style.strong
        border.width: Style.stroke

        Column {
            id: column

            anchors.left: parent.left
            anchors.right: parent.right
            anchors.verticalCenter: parent.verticalCenter
            anchors.margins: Style.mm(8)
            spacing: Style.mm(5)

            Sentence {
                width: parent.width
                text: Words.say("voice.title")
                font.pixelSize: Style.titlePx
                font.bold: true
                Accessible.role: Accessible.Heading
            }

            Sentence {
                width: parent.width
                text: Page.voice_settings
            }

            Grid {
                id: grid

                readonly property real cellWidth: (width - spacing * (columns - 1)) / columns
                property real cellHeight: 0

                width: parent.width
                columns: Style.wide ? 4 : 2
                spacing: Style.mm(5)

                function measure(): void {
                    let tallest = 0;
                    for (let number = 0; number < keys.count; ++number)
                        tallest = Math.max(tallest, keys.itemAt(number)?.implicitHeight ?? 0);
                    grid.cellHeight = tallest;
                }

                Repeater {
                    id: keys

                    model: Page.voice_keys
                    onItemAdded: grid.measure()
                    onItemRemoved: grid.measure()

                    ActionButton {
                        required primary
                        required offered

                        width: grid.cellWidth
                        height: grid.cellHeight
                        onImplicitHeightChanged: grid.measure()
                    }
                }
            }
        }
    }
}
