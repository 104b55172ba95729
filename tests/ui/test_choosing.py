"""The page of endorsements: in the largest letters, too, a traveller turns few pages; what cannot be had, and why, is one touch away."""

from pathlib import Path

import pytest
from PySide6.QtQuick import QQuickItem

from kiosk.i18n import Catalogue
from kiosk.journey.gallery import views
from kiosk.policy import Policy
from kiosk.view import ChooseBody, Comfort, View
from tests.ui.conftest import Stage
from tests.ui.geometry import faults, texts
from tests.ui.reading import said_of, turned
from ui.press import control_of, controls, press_control

ROOT = Path(__file__).resolve().parents[2]
PAGES_AT_MOST = 6


@pytest.fixture(scope="module")
def choosing() -> View:
    policy = Policy.load(ROOT / "assets" / "policy")
    assert isinstance(policy, Policy)
    return views(policy)["08-choose"]


@pytest.fixture(autouse=True)
def coming_from_another_page(stage: Stage, samples: dict[str, View]) -> None:
    stage.show(samples["attract"])


@pytest.mark.parametrize(
    ("orientation", "language", "low_reach"),
    [("portrait", "en", False), ("portrait", "en", True), ("portrait", "zh-Hans", False), ("landscape", "en", False)],
)
def test_in_the_largest_letters_too_there_are_few_pages_and_every_option_is_on_one(
    stage: Stage, choosing: View, orientation: str, language: str, low_reach: bool
) -> None:
    body = choosing.body
    assert isinstance(body, ChooseBody)
    seen: list[str] = []
    pages = 0
    for _ in turned(stage, choosing, orientation, Comfort(language, 3, low_reach=low_reach), refused=False):
        pages += 1
        assert faults(stage.window.quick_window, stage.window.panel.px_per_mm) == []
        seen += [name.removeprefix("answer:") for each in controls(stage.window.quick_window) if "pick:" in (name := each.objectName())]
    assert seen == [choice.answer for group in body.groups for choice in group.choices if choice.why_not is None]
    assert pages <= PAGES_AT_MOST


@pytest.mark.parametrize("language", ["zh-Hant", "en"])
def test_what_cannot_be_had_is_one_touch_away_and_says_why(stage: Stage, choosing: View, words: Catalogue, language: str) -> None:
    body, window = choosing.body, stage.window.quick_window
    assert isinstance(body, ChooseBody)
    refused = [choice for group in body.groups for choice in group.choices if choice.why_not is not None]
    for _ in turned(stage, choosing, "portrait", Comfort(language, 3), refused=False):
        assert not [each for each in controls(stage.window.quick_window) if each.property("whyNot")]
    told = ""
    while (key := control_of(window, "pager:next" if told else "pager:turn")) is not None:
        turn(stage, key)
        assert faults(window, stage.window.panel.px_per_mm) == []
        told += "\n".join(said_of(each).name for each in controls(stage.window.quick_window))
    for choice in refused:
        assert choice.why_not is not None
        assert words.say(choice.title, language) in told
        assert words.say(choice.why_not, language) in told
    assert "pick:" not in "".join(each.objectName() for each in controls(stage.window.quick_window))
    while (key := control_of(window, "pager:previous") or control_of(window, "pager:turn")) is not None:
        turning_back = key.objectName() == "pager:turn"
        turn(stage, key)
        if turning_back:
            break
    assert "pick:" in "".join(each.objectName() for each in controls(stage.window.quick_window))


def turn(stage: Stage, key: QQuickItem) -> None:
    """Presses the key; drawing lays out to the end what comes then."""
    press_control(stage.window.quick_window, key)
    stage.pump()
    stage.window.quick_window.grabWindow()


def test_a_heading_says_place_and_kind_and_the_option_under_it_is_told_whole(stage: Stage, choosing: View) -> None:
    stage.show(choosing, comfort=Comfort("en"))
    written = [text.property("text") for text in texts(stage.window.quick_window.contentItem())]
    assert "Hong Kong · Individual travel" in written
    assert "1 year, one trip" in written
    control = control_of(stage.window.quick_window, "answer:pick:HKG:G:1Y1")
    assert control is not None
    assert said_of(control).name.startswith("Individual travel · 1 year, one trip, ")
