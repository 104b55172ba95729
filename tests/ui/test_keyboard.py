"""Without touching the glass: a keyboard, or two switches, through the same guards as a finger."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, Qt

from kiosk.config import SWITCH_KEYS
from kiosk.view import Answer, Comfort, Message, Role, Touch, View
from tests.ui.conftest import Stage
from tests.ui.keys import Key, down, focused, key, strike, up
from ui.keyboard import Keyboard, Switches
from ui.press import control_of, items, press_control, usable_controls

FOOTER = ("back", "cancel", "help", "language", "text_size", "contrast", "voice", "staff")


def walked(stage: Stage, which: Qt.Key, steps: int) -> list[str]:
    names = []
    for _ in range(steps):
        strike(stage, which)
        names.append(focused(stage))
    return names


def answers(stage: Stage) -> list[str]:
    return [touch.answer for touch in stage.touches]


def rings(stage: Stage) -> list[str]:
    shown = items(stage.window.quick_window.contentItem())
    return [ring.parentItem().objectName() for ring in shown if "FocusRing" in ring.metaObject().className()]


def test_the_first_key_only_shows_where_the_focus_is_and_a_touch_hides_it_again(stage: Stage, samples: dict[str, View]) -> None:
    stage.show(samples["notice"])
    assert (focused(stage), rings(stage)) == ("", [])
    strike(stage, Key.Key_Return)
    assert (focused(stage), rings(stage), answers(stage)) == ("answer:decline", ["answer:decline"], [])
    strike(stage, Key.Key_Tab)
    press_control(stage.window.quick_window, control_of(stage.window.quick_window, "answer:footer.help"))
    assert (focused(stage), rings(stage), answers(stage)) == ("", [], ["footer.help"])
    stage.show(samples["notice"])
    assert rings(stage) == []
    strike(stage, Key.Key_Tab)
    assert rings(stage) == ["answer:agree_no_face"]


@pytest.mark.parametrize("on, back", [(Key.Key_Tab, Key.Key_Backtab), (Key.Key_Right, Key.Key_Left), (Key.Key_Down, Key.Key_Up)])
def test_keys_go_through_every_control_and_round(stage: Stage, samples: dict[str, View], on: Qt.Key, back: Qt.Key) -> None:
    stage.show(samples["receipt"])
    wanted = [f"answer:receipt.{name}" for name in ("paper", "code", "none")] + [f"answer:footer.{name}" for name in FOOTER]
    assert walked(stage, on, len(wanted) + 1) == [*wanted, wanted[0]]
    assert walked(stage, back, len(wanted)) == [wanted[0], *wanted[1:]][::-1]


@pytest.mark.parametrize("which", [Key.Key_Return, Key.Key_Enter, Key.Key_Space, Key.Key_F10])
def test_a_key_acts_on_release_and_once_however_long_it_is_held(stage: Stage, samples: dict[str, View], which: Qt.Key) -> None:
    shown = stage.show(samples["notice"])
    strike(stage, Key.Key_Tab, Key.Key_Tab, Key.Key_Tab)
    down(stage, which)
    for _ in range(5):
        down(stage, which, repeated=True)
        up(stage, which, repeated=True)
    assert stage.touches == []
    up(stage, which)
    up(stage, which)
    assert stage.touches == [Touch(shown.serial, "agree")]


def test_a_held_arrow_moves_one_step(stage: Stage, samples: dict[str, View]) -> None:
    stage.show(samples["receipt"])
    strike(stage, Key.Key_Tab)
    down(stage, Key.Key_Tab)
    down(stage, Key.Key_Tab, repeated=True)
    down(stage, Key.Key_Tab, repeated=True)
    assert focused(stage) == "answer:receipt.code"


def test_moving_on_while_the_key_is_down_presses_nothing(stage: Stage, samples: dict[str, View]) -> None:
    stage.show(samples["receipt"])
    strike(stage, Key.Key_Tab)
    down(stage, Key.Key_Return)
    strike(stage, Key.Key_Tab)
    up(stage, Key.Key_Return)
    assert stage.touches == []


def test_keys_go_through_the_voices_own_keys_and_the_footer_beside_them(stage: Stage, samples: dict[str, View]) -> None:
    stage.show(samples["id_card"])
    strike(stage, Key.Key_Tab)
    before = focused(stage)
    stage.show(samples["id_card-voice"])
    stage.pump()
    assert focused(stage) == "answer:voice.repeat"
    keys = [f"answer:voice.{name}" for name in ("repeat", "pause", "faster", "quieter", "louder", "off", "close")]  # slower: at its end
    wanted = keys + [f"answer:footer.{name}" for name in FOOTER]
    assert walked(stage, Key.Key_Tab, len(wanted)) == [*wanted[1:], wanted[0]]
    strike(stage, Key.Key_Return)
    assert answers(stage) == ["voice.repeat"]
    stage.show(samples["id_card"])
    stage.pump()
    assert focused(stage) == before


def test_escape_is_back_only_where_back_is_offered(stage: Stage, samples: dict[str, View]) -> None:
    stage.show(samples["review"])
    down(stage, Key.Key_Escape)
    assert stage.touches == []
    up(stage, Key.Key_Escape)
    assert answers(stage) == ["footer.back"]
    for name in ("issuing", "id_card-asked"):
        stage.show(samples[name])
        strike(stage, Key.Key_Escape)
    assert answers(stage) == ["footer.back"]


def test_digits_and_backspace_type_on_the_keypad_and_nowhere_else(stage: Stage, samples: dict[str, View]) -> None:
    for which in (Key.Key_1, Key.Key_0, Key.Key_Backspace):
        stage.show(samples["phone"])
        strike(stage, which)
    assert answers(stage) == ["digit:1", "digit:0", "erase"]
    stage.show(samples["review"])
    strike(stage, Key.Key_1, Key.Key_Backspace)
    assert len(stage.touches) == 3


def test_every_key_that_a_profile_may_name_is_a_key_of_qts() -> None:
    assert [name for name in SWITCH_KEYS if f"Key_{name}" not in Qt.Key.__members__] == []


def test_commands_of_the_desktop_are_left_alone(stage: Stage, samples: dict[str, View]) -> None:
    stage.show(samples["review"])
    key(stage, QEvent.Type.KeyPress, Key.Key_Escape, modifiers=Qt.KeyboardModifier.ControlModifier)
    key(stage, QEvent.Type.KeyRelease, Key.Key_Escape, modifiers=Qt.KeyboardModifier.ControlModifier)
    assert (stage.touches, focused(stage)) == ([], "")


def test_two_switches_reach_and_press_everything(stage: Stage, samples: dict[str, View]) -> None:
    """Every usable control of every sample page, with two keys only."""
    for name, view in samples.items():
        stage.show(view)
        wanted = [control.objectName() for control in usable_controls(stage.window.quick_window)]
        stage.window.attention.use_keys(False)
        if wanted:
            assert sorted(walked(stage, Key.Key_F9, len(wanted))) == sorted(wanted), name
    stage.show(samples["review"])
    strike(stage, Key.Key_F9, Key.Key_F10)
    assert len(stage.touches) == 1


def test_the_switches_of_the_profile_win_over_the_keyboard(stage: Stage, samples: dict[str, View]) -> None:
    """Many switch boxes send Space and Enter."""
    with switched(stage, Switches("Space", "Return")):
        stage.show(samples["receipt"])
        assert walked(stage, Key.Key_Space, 2) == ["answer:receipt.paper", "answer:receipt.code"]
        strike(stage, Key.Key_Return)
        assert answers(stage) == ["receipt.code"]


def test_a_switch_that_is_struck_twice_by_a_trembling_hand_is_heard_once(stage: Stage, samples: dict[str, View]) -> None:
    with switched(stage, Switches("F9", "F10", bounce_ms=600)):
        stage.show(samples["receipt"])
        now = stage.window.page.clock()
        assert walked(stage, Key.Key_F9, 3) == ["answer:receipt.paper"] * 3
        stage.pump(lambda: stage.window.page.clock() > now + 0.62)
        assert walked(stage, Key.Key_F9, 2) == ["answer:receipt.code"] * 2
        strike(stage, Key.Key_F10)  # the other switch
        assert answers(stage) == ["receipt.code"]
        assert walked(stage, Key.Key_Tab, 2) == ["answer:receipt.none", "answer:footer.back"]  # a keyboard's keys are not switches


@contextmanager
def switched(stage: Stage, switches: Switches) -> Iterator[None]:
    """Another profile's switches, for a while."""
    window = stage.window
    window.quick_window.removeEventFilter(window.keyboard)
    others = Keyboard(window.quick_window, window.page, window.attention, switches)
    try:
        yield
    finally:
        window.quick_window.removeEventFilter(others)
        others.deleteLater()
        for watcher in (window.keyboard, window.shield):
            window.quick_window.installEventFilter(watcher)


