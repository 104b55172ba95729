// A Pressable that answers the page. It remembers on which step the finger went down: what changed under the finger is not answered, nor is a
// stroke that began while the page was deaf.
import QtQuick
import Kiosk.Bridge

Pressable {
    id: root

    required property string answerId
    property string stepBegun: ""

    objectName: "answer:" + answerId
    onBegan: root.stepBegun = Page.deaf ? "" : Page.step
    onActivated: Page.touch(root.answerId, root.stepBegun)
}
