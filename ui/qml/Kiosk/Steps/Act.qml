// One physical act: the drawing of it, one sentence, and what else to know.
import QtQuick
import Kiosk.Bridge
import Kiosk.Controls
import Kiosk.Style

Item {
    id: root

    Card {
        id: frame

        anchors.left: parent.left
        anchors.top: parent.top
        width: Style.wide ? parent.width * 0.44 : parent.width
        height: Style.wide ? parent.height : parent.height - words.implicitHeight - Style.mm(Style.textSize === 3 ? 6 : 10)
        border.color: Page.alarm ? Style.trouble : Style.line
        border.width: Page.alarm ? Style.mm(2) : Style.hair

        ActPicture {
            anchors.fill: parent
            anchors.margins: Style.mm(Style.textSize === 3 ? 5 : 10)
            picture: Page.act.picture
        }
    }

    Column {
        id: words

        anchors.left: Style.wide ? frame.right : parent.left
        anchors.leftMargin: Style.wide ? Style.mm(12) : 0
        anchors.right: parent.right
        anchors.bottom: Style.wide ? undefined : parent.bottom
        anchors.verticalCenter: Style.wide ? parent.verticalCenter : undefined
        spacing: Style.mm(6)

        AlarmPanel {
            visible: Page.alarm
            width: parent.width
            height: implicitHeight
            words: Page.act.sentence
        }

        Sentence {
            visible: !Page.alarm
            width: parent.width
            text: Page.act.sentence
            font.pixelSize: Style.leadPx
            font.bold: true
        }

        NoteLine {
            visible: Page.act.hint !== ""
            width: parent.width
            height: implicitHeight
            words: Page.act.hint
        }

        NoteLine {
            visible: Page.act.person !== ""
            width: parent.width
            height: implicitHeight
            icon: "person_card"
            words: Page.act.person
        }
    }
}
