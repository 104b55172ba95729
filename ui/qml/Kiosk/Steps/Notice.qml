// Notice and consent, a short paragraph at a time.
pragma ComponentBehavior: Bound
import QtQuick
import Kiosk.Bridge
import Kiosk.Controls
import Kiosk.Style

PagedArea {
    columns: Style.wide && !Style.scarce ? 2 : 1
    gap: Style.mm(6)

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
                anchors.top: parent.top
                anchors.margins: Style.mm(6)
                anchors.topMargin: Style.mm(5)
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
