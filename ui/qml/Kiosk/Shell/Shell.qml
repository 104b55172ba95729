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
            height: Style.mm(Style.wide ? 5 : 9) + Math.max(place.implicitHeight, countdown.implicitHeight) * ((place.visible || countdown.visible) ? 1 : 0)

            StepLine {
                id: place

                visible: Page.place > 0
                anchors.left: parent.left
                anchors.right: countdown.visible ? countdown.left : parent.right
                anchors.rightMargin: countdown.visible ? Style.wideGap : 0
                anchors.bottom: parent.bottom
            }

            Countdown {
                id: countdown

                visible: Page.seconds_left >= 0 && !Page.asked
                anchors.right: parent.right
                anchors.bottom: parent.bottom
            }
        }

        Sentence {
            id: title

            anchors.left: parent.left
            anchors.right: parent.right
            anchors.top: line.bottom
            anchors.leftMargin: Style.margin
            anchors.rightMargin: Style.margin
            anchors.topMargin: Style.mm(Style.wide ? 4 : 10)
            text: Page.title
            font.pixelSize: Style.titlePx
            font.bold: true
            Accessible.role: Accessible.Heading
        }

        ProblemBanner {
            id: problem

            visible: Page.problem !== ""
            words: Page.problem
            anchors.left: parent.left
            anchors.right: parent.right
            anchors.top: title.bottom
            anchors.leftMargin: Style.margin
            anchors.rightMargin: Style.margin
            anchors.topMargin: Style.mm(6)
            height: implicitHeight
        }

        Loader {
            anchors.left: parent.left
            anchors.right: parent.right
            anchors.top: problem.visible ? problem.bottom : title.bottom
            anchors.bottom: actions.top
            anchors.leftMargin: Style.margin
            anchors.rightMargin: Style.margin
            anchors.topMargin: Style.mm(Style.wide ? 5 : 9)
            anchors.bottomMargin: Style.mm(Style.wide ? 4 : 8)
            source: "../Steps/" + Page.sheet + ".qml"
        }

        ActionBar {
            id: actions

            anchors.left: parent.left
            anchors.right: parent.right
            anchors.bottom: footer.top
            anchors.leftMargin: Style.margin
            anchors.rightMargin: Style.margin
            anchors.bottomMargin: Style.mm(Style.wide ? 5 : 9)
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
}
