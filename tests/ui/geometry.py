"""Looks at a page as it is laid out: what is too small, too close, outside, overlapping, cut, or too high to be reached."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont, QFontMetricsF
from PySide6.QtQuick import QQuickItem, QQuickWindow

from ui.press import items

TARGET_MM = 12.7
MAIN_TARGET_MM = 20.0
GAP_MM = 2.54
SMALL = ("answer:footer.", "pager:", "type:", "pick:", "mode:", "space", "erase", "shift")
"""What need not be a main target: the footer, what turns pages, and the board to write with."""
SLACK_PX = 1.0  # positions are whole pixels
# The four ranges of capital heights, by their lower ends (VVSG 2.0 7.1-G).
CAP_MM = (3.5, 4.8, 6.4, 8.5)
CAP_SLACK_MM = 0.05


@dataclass(frozen=True, slots=True)
class Piece:
    """A control or a text, where it lies. covered: it is seen behind an open dialog."""

    item: QQuickItem
    name: str
    box: QRectF
    covered: bool
    edges: tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True, slots=True)
class Laid:
    """What lies on the page now, in drawing order."""

    whole: QRectF
    px_per_mm: float
    controls: list[Piece]
    texts: list[Piece]

    def touchable(self) -> list[Piece]:
        """Controls that no dialog covers, offered or not."""
        return [each for each in self.controls if not each.covered]


def laid_out(window: QQuickWindow, px_per_mm: float) -> Laid:
    shown = list(items(window.contentItem()))
    dialog = next((item for item in shown if item.objectName().startswith("dialog:")), None)
    sheet = place(dialog) if dialog else QRectF()

    def piece(item: QQuickItem, name: str) -> Piece:
        box = place(item)
        covered = dialog is not None and sheet.contains(box.center()) and not inside(item, dialog)
        return Piece(item, name, box, covered, (box.left(), box.top(), box.right(), box.bottom()))

    controls = [piece(item, item.objectName()) for item in shown if item.property("pressable")]
    return Laid(
        QRectF(0, 0, window.width(), window.height()),
        px_per_mm,
        controls,
        [piece(item, item.property("text")) for item in shown if item.inherits("QQuickText") and item.property("text")],
    )


def place(item: QQuickItem) -> QRectF:
    return QRectF(item.mapToScene(QPointF(0, 0)), item.mapToScene(QPointF(item.width(), item.height())))


def gap_px(one: Piece, other: Piece) -> float:
    """Distance between the two; negative where they overlap."""
    left, top, right, bottom = one.edges
    others_left, others_top, others_right, others_bottom = other.edges
    return max(left - others_right, others_left - right, top - others_bottom, others_top - bottom)


def texts(root: QQuickItem) -> Iterator[QQuickItem]:
    return (item for item in items(root) if item.inherits("QQuickText") and item.property("text"))


def faults(window: QQuickWindow, px_per_mm: float) -> list[str]:
    return list(faults_laid(laid_out(window, px_per_mm)))


def faults_laid(laid: Laid) -> Iterator[str]:
    """Of targets and gaps, and of texts that are cut, outside or in each other's way. Under a dialog nothing can be touched, and its page is dimmed
    as one picture: there only cuts count."""
    touchable, written = laid.touchable(), [text for text in laid.texts if not text.covered]
    for control in touchable:
        yield from faults_of_target(control, laid)
    for one, other in combinations(touchable, 2):
        gap = gap_px(one, other)
        if gap < GAP_MM * laid.px_per_mm - SLACK_PX:
            yield f"{one.name} and {other.name} are {gap / laid.px_per_mm:.2f} mm apart"
    for text in laid.texts:
        yield from faults_of_text(text.item, laid.whole)
    for one, other in combinations(written, 2):
        if gap_px(one, other) < -2 * SLACK_PX:
            yield f"{one.name!r} is written over {other.name!r}"
    for control in touchable:
        for text in written:
            if gap_px(text, control) < -2 * SLACK_PX and not inside(text.item, control.item):
                yield f"{text.name!r} lies under {control.name}"


def faults_of_target(control: Piece, laid: Laid) -> Iterator[str]:
    wide, high = control.box.width() / laid.px_per_mm, control.box.height() / laid.px_per_mm
    slack = SLACK_PX / laid.px_per_mm
    if min(wide, high) < TARGET_MM - slack:
        yield f"{control.name} is {wide:.1f} x {high:.1f} mm"
    elif not control.name.startswith(SMALL) and min(wide, high) < MAIN_TARGET_MM - slack:
        yield f"{control.name}, a main target, is {wide:.1f} x {high:.1f} mm"
    if not laid.whole.contains(control.box):
        yield f"{control.name} lies outside the window: {control.box}"


def inside(item: QQuickItem, ancestor: QQuickItem) -> bool:
    above = item.parentItem()
    while above is not None:
        if above == ancestor:
            return True
        above = above.parentItem()
    return False


def faults_of_text(text: QQuickItem, whole: QRectF) -> Iterator[str]:
    area, words = place(text), text.property("text")
    if text.property("truncated"):
        yield f"{words!r} is cut off"
    if text.property("contentWidth") > text.width() + SLACK_PX:
        yield f"{words!r} is wider than its place"
    if text.property("contentHeight") > text.height() + SLACK_PX:
        yield f"{words!r} is higher than its place"
    if not whole.adjusted(-SLACK_PX, -SLACK_PX, SLACK_PX, SLACK_PX).contains(area):
        yield f"{words!r} lies outside the window: {area}"
    above = text.parentItem()
    while above is not None and above.width() > 0 and above.height() > 0:
        if not place(above).adjusted(-SLACK_PX, -SLACK_PX, SLACK_PX, SLACK_PX).contains(area):
            yield f"{words!r} runs out of the part it belongs to: {area} in {place(above)}"
            return
        if above.objectName():
            return
        above = above.parentItem()


def low_capitals(laid: Laid, text_size: int) -> Iterator[str]:
    """Texts whose capitals are lower than their text size promises."""
    for text in laid.texts:
        font = text.item.property("font")
        assert isinstance(font, QFont)
        cap_mm = QFontMetricsF(font).capHeight() / laid.px_per_mm
        if cap_mm < CAP_MM[text_size] - CAP_SLACK_MM:
            yield f"{text.name!r} has capitals of {cap_mm:.2f} mm"


def out_of_reach(laid: Laid, above_px: float, below_px: float) -> Iterator[str]:
    """Controls that begin in the upper part of the picture that is too high for somebody who sits, or end in the part that is too low."""
    for control in laid.controls:
        if control.box.top() < above_px:
            yield f"{control.name} is too high"
        if control.box.bottom() > laid.whole.bottom() - below_px + SLACK_PX:
            yield f"{control.name} is too low"
