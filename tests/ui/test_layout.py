"""Every sample page, both orientations, as it is really laid out: targets, gaps, nothing cut, nothing overlapping, letters high enough."""

import math
from pathlib import Path

import pytest
from PySide6.QtGui import QFont, QFontMetricsF

from kiosk.journey.comforts import ELDER_TEXT_SIZE
from kiosk.journey.gallery import views
from kiosk.policy import Policy
from kiosk.view import REACH_MM, Comfort, View
from tests.ui.geometry import faults, place, texts
from ui.press import controls
from ui.render import ORIENTATIONS

ROOT = Path(__file__).resolve().parents[2]
# The four ranges of capital heights, by their lower ends (VVSG 2.0 7.1-G).
CAP_MM = (3.5, 4.8, 6.4, 8.5)


@pytest.mark.parametrize("orientation", ORIENTATIONS)
@pytest.mark.parametrize("language", ["zh-Hant", "en"])
@pytest.mark.parametrize("text_size", [0, 1, 2, 3])
def test_every_page_is_laid_out_without_fault(stage, samples: dict[str, View], orientation: str, language: str, text_size: int) -> None:
    found = []
    for name, view in samples.items():
        stage.show(view, orientation, Comfort(language, text_size))
        found.extend(f"{name}: {fault}" for fault in faults(stage.window.quick_window, stage.window.panel.px_per_mm))
    assert found == []


@pytest.mark.parametrize("orientation", ORIENTATIONS)
@pytest.mark.parametrize("language", ["zh-Hans", "en"])
@pytest.mark.parametrize("text_size", [1, 3])
def test_the_journeys_own_pages_are_laid_out_without_fault(stage, orientation: str, language: str, text_size: int) -> None:
    policy = Policy.load(ROOT / "assets" / "policy")
    assert isinstance(policy, Policy)
    found = []
    for name, view in views(policy).items():
        stage.show(view, orientation, Comfort(language, text_size))
        found.extend(f"{name}: {fault}" for fault in faults(stage.window.quick_window, stage.window.panel.px_per_mm))
    assert found == []


@pytest.mark.parametrize(("orientation", "language", "text_size"), [("portrait", "en", 1), ("portrait", "en", 3), ("portrait", "zh-Hans", 3)])
def test_what_can_be_touched_is_within_reach_for_who_asked(stage, samples: dict[str, View], orientation: str, language: str, text_size: int) -> None:
    """Of a panel whose upper third is too high for somebody who sits; and nothing else is wrong with the pages then."""
    policy = Policy.load(ROOT / "assets" / "policy")
    assert isinstance(policy, Policy)
    window, panel = stage.window.quick_window, stage.window.panel
    found, high = [], 0
    for name, view in {**views(policy), "asked": samples["id_card-asked"]}.items():
        stage.show(view, orientation, Comfort(language, text_size))
        high += any(place(control).top() < panel.above_reach_px for control in controls(window))
        stage.show(view, orientation, Comfort(language, text_size, low_reach=True))
        found.extend(f"{name}: {fault}" for fault in faults(window, panel.px_per_mm))
        found.extend(f"{name}: {control.objectName()} is too high" for control in controls(window) if place(control).top() < panel.above_reach_px)
    assert high, "without the mode some would be too high"
    assert found == []


def test_a_panel_that_stands_low_has_its_footer_raised_and_a_wide_one_that_stands_high_its_tiles_lowered(
    stage, samples: dict[str, View], monkeypatch: pytest.MonkeyPatch
) -> None:
    window, panel = stage.window.quick_window, stage.window.panel
    for orientation, bottom_mm in (("portrait", 300.0), ("landscape", 1050.0)):
        monkeypatch.setattr(panel, "_bottom_mm", bottom_mm)
        for low_reach in (False, True):
            stage.show(samples["attract"], orientation, Comfort("en", low_reach=low_reach))
            heights = [
                bottom_mm + (window.height() - edge) / panel.px_per_mm
                for each in controls(window)
                for edge in (place(each).top(), place(each).bottom())
            ]
            assert (REACH_MM[0] <= min(heights) and max(heights) <= REACH_MM[1]) is low_reach, (orientation, min(heights), max(heights))
        assert faults(window, panel.px_per_mm) == []


def test_the_elder_modes_letters_are_seen_under_seven_tenths_of_a_degree_from_600_mm() -> None:
    assert CAP_MM[ELDER_TEXT_SIZE] >= 600 * math.pi * 0.7 / 180  # EN 301 549, 5.1.4


@pytest.mark.parametrize("orientation", ORIENTATIONS)
@pytest.mark.parametrize("text_size", [0, 1, 2, 3])
def test_capitals_are_as_high_as_their_text_size_promises(stage, samples: dict[str, View], orientation: str, text_size: int) -> None:
    low = []
    for name, view in samples.items():
        stage.show(view, orientation, Comfort("en", text_size))
        for text in texts(stage.window.quick_window.contentItem()):
            font = text.property("font")
            assert isinstance(font, QFont)
            cap_mm = QFontMetricsF(font).capHeight() / stage.window.panel.px_per_mm
            if cap_mm < CAP_MM[text_size] - 0.05:
                low.append(f"{name}: {text.property('text')!r} has capitals of {cap_mm:.2f} mm")
    assert low == []
