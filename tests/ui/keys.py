"""Keys as a keyboard or a switch sends them: through the window."""

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent

from tests.ui.conftest import Stage
from ui.press import controls

Key = Qt.Key
NONE = Qt.KeyboardModifier.NoModifier


def key(stage: Stage, kind: QEvent.Type, which: Qt.Key, repeated: bool = False, modifiers: Qt.KeyboardModifier = NONE, text: str = "") -> None:
    QCoreApplication.sendEvent(stage.window.quick_window, QKeyEvent(kind, which, modifiers, text, repeated))


def down(stage: Stage, which: Qt.Key, repeated: bool = False) -> None:
    key(stage, QEvent.Type.KeyPress, which, repeated)


def up(stage: Stage, which: Qt.Key, repeated: bool = False) -> None:
    key(stage, QEvent.Type.KeyRelease, which, repeated)


def strike(stage: Stage, *which: Qt.Key) -> None:
    for each in which:
        down(stage, each)
        up(stage, each)


def focused(stage: Stage) -> str:
    """Name of the control in focus; empty where there is none, or where it is not drawn as such."""
    window = stage.window.quick_window
    item = window.activeFocusItem()
    if item is not None and item.inherits("QQuickTextInput"):  # Qt's focus stays there, and a control is marked
        item = next((control for control in controls(window) if control.property("marked") and control.isEnabled()), None)
    drawn = item is not None and item.property("pressable") and stage.window.attention.keys_used
    return item.objectName() if drawn else ""
