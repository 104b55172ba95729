"""The line to write: pinyin becomes characters by Qt Virtual Keyboard's engine, on keys of the page's own; nobody learns what was written."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt

from kiosk.view import Comfort, TextBody, TextField, Touch, View
from tests.ui.board import ADDRESS, ENGLISH, NAME, label, names, press, types, writing
from tests.ui.conftest import Stage
from tests.ui.keys import Key, down, focused, key, strike, up
from ui.press import control_of

pytestmark = pytest.mark.usefixtures("in_front")


def test_pinyin_becomes_the_characters_that_are_picked_and_they_go_with_the_touch(name_page: Stage) -> None:
    stage = name_page
    types(stage, "zhangwei")
    assert label(stage, "pick:1") == "张伟"
    press(stage, "pick:1")
    assert writing(stage).draft == "张伟" and names(stage, "pick:") == []
    press(stage, "answer:next")
    assert stage.touches == [Touch(stage.serial, "next", "张伟")]


def test_half_a_word_is_never_guessed(name_page: Stage) -> None:
    """While letters are under way there is nothing to hand over."""
    stage = name_page
    types(stage, "zhang")
    assert control_of(stage.window.quick_window, "answer:next") is None and writing(stage).draft == ""
    press(stage, "pick:1")
    assert control_of(stage.window.quick_window, "answer:next") is not None
    types(stage, "w")
    assert control_of(stage.window.quick_window, "answer:next") is None
    press(stage, "erase")
    assert writing(stage).draft == "张" and control_of(stage.window.quick_window, "answer:next") is not None


def test_a_word_may_be_picked_in_parts_and_the_space_takes_the_first(name_page: Stage) -> None:
    stage = name_page
    types(stage, "zhangwei")
    press(stage, "pick:2")
    assert label(stage, "pick:1") and writing(stage).draft == ""
    press(stage, "space")
    assert len(writing(stage).draft) == 2 and writing(stage).draft.startswith("张")


@pytest.mark.parametrize("word", ["liming", "chenming", "huangjing"])
def test_every_candidate_says_what_it_picks(name_page: Stage, word: str) -> None:
    """Another letter may leave as many candidates as before, and others."""
    stage = name_page
    for number in range(1, len(word) + 1):
        types(stage, word[number - 1])
        line = stage.window.quick_window.activeFocusItem()
        assert line is not None and line.property("preeditText").replace(" ", "") == word[:number]
    first = label(stage, "pick:1")
    press(stage, "pick:1")
    assert writing(stage).draft == first and len(first) == 2


def test_more_letters_than_the_decoder_keeps_in_order_are_not_taken(name_page: Stage) -> None:
    stage = name_page
    types(stage, "guangzhoushitianhequ")
    assert control_of(stage.window.quick_window, "type:l") is None
    press(stage, "pick:1")
    while control_of(stage.window.quick_window, "pick:1") is not None:
        press(stage, "pick:1")
    assert writing(stage).draft == "广州市天河区" and control_of(stage.window.quick_window, "type:l") is not None


def test_more_candidates_than_fit_are_turned_to_and_back(name_page: Stage) -> None:
    stage = name_page
    types(stage, "wei")
    first = [label(stage, name) for name in names(stage, "pick:")[:-2]]
    assert control_of(stage.window.quick_window, "pick:earlier") is None
    press(stage, "pick:more")
    second = [label(stage, name) for name in names(stage, "pick:")[:-2]]
    assert first and second and not {*first} & {*second}
    press(stage, "pick:earlier")
    assert [label(stage, name) for name in names(stage, "pick:")[:-2]] == first
    press(stage, "pick:more", "pick:2")
    assert writing(stage).draft == second[1]


def test_letters_capitals_signs_space_and_erase(stage: Stage, samples: dict[str, View]) -> None:
    stage.show(samples["review"], comfort=ENGLISH)
    stage.show(samples[NAME], comfort=ENGLISH)
    press(stage, "type:l", "type:i", "space", "shift", "type:n", "type:a")
    assert writing(stage).draft == "LI na"
    press(stage, "mode:signs", "type:·")
    assert writing(stage).draft == "LI na·" and names(stage, "type:") == ["type:·", "type:.", "type:'", "type:-"]
    press(stage, "erase", "erase", "mode:pinyin", "type:a")
    assert writing(stage).draft == "LI n" and not writing(stage).ready
    press(stage, "mode:latin")
    assert writing(stage).draft == "LI n" and writing(stage).ready, "letters under way are none of the line"


def test_an_address_has_digits_and_ends_at_its_limit(stage: Stage, samples: dict[str, View]) -> None:
    stage.show(samples["review"])
    view = samples[ADDRESS]
    assert isinstance(view.body, TextBody)
    stage.show(view)
    assert writing(stage).draft == view.body.written and writing(stage).ready
    press(stage, "mode:signs", *["type:9"] * (writing(stage).limit - len(view.body.written)))
    assert len(writing(stage).draft) == writing(stage).limit == 60
    assert control_of(stage.window.quick_window, "type:9") is None and control_of(stage.window.quick_window, "erase") is not None


def test_a_change_of_language_or_size_keeps_what_is_written_and_another_question_does_not(stage: Stage, samples: dict[str, View]) -> None:
    stage.show(samples["review"])
    stage.show(samples[NAME])
    types(stage, "li")
    press(stage, "pick:1")
    written = writing(stage).draft
    for comfort in (Comfort("en", 3), Comfort("zh-Hant", 0, "white_on_black")):
        stage.show(samples[NAME], comfort=comfort)
        assert writing(stage).draft == written
    stage.show(replace(samples[NAME], body=replace(samples[NAME].body, what=TextField.ADDRESS)))
    assert writing(stage).draft == ""
    types(stage, "li")
    press(stage, "pick:1", "answer:next")
    assert stage.touches[-1].text == written


def test_what_was_written_goes_with_its_page(name_page: Stage, samples: dict[str, View]) -> None:
    stage = name_page
    types(stage, "zhangwei")
    press(stage, "pick:1")
    types(stage, "li")
    stage.show(samples["attract"])
    model = writing(stage)
    assert (model.draft, model.ready, model.sentence, model.handed_over) == ("", False, "", "")
    stage.show(samples[NAME])
    assert writing(stage).draft == "" and names(stage, "pick:") == []


def test_a_real_keyboard_writes_and_the_focus_is_marked_without_taking_qts(name_page: Stage) -> None:
    stage = name_page
    line = stage.window.quick_window.activeFocusItem()
    assert line is not None and line.inherits("QQuickTextInput")
    for letter in "ZHANG":
        key(stage, QEvent.Type.KeyPress, Key[f"Key_{letter}"], text=letter.lower())
        key(stage, QEvent.Type.KeyRelease, Key[f"Key_{letter}"], text=letter.lower())
    stage.pump()
    assert focused(stage) == "type:q", "the keys show where they are; what was typed went to its own key"
    strike(stage, Key.Key_1)
    stage.pump()
    assert writing(stage).draft == "张"
    strike(stage, Key.Key_Backtab)
    assert focused(stage).startswith("answer:footer.")
    strike(stage, Key.Key_Tab, Key.Key_Tab)
    assert focused(stage) == "type:w" and stage.window.quick_window.activeFocusItem() == line
    down(stage, Key.Key_Return)
    assert writing(stage).ready
    up(stage, Key.Key_Return)
    stage.pump()
    assert not writing(stage).ready
    strike(stage, Key.Key_Backspace, Key.Key_Backspace)
    stage.pump()
    assert writing(stage).draft == ""


def test_nothing_is_copied_from_the_line_or_put_there(stage: Stage, samples: dict[str, View]) -> None:
    stage.show(samples["review"])
    stage.show(samples[ADDRESS])
    for which in (Key.Key_A, Key.Key_C, Key.Key_X, Key.Key_V):
        key(stage, QEvent.Type.KeyPress, which, modifiers=Qt.KeyboardModifier.ControlModifier)
        key(stage, QEvent.Type.KeyRelease, which, modifiers=Qt.KeyboardModifier.ControlModifier)
    line = stage.window.quick_window.activeFocusItem()
    assert line is not None and line.property("selectedText") == "" and line.property("text") == samples[ADDRESS].body.written


def test_keys_that_write_nothing_leave_letters_under_way_alone(name_page: Stage) -> None:
    stage = name_page
    types(stage, "zhang")
    for which in (Key.Key_Shift, Key.Key_F5, Key.Key_Home, Key.Key_Delete, Key.Key_CapsLock):
        strike(stage, which)
        stage.pump()
    assert not writing(stage).ready and label(stage, "pick:1") == "张"


def test_a_language_changed_in_the_middle_of_a_word_drops_its_letters(name_page: Stage, samples: dict[str, View]) -> None:
    stage = name_page
    types(stage, "zhang")
    stage.show(samples[NAME], comfort=ENGLISH)
    assert (writing(stage).draft, names(stage, "pick:")) == ("", [])
    press(stage, "type:x")
    assert writing(stage).draft == "X" and writing(stage).ready


def test_a_question_over_the_page_gives_the_line_its_focus_back(name_page: Stage, samples: dict[str, View]) -> None:
    stage = name_page
    deadline = samples["id_card-asked"].deadline
    asked = replace(samples[NAME], deadline=deadline, answers=(*samples[NAME].answers, samples["id_card-asked"].answers[-1]))
    types(stage, "zhang")
    stage.show(asked)
    assert not writing(stage).ready and writing(stage).draft == "", "nobody picked a character"
    stage.show(samples[NAME])
    stage.pump()
    types(stage, "li")
    press(stage, "pick:1")
    assert len(writing(stage).draft) == 1


def test_that_somebody_writes_is_told_now_and_then_and_nothing_of_what(name_page: Stage) -> None:
    stage, told = name_page, []
    stage.seam.take_stirring(lambda: told.append(1))
    types(stage, "zhangwei")
    press(stage, "pick:1")
    assert told == [1] and stage.touches == []


LEARNS = """
import sys
from dataclasses import replace
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from kiosk.view import Seam
from ui.app import messages_kept, the_application
from ui.press import control_of, press_control
from ui.render import settle
from ui.samples import sample_catalogue, sample_views
from ui.screen import ScreenOptions, Window

