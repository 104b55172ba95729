"""What assistive technology is told of a page, and in which order the page is read."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtGui import QAccessible
from PySide6.QtQuick import QQuickItem

from kiosk.view import Comfort, View
from tests.ui.conftest import Stage
from tests.ui.geometry import place
from ui.press import control_of, controls, layer_of, press_control

CHINESE = re.compile("[\u4e00-\u9fff]")
KEY = re.compile(r"[a-z_]+([.:][a-zA-Z0-9_+:]+)+")
ROLES = {QAccessible.Role.Button, QAccessible.Role.CheckBox}
# What a page may tell; anything else is a part that forgot what it is.
TOLD = ROLES | {getattr(QAccessible.Role, name) for name in ("StaticText", "Heading", "AlertMessage", "Graphic", "ListItem", "ProgressBar")}
MOST_PAGES = 12


@dataclass(frozen=True)
class Said:
    """One thing that assistive technology is told."""

    role: QAccessible.Role
    name: str
    focusable: bool
    disabled: bool


def said_of(item: QQuickItem) -> Said:
    told = QAccessible.queryAccessibleInterface(item)
    assert told is not None, f"{item.objectName()} is not told"
    return Said(told.role(), told.text(QAccessible.Text.Name), bool(told.state().focusable), bool(told.state().disabled))


def everything_said(stage: Stage) -> Iterator[Said]:
    """All that is visible and not ignored, the window's own name apart."""

    def below(told: QAccessible) -> Iterator[Said]:
        for number in range(told.childCount()):
            child = told.child(number)
            if child is not None and not child.state().invisible:
                state = child.state()
                yield Said(child.role(), child.text(QAccessible.Text.Name), bool(state.focusable), bool(state.disabled))
                yield from below(child)

    root = QAccessible.queryAccessibleInterface(stage.window.quick_window)
    assert root is not None
    yield from below(root)


def turned(stage: Stage, view: View, orientation: str, comfort: Comfort) -> Iterator[int]:
    """Shows the view, then each further page of a long list; yields their numbers."""
    stage.show(view, orientation, comfort)
    for number in range(MOST_PAGES):
        yield number
        following = control_of(stage.window.quick_window, "pager:next")
        if following is None:
            return
        press_control(stage.window.quick_window, following)
        stage.pump()
    raise AssertionError("a list without an end")


def visible_controls(stage: Stage) -> list[QQuickItem]:
    """Those of the dialog alone, where one is open: the page behind is out of reach."""
    shown = list(controls(stage.window.quick_window))
    return [control for control in shown if layer_of(control) == layer_of(shown[-1])]


def as_read(found: list[QQuickItem]) -> list[QQuickItem]:
    """Line by line from the top, each line from the left; the footer last."""
    waiting = sorted(found, key=lambda control: (control.objectName().startswith("answer:footer."), place(control).top()))
    lines: list[list[QQuickItem]] = []
    for control in waiting:
        if lines and place(control).center().y() < place(lines[-1][0]).bottom() and _same_part(control, lines[-1][0]):
            lines[-1].append(control)
        else:
            lines.append([control])
    return [control for line in lines for control in sorted(line, key=lambda each: place(each).left())]


def _same_part(one: QQuickItem, other: QQuickItem) -> bool:
    return one.objectName().startswith("answer:footer.") == other.objectName().startswith("answer:footer.")
