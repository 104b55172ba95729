"""The keys of the board in use: which are offered and why not, what a listener is told of them, where focus goes, and how they are laid out."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPointF
from PySide6.QtGui import QAccessible

from kiosk.i18n import Catalogue
from kiosk.journey.comforts import THEMES
from kiosk.view import LANGUAGES, Comfort, Message, View
from tests.ui.board import ADDRESS, NAME, label, names, press, types, writing
from tests.ui.colours import contrasts
from tests.ui.conftest import Stage
from tests.ui.geometry import faults, texts
from tests.ui.keys import Key, focused, key, strike
from tests.ui.reading import said_of
from tests.ui.walking import Walk
from ui.bridge.writing import SIGN_NAMES
from ui.press import control_of, controls
from ui.render import ORIENTATIONS, TEXT_SIZES

BOARDS = (
    (NAME, "pinyin", "wei"),
    (NAME, "pinyin", "weiguangzhoushitianh"),
    (NAME, "signs", ""),
    (ADDRESS, "latin", "wwww"),
    (ADDRESS, "signs", ""),
)
"""Page, board and what is typed on it; the sample's address is four letters short of its end."""

pytestmark = pytest.mark.usefixtures("in_front")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", TEXT_SIZES)
def test_why_no_more_letters_are_taken_stands_on_the_page(stage: Stage, samples: dict[str, View], words: Catalogue, language: str, size: int) -> None:
    """Letters under way, too many of them, and a full line. With the largest letters a line that is begun needs the room."""
    comfort, window = Comfort(language, size), stage.window.quick_window
    stage.show(samples["review"], comfort=comfort)
    view = stage.show(samples[NAME], comfort=comfort)

    def said(key: str) -> bool:
        window.grabWindow()  # a new sentence, laid out to the end
        assert faults(window, stage.window.panel.px_per_mm) == []
        return words.text(key, language) in {str(text.property("text")) for text in texts(window.contentItem())}

    for begun in (False, True):
        room = size < 3 or not begun
        if language == "en" and not begun:
            press(stage, "mode:pinyin")
        line = window.activeFocusItem()
        assert line is not None
        stands_at = line.mapToScene(QPointF())
        assert not said("screen.write.under_way")
        types(stage, "w")
        assert said("screen.write.under_way") is room and control_of(window, "answer:next") is None
        types(stage, "eiguangzhoushitianh")
        assert said("screen.write.many") is room and control_of(window, "type:w") is None
        assert line.mapToScene(QPointF()) == stands_at or size == 3, "what is written stays where it is"
        press(stage, "pick:1")
        while control_of(window, "pick:1") is not None:
            press(stage, "pick:1")
    press(stage, "mode:latin")
    types(stage, "w" * (max(answer.text_limit for answer in view.answers) - len(writing(stage).draft)))
    assert control_of(window, "type:w") is control_of(window, "space") is None and control_of(window, "erase") is not None
    assert said("screen.write.full") is (size < 3)


def test_focus_goes_to_another_key_where_its_own_goes_grey(name_page: Stage) -> None:
    stage, window = name_page, name_page.window.quick_window
    strike(stage, Key.Key_Tab)
    while focused(stage) != "type:q":
        strike(stage, Key.Key_Tab)
    for letter in "weiguangzhoushitianh":
        key(stage, QEvent.Type.KeyPress, Key[f"Key_{letter.upper()}"], text=letter)
        key(stage, QEvent.Type.KeyRelease, Key[f"Key_{letter.upper()}"], text=letter)
    stage.pump(lambda: focused(stage) != "")
    assert control_of(window, "type:q") is None and focused(stage).startswith("pick:")


def test_a_space_stands_between_words_only(name_page: Stage) -> None:
    window = name_page.window.quick_window
    press(name_page, "mode:latin")
    assert control_of(window, "space") is None
    types(name_page, "li")
    press(name_page, "space")
    assert control_of(window, "space") is None, "one is enough"
    types(name_page, "na")
    assert writing(name_page).draft == "li na"
    press(name_page, "mode:pinyin", "space")
    assert writing(name_page).draft == "li na "