def test_the_keyboard_is_disarmed_until_the_machine_answers(stage: Stage, samples: dict[str, View]) -> None:
    shown = stage.show(samples["notice"])
    strike(stage, Key.Key_Tab, Key.Key_Return, Key.Key_Return, Key.Key_Tab, Key.Key_Return)
    assert stage.touches == [Touch(shown.serial, "decline")]


def test_a_trembling_second_strike_is_not_meant_for_the_new_page(stage: Stage, twice_struck: None, samples: dict[str, View]) -> None:
    page = stage.window.page
    stage.show(samples["goodbye"])
    stage.pump(lambda: page.armed)
    strike(stage, Key.Key_Tab)
    stage.show(samples["refused"])
    strike(stage, Key.Key_Return)
    assert stage.touches == []
    stage.pump(lambda: page.armed)
    strike(stage, Key.Key_Return)
    assert answers(stage) == ["finish"]


def test_a_page_that_changes_under_the_key_is_not_answered(stage: Stage, samples: dict[str, View]) -> None:
    stage.show(samples["goodbye"])
    strike(stage, Key.Key_Tab)
    down(stage, Key.Key_Return)
    stage.show(samples["refused"])
    up(stage, Key.Key_Return)
    assert stage.touches == []


def test_the_dialog_takes_the_focus_to_its_first_answer_and_gives_it_back(stage: Stage, samples: dict[str, View]) -> None:
    plain = replace(samples["id_card-asked"], answers=samples["id_card"].answers, deadline=None)
    stage.show(plain)
    strike(stage, *[Key.Key_Tab] * 4)
    assert focused(stage) == "answer:footer.language"
    for _ in range(2):  # each time from its first answer, wherever focus was in it before
        stage.show(samples["id_card-asked"])
        stage.pump()
        assert walked(stage, Key.Key_Tab, 0) == [] and focused(stage) == "answer:more_time"
        assert walked(stage, Key.Key_Tab, 2) == ["answer:footer.cancel", "answer:more_time"]
        strike(stage, Key.Key_Tab)
        stage.show(plain)
        stage.pump()
        assert focused(stage) == "answer:footer.language"


