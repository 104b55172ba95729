"""Every page of the journey in every theme: the contrast of each text, measured on the drawn pixels."""

from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtQuick import QQuickItem

from kiosk.journey.gallery import views
from kiosk.policy import Policy
from kiosk.view import Comfort
from tests.ui.conftest import Stage
from tests.ui.geometry import inside, place, texts
from tests.ui.ink import contrast_drawn, pixels
from tests.ui.test_palette import WANTED
from ui.press import items
from ui.render import ORIENTATIONS

ROOT = Path(__file__).resolve().parents[2]
REASONED = 3.0  # what cannot be touched now is exempt, unless it says why
ROUNDING = 0.05


@pytest.mark.parametrize("orientation", ORIENTATIONS)
@pytest.mark.parametrize("theme", WANTED)
def test_every_text_and_icon_of_every_page_keeps_the_contrast_of_its_theme(stage: Stage, theme: str, orientation: str, record_property) -> None:
    policy = Policy.load(ROOT / "assets" / "policy")
    assert isinstance(policy, Policy)
    least, greatest = WANTED[theme]
    found: list[str] = []
    ratios: list[float] = []
    screens = exempt = 0
    for name, view in views(policy).items():
        stage.show(view, orientation, Comfort("zh-Hans", 1, theme))
        picture = pixels(stage.window.quick_window.grabWindow())
        screens += 1
        for item in written_and_drawn(stage):
            control = control_above(item)
            off = control is not None and not control.isEnabled()
            if off and not control.property("whyNot"):
                exempt += 1
                continue
            ratio = contrast_drawn(picture, place(item))
            ratios.append(ratio)
            lowest = REASONED if off else least
            if not lowest - ROUNDING <= ratio <= greatest + ROUNDING:
                found.append(f"{name}: {item.property('text') or item.property('name')!r} has {ratio:.2f}:1")
    assert found == []
    record_property("screens", screens)
    record_property("items", len(ratios))
    print(f"\ncontrast, {theme}, {orientation}: {screens} screens, {len(ratios)} items from {min(ratios):.2f} to {max(ratios):.2f}, {exempt} exempt")


def written_and_drawn(stage: Stage) -> list[QQuickItem]:
    """Texts, and icons that stand still at full strength; nothing of a page that a dialog dims."""
    shown = stage.window.quick_window.contentItem()
    dialog = next((item for item in items(shown) if item.objectName().startswith("dialog:")), None)
    icons = [item for item in items(shown) if item.metaObject().className().startswith("Icon_") and item.opacity() == 1]
    everything = [*texts(shown), *(icon for icon in icons if icon.width() > 1)]
    return [item for item in everything if dialog is None or inside(item, dialog) or not place(dialog).contains(place(item).center())]


def control_above(item: QQuickItem) -> QQuickItem | None:
    above = item.parentItem()
    while above is not None and not above.property("pressable"):
        above = above.parentItem()
    return above


def test_the_measure_finds_the_contrast_of_known_colours() -> None:
    picture = QImage(40, 20, QImage.Format.Format_RGB32)
    picture.fill(QColor("#FFFFFF"))
    assert contrast_drawn(pixels(picture), picture.rect().toRectF()) == 1.0
    for x in range(4, 12):
        for y in range(4, 16):
            picture.setPixelColor(x, y, QColor("#AAAAAA" if x in (4, 11) else "#767676"))
    assert contrast_drawn(pixels(picture), picture.rect().toRectF()) == pytest.approx(4.54, abs=0.01)
