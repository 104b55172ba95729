// A simulated machine says so on every page.
import QtQuick
import Kiosk.Style

Rectangle {
    color: "transparent"
    radius: height / 2
    border.width: Style.stroke
    border.color: Style.accent
    implicitWidth: words.implicitWidth + Style.gap * 2
    implicitHeight: words.implicitHeight + Style.mm(2)

    Sentence {
        id: words

        anchors.centerIn: parent
        text: Words.say("screen.simulated")
        color: Style.bandText
        font.pixelSize: Style.smallPx
        font.bold: true
        wrapMode: Text.NoWrap
    }
}
