"""The keys of a page's actions: they fill their bar, and where words are long none is broken and none has more lines than it needs."""

from pathlib import Path

import pytest

from kiosk.journey.gallery import views
from kiosk.policy import Policy
from kiosk.view import LANGUAGES, Comfort, Role, View
from tests.ui.conftest import Stage
from tests.ui.geometry import place, texts
from ui.press import controls

ROOT = Path(__file__).resolve().parents[2]
LINES_AT_MOST = 2


@pytest.fixture(scope="module")
def pages() -> dict[str, View]:
    policy = Policy.load(ROOT / "assets" / "policy")
    assert isinstance(policy, Policy)
    return {name: view for name, view in views(policy).items() if any(answer.role in (Role.PRIMARY, Role.SECONDARY) for answer in view.answers)}


@pytest.mark.parametrize("text_size", [1, 3])
@pytest.mark.parametrize("language", LANGUAGES)
def test_they_fill_the_width_and_leave_every_word_whole(stage: Stage, pages: dict[str, View], language: str, text_size: int) -> None:
    found: list[str] = []
    for name, view in pages.items():
        stage.show(view, "portrait", Comfort(language, text_size))
        own = {f"answer:{answer.id}" for answer in view.answers if answer.role in (Role.PRIMARY, Role.SECONDARY)}
        keys = [each for each in controls(stage.window.quick_window) if each.objectName() in own]
        margin = stage.window.quick_window.width() - max(place(key).right() for key in keys)
        if abs(min(place(key).left() for key in keys) - margin) > len(keys):
            found.append(f"{name}: the keys do not fill the width")
        for key in keys:
            if key.width() < key.property("leastWidth") - 1:
                found.append(f"{name}: a word of {key.objectName()} is broken")
            found += [f"{name}: {key.objectName()} has too many lines" for text in texts(key) if text.property("lineCount") > LINES_AT_MOST]
    assert found == []


def test_the_strong_one_is_the_widest_where_words_are_short(stage: Stage, pages: dict[str, View]) -> None:
    stage.show(pages["10-review"], "portrait", Comfort("zh-Hans"))
    widths = {key.objectName(): key.width() for key in controls(stage.window.quick_window) if key.property("primary") is not None}
    assert widths["answer:confirm"] == max(widths.values())
