"""A finger on the glass: real pointer events on the real controls, and what comes out of the seam."""

import threading
from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent

from kiosk.view import Answer, Comfort, Message, Role, Touch, View
from ui.press import control_of, controls, press_control
from ui.render import ORIENTATIONS


def press(stage, answer: str) -> bool:
    control = control_of(stage.window.quick_window, f"answer:{answer}")
    return control is not None and press_control(stage.window.quick_window, control)


def pointer(stage, kind: QEvent.Type, x: float, y: float) -> None:
    held = Qt.MouseButton.NoButton if kind is QEvent.Type.MouseButtonRelease else Qt.MouseButton.LeftButton
    point = QPointF(x, y)
    changed = Qt.MouseButton.NoButton if kind is QEvent.Type.MouseMove else Qt.MouseButton.LeftButton
    event = QMouseEvent(kind, point, point, changed, held, Qt.KeyboardModifier.NoModifier)
    QCoreApplication.sendEvent(stage.window.quick_window, event)


def centre(stage, answer: str) -> tuple[float, float]:
    control = control_of(stage.window.quick_window, f"answer:{answer}")
    assert control is not None
    point = control.mapToScene(QPointF(control.width() / 2, control.height() / 2))
    return point.x(), point.y()


@pytest.mark.parametrize("orientation", ORIENTATIONS)
def test_every_offered_answer_of_every_page_can_be_pressed_and_posts_itself_once(stage, samples: dict[str, View], orientation: str) -> None:
    for name, view in samples.items():
        for answer in view.answers:
            shown = stage.show(view, orientation)
            stage.touches.clear()
            pages = 0
            # While the machine asks for more time, the page behind takes no touch.
            covered = view.deadline is not None and view.deadline.asked and answer.id not in ("more_time", "footer.cancel")
            # What takes a text is not offered before there is one.
            covered |= bool(answer.text_limit) and not view.body.written
            # Under the voice's keys the page takes none either; the footer beside them does.
            covered |= view.offers("voice.close") and not answer.id.startswith(("voice.", "footer."))
            while (pressed := press(stage, answer.id)) is False and answer.enabled and not covered and pages < 5:
                following = control_of(stage.window.quick_window, "pager:next")
                assert following is not None, f"{name}: {answer.id} is nowhere"
                press_control(stage.window.quick_window, following)
                pages += 1
            text = view.body.written if answer.text_limit else ""
            wanted = [Touch(shown.serial, answer.id, text)] if answer.enabled and not covered else []
            assert stage.touches == wanted, f"{name}: {answer.id} (pressed: {pressed})"


def test_a_second_press_before_the_machine_answers_posts_nothing(stage, samples: dict[str, View]) -> None:
    shown = stage.show(samples["notice"])
    assert press(stage, "agree")
    assert press(stage, "agree")
    assert press(stage, "decline")
    assert stage.touches == [Touch(shown.serial, "agree")]


def test_the_page_listens_again_when_the_next_view_has_come(stage, samples: dict[str, View]) -> None:
    stage.show(samples["phone"])
    press(stage, "digit:1")
    second = stage.show(samples["phone"])
    press(stage, "digit:2")
    assert [touch.answer for touch in stage.touches] == ["digit:1", "digit:2"]
    assert stage.touches[-1].serial == second.serial


def test_the_page_listens_again_after_a_second_without_a_new_view(stage, samples: dict[str, View]) -> None:
    stage.show(samples["notice"])
    press(stage, "agree")
    assert not stage.window.page.armed
    stage.pump(lambda: stage.window.page.armed)
    press(stage, "decline")
    assert [touch.answer for touch in stage.touches] == ["agree", "decline"]


def test_a_disabled_control_is_shown_and_posts_nothing(stage, samples: dict[str, View]) -> None:
    stage.show(samples["phone"])
    shown = [item for item in all_controls(stage) if item.objectName() == "answer:continue"]
    assert len(shown) == 1
    assert control_of(stage.window.quick_window, "answer:continue") is None, "it can be pressed"
    press_control(stage.window.quick_window, shown[0])
    assert stage.touches == []