def test_focus_stays_through_help_language_size_and_theme(stage: Stage, samples: dict[str, View]) -> None:
    stage.show(samples["receipt"])
    strike(stage, *[Key.Key_Tab] * 3)
    before = focused(stage)
    assert before == "answer:receipt.none"
    for comfort in (Comfort("en"), Comfort("en", 2), Comfort("en", 2, "white_on_black")):
        stage.show(samples["receipt"], comfort=comfort)
        stage.pump()
        assert focused(stage) == before
    stage.show(replace(samples["receipt"], problem=Message("sample.id_card.problem")))
    stage.pump()
    assert focused(stage) == before


def test_where_a_control_is_no_longer_offered_focus_goes_to_the_one_before(stage: Stage, samples: dict[str, View]) -> None:
    view = samples["phone"]
    stage.show(view)
    strike(stage, *[Key.Key_Tab] * 13)
    assert focused(stage) == "answer:skip"
    stage.show(replace(view, answers=tuple(a for a in view.answers if a.id != "skip")))
    stage.pump()
    assert focused(stage) == "answer:erase"
    only = Answer("footer.help", Message("footer.help"), Role.FOOTER)
    stage.show(replace(view, answers=(only,)))
    stage.pump()
    assert focused(stage) == "answer:footer.help"


def test_a_new_page_begins_at_its_first_control(stage: Stage, samples: dict[str, View]) -> None:
    stage.show(samples["receipt"])
    strike(stage, *[Key.Key_Tab] * 6)
    stage.show(samples["review"])
    stage.pump()
    assert focused(stage) == "answer:change"


def test_turning_pages_by_keys_never_loses_the_focus(stage: Stage, samples: dict[str, View]) -> None:
    stage.show(samples["choose-many"], comfort=Comfort("en", 3))
    for _ in range(12):
        strike(stage, Key.Key_Tab)
        if focused(stage) == "pager:next":
            break
    for _ in range(stage.window.page.choose.entries.rowCount()):  # there are never more pages
        if focused(stage) != "pager:next":  # on the last page it cannot be had: focus went to the one before it
            break
        strike(stage, Key.Key_Return)
        stage.pump()
        assert focused(stage)
        if control_of(stage.window.quick_window, "pager:next") is None:
            break  # where there are fewer, the next stroke would turn back
    assert control_of(stage.window.quick_window, "pager:next") is None, "the last page was never reached"


def test_the_next_traveller_finds_no_focus_drawn(stage: Stage, samples: dict[str, View]) -> None:
    stage.show(samples["goodbye"])
    strike(stage, Key.Key_Tab)
    assert focused(stage)
    stage.show(samples["attract"])
    stage.pump()
    assert (focused(stage), rings(stage)) == ("", [])
