"""Everything that can be touched, by keyboard or by two switches (VVSG 2.0 7.2-A, EN 301 549 5.1.6).

Tab, Right and Down go on, Shift+Tab, Left and Up go back, round and round in reading order; Enter and Space press the control in focus; Escape is
"back", digits and Backspace are the keypad's, letters and signs the board's to write with, each only where the page offers it. A switch is a key
of the profile: one goes on, one presses.
A control acts when the key is released (7.2-H); a key that is held does nothing more (7.2-M).
"""

import math
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QMetaObject, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtQuick import QQuickItem, QQuickWindow

from kiosk.view import WelcomeBody
from ui.bridge.attention import Attention
from ui.bridge.page import Page
from ui.press import layer_of, usable_controls, written_line

NEXT = (Qt.Key.Key_Tab, Qt.Key.Key_Right, Qt.Key.Key_Down)
PREVIOUS = (Qt.Key.Key_Backtab, Qt.Key.Key_Left, Qt.Key.Key_Up)
ACTIVATE = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space, Qt.Key.Key_Select)
DIRECT = {Qt.Key.Key_Escape.value: ("answer:footer.back",), Qt.Key.Key_Backspace.value: ("answer:erase", "erase")}
DIRECT |= {Qt.Key.Key_0.value + digit: (f"answer:digit:{digit}", f"type:{digit}", f"pick:{digit}") for digit in range(10)}
COMMANDS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
POINTERS = (QEvent.Type.MouseButtonPress, QEvent.Type.TouchBegin)


@dataclass(frozen=True, slots=True)
class Switches:
    """The keys of the two switches, by Qt's names (`F9`, `Space`, …). bounce_ms: so long after a stroke the same switch is not heard again."""

    next: str = "F9"
    activate: str = "F10"
    bounce_ms: int = 0


