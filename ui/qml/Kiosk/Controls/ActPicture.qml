// Drawings of the real slot, reader, card and hand. What moves is what the traveller or the machine really moves.
import QtQuick
import Kiosk.Bridge
import Kiosk.Style

Item {
    id: root

    required property string picture
    readonly property bool atReader: picture === "place_id_card" || picture === "lift_id_card"
    readonly property bool inward: picture === "insert_permit"
    readonly property bool paper: picture === "take_paper"
    // The drawings share one measure: 400 units wide, 400 high.
    readonly property real unit: Math.min(width / 400, height / 400)
    // 0 = where the movement begins, 1 = where it ends.
    property real travel: 0

    Accessible.role: Accessible.Graphic
    Accessible.name: Words.say("screen.picture." + picture)
    onPictureChanged: movement.restart()

    SequentialAnimation {
        id: movement

        running: root.visible
        loops: Animation.Infinite

        PropertyAction {
            target: root
            property: "travel"
            value: 0
        }

        PauseAnimation {
            duration: 900
        }

        NumberAnimation {
            target: root
            property: "travel"
            from: 0
            to: 1
            duration: 1600
            easing.type: Easing.InOutQuad
        }

        PauseAnimation {
            duration: 1200
        }
    }

    Item {
        width: 400 * root.unit
        height: 400 * root.unit
        anchors.centerIn: parent

        Drawing {
            visible: root.atReader
            name: "act_reader"
            width: 400 * root.unit
            height: 230 * root.unit
            y: 165 * root.unit
        }

        Drawing {
            readonly property real way: root.picture === "place_id_card" ? root.travel : 1 - root.travel

            visible: root.atReader
            name: "act_id_card"
            width: 252 * root.unit
            height: 164 * root.unit
            x: 74 * root.unit
            y: (10 + 194 * way) * root.unit
        }

        Drawing {
            visible: !root.atReader
            name: root.paper ? "act_paper_slot" : "act_card_slot"
            width: 400 * root.unit
            height: 110 * root.unit
        }

        // Below the mouth of the slot one sees the card or paper, above it one does not.
        Item {
            visible: !root.atReader
            clip: true
            y: 90 * root.unit
            width: 400 * root.unit
            height: 310 * root.unit

            Drawing {
                id: moved

                readonly property real inside: root.inward ? root.travel : 1 - root.travel

                name: root.paper ? "act_paper" : "act_permit"
                width: (root.paper ? 180 : 164) * root.unit
                height: (root.paper ? 250 : 252) * root.unit
                x: (400 * root.unit - width) / 2
                y: (root.inward ? -20 - 160 * inside : -10 - 120 * inside) * root.unit
            }

            Drawing {
                name: "act_hand"
                width: 150 * root.unit
                height: 190 * root.unit
                x: 150 * root.unit
                y: moved.y + 180 * root.unit
            }
        }
    }
}
