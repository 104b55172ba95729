// Every control in every state, on one sheet: to look at, never part of a journey.
import QtQuick
import Kiosk.Bridge
import Kiosk.Style

Rectangle {
    id: root

    width: Style.mm(480)
    implicitHeight: shelves.implicitHeight + 2 * Style.margin
    color: Style.paper

    Column {
        id: shelves

        x: Style.margin
        y: Style.margin
        width: root.width - 2 * Style.margin
        spacing: Style.mm(14)

        Pressables {
            width: parent.width
        }

        Lines {
            width: parent.width
        }

        Progress {
            width: parent.width
        }

        Pictures {
            width: parent.width
        }
    }
}
