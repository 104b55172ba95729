"""What is said when: pages interrupt, touches interrupt, a line that changed is said alone, and the settings are heard."""

import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from drivers.contract.failure import Failure
from drivers.contract.voice import Output, Speech
from drivers.voice.espeak import EspeakVoice
from kiosk.i18n import Catalogue
from kiosk.services.speaking import Speaking
from kiosk.view import Comfort, Touch, View
from ui.samples import sample_catalogue, sample_views

ROOT = Path(__file__).parents[2]
ON = Comfort("en", voice=True)


class Listener:
    """A voice that says nothing and remembers what it was given; each speech lasts until it is let end or is stopped."""

    def __init__(self) -> None:
        self.given: list[Speech] = []
        self.plugged = False
        self.answer: Failure | None = None
        self.lasts = False
        self.came = threading.Condition()
        self.ended = threading.Event()

    def headset(self) -> bool:
        return self.plugged

    def speak(self, speech: Speech) -> Failure | None:
        with self.came:
            self.given.append(speech)
            self.came.notify_all()
        while self.lasts and not speech.stopped.is_set() and not self.ended.is_set():
            time.sleep(0.002)
        return self.answer

    def until(self, count: int) -> list[str]:
        with self.came:
            assert self.came.wait_for(lambda: len(self.given) >= count, 5), [speech.text for speech in self.given]
        return [speech.text for speech in self.given]

    def quiet(self) -> list[str]:
        """What was said once nothing more comes."""
        before = -1
        while before != len(self.given):
            before = len(self.given)
            time.sleep(0.08)
        return [speech.text for speech in self.given]


@pytest.fixture(scope="module")
def words() -> Catalogue:
    return sample_catalogue(ROOT / "assets" / "i18n")


@pytest.fixture(scope="module")
def samples() -> dict[str, View]:
    return sample_views()


@pytest.fixture
def heard() -> Listener:
    return Listener()


@pytest.fixture
def failures() -> list[Any]:
    return []


@pytest.fixture
def speaking(heard: Listener, words: Catalogue, failures: list[Any]):
    voice: Any = heard
    made = Speaking(voice, words, failures.append)
    yield made
    made.close()


def test_a_page_is_said_once_from_its_title_to_its_footer(speaking: Speaking, heard: Listener, samples: dict[str, View], words: Catalogue) -> None:
    speaking.show(replace(samples["notice"], comfort=ON))
    said = heard.quiet()
    assert said[0] == words.say(samples["notice"].title, "en")
    assert len(said) == len(set(said)) > 10 and said[-1] == "Call staff"
    speaking.show(replace(samples["notice"], comfort=ON, serial=2))
    assert heard.quiet() == said, "the same page says nothing anew"


def test_with_the_voice_off_nothing_is_said_and_nothing_kept(speaking: Speaking, heard: Listener, samples: dict[str, View]) -> None:
    speaking.show(samples["review"])
    assert heard.quiet() == [] and speaking._thread is None
    speaking.show(replace(samples["review"], comfort=ON))
    heard.quiet()
    speaking.show(samples["attract"])
    assert (speaking._lines, speaking._said, speaking._line, speaking._page) == ((), set(), None, None)


def test_a_new_page_interrupts(speaking: Speaking, heard: Listener, samples: dict[str, View]) -> None:
    heard.lasts = True
    speaking.show(replace(samples["notice"], comfort=ON))
    heard.until(1)
    speaking.show(replace(samples["id_card"], comfort=ON))
    said = heard.until(2)
    assert heard.given[0].stopped.is_set() and said[1] != said[0] and len(said) == 2


def test_a_line_that_changed_is_said_alone(speaking: Speaking, heard: Listener, samples: dict[str, View]) -> None:
    speaking.show(replace(samples["id_card"], comfort=ON))
    before = heard.quiet()
    speaking.show(replace(samples["id_card-problem"], comfort=ON))
    after = heard.quiet()
    assert len(after) == len(before) + 1
    speaking.show(replace(samples["id_card"], comfort=ON))
    speaking.show(replace(samples["id_card-problem"], comfort=ON))
    assert heard.quiet() == [*after, after[-1]], "a line that came back is said again"


