// One control in each of its states, with the state's name beneath. A specimen is built once: its words and colours are those of that moment.
pragma ComponentBehavior: Bound
import QtQuick
import Kiosk.Controls
import Kiosk.Style

Column {
    id: root

    required property string name
    required property Component control
    // How wide a specimen is, in mm; and what each is made with: state -> properties.
    property real cell: 68
    property var variants: ({
            "normal": {}
        })
    // What all of them have.
    property var common: ({})

    objectName: "shelf:" + name
    spacing: Style.mm(2)

    Sentence {
        text: root.name
        font.bold: true
        font.pixelSize: Style.smallPx
        color: Style.muted
    }

    Flow {
        width: root.width
        spacing: Style.mm(6)

        Repeater {
            model: Object.keys(root.variants)

            Column {
                id: specimen

                required property string modelData

                objectName: "state:" + modelData
                width: Style.mm(root.cell)
                spacing: Style.mm(3)

                Item {
                    id: place

                    width: parent.width
                    implicitHeight: shown.childrenRect.height

                    Item {
                        id: shown

                        anchors.fill: parent
                        Component.onCompleted: root.control.createObject(shown, Object.assign({
                            "width": shown.width
                        }, root.common, root.variants[specimen.modelData]))
                    }

                    // Only one control of a window can have the focus.
                    FocusRing {
                        visible: specimen.modelData === "focused"
                        anchors.fill: parent
                        z: 1
                    }
                }

                Sentence {
                    width: parent.width
                    text: Words.say("sample.gallery." + specimen.modelData)
                    font.pixelSize: Style.smallPx
                    color: Style.muted
                }
            }
        }
    }
}
