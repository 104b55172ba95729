// A drawing for a control that has none of its own.
import QtQuick
import Kiosk.Controls

Sentence {
    required property Pressable control

    width: control.width
    text: control.label
    font.bold: control.down
    opacity: control.offered ? 1 : 0.4
}
