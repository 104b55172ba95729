// One key of the board to write with: a sign, or a word for what it does. What is begun on one page is not done on another.
import QtQuick
import Kiosk.Bridge
import Kiosk.Style

Pressable {
    id: root

    // By this the screen's keyboard finds it: `type:` and what it types, `pick:` and a candidate's place.
    required property string name
    // What a listener is told.
    property string spokenName: label
    // Drawn instead of the label, which still is its name.
    property string icon: ""
    // The largest letters are as small as they may be: a board has many keys.
    property int letters: Style.textSize === 3 ? Style.smallPx : label.length === 1 ? Style.leadPx : Style.bodyPx
    property bool lit: false
    property bool begun: false

    signal struck

    objectName: name
    Accessible.name: spokenName
    implicitHeight: Math.max(Style.mm(12.7), words.visible ? words.implicitHeight : 0)
    onBegan: root.begun = !Page.deaf
    onActivated: {
        if (root.begun)
            root.struck();
        root.begun = false;
    }

    Rectangle {
        anchors.fill: parent
        radius: Style.radius
        color: root.down || root.lit ? Style.chosen : Style.surface
        border.width: root.down ? Style.pressedStroke : Style.stroke
        border.color: root.offered ? Style.strong : Style.dim
    }

    Icon {
        visible: root.icon !== ""
        name: root.icon
        colour: root.offered ? Style.strong : Style.dim
        anchors.centerIn: parent
    }

    Sentence {
        id: words

        visible: root.icon === ""
        anchors.centerIn: parent
        width: parent.width - Style.mm(1.6)
        text: root.label
        color: root.offered ? Style.strong : Style.dim
        font.pixelSize: root.letters
        font.bold: true
        horizontalAlignment: Text.AlignHCenter
        Accessible.ignored: true
    }
}