class Keyboard(QObject):
    """Watches the window's keys and keeps one control in focus, from the first key on.

    Focus is never lost. A new page begins at its first control, a dialog at its first answer. When the dialog has gone, focus returns to where it
    was. Where its control is no longer offered, it goes to the nearest of its kind. It is drawn only while keys are used: a touch hides it, and the
    next key only shows it again. The next traveller finds it hidden.
    """

    def __init__(self, window: QQuickWindow, page: Page, attention: Attention, switches: Switches, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._window, self._page, self._attention = window, page, attention
        next_switch, activate_switch = Qt.Key[f"Key_{switches.next}"], Qt.Key[f"Key_{switches.activate}"]
        self._next = {key.value for key in (*NEXT, next_switch) if key is not activate_switch}
        self._activate = {key.value for key in (*ACTIVATE, activate_switch) if key is not next_switch}
        self._previous = {key.value for key in PREVIOUS if key not in (next_switch, activate_switch)}
        self._bounce_s = switches.bounce_ms / 1000
        self._struck_at = {next_switch.value: -math.inf, activate_switch.value: -math.inf}
        self._known = self._next | self._previous | self._activate | DIRECT.keys()
        self._seen: tuple[str, type] | None = None
        self._spots: dict[str, tuple[str, int]] = {}  # dialog ("" = the page) -> the control in focus and its number
        self._held: dict[int, str] = {}
        self._focusing = False
        self._soon = QTimer(self, singleShot=True, interval=0)  # late layout first
        self._soon.timeout.connect(self.keep)
        window.activeFocusItemChanged.connect(self._wandered)
        page.changed.connect(self._page_changed)
        window.installEventFilter(self)

    def eventFilter(self, _window: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind in POINTERS:
            self._attention.use_keys(False)
        elif isinstance(event, QKeyEvent) and kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            return self._key(event)
        return False

    def keep(self) -> None:
        """Puts focus on a control where it is on none."""
        self._keep(usable_controls(self._window))

    def _keep(self, usable: list[QQuickItem]) -> bool:
        """True where it stayed."""
        if not self._attention.keys_used or not usable:
            return False
        names = [control.objectName() for control in usable]
        layer = layer_of(usable[0])
        name, number = self._spots.get(layer, ("", 0))
        self._spots = {kept: spot for kept, spot in self._spots.items() if kept in ("", layer)}
        stayed = name in names
        alike = [at for at, each in enumerate(names) if each.split(":")[0] == name.split(":")[0]] or range(len(names))
        self._focus(usable, names.index(name) if stayed else min(alike, key=lambda at: abs(at - (number - 1))))
        return stayed

    def _key(self, event: QKeyEvent) -> bool:
        key = event.key()
        if event.modifiers() & COMMANDS:
            return written_line(self._window) is not None  # nothing is copied from what is written, nor put there
        direct = DIRECT.get(key, (f"type:{event.text().lower()}",) if event.text().isprintable() and event.text() else ())
        if key not in self._known and not direct:
            return written_line(self._window) is not None  # Shift alone would make characters of letters under way, Home would move the line's mark
        if event.isAutoRepeat():
            return True
        if event.type() is QEvent.Type.KeyRelease:
            self._release(key)
        elif not self._bounced(key):
            self._press(key, direct)
        return True

    def _bounced(self, key: int) -> bool:
        """Whether the same switch was struck a moment ago; a stroke that is not heard does not prolong the moment."""
        if key not in self._struck_at:
            return False
        bounced = self._page.clock() - self._struck_at[key] < self._bounce_s
        if not bounced:
            self._struck_at[key] = self._page.clock()
        return bounced

    def _press(self, key: int, direct: tuple[str, ...]) -> None:
        """direct: what the key presses wherever focus is, the first of them that is there."""
        drawn = self._attention.keys_used
        self._attention.use_keys(True)
        usable = usable_controls(self._window)
        stayed = self._keep(usable)
        names = [control.objectName() for control in usable]
        if not usable:
            return
        at = self._spots[layer_of(usable[0])][1]
        if key in self._next or key in self._previous:
            if drawn and stayed:
                self._focus(usable, (at + (1 if key in self._next else -1)) % len(usable))
        elif key in self._activate:
            if drawn and stayed:
                self._hold(key, usable[at])
        else:
            for number in [names.index(name) for name in direct if name in names][:1]:
                self._hold(key, usable[number])

    def _hold(self, key: int, control: QQuickItem) -> None:
        self._held[key] = control.objectName()
        QMetaObject.invokeMethod(control, "hold")

    def _release(self, key: int) -> None:
        """By name: the control may have been built anew meanwhile, and then it is not held."""
        name = self._held.pop(key, None)
        for control in usable_controls(self._window) if name is not None else ():
            if control.objectName() == name:
                QMetaObject.invokeMethod(control, "release")
                self._soon.start()  # it may have gone grey by it, or with its row, and where it is only marked Qt does not tell

    def _focus(self, usable: list[QQuickItem], number: int) -> None:
        """By the dialog that is open, though the control may be one of the footer's beside it."""
        control = usable[number]
        self._spots[layer_of(usable[0])] = (control.objectName(), number)
        # what the keys write goes where Qt's focus is: there the control is only marked
        line = written_line(self._window)
        for each in usable:
            each.setProperty("marked", line is not None and each is control)
        focused = line or control
        if not focused.hasActiveFocus():
            self._focusing = True
            focused.forceActiveFocus(Qt.FocusReason.TabFocusReason)
            self._focusing = False

    def _wandered(self) -> None:
        """Qt took the focus away: its control went, or was disabled."""
        if not self._focusing:
            self._soon.start()

    def _page_changed(self) -> None:
        view = self._page.view
        before, self._seen = self._seen, (view.step, type(view.body)) if view else None
        if view is not None and before != self._seen:
            self._spots.clear()
            if isinstance(view.body, WelcomeBody):
                self._attention.use_keys(False)
        self._soon.start()
