// Where the keyboard is: a dark line between two light ones, so that it stands out from the control and from whatever the page is there.
import QtQuick
import Kiosk.Style

Item {
    id: root

    readonly property int light: Style.mm(0.5)
    readonly property int dark: Style.mm(1.2)

    Repeater {
        // The outermost first; together they stay within the 2.54 mm between two controls.
        model: [
            {
                "reach": root.light * 2 + root.dark,
                "width": root.light,
                "colour": Style.paper
            },
            {
                "reach": root.light + root.dark,
                "width": root.dark,
                "colour": Style.ink
            },
            {
                "reach": root.light,
                "width": root.light,
                "colour": Style.paper
            }
        ]

        Rectangle {
            required property var modelData

            anchors.fill: parent
            anchors.margins: -modelData.reach
            radius: Style.radius + modelData.reach
            color: "transparent"
            border.width: modelData.width
            border.color: modelData.colour
        }
    }
}
