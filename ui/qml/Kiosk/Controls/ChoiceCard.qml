// One option: what it is, what it costs; greyed with its reason where it cannot be had.
import QtQuick
import Kiosk.Style

AnswerControl {
    id: root

    property string detail: ""
    property string fee: ""
    property bool chosen: false
    property string whyNot: ""
    // The page writes the reason beneath the card, where both have no room on one page.
    property bool reasonApart: false
    readonly property real heightWithReason: title.implicitHeight + words.spacing + more.implicitHeight + Style.gap * 2
    readonly property bool refused: whyNot !== ""
    readonly property color written: refused ? Style.muted : offered ? Style.ink : Style.dim

    implicitHeight: Math.max(Style.mm(26), words.implicitHeight + Style.gap * 2)
    Accessible.role: Accessible.CheckBox
    Accessible.name: [label, detail, fee, whyNot].filter(part => part !== "").join(", ")
    Accessible.checkable: true
    Accessible.checked: chosen

    Rectangle {
        anchors.fill: parent
        radius: Style.radius
        color: root.refused ? Style.paper : root.chosen || root.down ? Style.chosen : Style.surface
        border.width: root.refused ? Style.hair : root.down ? Style.pressedStroke : root.chosen ? Style.stroke * 2 : Style.stroke
        border.color: root.refused ? Style.line : root.offered ? Style.strong : Style.dim
    }

    Rectangle {
        id: mark

        width: Style.mm(9)
        height: width
        radius: Style.mm(1.5)
        anchors.left: parent.left
        anchors.leftMargin: Style.mm(5)
        anchors.verticalCenter: parent.verticalCenter
        color: root.chosen ? Style.strong : "transparent"
        border.width: root.refused ? 0 : Style.stroke
        border.color: root.offered ? Style.strong : Style.dim

        Icon {
            anchors.fill: parent
            anchors.margins: root.refused ? 0 : Style.mm(1)
            visible: root.chosen || root.refused
            name: root.refused ? "not" : "tick"
            colour: root.refused ? Style.muted : Style.strongText
        }
    }

    Column {
        id: words

        anchors.left: mark.right
        anchors.leftMargin: Style.mm(5)
        anchors.right: price.left
        anchors.rightMargin: Style.gap
        anchors.verticalCenter: parent.verticalCenter
        spacing: Style.mm(1)

        Sentence {
            id: title

            width: parent.width
            text: root.label
            color: root.written
            font.bold: true
            Accessible.ignored: true
        }

        Sentence {
            id: more

            width: parent.width
            visible: text !== "" && !(root.refused && root.reasonApart)
            text: root.refused ? root.whyNot : root.detail
            color: root.written
            font.pixelSize: Style.smallPx
            Accessible.ignored: true
        }
    }

    Sentence {
        id: price

        anchors.right: parent.right
        anchors.rightMargin: Style.mm(5)
        anchors.verticalCenter: parent.verticalCenter
        text: root.refused ? "" : root.fee
        font.pixelSize: Style.leadPx
        font.bold: true
        color: root.written
        Accessible.ignored: true
    }
}
