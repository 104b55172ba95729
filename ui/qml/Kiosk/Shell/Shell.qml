// What every page has: header, where am I, title, problem, body, actions, footer.
import QtQuick
import Kiosk.Bridge
import Kiosk.Controls
import Kiosk.Style

Rectangle {
    id: root

    color: Style.paper

    Item {
        id: content

        anchors.fill: parent
        anchors.bottomMargin: Page.low_reach ? Panel.below_reach_px : 0
        enabled: !Page.asked

        Header {
            id: header

            anchors.left: parent.left
            anchors.right: parent.right
        }

        Item {
            id: line

            anchors.left: parent.left
            anchors.right: parent.right
            anchors.top: header.bottom
            anchors.leftMargin: Style.margin
            anchors.rightMargin: Style.margin
            height: Style.mm(Style.wide ? 5 : 9) + (place.visible || (countdown.visible && !Style.wide) ? place.implicitHeight : 0)

            StepLine {
                id: place

                visible: Page.place > 0
                anchors.left: parent.left
                anchors.right: parent.right
                anchors.rightMargin: countdown.visible && !Style.wide ? countdown.width + Style.wideGap : 0
                anchors.bottom: parent.bottom
            }
        }

        // On a wide panel beside the title, where it takes no line of its own.
        Countdown {
            id: countdown

            visible: Page.seconds_left >= 0 && !Page.asked
            width: implicitWidth
            height: implicitHeight
            anchors.right: line.right
            anchors.verticalCenter: Style.wide ? title.verticalCenter : line.bottom
            anchors.verticalCenterOffset: Style.wide ? 0 : -place.implicitHeight / 2
        }

        Sentence {
            id: title

            anchors.left: parent.left
            anchors.right: parent.right
            anchors.top: line.bottom
            anchors.leftMargin: Style.margin
            anchors.rightMargin: Style.margin + (Style.wide && countdown.visible ? countdown.width + Style.wideGap : 0)
            anchors.topMargin: Style.mm(Style.wide ? 4 : Style.textSize === 3 ? 6 : 10)
            text: Page.title
            color: Page.alarm ? Style.trouble : Style.ink
            font.pixelSize: Style.titlePx
            font.bold: true
            Accessible.role: Accessible.Heading
        }

        ProblemBanner {
            id: problem

            // Beside a keypad or tiles with the largest letters the page shows it itself, where it takes nothing from them.
            visible: Page.problem !== "" && !(Style.scarce && ["Keypad", "OtherWay", "Writing"].includes(Page.sheet))
            words: Page.problem
            // On an ending it is news (a paper to take), not a problem.
            urgent: Page.sheet !== "Outcome"
            anchors.left: parent.left
            anchors.right: parent.right
            anchors.top: title.bottom
            anchors.leftMargin: Style.margin
            anchors.rightMargin: Style.margin
            anchors.topMargin: Style.mm(6)
            height: implicitHeight
        }

        Loader {
            readonly property Item above: problem.visible ? problem : title

            anchors.left: parent.left
            anchors.right: parent.right
            anchors.top: above.bottom
            anchors.bottom: actions.top
            anchors.leftMargin: Style.margin
            anchors.rightMargin: Style.margin
            // Where everything in it is touched, it begins within reach; other pages see to that themselves, or have words above and keys beneath.
            anchors.topMargin: Math.max(Style.mm(Style.wide ? 5 : Style.textSize === 3 ? 6 : 9), ["Welcome", "Choose", "PayMethod", "OtherWay"].includes(Page.sheet) ? Style.reach - above.y - above.height : 0)
            anchors.bottomMargin: Style.mm(Style.wide ? 4 : Style.textSize === 3 ? 5 : 8)
            visible: !flash.active
            source: "../Steps/" + Page.sheet + ".qml"
            enabled: !Page.voice_sheet
        }

        ActionBar {
            id: actions

            enabled: !Page.voice_sheet
            anchors.left: parent.left
            anchors.right: parent.right
            anchors.bottom: footer.top
            anchors.leftMargin: Style.margin
            anchors.rightMargin: Style.margin
            anchors.bottomMargin: Style.mm(Style.wide ? 5 : 9)
            z: 1  // the focus of its buttons is drawn over the lamp
        }

        Loader {
            id: flash

            anchors.left: parent.left
            anchors.right: parent.right
            anchors.top: header.bottom
            anchors.bottom: actions.top
            active: Page.sheet === "Face" && Page.face.colour !== ""
            source: "Flash.qml"
        }

        Loader {
            anchors.left: parent.left
            anchors.right: parent.right
            anchors.top: parent.top
            anchors.bottom: footer.top
            active: Page.voice_sheet
            source: "VoiceSheet.qml"
        }

        Footer {
            id: footer

            anchors.left: parent.left
            anchors.right: parent.right
            anchors.bottom: parent.bottom
        }
    }

    Loader {
        anchors.fill: parent
        active: Page.asked
        source: "StillThere.qml"
    }

    Loader {
        anchors.fill: parent
        active: Attention.asleep
        source: "Asleep.qml"
    }
}
