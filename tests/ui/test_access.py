"""Every page, in every language, as assistive technology is told it and as keys go through it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtQuick import QQuickItem

from kiosk.i18n import Catalogue
from kiosk.journey.gallery import views
from kiosk.policy import Policy
from kiosk.view import LANGUAGES, Comfort, Message, View
from tests.ui.conftest import Stage
from tests.ui.geometry import texts
from tests.ui.keys import Key, focused, strike
from tests.ui.reading import CHINESE, KEY, ROLES, TOLD, as_read, everything_said, said_of, turned, visible_controls
from ui.press import usable_controls
from ui.render import ORIENTATIONS

ROOT = Path(__file__).resolve().parents[2]
ICONS = {path.stem for path in (ROOT / "assets" / "icons").iterdir()}
PAGERS = {"pager:previous": "screen.pager.previous", "pager:next": "screen.pager.next"}
DIALOG = {"answer:more_time": "screen.still_there.more_time", "answer:footer.cancel": "screen.still_there.cancel"}


@pytest.fixture(scope="session")
def pages(samples: dict[str, View]) -> dict[str, View]:
    """The samples and every page of the journey."""
    policy = Policy.load(ROOT / "assets" / "policy")
    assert isinstance(policy, Policy)
    return {**samples, **views(policy)}


def label_of(view: View, name: str, words: Catalogue) -> Message | None:
    """What the machine calls the control of that name; None for an option that cannot be had (it answers nothing)."""
    if view.deadline is not None and view.deadline.asked and name in DIALOG:
        return Message(DIALOG[name])
    if name in PAGERS:
        return Message(PAGERS[name])
    answer = next((each for each in view.answers if f"answer:{each.id}" == name), None)
    if answer is None and name.startswith("answer:footer."):
        return Message("screen." + name.removeprefix("answer:"))
    return answer.label if answer else None


@pytest.mark.parametrize("orientation, language", [*(("portrait", language) for language in LANGUAGES), ("landscape", "en")])
def test_every_control_is_told_by_name_and_role_and_nothing_is_written_that_is_not_told(
    stage: Stage, pages: dict[str, View], words: Catalogue, orientation: str, language: str, record_property
) -> None:
    found: list[str] = []
    screens = measured = told = 0
    for name, view in pages.items():
        for number in turned(stage, view, orientation, Comfort(language)):
            shown = visible_controls(stage)
            everything = list(everything_said(stage))
            screens, measured, told = screens + 1, measured + len(shown), told + len(everything)
            faults = [fault for control in shown for fault in faults_of(control, label_of(view, control.objectName(), words), words, language)]
            faults += [f"a {each.role} without a name" for each in everything if not each.name.strip()]
            faults += [f"{each.name!r} is a {each.role}" for each in everything if each.role not in TOLD]
            names = "\n".join(each.name for each in everything)
            written = [text.property("text") for text in texts(stage.window.quick_window.contentItem())]
            faults += [f"{text!r} is written and not told" for text in written if text.strip("_") not in names]
            found += [f"{name}, page {number + 1}: {fault}" for fault in faults]
    assert found == []
    count(record_property, f"names and roles, {orientation}, {language}", screens, measured)
    record_property("told", told)


def faults_of(control: QQuickItem, label: Message | None, words: Catalogue, language: str) -> Iterator[str]:
    said, who = said_of(control), control.objectName()
    if said.role not in ROLES:
        yield f"{who} is a {said.role}"
    if not said.name.strip(" ,") or KEY.fullmatch(said.name) or said.name in ICONS or ", ," in said.name:
        yield f"{who} is called {said.name!r}"
    if label is not None and words.say(label, language) not in said.name:
        yield f"{who} is called {said.name!r}, not {words.say(label, language)!r}"
    own = who == "answer:footer.language" or len(said.name) == 1  # another language's name; a sign, the same in all
    if not own and bool(CHINESE.search(said.name)) != (language != "en"):
        yield f"{who} is called {said.name!r} on a page in {language}"
    if (said.focusable, said.disabled) != (control.isEnabled(), not control.isEnabled()):
        yield f"{who} is told as {said}"
    if (control.property("whyNot") or "") not in said.name:
        yield f"{who} does not say why it cannot be had"


@pytest.mark.parametrize("orientation", ORIENTATIONS)
def test_keys_go_through_the_page_as_it_is_read_and_reach_everything_once(
    stage: Stage, pages: dict[str, View], orientation: str, record_property
) -> None:
    found: list[str] = []
    screens = measured = 0
    for name, view in pages.items():
        for number in turned(stage, view, orientation, Comfort("en")):
            screens += 1
            usable = usable_controls(stage.window.quick_window)
            enabled = [control for control in visible_controls(stage) if control.isEnabled()]
            read = [control.objectName() for control in as_read(enabled)]
            measured += len(read)
            stage.by_touch_alone()
            reached = []
            for _ in usable:
                strike(stage, Key.Key_Tab)
                reached.append(focused(stage))
            if reached != read:
                found.append(f"{name}, page {number + 1}: keys go {reached}, the page reads {read}")
    assert found == []
    count(record_property, f"order, {orientation}", screens, measured)


def count(record_property, what: str, screens: int, measured: int) -> None:
    record_property("screens", screens)
    record_property("items", measured)
    print(f"\n{what}: {screens} screens, {measured} items")
