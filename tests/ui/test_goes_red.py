"""The proofs of the walks, held against a page that is spoilt on purpose: each must say what is wrong, and nothing before the page was spoilt.

Spoilt are the live controls of a real page, as a slip in a QML file or in the catalogue would leave them.
"""

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtQuick import QQuickItem

from kiosk.i18n import Catalogue
from kiosk.view import Comfort, View
from tests.ui.colours import contrasts
from tests.ui.conftest import ROOT, Stage, stage_with
from tests.ui.geometry import MAIN_TARGET_MM, place, texts
from tests.ui.walking import Walk, unreached
from ui.press import control_of

PAGE, BUTTON = "10-review", "answer:confirm"
PALE = "#8A93A3"


@pytest.fixture
def stage(words: Catalogue) -> Iterator[Stage]:
    """Of its own: what is spoilt stays so."""
    with stage_with(words) as own:
        yield own
        assert own.messages == []


@pytest.fixture
def view(stage: Stage, journey_pages: dict[str, View]) -> View:
    page = journey_pages[PAGE]
    return stage.show(page, "portrait", replace(page.comfort, language="en"))


def button(stage: Stage) -> QQuickItem:
    found = control_of(stage.window.quick_window, BUTTON)
    assert found is not None
    return found


def faults(stage: Stage, words: Catalogue, view: View) -> list[str]:
    walk = Walk(stage, words)
    reached = walk.look(PAGE, view)
    return walk.found + unreached(view, reached)


def unnamed(stage: Stage) -> None:
    button(stage).setProperty("label", "")


def shrunk(stage: Stage) -> None:
    button(stage).setHeight((MAIN_TARGET_MM - 1) * stage.window.panel.px_per_mm)


def moved_onto_another(stage: Stage) -> None:
    other = control_of(stage.window.quick_window, "answer:change")
    assert other is not None
    button(stage).setX(button(stage).x() + place(other).left() - place(button(stage)).left())


def not_to_be_had(stage: Stage) -> None:
    button(stage).setEnabled(False)


def out_of_its_turn(stage: Stage) -> None:
    footer = control_of(stage.window.quick_window, "answer:footer.staff")
    first = control_of(stage.window.quick_window, "answer:footer.cancel")
    assert footer is not None and first is not None
    footer.stackBefore(first)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (unnamed, f"{BUTTON} is called ''"),
        (shrunk, f"{BUTTON}, a main target, is "),
        (moved_onto_another, f"answer:change and {BUTTON} are -"),
        (not_to_be_had, f"{BUTTON} is offered and no key reaches it"),
        (out_of_its_turn, "keys go ["),
    ],
)
def test_a_spoilt_control_is_found(stage: Stage, words: Catalogue, view: View, spoil: Callable[[Stage], None], said: str) -> None:
    assert faults(stage, words, view) == []
    spoil(stage)
    assert any(said in fault for fault in faults(stage, words, view))


def test_a_control_above_the_reach_of_who_sits_is_found(stage: Stage, words: Catalogue, view: View) -> None:
    low = Comfort("en", low_reach=True)
    stage.show(view, "portrait", low)
    before, after = Walk(stage, words), Walk(stage, words)
    before.look_lowered(PAGE, low)
    button(stage).setY(button(stage).y() - place(button(stage)).top() + stage.window.panel.above_reach_px - 10)
    after.look_lowered(PAGE, low)
    assert (before.found, [fault for fault in after.found if "too high" in fault]) == ([], [f"{PAGE}: {BUTTON} is too high"])


def test_a_text_that_is_too_pale_is_found(stage: Stage, view: View) -> None:
    assert contrasts(stage, "default").found == []
    written = next(text for text in texts(stage.window.quick_window.contentItem()) if text.property("text") == "Holder")
    written.setProperty("color", PALE)
    stage.pump()
    assert [fault.partition(" has ")[0] for fault in contrasts(stage, "default").found] == ["'Holder'"]


def test_one_english_text_that_has_become_twice_as_long_is_found(journey_pages: dict[str, View]) -> None:
    told = {key: words for path in (ROOT / "assets" / "i18n").glob("*.toml") for key, words in tomllib.loads(path.read_text("utf-8")).items()}
    told["footer.language"] = {**told["footer.language"], "en": f"{told['footer.language']['en']} " * 2}
    words, page = Catalogue(told), journey_pages["09-phone"]
    with stage_with(words) as stage:
        for language, clean in (("zh-Hant", True), ("en", False)):
            view = stage.show(page, "landscape", replace(page.comfort, language=language, text_size=3))
            assert (faults(stage, words, view) == []) is clean
