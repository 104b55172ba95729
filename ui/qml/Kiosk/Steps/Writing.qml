// A line to write, and the board to write it with. Qt Virtual Keyboard's engine makes characters of pinyin; the keys are the page's own.
import QtQuick
import QtQuick.VirtualKeyboard.Core
import QtQuick.VirtualKeyboard.Plugins.Pinyin
import Kiosk.Bridge
import Kiosk.Controls
import Kiosk.Style

Item {
    id: root

    readonly property InputEngine engine: InputContext.inputEngine
    property string mode: Page.language === "en" ? "latin" : "pinyin"
    property bool capitals: Page.language === "en"

    // Only letters under way mean something else; after them the engine would go on guessing the next word.
    readonly property bool composing: line.preeditText !== ""
    // Beyond 27 letters the decoder was seen to mix them up.
    readonly property bool crowded: line.preeditText.replace(/ /g, "").length >= 20
    // A word that is picked in parts already has some of its characters.
    readonly property int room: Page.writing.limit - line.length - line.preeditText.replace(/[a-z' ]/gi, "").length
    // Why letters, or the key that goes on, are grey in the middle of writing.
    readonly property string advice: room < 1 ? "screen.write.full" : crowded ? "screen.write.many" : composing ? "screen.write.under_way" : ""

    // Grows where what the letters may mean has changed, though there may be as many words as before.
    property int revision: 0

    function write(mode: string): void {
        Page.writing.drop_letters();
        root.mode = mode;
        root.compose();
    }

    function compose(): void {
        line.forceActiveFocus();
        root.engine.inputMethod = pinyin;
        root.engine.inputMode = InputEngine.InputMode.Pinyin;
    }

    function put(sign: string): void {
        if (root.composing || root.mode === "pinyin" && sign !== " ")
            root.engine.virtualKeyClick(sign.toUpperCase().charCodeAt(0), sign, Qt.NoModifier);
        else
            line.insert(line.length, sign);
    }

    function likeliestFits(_revision: int): bool {
        const words = root.engine.wordCandidateListModel;
        return words.count > 0 && words.dataAt(0).length <= root.room;
    }

    function erase(): void {
        if (root.composing)
            root.engine.virtualKeyClick(Qt.Key_Backspace, "", Qt.NoModifier);
        else
            line.remove(line.length - 1, line.length);
    }

    // Another question on the same page: what stood there goes before the limit of the new one could cut it.
    function begin(): void {
        const draft = Page.writing.draft;
        Page.writing.drop_letters();
        line.text = "";
        line.maximumLength = Page.writing.limit;
        line.text = draft;
        root.compose();
    }

    Component.onCompleted: root.begin()
    // A sheet that lay over the page took the focus with it.
    onEnabledChanged: if (enabled)
        root.compose()

    PinyinInputMethod {
        id: pinyin
    }

    Connections {
        target: root.engine.wordCandidateListModel

        function onDataChanged(): void {
            ++root.revision;
        }

        function onModelReset(): void {
            ++root.revision;
        }
    }

    Connections {
        target: Page.writing

        function onRestarted(): void {
            root.begin();
        }
    }

    Column {
        id: words

        anchors.left: parent.left
        anchors.top: parent.top
        width: Style.wide ? parent.width * 0.44 - Style.mm(6) : parent.width
        spacing: Style.mm(Style.textSize < 3 ? 6 : 4)

        ProblemBanner {
            visible: Style.scarce && Page.problem !== ""
            width: parent.width
            height: implicitHeight
            words: Page.problem
        }

        // With the largest letters the line needs its room. What is written does not move where one sentence takes the other's place.
        Item {
            visible: Style.textSize < 3 || line.text === "" && Page.problem === ""
            width: parent.width
            height: Math.max(asked.implicitHeight, advised.implicitHeight)

            Sentence {
                id: asked

                visible: root.advice === ""
                width: parent.width
                text: Page.writing.sentence
                font.pixelSize: Style.leadPx
            }

            Sentence {
                id: advised

                visible: root.advice !== ""
                width: parent.width
                text: visible ? Words.say(root.advice) : ""
                font.pixelSize: Style.leadPx
            }
        }

        // Above the keys it takes what they leave, as a sheet to write on.
        Card {
            id: sheet

            readonly property int edge: Style.mm(Style.textSize < 3 ? 4 : 2.5)

            width: parent.width
            height: Math.max(line.height + 2 * edge, Style.wide ? 0 : root.height - y - keys.anchors.topMargin - keys.heightAtMost)
            border.color: Style.strong
            border.width: Style.stroke
            // Written with the keys, never by itself.
            Accessible.role: Accessible.StaticText
            Accessible.name: Page.title + (line.text !== "" ? ": " + line.text : "")

            TextInput {
                id: line

                anchors.left: parent.left
                anchors.right: parent.right
                anchors.top: parent.top
                anchors.topMargin: sheet.edge
                anchors.leftMargin: Style.mm(4)
                anchors.rightMargin: Style.mm(4)
                wrapMode: TextInput.Wrap
                color: Style.strong
                font.family: Style.family
                font.pixelSize: Page.writing.what === "name" ? Style.titlePx : Style.textSize < 3 ? Style.leadPx : Style.bodyPx
                font.bold: true
                selectByMouse: false
                activeFocusOnPress: false
                activeFocusOnTab: false
                inputMethodHints: Qt.ImhSensitiveData | Qt.ImhNoAutoUppercase
                cursorVisible: true
                Accessible.ignored: true
                onTextChanged: Page.writing.write(text, preeditText !== "")
                onPreeditTextChanged: {
                    ++root.revision;
                    Page.writing.write(text, preeditText !== "");
                }
            }
        }
    }

    WritingKeys {
        id: keys

        anchors.right: parent.right
        anchors.left: Style.wide ? words.right : parent.left
        anchors.leftMargin: Style.wide ? Style.mm(12) : 0
        anchors.top: Style.wide ? parent.top : words.bottom
        anchors.topMargin: Math.max(Style.wide ? 0 : Style.mm(Style.textSize < 3 ? 6 : 4), Style.reach - (root.parent?.y ?? 0) - (Style.wide ? 0 : words.height))
        anchors.bottom: parent.bottom
        mode: root.mode
        rows: Page.writing.rows(root.mode)
        digits: Page.writing.what === "address"
        capitals: root.capitals && root.mode === "latin"
        full: root.crowded || root.room < 1
        spaceTaken: root.composing ? root.likeliestFits(root.revision) : line.text !== "" && !line.text.endsWith(" ") && root.room > 0
        room: root.room
        revision: root.revision
        candidates: root.composing ? root.engine.wordCandidateListModel.count : 0
        wordOf: number => root.engine.wordCandidateListModel.dataAt(number)
        signKeyOf: sign => Page.writing.sign_key(sign)
        onTyped: sign => root.put(sign)
        onErased: root.erase()
        onSpaced: root.put(" ")
        onPicked: number => root.engine.wordCandidateListModel.selectItem(number)
        onChanged: mode => root.write(mode)
        onShifted: root.capitals = !root.capitals
    }
}
