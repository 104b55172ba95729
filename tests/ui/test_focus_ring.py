"""Where the keyboard is, as it is really drawn: how wide, and how plain against what lies on both sides of it."""

import pytest

from kiosk.view import Comfort, View
from tests.counts import count
from tests.ui.conftest import Stage
from tests.ui.geometry import place
from tests.ui.keys import Key, focused, strike
from ui.bridge.palette import PALETTES, contrast
from ui.press import control_of, usable_controls
from ui.render import ORIENTATIONS

LEAST_WIDTH_MM = 0.6
LEAST_CONTRAST = 3.0  # WCAG 2.2, 1.4.11
REACH_MM = 2.6  # no further than the gap between two controls
# a filled button, quiet ones, cards and the turner of pages, tiles, keys, a dialog, the page as a lamp
PAGES = ("review", "choose", "receipt", "phone", "id_card-asked", "face-colour", "attract")


def sides(stage: Stage, name: str) -> dict[str, list[str]]:
    """The colours one meets going left and up from the control's edge."""
    control = control_of(stage.window.quick_window, name)
    assert control is not None
    box, picture = place(control), stage.window.quick_window.grabWindow()
    reach = round(REACH_MM * stage.window.panel.px_per_mm)
    left, top, x, y = round(box.left()), round(box.top()), round(box.center().x()), round(box.center().y())
    return {
        "left": [picture.pixelColor(left + 1 - step, y).name().upper() for step in range(reach) if left + 1 - step >= 0],
        "up": [picture.pixelColor(x, top + 1 - step).name().upper() for step in range(reach) if top + 1 - step >= 0],
    }


def faults_of(colours: list[str], line: str, px_per_mm: float) -> list[str]:
    """`line`: the colour of the ring. It is the last run of it that one meets: the control's own edge may have the same colour."""
    if line not in colours:
        return ["is not drawn"]
    end = len(colours) - colours[::-1].index(line)
    start = end
    while start > 0 and colours[start - 1] == line:
        start -= 1
    found = [] if (end - start) / px_per_mm >= LEAST_WIDTH_MM else [f"is {(end - start) / px_per_mm:.2f} mm wide"]
    beside = {"inside": colours[start - 1], "outside": colours[end] if end < len(colours) else "#000000"}
    found += [f"has {contrast(line, near):.1f}:1 {where}" for where, near in beside.items() if contrast(line, near) < LEAST_CONTRAST]
    return found


@pytest.mark.parametrize("orientation", ORIENTATIONS)
@pytest.mark.parametrize("theme", PALETTES)
def test_the_focus_is_plain_on_every_kind_of_control(stage: Stage, samples: dict[str, View], theme: str, orientation: str, record_property) -> None:
    found: list[str] = []
    measured = 0
    for name in PAGES:
        stage.show(samples[name], orientation, Comfort("en", 1, theme))
        stage.by_touch_alone()
        for _ in range(min(8, len(usable_controls(stage.window.quick_window)))):
            strike(stage, Key.Key_F9)
            stage.pump()
            for side, colours in sides(stage, focused(stage)).items():
                measured += 1
                faults = faults_of(colours, PALETTES[theme].ink.upper(), stage.window.panel.px_per_mm)
                found += [f"{name}: the focus of {focused(stage)} {fault} ({side}: {colours})" for fault in faults]
    assert found == []
    count(record_property, "focus ring", themes_and_orientations=(1, len(PALETTES) * len(ORIENTATIONS)), sides=measured)
