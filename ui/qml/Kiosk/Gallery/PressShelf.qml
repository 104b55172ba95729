// A control that can be touched, in the states that all of those have.
import QtQuick
import Kiosk.Style

Shelf {
    id: root

    // Its label, and what it is made with besides.
    property string label: Words.say("sample.continue")
    property var more: ({})
    // The states that only it has.
    property var own: ({})

    common: Object.assign({
        "label": root.label
    }, more)
    variants: Object.assign({
        "normal": {},
        "pressed": {
            "held": true
        },
        "focused": {},
        "disabled": {
            "offered": false
        }
    }, own, {
        "long": {
            "label": Words.say("sample.gallery.words")
        }
    })
}
