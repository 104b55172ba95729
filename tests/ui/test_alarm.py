"""The alarm of a permit left in the slot: seen on the page, heard where there is a loudspeaker, and nothing on the terminal where there is none."""

import subprocess
import sys
import wave
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kiosk.journey.gallery import views
from kiosk.policy import Policy
from kiosk.view import Comfort, View
from tests.ui.geometry import texts
from ui import alarm
from ui.render import ORIENTATIONS

ROOT = Path(__file__).resolve().parents[2]
# no screen, and no sound service to be found
NO_SOUND = {"QT_QPA_PLATFORM": "offscreen", "PULSE_SERVER": "unix:/nonexistent", "XDG_RUNTIME_DIR": "/nonexistent"}


class Bell:
    """Says what it was told to do."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def play(self) -> None:
        self.told.append("play")

    def stop(self) -> None:
        self.told.append("stop")


@pytest.fixture(scope="module")
def pages() -> dict[str, View]:
    policy = Policy.load(ROOT / "assets" / "policy")
    assert isinstance(policy, Policy)
    return views(policy)


@pytest.fixture
def bell(stage, monkeypatch: pytest.MonkeyPatch) -> Bell:
    bell = Bell()
    monkeypatch.setattr(stage.window, "alarm", alarm.Alarm(lambda: bell))
    return bell


def test_the_alarm_sounds_until_the_permit_is_gone(stage, pages: dict[str, View], bell: Bell) -> None:
    waiting, alarmed = pages["15-take_card"], pages["15-take_card-alarm"]
    stage.show(waiting)
    assert bell.told == []
    stage.show(alarmed)
    stage.show(replace(alarmed, comfort=Comfort("en")))  # another language, the same alarm
    assert bell.told == ["play"]
    stage.show(pages["17-goodbye"])
    assert bell.told == ["play", "stop"]
    stage.show(alarmed)
    assert bell.told == ["play", "stop", "play"]


def test_the_question_whether_somebody_is_there_is_heard_until_it_is_answered(
    stage, samples: dict[str, View], monkeypatch: pytest.MonkeyPatch
) -> None:
    chime = Bell()
    monkeypatch.setattr(stage.window, "question", alarm.Alarm(lambda: chime))
    asked = samples["id_card-asked"]
    stage.show(samples["id_card"])
    stage.show(asked)
    stage.show(replace(asked, comfort=Comfort("en")))
    assert chime.told == ["play"]
    stage.show(samples["id_card"])
    assert chime.told == ["play", "stop"]
    stage.show(asked, comfort=Comfort("en", voice=True))
    assert chime.told == ["play", "stop"], "the voice asks"


@pytest.mark.parametrize("orientation", ORIENTATIONS)
@pytest.mark.parametrize("theme", ["default", "black_on_white", "white_on_black", "low"])
def test_the_alarm_is_written_large_on_the_colour_of_trouble(stage, pages: dict[str, View], bell: Bell, orientation: str, theme: str) -> None:
    stage.show(pages["15-take_card-alarm"], orientation, Comfort("en", 1, theme))
    said = [text for text in texts(stage.window.quick_window.contentItem()) if "still in the slot" in text.property("text")]
    assert len(said) == 1
    biggest = max(text.property("font").pixelSize() for text in texts(stage.window.quick_window.contentItem()))
    assert said[0].property("font").pixelSize() == biggest
    picture = stage.window.quick_window.grabWindow()
    trouble = stage.window.theme.palette.trouble.upper()
    width, height = picture.width(), picture.height()
    dots = [picture.pixelColor(x, y).name().upper() for x in range(0, width, 20) for y in range(0, height, 20)]
    assert dots.count(trouble) / len(dots) > 0.04


def test_a_screen_that_nobody_stands_before_loads_no_sound_library() -> None:
    program = (
        "import sys\n"
        "from ui.app import the_application\n"
        "from ui.alarm import Alarm\n"
        "the_application()\n"
        "alarm = Alarm()\n"
        "alarm.ring(True)\n"
        "alarm.ring(False)\n"
        "sys.exit('PySide6.QtMultimedia' in sys.modules)\n"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, env=NO_SOUND, timeout=60)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")


def test_a_machine_without_a_loudspeaker_is_silent_and_says_nothing() -> None:
    program = (
        "from ui import alarm\n"
        "from ui.app import the_application\n"
        "application = the_application()\n"
        "alarm.QGuiApplication.platformName = staticmethod(lambda: 'xcb')\n"
        "bell = alarm.Alarm()\n"
        "bell.ring(True)\n"
        "for _ in range(20): application.processEvents()\n"
        "bell.ring(False)\n"
        "print(bell._player)\n"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, env=NO_SOUND, timeout=60)
    assert (ended.returncode, ended.stdout.strip(), ended.stderr) == (0, "None", "")


def test_the_sound_is_two_tones_in_turn_with_a_rest_and_never_clips() -> None:
    with wave.open(str(alarm.SOUND), "rb") as sound:
        assert (sound.getnchannels(), sound.getsampwidth()) == (1, 2)
        rate = sound.getframerate()
        heard = np.frombuffer(sound.readframes(sound.getnframes()), "<i2") / 32768.0
    assert 0.5 < np.abs(heard).max() < 0.95
    tone = round(0.28 * rate)

    def pitch(part: np.ndarray) -> float:
        return float(np.abs(np.fft.rfft(part)).argmax() * rate / len(part))

    low, high = pitch(heard[:tone]), pitch(heard[tone : 2 * tone])
    assert 800 < low < 1000 < high < 1300
    assert not heard[-rate // 4 :].any()


def test_the_sounds_are_the_ones_the_script_makes(tmp_path: Path) -> None:
    subprocess.run([sys.executable, str(ROOT / "packaging" / "alarm_sound.py"), str(tmp_path)], check=True, timeout=60)
    for sound in (alarm.SOUND, alarm.QUESTION):
        assert (tmp_path / sound.name).read_bytes() == sound.read_bytes()
