// Notice and consent, a short paragraph at a time.
pragma ComponentBehavior: Bound
import QtQuick
import Kiosk.Bridge
import Kiosk.Controls
import Kiosk.Style

PagedArea {
    columns: Style.wide && !Style.scarce ? 2 : 1
    gap: Style.mm(6)
    airAtMost: Style.mm(40)

    Repeater {
        model: Page.notice.paragraphs

        Entry {
            id: paragraph

            required property string heading
            required property string words

            whole: false
            implicitHeight: column.implicitHeight + Style.mm(10)

            Card {
                anchors.fill: parent
            }

            Column {
                id: column

                anchors.left: parent.left
                anchors.right: parent.right
                // Beside each other they begin at the same height.
                anchors.top: Style.wide ? parent.top : undefined
                anchors.verticalCenter: Style.wide ? undefined : parent.verticalCenter
                anchors.margins: Style.mm(6)
                spacing: Style.mm(2)

                Sentence {
                    width: parent.width
                    text: paragraph.heading
                    color: Style.strong
                    font.bold: true
                }

                Sentence {
                    width: parent.width
                    text: paragraph.words
                }
            }
        }
    }
}