def test_a_word_that_the_line_has_no_room_for_cannot_be_picked(name_page: Stage) -> None:
    """It would be cut, and half a name handed over."""
    stage, window = name_page, name_page.window.quick_window
    press(stage, "mode:latin")
    types(stage, "w" * (max(answer.text_limit for answer in stage.window.page.view.answers) - 1))
    press(stage, "mode:pinyin")
    types(stage, "zhangwei")
    assert label(stage, "pick:1") == "" and control_of(window, "space") is None
    press(stage, "pick:2")
    window.grabWindow()
    offered = [each for each in names(stage, "pick:") if control_of(window, each) is not None]
    assert not any(each[-1].isdigit() for each in offered), "the first part of the word has taken the room"
    press(stage, "erase", "erase", "erase")
    assert writing(stage).draft == "w" * 29 + "张" and control_of(window, "answer:next") is not None


@pytest.mark.parametrize("pressed", ["mode:latin", "pick:more"])
def test_focus_stays_on_the_board_where_its_key_goes(name_page: Stage, pressed: str) -> None:
    stage = name_page
    if pressed == "pick:more":
        types(stage, "zhangweimin")
    strike(stage, Key.Key_Tab)
    for _ in range(40):
        if focused(stage) == pressed:
            break
        strike(stage, Key.Key_Tab)
    for _ in range(40):
        strike(stage, Key.Key_Return)
        stage.pump()
        assert focused(stage) != ""
        if focused(stage) != pressed:
            break
    assert focused(stage).split(":")[0] == pressed.split(":")[0] and focused(stage) != pressed


@pytest.mark.parametrize("page", [NAME, ADDRESS])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_mark_has_a_name_for_whoever_listens(stage: Stage, samples: dict[str, View], words: Catalogue, page: str, language: str) -> None:
    stage.show(samples["review"], comfort=Comfort(language))
    stage.show(samples[page], comfort=Comfort(language))
    press(stage, "mode:signs")
    marks = [each for each in controls(stage.window.quick_window) if each.objectName().startswith("type:") and not each.objectName()[-1].isdigit()]
    assert len(marks) >= 4
    for mark in marks:
        sign = mark.objectName().removeprefix("type:")
        assert said_of(mark).name == f"{words.text(f'screen.sign.{SIGN_NAMES[sign]}', language)} {sign}"


def test_shift_says_whether_it_is_down(name_page: Stage) -> None:
    def down() -> bool:
        shift = control_of(name_page.window.quick_window, "shift")
        assert shift is not None
        state = QAccessible.queryAccessibleInterface(shift).state()
        assert state.checkable
        return bool(state.checked)

    press(name_page, "mode:latin")
    assert not down()
    press(name_page, "shift")
    assert down()


@pytest.mark.parametrize("orientation", ORIENTATIONS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_board_keeps_what_every_page_promises_while_it_is_used(
    stage: Stage, samples: dict[str, View], words: Catalogue, orientation: str, language: str
) -> None:
    """The walks see it as it opens. Here with candidates, too many letters, signs, capitals and a full line, each beside a problem; as it comes and
    lowered."""
    walk, pale = Walk(stage, words), []
    for size, theme in zip(TEXT_SIZES, THEMES, strict=True):
        for page, mode, typed in BOARDS:
            comfort = Comfort(language, size, theme)
            stage.show(samples["review"], orientation, comfort)
            view = replace(samples[page], problem=Message("journey.contact.name.wrong"), comfort=comfort)
            stage.show(view, orientation, comfort)
            if f"mode:{mode}" in names(stage, "mode:"):
                press(stage, f"mode:{mode}")
            if mode == "latin" and language != "en":
                press(stage, "shift")  # in English it is down as the page opens
            types(stage, typed)
            stage.window.quick_window.grabWindow()
            state = f"{page}, {mode}, {typed}, {size}, {theme}"
            greys = [each for each in names(stage, "type:") if control_of(stage.window.quick_window, each) is None]
            assert bool(greys) is (len(typed) > 3), "too many letters, or the end of the line"
            pale += [f"{state}: {fault}" for fault in contrasts(stage, theme).found]
            walk.look(state, view)
            line = stage.window.quick_window.activeFocusItem()
            card = line.parentItem() if line is not None else None
            assert line is not None and card is not None and line.property("contentHeight") <= card.height() and line.height() <= card.height()
            lowered = replace(comfort, low_reach=True)
            stage.show(view, orientation, lowered)
            stage.window.quick_window.grabWindow()
            assert (names(stage, "pick:") != []) is (mode == "pinyin"), "it is still in use"
            walk.look_lowered(f"{state}, lowered", lowered)
    assert walk.found == [] and pale == []
