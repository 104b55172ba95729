// Something to touch: acts on release inside its bounds, however long the finger rests; also by a key (the screen's
// keyboard calls hold and release) and by assistive technology.
import QtQuick
import Kiosk.Bridge
import Kiosk.Style

Item {
    id: root

    required property string label
    property bool offered: true
    // By this the screen's keyboard knows what it can press.
    readonly property bool pressable: true
    property bool held: false
    // Where the keyboard is, on a page whose line to write keeps Qt's own focus.
    property bool marked: false
    readonly property bool down: held || area.pressed && area.containsMouse

    signal began
    signal activated

    enabled: offered
    activeFocusOnTab: offered
    implicitHeight: Style.touchMain
    Accessible.role: Accessible.Button
    Accessible.name: label
    Accessible.focusable: offered
    Accessible.onPressAction: {
        root.hold();
        root.release();
    }
    // Whoever moves on no longer presses.
    onActiveFocusChanged: held = false
    onEnabledChanged: held = false
    onVisibleChanged: held = false

    function hold(): void {
        root.held = true;
        root.began();
    }

    function release(): void {
        if (root.held) {
            root.held = false;
            root.activated();
        }
    }

    MouseArea {
        id: area

        anchors.fill: parent
        onPressed: root.began()
        onClicked: root.activated()
    }

    FocusRing {
        anchors.fill: parent
        visible: (root.activeFocus || root.marked && root.enabled) && Attention.keys_used
        z: 1
    }
}
