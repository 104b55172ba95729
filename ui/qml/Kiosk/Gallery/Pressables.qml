// What can be touched.
import QtQuick
import Kiosk.Controls
import Kiosk.Style

Column {
    id: root

    readonly property string words: Words.say("sample.gallery.words")

    spacing: Style.mm(10)

    PressShelf {
        name: "ActionButton"
        width: parent.width
        cell: 108
        more: ({
                "answerId": "continue",
                "primary": true
            })
        own: ({
                "quiet": {
                    "primary": false
                },
                "quiet_pressed": {
                    "primary": false,
                    "held": true
                },
                "quiet_disabled": {
                    "primary": false,
                    "offered": false
                }
            })
        control: Component {
            ActionButton {}
        }
    }

    PressShelf {
        name: "ChoiceCard"
        width: parent.width
        cell: 108
        label: Words.say("sample.choose.individual")
        more: ({
                "answerId": "choose",
                "detail": Words.say("sample.choose.once_3m"),
                "fee": "¥15.00"
            })
        own: ({
                "chosen": {
                    "chosen": true
                },
                "refused": {
                    "offered": false,
                    "whyNot": Words.say("sample.choose.not_resident")
                },
                "refused_long": {
                    "offered": false,
                    "whyNot": root.words
                }
            })
        control: Component {
            ChoiceCard {}
        }
    }

    PressShelf {
        name: "DestinationCard"
        width: parent.width
        cell: 84
        label: Words.say("sample.destination.hkg")
        more: ({
                "answerId": "destination.HKG"
            })
        own: ({
                "mac": {
                    "answerId": "destination.MAC",
                    "label": Words.say("sample.destination.mac")
                },
                "both": {
                    "answerId": "destination.HKG+MAC",
                    "label": Words.say("sample.destination.both")
                },
                "twn": {
                    "answerId": "destination.TWN",
                    "label": Words.say("sample.destination.twn")
                }
            })
        control: Component {
            DestinationCard {}
        }
    }

    PressShelf {
        name: "TileCard"
        width: parent.width
        cell: 108
        label: Words.say("sample.receipt.paper")
        more: ({
                "answerId": "receipt.paper",
                "icon": "paper"
            })
        own: ({
                "without_icon": {
                    "icon": ""
                }
            })
        control: Component {
            TileCard {}
        }
    }

    PressShelf {
        name: "KeypadKey"
        width: parent.width
        label: "7"
        more: ({
                "answerId": "digit:7"
            })
        own: ({
                "word": {
                    "label": Words.say("sample.phone.delete")
                }
            })
        control: Component {
            KeypadKey {}
        }
    }

    PressShelf {
        name: "WritingKey"
        width: parent.width
        cell: 25
        label: "Q"
        more: ({
                "name": "type:q"
            })
        own: ({
                "drawing": {
                    "icon": "erase",
                    "label": Words.say("screen.write.erase")
                },
                "lit": {
                    "icon": "up",
                    "label": Words.say("screen.write.capitals"),
                    "lit": true
                }
            })
        control: Component {
            WritingKey {}
        }
    }

    Shelf {
        name: "CandidateBar"
        width: parent.width
        cell: 220
        variants: ({
                "none": {},
                "few": {
                    "count": 3
                },
                "many": {
                    "count": 40
                }
            })
        control: Component {
            CandidateBar {
                count: 0
                cell: Style.mm(20)
                gap: Style.mm(2.6)
                revision: 0
                implicitHeight: Style.mm(20)
                wordOf: number => "伟为未位味微".charAt(number % 6)
            }
        }
    }

    Shelf {
        name: "WritingKeys"
        width: parent.width
        cell: 220
        variants: ({
                "pinyin": {
                    "mode": "pinyin"
                },
                "latin": {
                    "mode": "latin",
                    "capitals": true
                }
            })
        control: Component {
            WritingKeys {
                mode: "pinyin"
                rows: [["q", "w", "e", "r", "t", "y", "u", "i", "o", "p"], ["a", "s", "d", "f", "g", "h", "j", "k", "l"], ["z", "x", "c", "v", "b", "n", "m"]]
                candidates: 0
                revision: 0
                digits: false
                implicitHeight: Style.mm(110)
            }
        }
    }

    PressShelf {
        name: "FooterButton"
        width: parent.width
        cell: 45
        label: Words.say("footer.voice")
        more: ({
                "answerId": "footer.voice",
                "icon": "voice"
            })
        own: ({
                "lit": {
                    "lit": true
                },
                "lit_pressed": {
                    "lit": true,
                    "held": true
                }
            })
        control: Component {
            FooterButton {}
        }
    }

    PressShelf {
        name: "PagerButton"
        width: parent.width
        label: Words.say("screen.pager.next")
        more: ({
                "icon": "down"
            })
        control: Component {
            PagerButton {}
        }
    }
}
