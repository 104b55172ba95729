// What is looked at.
import QtQuick
import Kiosk.Bridge
import Kiosk.Controls
import Kiosk.Style

Column {
    // The states of a control that differ in one word, each named after it.
    function each(property: string, words: list<string>): var {
        return words.reduce((made, word) => Object.assign(made, {
                [word]: {
                    [property]: word
                }
            }), {});
    }

    spacing: Style.mm(10)

    Shelf {
        name: "ActPicture"
        width: parent.width
        common: ({
                "height": Style.mm(68)
            })
        variants: parent.each("picture", ["insert_permit", "take_permit", "place_id_card", "lift_id_card", "take_paper"])
        control: Component {
            ActPicture {}
        }
    }

    Shelf {
        name: "CameraOval"
        width: parent.width
        common: ({
                "height": Style.mm(68 * 1.3)
            })
        variants: Object.assign({
            "normal": {}
        }, parent.each("arrow", ["left", "right", "up", "down"]))
        control: Component {
            CameraOval {}
        }
    }

    Shelf {
        name: "ChipPortrait"
        width: parent.width
        common: ({
                "height": Style.mm(60)
            })
        control: Component {
            ChipPortrait {}
        }
    }

    Shelf {
        name: "CodePanel"
        width: parent.width
        common: ({
                "code": "weixin://wxpay/bizpayurl?pr=NwY5Mz9zz"
            })
        control: Component {
            CodePanel {}
        }
    }

    Shelf {
        name: "WorkPicture"
        width: parent.width
        common: ({
                "height": Style.mm(60)
            })
        control: Component {
            WorkPicture {}
        }
    }

    Shelf {
        name: "Card"
        width: parent.width
        common: ({
                "height": Style.mm(30)
            })
        control: Component {
            Card {}
        }
    }
}