def test_a_touch_silences_the_page_and_the_voices_own_keys_do_not(speaking: Speaking, heard: Listener, samples: dict[str, View]) -> None:
    heard.lasts = True
    speaking.show(replace(samples["notice"], comfort=ON))
    heard.until(1)
    speaking.touched(Touch(0, "voice.louder"))
    assert not heard.given[0].stopped.is_set()
    speaking.touched(Touch(0, "agree"))
    assert heard.given[0].stopped.is_set() and len(heard.quiet()) == 1
    heard.lasts = False
    speaking.show(replace(samples["notice"], comfort=replace(ON, repeats=1)))
    assert len(heard.quiet()) > 10


def test_a_pause_holds_the_line_and_what_follows(speaking: Speaking, heard: Listener, samples: dict[str, View]) -> None:
    heard.lasts = True
    view = replace(samples["notice"], comfort=ON)
    speaking.show(view)
    heard.until(1)
    speaking.show(replace(view, comfort=replace(ON, paused=True)))
    assert heard.given[0].paused and not heard.given[0].stopped.is_set()
    heard.ended.set()  # its end reaches the listener all the same
    assert len(heard.quiet()) == 1
    speaking.show(replace(view, comfort=ON))
    assert len(heard.quiet()) > 10


def test_another_rate_is_heard_at_once_and_the_line_begins_again(speaking: Speaking, heard: Listener, samples: dict[str, View]) -> None:
    heard.lasts = True
    speaking.show(replace(samples["notice"], comfort=ON))
    heard.until(1)
    heard.lasts = False
    speaking.show(replace(samples["notice"], comfort=replace(ON, rate=65)))
    said = heard.quiet()
    assert heard.given[0].stopped.is_set() and said[1] == "Speed 65 %, volume 5 of 6" and said[2] == said[0]
    assert {speech.rate_percent for speech in heard.given[1:]} == {65}


def test_personal_data_goes_to_a_headset_only(speaking: Speaking, heard: Listener, samples: dict[str, View]) -> None:
    speaking.show(replace(samples["review"], comfort=ON))
    assert not any("C" in said and "6 7 8" in said for said in heard.quiet())
    assert {speech.to for speech in heard.given} == {Output.SPEAKER}
    heard.given.clear()
    heard.plugged = True
    speaking.show(replace(samples["review"], comfort=replace(ON, repeats=1)))
    assert any("6 7 8" in said for said in heard.quiet())
    assert {speech.to for speech in heard.given} == {Output.HEADSET}


def test_where_the_headset_is_pulled_out_the_line_is_said_again_without_what_is_private(
    speaking: Speaking, heard: Listener, samples: dict[str, View]
) -> None:
    heard.plugged, heard.lasts = True, True
    speaking.show(replace(samples["review"], comfort=ON))
    first = heard.until(1)
    heard.plugged, heard.answer = False, Failure("voice.no_headset")
    heard.ended.set()
    said = heard.until(2)
    heard.answer = None
    assert said[1] == first[0] and heard.given[1].to is Output.SPEAKER


def test_a_machine_without_sound_is_told_of(speaking: Speaking, heard: Listener, samples: dict[str, View], failures: list[Any]) -> None:
    heard.answer = Failure("voice.no_device", detail={"device": "default"})
    speaking.show(replace(samples["notice"], comfort=ON))
    heard.until(1)
    until = time.monotonic() + 5
    while not failures and time.monotonic() < until:
        time.sleep(0.01)
    assert failures[0].code == "voice.no_device"
    assert len(heard.quiet()) == 1 and len(failures) == 1, "the other lines are not tried"


def test_a_page_is_really_spoken(words: Catalogue, samples: dict[str, View], tmp_path: Path) -> None:
    voice = EspeakVoice(f"timed://?record={tmp_path / 'heard.wav'}")
    speaking = Speaking(voice, words, lambda failure: pytest.fail(failure.code))
    speaking.show(replace(samples["lift"], comfort=replace(ON, rate=200)))
    until = time.monotonic() + 10
    while not (tmp_path / "heard.wav").exists() and time.monotonic() < until:
        time.sleep(0.01)
    assert (tmp_path / "heard.wav").exists()
    begun = time.monotonic()
    speaking.close()
    assert time.monotonic() - begun < 2 and speaking._thread is not None and not speaking._thread.is_alive()
