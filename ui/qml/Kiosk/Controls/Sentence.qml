// Text that wraps and is never cut.
import QtQuick
import Kiosk.Style

Text {
    color: Style.ink
    font.family: Style.family
    font.pixelSize: Style.bodyPx
    wrapMode: Text.Wrap
    textFormat: Text.PlainText
    Accessible.role: Accessible.StaticText
    Accessible.name: text
}
