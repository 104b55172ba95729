"""A page fills its panel: nowhere does a large part of it lie empty, as if something had been forgotten there."""

from pathlib import Path

import numpy
import pytest
from numpy.typing import NDArray
from PySide6.QtGui import QColor

from kiosk.journey.gallery import views
from kiosk.policy import Policy
from kiosk.view import Comfort
from tests.ui.conftest import Stage
from tests.ui.ink import pixels
from ui.bridge.palette import PALETTES
from ui.render import ORIENTATIONS

ROOT = Path(__file__).resolve().parents[2]
EMPTY_AT_MOST = 0.12  # of the panel's height, from one side to the other


@pytest.mark.parametrize("orientation", ORIENTATIONS)
@pytest.mark.parametrize(("language", "text_size"), [("zh-Hans", 1), ("en", 1), ("en", 3)])
def test_no_page_has_a_wide_empty_band(stage: Stage, orientation: str, language: str, text_size: int) -> None:
    policy = Policy.load(ROOT / "assets" / "policy")
    assert isinstance(policy, Policy)
    paper = QColor(PALETTES["default"].paper)
    empty = {}
    for name, view in views(policy).items():
        if view.comfort.low_reach:
            continue  # what is touched was asked to be lower
        stage.show(view, orientation, Comfort(language, text_size))
        drawn = stage.window.quick_window.grabWindow()
        picture = pixels(drawn)
        share = tallest_run((picture == paper.rgba()).all(axis=1)) / len(picture)
        if share > EMPTY_AT_MOST:
            empty[name] = round(share, 3)
    assert empty == {}


def tallest_run(rows: NDArray[numpy.bool_]) -> int:
    """How many rows in line are true, at most."""
    run = tallest = 0
    for row in rows:
        run = run + 1 if row else 0
        tallest = max(tallest, run)
    return tallest
