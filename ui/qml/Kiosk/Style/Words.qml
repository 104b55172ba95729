// The screen's own labels, in the traveller's language. QML holds keys, never sentences.
pragma Singleton
import QtQuick
import Kiosk.Bridge

QtObject {
    function say(key: string): string {
        return Page.word(key, Page.language);
    }
}
