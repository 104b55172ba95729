"""Every page × language × text size × orientation: laid out without fault, told by name and role, read and gone through by keys in one order, and
with its keys lowered in reach of who sits."""

from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.i18n import Catalogue
from kiosk.journey.comforts import TEXT_SIZES, THEMES
from kiosk.journey.table import State
from kiosk.view import LANGUAGES, View
from tests.counts import count
from tests.ui.conftest import ROOT, Stage
from tests.ui.test_contrast import test_every_text_and_icon_of_every_page_keeps_the_contrast_of_its_theme as contrast_walk
from tests.ui.walking import Walk
from ui.render import ORIENTATIONS

STEPS = ROOT / "ui" / "qml" / "Kiosk" / "Steps"


@pytest.mark.parametrize("orientation", ORIENTATIONS)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text_size", range(TEXT_SIZES))
def test_every_page_keeps_what_it_promises(
    stage: Stage, pages: dict[str, View], words: Catalogue, orientation: str, language: str, text_size: int, record_property
) -> None:
    walk = Walk(stage, words)
    walk.all(pages, orientation, language, text_size)
    assert walk.found == []
    assert walk.screens == {"as they come": list(pages), "lowered": list(pages)}
    assert bool(walk.too_high) is (orientation == "portrait"), "only a panel that stands upright has something to lower"
    whole = len(pages) * len(ORIENTATIONS) * len(LANGUAGES) * TEXT_SIZES
    for topic, numbers in walk.counted.items():
        count(record_property, topic, screens=(len(pages), whole), **numbers)


def walked(test: Callable[..., None]) -> dict[str, set[object]]:
    """What the test is run with: argument -> its values, each with each of the others."""
    return {mark.args[0]: set(mark.args[1]) for mark in test.pytestmark if mark.name == "parametrize"}  # type: ignore[attr-defined]


def test_the_walks_leave_out_no_orientation_language_text_size_or_theme() -> None:
    everywhere = {"orientation": set(ORIENTATIONS), "language": set(LANGUAGES)}
    assert walked(test_every_page_keeps_what_it_promises) == everywhere | {"text_size": set(range(TEXT_SIZES))}
    assert walked(contrast_walk) == everywhere | {"theme": set(THEMES)}


def test_the_walks_leave_out_no_state_of_the_journey_and_no_file_of_its_pages(stage: Stage, journey_pages: dict[str, View]) -> None:
    assert {view.step for view in journey_pages.values()} == {state.value for state in State} - {State.END.value}
    drawn = set()
    for view in journey_pages.values():
        stage.show(view)
        drawn.add(stage.window.page.sheet)
    assert drawn == {Path(path).stem for path in STEPS.glob("*.qml")}
