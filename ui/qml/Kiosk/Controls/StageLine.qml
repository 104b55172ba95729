// One stage of the machine's work: waiting, running, done.
import QtQuick
import Kiosk.Style

Item {
    id: root

    required property string words
    required property string stage
    readonly property bool running: stage === "running"
    readonly property bool done: stage === "done"

    implicitHeight: Math.max(Style.mm(16), sentence.implicitHeight + Style.mm(Style.textSize === 3 ? 1 : 7))
    Accessible.role: Accessible.ListItem
    Accessible.name: words

    Rectangle {
        id: disc

        width: Style.mm(11)
        height: width
        radius: width / 2
        anchors.left: parent.left
        anchors.verticalCenter: parent.verticalCenter
        color: root.done ? Style.done : "transparent"
        border.width: root.done ? 0 : Style.stroke
        border.color: root.running ? Style.strong : Style.dim

        Icon {
            visible: root.done
            anchors.fill: parent
            anchors.margins: Style.mm(2)
            name: "tick"
            colour: Style.signalText
        }

        // Moves only while the machine does.
        Item {
            anchors.fill: parent
            visible: root.running

            Rectangle {
                width: Style.mm(2.4)
                height: width
                radius: width / 2
                color: Style.strong
                anchors.horizontalCenter: parent.horizontalCenter
                y: Style.mm(1.6)
            }

            RotationAnimation on rotation {
                running: root.running
                from: 0
                to: 360
                duration: 1600
                loops: Animation.Infinite
            }
        }
    }

    Sentence {
        id: sentence

        anchors.left: disc.right
        anchors.leftMargin: Style.mm(6)
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        text: root.words
        font.pixelSize: root.running ? Style.leadPx : Style.bodyPx
        font.bold: root.running
        color: root.running ? Style.ink : Style.muted
        Accessible.ignored: true
    }
}
