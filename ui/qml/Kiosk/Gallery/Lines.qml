// What is read.
import QtQuick
import Kiosk.Controls
import Kiosk.Style

Column {
    id: root

    readonly property string words: Words.say("sample.gallery.words")

    // The two states of what only says something.
    function said(property: string, short: string): var {
        return {
            "normal": {
                [property]: short
            },
            "long": {
                [property]: words
            }
        };
    }

    spacing: Style.mm(10)

    Shelf {
        name: "Sentence"
        width: parent.width
        cell: 145
        variants: root.said("text", Words.say("sample.permit.sentence"))
        control: Component {
            Sentence {}
        }
    }

    Shelf {
        name: "NoteLine"
        width: parent.width
        cell: 145
        variants: root.said("words", Words.say("sample.permit.hint"))
        control: Component {
            NoteLine {}
        }
    }

    Shelf {
        name: "ProblemBanner"
        width: parent.width
        cell: 145
        variants: Object.assign(root.said("words", Words.say("sample.refused.happened")), {
            "notice": {
                "words": Words.say("sample.refused.happened"),
                "urgent": false
            }
        })
        control: Component {
            ProblemBanner {}
        }
    }

    Shelf {
        name: "AlarmPanel"
        width: parent.width
        cell: 222
        variants: root.said("words", Words.say("sample.take_card.sentence"))
        control: Component {
            AlarmPanel {}
        }
    }

    Shelf {
        name: "LabelLine"
        width: parent.width
        cell: 145
        common: ({
                "label": Words.say("sample.review.permit")
            })
        variants: root.said("value", "C*****678")
        control: Component {
            LabelLine {}
        }
    }

    Shelf {
        name: "OutcomeLine"
        width: parent.width
        cell: 145
        common: ({
                "icon": "money",
                "about": Words.say("screen.outcome.money")
            })
        variants: Object.assign(root.said("sentence", Words.say("sample.goodbye.money")), {
            "large": {
                "sentence": Words.say("sample.goodbye.money"),
                "large": true
            }
        })
        control: Component {
            OutcomeLine {}
        }
    }

    Shelf {
        name: "TotalLine"
        width: parent.width
        cell: 145
        common: ({
                "amount": "¥30.00"
            })
        control: Component {
            TotalLine {}
        }
    }
}
