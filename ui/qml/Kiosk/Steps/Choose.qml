// The endorsements to choose from, destination by destination; what cannot be had says why.
pragma ComponentBehavior: Bound
import QtQuick
import Kiosk.Bridge
import Kiosk.Controls
import Kiosk.Style

Item {
    id: root

    PagedArea {
        id: area

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: parent.top
        anchors.bottom: Style.wide ? parent.bottom : total.top
        anchors.bottomMargin: Style.wide ? 0 : Style.gap
        footRoom: Style.wide ? total.implicitHeight : 0
        pagerWidth: Style.wide ? width - total.width - Style.mm(6) : width
        columns: Style.wide && !Style.scarce ? 2 : 1

        Repeater {
            id: entries

            model: Page.choose.entries

            Entry {
                id: entry

                required property string kind
                required property string group
                required property string words
                required property string detail
                required property string fee
                required property bool chosen
                required property string whyNot
                required property string answerId
                required property bool offered
                required property int index
                // What cannot be had and why have no room on one page.
                readonly property bool apart: whyNot !== "" && card.heightWithReason > area.roomOfPages

                // Where room is scarce, the destination stands on each card instead of above them; a reason stands by itself only where its card left it out.
                present: kind === "group" ? !Style.scarce : kind !== "reason" || ((entries.itemAt(index - 1) as Entry)?.keepWithNext ?? false)
                // A long reason in large letters takes the whole width.
                whole: kind !== "choice" || Style.textSize > 1 && whyNot !== ""
                keepWithNext: kind === "group" || apart
                implicitHeight: kind === "group" ? heading.implicitHeight + Style.mm(4) : kind === "choice" ? card.implicitHeight : note.implicitHeight + Style.mm(4)

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
                    label: entry.kind !== "choice" ? "" : Style.scarce ? entry.group + " · " + entry.words : entry.words
                    detail: entry.detail
                    fee: entry.fee
                    chosen: entry.chosen
                    whyNot: entry.whyNot
                    reasonApart: entry.apart
                    offered: entry.offered
                }

                NoteLine {
                    id: note

                    readonly property bool told: entry.kind === "refusal" || entry.kind === "reason"

                    visible: told
                    anchors.left: parent.left
                    anchors.right: parent.right
                    anchors.verticalCenter: parent.verticalCenter
                    height: implicitHeight
                    words: told ? entry.words : ""
                }
            }
        }
    }

    TotalLine {
        id: total

        anchors.right: parent.right
        anchors.bottom: parent.bottom
        width: Style.wide ? parent.width * 0.4 : parent.width
        height: implicitHeight
        amount: Page.choose.total
    }
}
