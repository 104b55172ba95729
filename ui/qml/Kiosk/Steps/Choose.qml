// The endorsements to choose from, under headings; what cannot be had, and why, one touch away.
pragma ComponentBehavior: Bound
import QtQuick
import Kiosk.Bridge
import Kiosk.Controls
import Kiosk.Style

Item {
    id: root

    // What can be had comes first; where nothing can, the reasons are the page.
    property bool turned: false
    readonly property bool showingRefused: turned || !Page.choose.any_offered

    function turn(): void {
        root.turned = !root.turned;
        area.page = 0;
    }

    PagedArea {
        id: area

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: parent.top
        anchors.bottom: Style.wide ? parent.bottom : total.top
        anchors.bottomMargin: Style.wide || root.showingRefused ? 0 : Style.gap
        footRoom: Style.wide && !root.showingRefused ? total.implicitHeight : 0
        pagerWidth: Style.wide && !root.showingRefused ? width - total.width - Style.mm(6) : width
        columns: Style.wide ? 2 : 1
        gap: Style.textSize === 3 ? Style.mm(3) : Style.gap
        airAtMost: Style.mm(6)

        TurnEntry {
            present: root.turned
            label: Words.say("screen.choose.offered")
            icon: "back"
            onTurned: root.turn()
        }

        Repeater {
            model: Page.choose.entries

            Entry {
                id: entry

                required property string kind
                required property bool refused
                required property string words
                required property string title
                required property string detail
                required property string fee
                required property bool chosen
                required property string whyNot
                required property string answerId
                required property bool offered

                present: refused === root.showingRefused
                // A long reason in large letters takes the whole width.
                whole: kind !== "choice" || refused && Style.textSize > 1
                keepWithNext: kind === "group"
                implicitHeight: kind === "group" ? heading.implicitHeight + Style.mm(Style.textSize === 3 ? 0 : 4) : kind === "choice" ? card.implicitHeight : note.implicitHeight + Style.mm(4)

                Sentence {
                    id: heading

                    visible: entry.kind === "group"
                    anchors.left: parent.left
                    anchors.right: parent.right
                    anchors.bottom: parent.bottom
                    text: entry.kind === "group" ? entry.words : ""
                    color: Style.strong
                    font.pixelSize: Style.leadPx
                    font.bold: true
                    Accessible.role: Accessible.Heading
                }

                ChoiceCard {
                    id: card

                    visible: entry.kind === "choice"
                    anchors.fill: parent
                    answerId: entry.answerId
                    label: entry.kind === "choice" ? entry.words : ""
                    title: entry.kind === "choice" ? entry.title : ""
                    detail: entry.detail
                    fee: entry.fee
                    chosen: entry.chosen
                    whyNot: entry.whyNot
                    offered: entry.offered
                }

                NoteLine {
                    id: note

                    visible: entry.kind === "refusal"
                    anchors.left: parent.left
                    anchors.right: parent.right
                    anchors.verticalCenter: parent.verticalCenter
                    height: implicitHeight
                    words: entry.kind === "refusal" ? entry.words : ""
                }
            }
        }

        TurnEntry {
            present: Page.choose.any_refused && !root.showingRefused
            label: Words.say("screen.choose.refused")
            icon: "forward"
            onTurned: root.turn()
        }
    }

    TotalLine {
        id: total

        anchors.right: parent.right
        anchors.bottom: parent.bottom
        width: Style.wide ? parent.width * 0.4 : parent.width
        // Beside what cannot be had there is nothing to add up.
        visible: !root.showingRefused
        height: root.showingRefused ? 0 : implicitHeight
        amount: Page.choose.total
    }

    // Turns from what can be had to what cannot, and back.
    component TurnEntry: Entry {
        id: turning

        property alias label: key.label
        property alias icon: key.icon

        signal turned

        implicitHeight: key.implicitHeight

        PagerButton {
            id: key

            objectName: "pager:turn"
            anchors.fill: parent
            label: ""
            onActivated: turning.turned()
        }
    }
}