def test_a_footer_button_that_is_not_offered_stays_in_its_place_and_posts_nothing(stage, samples: dict[str, View]) -> None:
    stage.show(samples["issuing"])
    names = [item.objectName() for item in all_controls(stage) if item.objectName().startswith("answer:footer.")]
    assert names == [f"answer:footer.{name}" for name in ("back", "cancel", "help", "language", "text_size", "contrast", "voice", "staff")]
    back = next(item for item in all_controls(stage) if item.objectName() == "answer:footer.back")
    press_control(stage.window.quick_window, back)
    assert stage.touches == []


def test_a_control_acts_on_release_and_not_when_the_finger_slid_off(stage, samples: dict[str, View]) -> None:
    stage.show(samples["notice"])
    x, y = centre(stage, "agree")
    pointer(stage, QEvent.Type.MouseButtonPress, x, y)
    assert stage.touches == []
    pointer(stage, QEvent.Type.MouseMove, x, y - 400)
    pointer(stage, QEvent.Type.MouseButtonRelease, x, y - 400)
    assert stage.touches == []
    pointer(stage, QEvent.Type.MouseButtonPress, x, y)
    pointer(stage, QEvent.Type.MouseButtonRelease, x, y)
    assert [touch.answer for touch in stage.touches] == ["agree"]


def test_a_page_that_changes_under_the_finger_is_not_answered(stage, samples: dict[str, View]) -> None:
    stage.show(samples["goodbye"])
    x, y = centre(stage, "finish")
    pointer(stage, QEvent.Type.MouseButtonPress, x, y)
    stage.show(samples["refused"])
    pointer(stage, QEvent.Type.MouseButtonRelease, x, y)
    assert stage.touches == []


def test_a_page_that_only_renews_its_words_under_the_finger_is_answered_with_its_newest_serial(stage, samples: dict[str, View]) -> None:
    stage.show(samples["face"])
    x, y = centre(stage, "footer.cancel")
    pointer(stage, QEvent.Type.MouseButtonPress, x, y)
    newest = stage.show(samples["face"])
    pointer(stage, QEvent.Type.MouseButtonRelease, x, y)
    assert stage.touches == [Touch(newest.serial, "footer.cancel")]


def test_right_after_a_new_step_a_trembling_second_stroke_is_not_heard(stage, twice_struck, samples: dict[str, View]) -> None:
    page = stage.window.page
    stage.show(samples["goodbye"])
    stage.pump(lambda: page.armed)
    stage.show(samples["refused"])
    press(stage, "finish")
    assert stage.touches == []
    stage.pump(lambda: page.armed)
    press(stage, "finish")
    assert [touch.answer for touch in stage.touches] == ["finish"]


@pytest.mark.parametrize("step", ["staff_confirm", "staff_compare"], ids=["same step", "new step"])
def test_the_second_stroke_on_the_keypads_next_confirms_nobody(stage, twice_struck, samples: dict[str, View], step: str) -> None:
    """The comparison's answer lies where the keypad's button was, and comes a third of a second after it was struck."""
    page = stage.window.page
    keypad = replace(samples["phone"], step="staff_confirm", answers=(Answer("next", Message("sample.continue"), Role.PRIMARY),))
    comparison = replace(samples["compare"], step=step)
    stage.show(keypad)
    stage.pump(lambda: page.armed)
    struck = centre(stage, "next")
    press(stage, "next")
    stage.show(comparison)
    for kind in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease):
        pointer(stage, kind, *struck)
    assert [touch.answer for touch in stage.touches] == ["next"]
    stage.pump(lambda: page.armed)
    press(stage, "holder")
    assert [touch.answer for touch in stage.touches] == ["next", "holder"]


def test_a_stroke_that_begins_while_the_page_is_deaf_is_not_heard_however_late_it_ends(stage, twice_struck, samples: dict[str, View]) -> None:
    page = stage.window.page
    stage.show(samples["goodbye"])
    stage.pump(lambda: page.armed)
    stage.show(samples["refused"])
    x, y = centre(stage, "finish")
    pointer(stage, QEvent.Type.MouseButtonPress, x, y)
    stage.pump(lambda: page.armed)
    pointer(stage, QEvent.Type.MouseButtonRelease, x, y)
    assert stage.touches == []


