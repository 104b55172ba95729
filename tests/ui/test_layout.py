"""Panels that stand unusually low or high, and how high the elder mode's letters must be."""

import math

import pytest

from kiosk.journey.comforts import ELDER_TEXT_SIZE
from kiosk.view import REACH_MM, Comfort, View
from tests.ui.geometry import CAP_MM, faults, place
from ui.press import controls


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
