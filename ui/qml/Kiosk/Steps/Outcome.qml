// How it ended: what happened, your money, your card, what next, a number to quote.
import QtQuick
import Kiosk.Bridge
import Kiosk.Controls
import Kiosk.Style

Item {
    id: root

    readonly property bool done: Page.outcome.tone === "done"
    readonly property bool trouble: Page.outcome.tone === "trouble"
    readonly property color signal: done ? Style.done : trouble ? Style.trouble : Style.strong

    Card {
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: parent.top
        height: area.pages > 1 ? parent.height : area.filled + Style.mm(8)
        border.color: root.signal
        border.width: Style.stroke

        Rectangle {
            width: parent.width
            height: Style.mm(3)
            radius: Style.radius
            color: root.signal
        }
    }

    PagedArea {
        id: area

        anchors.fill: parent
        anchors.margins: Style.mm(4)
        anchors.bottomMargin: Style.mm(Style.scarce ? 2 : 4)
        columns: Style.wide && !Style.scarce ? 2 : 1
        gap: 0
        airAtMost: Style.mm(20)

        OutcomeLine {
            icon: root.done ? "tick" : root.trouble ? "warning" : "info"
            about: Words.say("screen.outcome.happened")
            sentence: Page.outcome.happened
            colour: root.signal
            large: true
        }

        OutcomeLine {
            whole: false
            icon: "money"
            about: Words.say("screen.outcome.money")
            sentence: Page.outcome.money
        }

        OutcomeLine {
            whole: false
            icon: "card"
            about: Words.say("screen.outcome.card")
            sentence: Page.outcome.card
        }

        OutcomeLine {
            icon: "next"
            about: Words.say("screen.outcome.next")
            sentence: Page.outcome.next_step
        }

        OutcomeLine {
            whole: false
            icon: "number"
            about: Words.say("screen.outcome.number")
            sentence: Page.outcome.number
            large: true
        }

        OutcomeLine {
            whole: false
            icon: "clock"
            about: Words.say("screen.outcome.hours")
            sentence: Page.outcome.hours
        }
    }
}
