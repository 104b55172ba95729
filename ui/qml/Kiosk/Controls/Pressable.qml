// Something to touch: acts on release inside its bounds, however long the finger rests; also by keyboard and by assistive technology.
import QtQuick
import Kiosk.Style

Item {
    id: root

    required property string label
    property bool offered: true
    readonly property bool down: area.pressed && area.containsMouse

    signal began
    signal activated

    enabled: offered
    activeFocusOnTab: offered
    implicitHeight: Style.touchMain
    Accessible.role: Accessible.Button
    Accessible.name: label
    Accessible.focusable: offered
    Accessible.onPressAction: root.activate()
    Keys.onReturnPressed: root.activate()
    Keys.onSpacePressed: root.activate()

    function activate(): void {
        root.began();
        root.activated();
    }

    MouseArea {
        id: area

        anchors.fill: parent
        onPressed: root.began()
        onClicked: root.activated()
    }

    // Where the keyboard is.
    Rectangle {
        anchors.fill: parent
        anchors.margins: -Style.stroke * 2
        visible: root.activeFocus
        color: "transparent"
        radius: Style.radius + Style.stroke * 2
        border.width: Style.stroke
        border.color: Style.strong
        z: 1
    }
}
