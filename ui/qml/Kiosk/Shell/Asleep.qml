// Nobody has been here for a while: the first touch or key only wakes the machine. It says so in each language, since it knows nobody's yet.
pragma ComponentBehavior: Bound
import QtQuick
import Kiosk.Bridge
import Kiosk.Controls
import Kiosk.Style

Item {
    id: root

    // The page behind stays to be seen.
    Rectangle {
        anchors.fill: parent
        color: Style.ink
        opacity: 0.72
    }

    Rectangle {
        anchors.centerIn: parent
        width: Math.min(parent.width - Style.margin * 2, Style.mm(260))
        height: column.height + Style.mm(32)
        radius: Style.radius
        color: Style.band

        Column {
            id: column

            anchors.left: parent.left
            anchors.right: parent.right
            anchors.margins: Style.mm(12)
            anchors.verticalCenter: parent.verticalCenter
            spacing: Style.mm(8)

            Repeater {
                model: ["zh-Hans", "zh-Hant", "en"]

                Sentence {
                    required property string modelData

                    width: column.width
                    text: Page.word("screen.asleep", modelData)
                    color: Style.bandText
                    font.pixelSize: Style.titlePx
                    font.bold: true
                    horizontalAlignment: Text.AlignHCenter
                }
            }
        }
    }
}
