// Check your answers, and the sum.
pragma ComponentBehavior: Bound
import QtQuick
import Kiosk.Bridge
import Kiosk.Controls
import Kiosk.Style

Item {
    id: root

    Card {
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: parent.top
        height: (area.pages > 1 ? area.height - area.footRoom : area.filled) + Style.mm(4)
    }

    PagedArea {
        id: area

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: parent.top
        anchors.topMargin: Style.mm(2)
        anchors.bottom: Style.wide ? parent.bottom : total.top
        anchors.bottomMargin: Style.wide ? 0 : Style.wideGap
        footRoom: Style.wide ? total.implicitHeight + Style.gap : 0
        pagerWidth: Style.wide ? width - total.width - Style.mm(6) : width
        columns: Style.wide && !Style.scarce ? 2 : 1
        gap: 0
        airAtMost: Style.mm(60)

        Repeater {
            model: Page.review.lines

            LabelLine {
                whole: false
            }
        }
    }

    TotalLine {
        id: total

        anchors.right: parent.right
        anchors.bottom: parent.bottom
        width: Style.wide ? parent.width * 0.4 : parent.width
        height: implicitHeight
        amount: Page.review.total
    }
}
