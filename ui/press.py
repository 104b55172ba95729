"""Finds a control on the screen and presses it as a finger would: pointer events through the window, never a short cut to the answer."""

from collections.abc import Iterator

from PySide6.QtCore import QCoreApplication, QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtQuick import QQuickItem, QQuickWindow


def items(root: QQuickItem) -> Iterator[QQuickItem]:
    """`root` and everything visible below it, in drawing order."""
    waiting = [root]
    while waiting:
        item = waiting.pop()
        yield item
        waiting += [child for child in reversed(item.childItems()) if child.isVisible()]


def controls(window: QQuickWindow) -> Iterator[QQuickItem]:
    """Every visible control, offered or not, in reading order: the page's answers (`answer:<id>`), the buttons that turn pages (`pager:…`) and
    whatever else is a Pressable. None lies in another, so that the parts of one need not be looked through."""
    waiting = [window.contentItem()]
    while waiting:
        item = waiting.pop()
        if item.property("pressable"):
            yield item
        else:
            waiting += [child for child in reversed(item.childItems()) if child.isVisible()]


def usable_controls(window: QQuickWindow) -> list[QQuickItem]:
    """The controls that can be pressed now, in reading order; what lies behind an open dialog cannot."""
    return [control for control in controls(window) if control.isEnabled()]


def written_line(window: QQuickWindow) -> QQuickItem | None:
    """The line of a page to write on, where it takes what is typed now."""
    return next((item for item in items(window.contentItem()) if item.inherits("QQuickTextInput") and item.isEnabled()), None)


def layer_of(control: QQuickItem) -> str:
    """The dialog that a control belongs to (`dialog:<name>`), or nothing: the page."""
    above = control.parentItem()
    while above is not None:
        if above.objectName().startswith("dialog:"):
            return above.objectName()
        above = above.parentItem()
    return ""


def control_of(window: QQuickWindow, name: str) -> QQuickItem | None:
    """The control of that object name, where it can be pressed now."""
    return next((item for item in controls(window) if item.objectName() == name and item.isEnabled()), None)


def press_control(window: QQuickWindow, control: QQuickItem) -> bool:
    """Press and release at the centre. False where the centre lies outside the window."""
    centre = control.mapToScene(QPointF(control.width() / 2, control.height() / 2))
    if not (0 <= centre.x() < window.width() and 0 <= centre.y() < window.height()):
        return False
    on_screen = QPointF(window.mapToGlobal(centre.toPoint()))
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    for kind, held in ((QEvent.Type.MouseButtonPress, left), (QEvent.Type.MouseButtonRelease, none)):
        QCoreApplication.sendEvent(window, QMouseEvent(kind, centre, on_screen, left, held, Qt.KeyboardModifier.NoModifier))
    return True