def test_a_page_that_only_renews_its_words_listens_at_once(stage, twice_struck, samples: dict[str, View]) -> None:
    page = stage.window.page
    stage.show(samples["phone"])
    stage.pump(lambda: page.armed)
    stage.show(samples["phone"])
    assert page.armed


def test_the_page_behind_the_question_for_more_time_cannot_be_touched(stage, samples: dict[str, View]) -> None:
    stage.show(samples["id_card-asked"])
    assert control_of(stage.window.quick_window, "answer:footer.help") is None
    assert press(stage, "more_time")
    assert [touch.answer for touch in stage.touches] == ["more_time"]


def test_the_countdown_shows_only_for_the_last_seconds(stage, samples: dict[str, View]) -> None:
    page, now = stage.window.page, stage.window.page.clock()
    deadline = samples["take_card"].deadline
    assert deadline is not None
    stage.show(replace(samples["take_card"], deadline=replace(deadline, ends_at=now + 100, alert_s=30)))
    assert page.seconds_left == -1
    stage.show(replace(samples["take_card"], deadline=replace(deadline, ends_at=now + 20, alert_s=30)))
    assert 15 <= page.seconds_left <= 20
    stage.show(samples["choose"])
    assert page.seconds_left == -1


def test_views_from_another_thread_arrive_in_order(stage, samples: dict[str, View]) -> None:
    serials = []
    stage.window.page.changed.connect(lambda: serials.append(stage.window.page.view.serial))
    first = stage.serial + 1

    def publish() -> None:
        for number in range(20):
            stage.seam.publish(replace(samples["face"], serial=first + number))

    thread = threading.Thread(target=publish)
    thread.start()
    thread.join()
    stage.serial += 20
    stage.pump(lambda: len(serials) == 20)
    assert serials == list(range(first, first + 20))


def test_every_control_has_a_name_for_assistive_technology(stage, samples: dict[str, View]) -> None:
    for name, view in samples.items():
        stage.show(view)
        for control in all_controls(stage):
            assert control.property("label"), f"{name}: {control.objectName()} has no name"


def test_an_unknown_word_is_noticed_and_shown_by_its_key(stage, samples: dict[str, View]) -> None:
    help_me = Answer("footer.help", Message("no.such.word"), Role.FOOTER)
    stage.show(replace(samples["attract"], answers=(help_me,), comfort=Comfort("en")))
    assert stage.window.page.unknown_words == ["no.such.word: 'no.such.word'"]
    stage.window.page.unknown_words.clear()


def all_controls(stage) -> list:
    return list(controls(stage.window.quick_window))


def test_under_the_voices_keys_the_page_is_deaf_and_the_footer_is_not(stage, samples: dict[str, View]) -> None:
    shown = stage.show(samples["id_card-voice"])
    assert control_of(stage.window.quick_window, "answer:voice.slower") is None, "at the end of its scale"
    for answer in ("voice.pause", "footer.voice", "footer.cancel"):
        assert press(stage, answer)
        stage.window.page._untouch()
    assert stage.touches == [Touch(shown.serial, answer) for answer in ("voice.pause", "footer.voice", "footer.cancel")]
    stage.show(samples["choose"])
    assert not stage.window.page.voice_sheet and control_of(stage.window.quick_window, "answer:voice.pause") is None


def test_behind_the_voices_keys_nothing_of_the_page_can_be_touched(stage, samples: dict[str, View]) -> None:
    keys = tuple(answer for answer in samples["id_card-voice"].answers if answer.role is Role.VOICE)
    stage.show(replace(samples["choose"], answers=(*samples["choose"].answers, *keys)))
    names = [item.objectName() for item in all_controls(stage) if item.isEnabled()]
    assert names and all(name.startswith(("answer:voice.", "answer:footer.")) for name in names)
