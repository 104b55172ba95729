// What says where one is and how far the machine is.
import QtQuick
import Kiosk.Bridge
import Kiosk.Controls
import Kiosk.Style

Column {
    spacing: Style.mm(10)

    Shelf {
        name: "StageLine"
        width: parent.width
        cell: 108
        common: ({
                "words": Words.say("sample.issuing.print"),
                "stage": "waiting"
            })
        variants: ({
                "waiting": {},
                "running": {
                    "stage": "running"
                },
                "done": {
                    "stage": "done"
                },
                "long": {
                    "words": Words.say("sample.gallery.words")
                }
            })
        control: Component {
            StageLine {}
        }
    }

    Shelf {
        name: "ProgressLine"
        width: parent.width
        cell: 108
        variants: ({
                "begun": {
                    "fraction": 0
                },
                "running": {
                    "fraction": 0.6
                },
                "done": {
                    "fraction": 1
                }
            })
        control: Component {
            ProgressLine {}
        }
    }

    Shelf {
        name: "StepLine"
        width: parent.width
        cell: 222
        control: Component {
            StepLine {}
        }
    }

    Shelf {
        name: "Countdown"
        width: parent.width
        cell: 108
        control: Component {
            Countdown {}
        }
    }

    Shelf {
        name: "SimulatedBadge"
        width: parent.width
        cell: 108
        control: Component {
            // It belongs on the band of every page.
            Rectangle {
                height: badge.height + Style.mm(8)
                color: Style.band

                SimulatedBadge {
                    id: badge

                    anchors.centerIn: parent
                }
            }
        }
    }

    Shelf {
        name: "PagedArea"
        width: parent.width
        cell: 222
        variants: ({
                "first": {},
                "last": {
                    "turned": 2
                }
            })
        control: Component {
            PagedArea {
                // Its entries come one by one, and with them its pages.
                property int turned: 0

                height: Style.mm(74)
                onPagesChanged: page = Math.min(turned, pages - 1)

                Repeater {
                    model: 5

                    LabelLine {
                        required property int index

                        label: Words.say("sample.review.permit")
                        value: "C*****67" + index
                    }
                }
            }
        }
    }
}
