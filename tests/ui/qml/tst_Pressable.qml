import QtQuick
import Kiosk.Controls
import Kiosk.Style

PressableCase {
    id: root

    name: "Pressable"

    control: Component {
        Pressable {
            id: plain

            implicitHeight: Math.max(Style.touchMain, words.implicitHeight)

            Face {
                id: words

                control: plain
            }
        }
    }

    function test_aFingerDoesWhatAMouseDoes(): void {
        const control = one({});
        let acts = 0;
        control.activated.connect(() => acts += 1);
        const finger = touchEvent(control);
        finger.press(0, control).commit();
        verify(control.down);
        finger.release(0, control).commit();
        compare(acts, 1);
    }

    function test_whoeverMovesOnNoLongerPresses_data(): var {
        return [
            {
                "tag": "focus",
                "leave": control => control.focus = false
            },
            {
                "tag": "not offered",
                "leave": control => control.offered = false
            },
            {
                "tag": "hidden",
                "leave": control => control.visible = false
            }
        ];
    }

    function test_whoeverMovesOnNoLongerPresses(row: var): void {
        const control = one({});
        let acts = 0;
        control.activated.connect(() => acts += 1);
        control.forceActiveFocus();
        control.hold();
        verify(control.down);
        row.leave(control);
        verify(!control.down);
        control.release();
        compare(acts, 0);
    }
}
