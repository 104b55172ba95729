"""What assistive technology is told of a page, and in which order the page is read."""

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtGui import QAccessible
from PySide6.QtQuick import QQuickItem

from kiosk.view import Comfort, View
from tests.ui.conftest import Stage
from tests.ui.geometry import Piece
from ui.press import control_of, press_control

ROLES = {QAccessible.Role.Button, QAccessible.Role.CheckBox}
MOST_PAGES = 40
TURN = "pager:turn"  # from what can be had to what cannot, and back


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


def turned(stage: Stage, view: View, orientation: str, comfort: Comfort, refused: bool = True) -> Iterator[int]:
    """Shows the view from the first page of a long list on, then each further one; yields their numbers. refused: what cannot be had, too, where
    that is a list of its own behind a key."""
    stage.show(view, orientation, comfort)
    turn(stage, "pager:previous")
    key = control_of(stage.window.quick_window, TURN)
    if key is not None and key.property("icon") == "back":  # as the walk before left it
        turn(stage, TURN, once=True)
    yield 0
    for number in range(1, MOST_PAGES):
        if not turn(stage, "pager:next", once=True):
            if not refused or not turn(stage, TURN, once=True):
                return
            refused = False  # been there
        yield number
    raise AssertionError("a list without an end")


def turn(stage: Stage, pager: str, once: bool = False) -> bool:
    """Whether any page could be turned; `once`: no further than the next."""
    could = False
    while (control := control_of(stage.window.quick_window, pager)) is not None and not (once and could):
        press_control(stage.window.quick_window, control)
        could = True
    if could:
        stage.pump()
        if pager == TURN:
            stage.window.quick_window.grabWindow()  # drawing lays out to the end what the other list needs
    return could


def as_read(found: list[Piece]) -> list[Piece]:
    """Line by line from the top, each line from the left; the footer last. Buttons that turn a list which stands to the left of everything else are
    read with the list: first."""
    footer = [each for each in found if each.name.startswith("answer:footer.")]
    pagers = [each for each in found if each.name.startswith("pager:")]
    others = [each for each in found if each not in footer and each not in pagers]
    beside = all(pager.box.right() <= other.box.left() for pager in pagers for other in others)
    parts = (pagers, others, footer) if beside else (pagers + others, footer)
    return [each for part in parts for line in _lines(part) for each in sorted(line, key=lambda piece: piece.box.left())]


def _lines(part: list[Piece]) -> list[list[Piece]]:
    lines: list[list[Piece]] = []
    for each in sorted(part, key=lambda piece: piece.box.top()):
        if lines and each.box.center().y() < lines[-1][0].box.bottom():
            lines[-1].append(each)
        else:
            lines.append([each])
    return lines
