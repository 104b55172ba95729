"""Random hands on the glass and the keys: pointer, touch and key events through the window. Every function here runs on Qt's thread."""

from random import Random

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtQuick import QQuickWindow
from PySide6.QtTest import QTest

from ui.press import press_control, usable_controls

Key = Qt.Key
KEYS = (
    *(Key.Key_Tab, Key.Key_Backtab, Key.Key_Left, Key.Key_Right, Key.Key_Up, Key.Key_Down, Key.Key_Return, Key.Key_Enter, Key.Key_Space),
    *(Key.Key_Escape, Key.Key_Backspace, Key.Key_0, Key.Key_5, Key.Key_9, Key.Key_A, Key.Key_F1, Key.Key_Delete, Key.Key_Home),
)
SWITCHES = (Key.Key_F9, Key.Key_F9, Key.Key_F9, Key.Key_F10)  # who steers by switches goes on more often than they press
PRESS, MOVE, RELEASE = QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove, QEvent.Type.MouseButtonRelease


class Hands:
    """The hands of one monkey. device: the touch panel, made once."""

    def __init__(self, window: QQuickWindow, chance: Random) -> None:
        self._window, self._chance = window, chance
        self._panel = QTest.createTouchDevice()

    def control(self) -> str:
        """Presses any control that can be pressed; its name."""
        usable = usable_controls(self._window)
        if not usable:
            return "nothing to press"
        chosen = self._chance.choice(usable)
        name = chosen.objectName()  # the press may take the control away
        press_control(self._window, chosen)
        return name

    def tap(self) -> str:
        point = self._point()
        self._mouse(PRESS, point)
        self._mouse(RELEASE, point)
        return f"{point.x()},{point.y()}"

    def drag(self) -> str:
        """From anywhere, or from a control, to anywhere; sometimes beyond the glass."""
        start, end = self._point(), self._point() + QPoint(self._chance.choice((0, 0, 3000)), 0)
        self._mouse(PRESS, start)
        for part in range(1, 6):
            self._mouse(MOVE, start + (end - start) * part / 5)
        self._mouse(RELEASE, end)
        return f"{start.x()},{start.y()} to {end.x()},{end.y()}"

    def touch(self) -> str:
        """One or two fingers on the panel; the second may land, and leave, elsewhere."""
        fingers = [self._point() for _ in range(self._chance.choice((1, 1, 2)))]
        down = QTest.touchEvent(self._window, self._panel)
        for number, point in enumerate(fingers):
            down.press(number, point, self._window)
        down.commit()
        up = QTest.touchEvent(self._window, self._panel)
        for number, _point in enumerate(fingers):
            up.release(number, self._point() if self._chance.random() < 0.3 else fingers[number], self._window)
        up.commit()
        return " ".join(f"{point.x()},{point.y()}" for point in fingers)

    def key(self) -> str:
        return self._strike(self._chance.choice(KEYS))

    def switch(self) -> str:
        return self._strike(self._chance.choice(SWITCHES))

    def _strike(self, key: Qt.Key) -> str:
        """Down and up; sometimes held, never let go, or let go without having been pressed."""
        manner = self._chance.choices(("struck", "held", "down", "up"), (12, 2, 1, 1))[0]
        if manner != "up":
            self._key(QEvent.Type.KeyPress, key)
        if manner == "held":
            for _ in range(5):
                self._key(QEvent.Type.KeyPress, key, repeated=True)
        if manner != "down":
            self._key(QEvent.Type.KeyRelease, key)
        return f"{key.name} {manner}"

    def _key(self, kind: QEvent.Type, key: Qt.Key, repeated: bool = False) -> None:
        QCoreApplication.sendEvent(self._window, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, "", repeated))

    def _mouse(self, kind: QEvent.Type, point: QPoint) -> None:
        left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
        changed, held = (none if kind is MOVE else left), (none if kind is RELEASE else left)
        spot, on_screen = QPointF(point), QPointF(self._window.mapToGlobal(point))
        QCoreApplication.sendEvent(self._window, QMouseEvent(kind, spot, on_screen, changed, held, Qt.KeyboardModifier.NoModifier))

    def _point(self) -> QPoint:
        """Anywhere on the glass, or in the middle of a control."""
        usable = usable_controls(self._window)
        if usable and self._chance.random() < 0.5:
            control = self._chance.choice(usable)
            return control.mapToScene(QPointF(control.width() / 2, control.height() / 2)).toPoint()
        return QPoint(self._chance.randrange(self._window.width()), self._chance.randrange(self._window.height()))
