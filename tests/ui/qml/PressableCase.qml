// What every control that can be touched promises, whatever it looks like. `pressed` counts how often the one that is made has acted.
import QtQuick
import QtTest
import Kiosk.Bridge
import Kiosk.Controls
import Kiosk.Probe
import Kiosk.Style

ControlCase {
    id: root

    property real leastMm: 20
    property int role: Accessible.Button
    // What belongs to the control besides its label, so that it can be made at all.
    property var more: ({})

    SignalSpy {
        id: acted

        signalName: "activated"
    }

    function one(properties: var): Pressable {
        const control = made(Object.assign({
            "label": "Confirm"
        }, more, properties)) as Pressable;
        acted.clear();
        acted.target = control;
        return control;
    }

    function ringOf(control: Pressable): Item {
        return Array.from(control.children).find(each => each instanceof FocusRing);
    }

    function test_isLargeEnoughForAFinger(): void {
        checkAtLeast(one({}).implicitHeight, leastMm);
    }

    function test_actsOnRelease(): void {
        const control = one({});
        mousePress(control);
        verify(control.down);
        compare(acted.count, 0);
        mouseRelease(control);
        verify(!control.down);
        compare(acted.count, 1);
    }

    function test_doesNotActWhereTheFingerSlidesOff(): void {
        const control = one({});
        mousePress(control);
        mouseMove(control, control.width / 2, control.height + Style.mm(10));
        verify(!control.down);
        mouseRelease(control, control.width / 2, control.height + Style.mm(10));
        compare(acted.count, 0);
    }

    function test_isDrawnOtherwiseWhilePressed_data(): var {
        return ["default", "black_on_white", "white_on_black", "low"].map(theme => ({
                    "tag": theme
                }));
    }

    function test_isDrawnOtherwiseWhilePressed(row: var): void {
        Probe.comfort("en", 1, row.tag);
        const control = one({});
        const before = grabImage(control);
        mousePress(control);
        verify(!grabImage(control).equals(before));
        mouseRelease(control);
    }

    function test_isDeadAndDimWhereItIsNotOffered(): void {
        const control = one({});
        const before = grabImage(control);
        control.offered = false;
        mouseClick(control);
        compare(acted.count, 0);
        verify(!grabImage(control).equals(before));
        verify(Probe.told(control).disabled && !Probe.told(control).focusable);
    }

    function test_isToldByRoleAndName(): void {
        const control = one({});
        verify(Probe.told(control).name.startsWith("Confirm"));
        compare(Probe.told(control).role, role);
        verify(Probe.told(control).focusable && !Probe.told(control).disabled);
        Probe.press_by_assistance(control);
        compare(acted.count, 1);
    }

    function test_keysShowTheRingAndPress(): void {
        const control = one({});
        verify(!ringOf(control).visible);
        keyClick(Qt.Key_Tab);
        verify(control.activeFocus && ringOf(control).visible);
        keyPress(Qt.Key_Space);
        verify(control.down);
        compare(acted.count, 0);
        keyRelease(Qt.Key_Space);
        compare(acted.count, 1);
        mouseClick(control);
        verify(!ringOf(control).visible, "a touch hides it");
    }

    function test_longWordsStayInside(): void {
        const control = one({});
        checkGrows(control, () => control.label = longWords);
    }
}
