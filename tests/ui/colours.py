"""Which parts of a page must keep the contrast of its theme, and which of them do not."""

from dataclasses import dataclass, field

from PySide6.QtCore import QRectF
from PySide6.QtQuick import QQuickItem

from tests.ui.conftest import Stage
from tests.ui.geometry import inside, place
from tests.ui.ink import contrast_drawn, pixels
from tests.ui.test_palette import WANTED
from ui.press import items

REASONED = 3.0  # what cannot be touched now is exempt, unless it says why
ROUNDING = 0.05


@dataclass
class Measured:
    """Contrasts of a page as drawn: every ratio, what is wrong, and how many parts are exempt."""

    found: list[str] = field(default_factory=list)
    ratios: list[float] = field(default_factory=list)
    exempt: int = 0


def contrasts(stage: Stage, theme: str) -> Measured:
    """Of the page that is shown now. theme: its name, which says what is wanted."""
    least, greatest = WANTED[theme]
    grabbed = stage.window.quick_window.grabWindow()
    picture = pixels(grabbed)
    measured = Measured()
    for item, box in written_and_drawn(stage):
        control = control_above(item)
        off = control is not None and not control.isEnabled()
        if off and not control.property("whyNot"):
            measured.exempt += 1
            continue
        ratio = contrast_drawn(picture, box)
        measured.ratios.append(ratio)
        lowest = REASONED if off else least
        if not lowest - ROUNDING <= ratio <= greatest + ROUNDING:
            measured.found.append(f"{item.property('text') or item.property('name')!r} has {ratio:.2f}:1")
    return measured


def written_and_drawn(stage: Stage) -> list[tuple[QQuickItem, QRectF]]:
    """Texts, and icons that stand still at full strength, with their places; nothing of a page that a dialog dims."""
    shown = list(items(stage.window.quick_window.contentItem()))
    dialog = next((item for item in shown if item.objectName().startswith("dialog:")), None)
    dimmed = place(dialog) if dialog else QRectF()
    boxes = [(item, place(item)) for item in shown if is_text(item) or is_icon(item)]
    return [(item, box) for item, box in boxes if dialog is None or inside(item, dialog) or not dimmed.contains(box.center())]


def is_text(item: QQuickItem) -> bool:
    return item.inherits("QQuickText") and bool(item.property("text"))


def is_icon(item: QQuickItem) -> bool:
    return item.metaObject().className().startswith("Icon_") and item.opacity() == 1 and item.width() > 1


def control_above(item: QQuickItem) -> QQuickItem | None:
    above = item.parentItem()
    while above is not None and not above.property("pressable"):
        above = above.parentItem()
    return above
