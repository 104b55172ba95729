// The one window. Before the machine has its first page, a still page says that it is starting.
import QtQuick
import Kiosk.Bridge
import Kiosk.Style

Window {
    id: window

    width: Panel.width_px
    height: Panel.height_px
    color: Style.paper
    title: Words.say("screen.machine")
    visible: false
    onClosing: close => {
        close.accepted = false;
        Page.request_close();
    }

    Loader {
        anchors.fill: parent
        source: Page.sheet === "" ? "Kiosk/Shell/Starting.qml" : "Kiosk/Shell/Shell.qml"
    }
}