the_application()
with messages_kept() as said:
    window = Window(Seam(), sample_catalogue(Path(sys.argv[1])), ScreenOptions(double_strike_ms=0))
    window.show(replace(sample_views()["contact-name"], serial=1))
    settle(window)

    def press(name):
        press_control(window.quick_window, control_of(window.quick_window, name))
        for _ in range(10):
            QCoreApplication.processEvents()

    for time in range(6):
        for letter in "shanpi":
            press("type:" + letter)
        print(control_of(window.quick_window, "pick:1").property("label"), control_of(window.quick_window, "pick:2").property("label"))
        press("pick:5")
        press("space")
    print(window.page.writing.draft)
    window.close()
print(said)
"""


def test_what_travellers_type_is_learned_by_nobody_and_written_nowhere(tmp_path: Path) -> None:
    """Whatever the session asks for: no dictionary of the user, no folder for one, and the same candidates however often another was picked."""
    asked = {"HOME": str(tmp_path), "XDG_CONFIG_HOME": "", "QT_IM_MODULE": "ibus", "QT_IM_MODULES": "ibus", "QT_QPA_PLATFORM": "offscreen"}
    texts = Path(__file__).resolve().parents[2] / "assets" / "i18n"
    ended = subprocess.run([sys.executable, "-c", LEARNS, texts], env={**os.environ, **asked}, capture_output=True, text=True, check=True)
    *offered, draft, said = ended.stdout.splitlines()
    assert len({*offered}) == 1 and len(offered) == 6, offered
    assert len(draft) >= 12 and said == "[]"
    written = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert not [each for each in tmp_path.rglob("*") if "keyboard" in each.name]
    assert all(draft[:2].encode("utf-16-le") not in file.read_bytes() and draft[:2].encode() not in file.read_bytes() for file in written)
