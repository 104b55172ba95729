"""The wake shield: what first touches a sleeping machine has chosen nothing."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtTest import QTest

from kiosk.view import Comfort, View
from tests.ui.conftest import Stage
from tests.ui.geometry import faults_of_text, texts
from tests.ui.keys import focused, strike
from ui.app import Screen
from ui.press import control_of, press_control
from ui.render import ORIENTATIONS
from ui.screen import ScreenOptions


@pytest.fixture
def sleepy(stage: Stage) -> Iterator[Stage]:
    """A page that sleeps after a moment."""
    idle = stage.window.shield.idle
    minute = idle.interval()
    idle.setInterval(80)
    yield stage
    idle.setInterval(minute)
    stage.window.attention.sleep(False)


def touch(stage: Stage, answer: str) -> None:
    press_control(stage.window.quick_window, control_of(stage.window.quick_window, f"answer:{answer}"))


def asleep(stage: Stage) -> bool:
    return bool(stage.window.attention.asleep)


def test_the_documented_minute() -> None:
    assert ScreenOptions().idle_s == 60.0


def test_the_first_touch_wakes_and_is_swallowed_the_second_counts(sleepy: Stage, samples: dict[str, View]) -> None:
    sleepy.show(samples["review"])
    sleepy.show(samples["attract"])
    sleepy.pump(lambda: asleep(sleepy))
    sleepy.pump()
    said = {text.property("text") for text in texts(sleepy.window.quick_window.contentItem())}
    assert {"轻触屏幕或按任意键开始", "Touch the screen or press any key"} <= said
    touch(sleepy, "destination.HKG")
    assert (asleep(sleepy), sleepy.touches) == (False, [])
    touch(sleepy, "destination.HKG")
    assert [each.answer for each in sleepy.touches] == ["destination.HKG"]


@pytest.mark.parametrize("orientation", ORIENTATIONS)
@pytest.mark.parametrize("text_size", [0, 1, 2, 3])
def test_what_a_sleeping_page_says_is_never_cut(sleepy: Stage, samples: dict[str, View], orientation: str, text_size: int) -> None:
    sleepy.show(samples["attract"], orientation, Comfort("en", text_size))
    sleepy.window.attention.sleep(True)
    sleepy.pump()
    whole = QRectF(0, 0, *ORIENTATIONS[orientation])
    assert [fault for text in texts(sleepy.window.quick_window.contentItem()) for fault in faults_of_text(text, whole)] == []


def test_the_first_key_wakes_and_does_nothing_else(sleepy: Stage, samples: dict[str, View]) -> None:
    sleepy.show(samples["review"])
    sleepy.show(samples["attract"])
    sleepy.pump(lambda: asleep(sleepy))
    strike(sleepy, Qt.Key.Key_F10)
    assert (asleep(sleepy), focused(sleepy), sleepy.touches) == (False, "", [])
    strike(sleepy, Qt.Key.Key_F9)
    assert focused(sleepy) == "answer:destination.HKG"
    strike(sleepy, Qt.Key.Key_F10)
    assert [each.answer for each in sleepy.touches] == ["destination.HKG"]


def test_a_trembling_second_stroke_after_waking_is_not_heard_either(sleepy: Stage, samples: dict[str, View]) -> None:
    page = sleepy.window.page
    sleepy.show(samples["review"])
    sleepy.show(samples["attract"])
    sleepy.pump(lambda: asleep(sleepy))
    page.double_strike_ms = 600
    sleepy.window.shield.idle.setInterval(60_000)
    try:
        touch(sleepy, "destination.HKG")
        touch(sleepy, "destination.HKG")
        assert sleepy.touches == []
        sleepy.pump(lambda: page.armed)
        touch(sleepy, "destination.HKG")
        assert len(sleepy.touches) == 1
    finally:
        page.double_strike_ms = 0


def test_only_the_first_page_sleeps_and_touch_keeps_it_awake(sleepy: Stage, samples: dict[str, View]) -> None:
    sleepy.window.shield.idle.setInterval(60_000)  # a loaded machine takes longer than a moment to show the page
    sleepy.show(samples["attract"])
    assert sleepy.window.shield.idle.isActive()
    sleepy.window.shield.idle.setInterval(20)
    sleepy.pump(lambda: asleep(sleepy))
    sleepy.show(samples["notice"])
    assert not asleep(sleepy)
    assert not sleepy.window.shield.idle.isActive()
    touch(sleepy, "footer.help")
    assert not sleepy.window.shield.idle.isActive()


def test_a_page_that_renews_itself_does_not_put_off_sleep(sleepy: Stage, samples: dict[str, View]) -> None:
    sleepy.show(samples["notice"])
    sleepy.window.shield.idle.setInterval(60_000)
    sleepy.show(samples["attract"])
    left = sleepy.window.shield.idle.remainingTime()
    sleepy.pump(lambda: sleepy.window.shield.idle.remainingTime() < left - 20)
    sleepy.show(samples["attract"])
    assert sleepy.window.shield.idle.remainingTime() < left


def test_the_journey_is_told_once_that_the_page_fell_asleep(sleepy: Stage, samples: dict[str, View]) -> None:
    told: list[bool] = []
    sleepy.seam.take_sleep(lambda: told.append(asleep(sleepy)))
    sleepy.show(samples["review"])
    sleepy.show(samples["attract"])
    sleepy.pump(lambda: asleep(sleepy))
    sleepy.show(samples["attract"])
    assert told == [True]
    sleepy.seam.take_sleep(lambda: None)


@pytest.mark.parametrize("comfort", [Comfort(elder=True), Comfort(voice=True)])
def test_whoever_listens_or_reads_slowly_keeps_the_page_awake_for_longer(sleepy: Stage, samples: dict[str, View], comfort: Comfort) -> None:
    shield = sleepy.window.shield
    shield.idle.setInterval(60_000)
    sleepy.show(samples["review"])
    sleepy.show(samples["attract"], comfort=comfort)
    for _minute in range(2):
        shield.idle.timeout.emit()
        assert not asleep(sleepy) and shield.idle.isActive()
    shield.idle.timeout.emit()
    assert asleep(sleepy)


def test_a_headset_wakes_the_machine(sleepy: Stage, samples: dict[str, View]) -> None:
    sleepy.window.shield.idle.setInterval(60_000)
    sleepy.show(samples["attract"])
    sleepy.window.attention.sleep(True)
    sleepy.show(samples["attract"])
    assert asleep(sleepy)
    sleepy.show(samples["attract"], comfort=Comfort(voice=True))
    assert not asleep(sleepy) and sleepy.window.shield.idle.isActive()


def test_a_scripted_traveller_wakes_the_machine_first(sleepy: Stage, samples: dict[str, View]) -> None:
    screen = Screen(sleepy.window)
    sleepy.show(samples["review"])
    sleepy.show(samples["attract"])
    sleepy.pump(lambda: asleep(sleepy))
    assert screen._wake()
    assert not screen._wake()
    assert sleepy.touches == []


def test_a_finger_on_a_touch_panel_wakes_and_chooses_nothing(sleepy: Stage, samples: dict[str, View]) -> None:
    panel = QTest.createTouchDevice()
    sleepy.show(samples["review"])
    sleepy.show(samples["attract"])
    sleepy.pump(lambda: asleep(sleepy))
    window = sleepy.window.quick_window
    control = control_of(window, "answer:destination.HKG")
    assert control is not None
    centre = control.mapToScene(QPointF(control.width() / 2, control.height() / 2)).toPoint()
    for wanted in ([], ["destination.HKG"]):
        QTest.touchEvent(window, panel).press(0, centre, window).commit()
        QTest.touchEvent(window, panel).release(0, centre, window).commit()
        sleepy.pump()
        assert (asleep(sleepy), [each.answer for each in sleepy.touches]) == (False, wanted)
