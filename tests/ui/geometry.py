"""Looks at a page as it is laid out: what is too small, too close, outside, overlapping or cut."""

from collections.abc import Iterator

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtQuick import QQuickItem, QQuickWindow

from ui.press import controls, items

TARGET_MM = 12.7
MAIN_TARGET_MM = 20.0
GAP_MM = 2.54
SLACK_PX = 1.0  # positions are whole pixels


def place(item: QQuickItem) -> QRectF:
    return QRectF(item.mapToScene(QPointF(0, 0)), item.mapToScene(QPointF(item.width(), item.height())))


def gap_px(one: QRectF, other: QRectF) -> float:
    """Distance between two rectangles; negative where they overlap."""
    across = max(one.left() - other.right(), other.left() - one.right())
    along = max(one.top() - other.bottom(), other.top() - one.bottom())
    return max(across, along)


def texts(root: QQuickItem) -> Iterator[QQuickItem]:
    return (item for item in items(root) if item.inherits("QQuickText") and item.property("text"))


def faults(window: QQuickWindow, px_per_mm: float) -> list[str]:
    found: list[str] = []
    whole = QRectF(0, 0, window.width(), window.height())
    overlay = any(control.objectName() in ("answer:more_time", "answer:voice.close") for control in controls(window))
    # Under the "do you need more time?" sheet, and on the page under the voice's keys, nothing can be touched.
    touchable = [each for each in controls(window) if each.isEnabled() or not overlay]
    for control in touchable:
        area, name = place(control), control.objectName()
        if min(area.width(), area.height()) < TARGET_MM * px_per_mm - SLACK_PX:
            found.append(f"{name} is {area.width() / px_per_mm:.1f} x {area.height() / px_per_mm:.1f} mm")
        main = name.startswith("answer:") and not name.startswith("answer:footer.")
        if main and min(area.width(), area.height()) < MAIN_TARGET_MM * px_per_mm - SLACK_PX:
            found.append(f"{name}, a main target, is {area.width() / px_per_mm:.1f} x {area.height() / px_per_mm:.1f} mm")
        if not whole.contains(area):
            found.append(f"{name} lies outside the window: {area}")
    for number, one in enumerate(touchable):
        for other in touchable[number + 1 :]:
            gap = gap_px(place(one), place(other))
            if gap < GAP_MM * px_per_mm - SLACK_PX:
                found.append(f"{one.objectName()} and {other.objectName()} are {gap / px_per_mm:.2f} mm apart")
    words = list(texts(window.contentItem()))
    for text in words:
        found.extend(faults_of_text(text, whole))
    boxes = [(text, place(text)) for text in words]
    for number, (one, one_box) in enumerate(boxes):
        for other, other_box in boxes[number + 1 :]:
            if not overlay and gap_px(one_box, other_box) < -2 * SLACK_PX:
                found.append(f"{one.property('text')!r} is written over {other.property('text')!r}")
    for control in touchable:
        for text, box in boxes:
            if not overlay and not inside(text, control) and gap_px(box, place(control)) < -2 * SLACK_PX:
                found.append(f"{text.property('text')!r} lies under {control.objectName()}")
    return found


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
