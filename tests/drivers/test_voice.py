"""The voice with the real espeak-ng: what it says, what it refuses, how it is paused, stopped and broken."""

import os
import subprocess
import threading
import time
import wave
from pathlib import Path

import numpy as np
import pytest

from drivers.contract.failure import Failure
from drivers.contract.status import Device
from drivers.contract.voice import Output, Speech
from drivers.device_command import run
from drivers.voice import prompts
from drivers.voice.espeak import EspeakVoice
from drivers.voice.port import placed, plugged
from drivers.voice.speeds import VOICES, speed
from drivers.voice.text import LONGEST, plain

SENTENCES = {"zh-Hans": "请把居民身份证平放在读卡区。", "zh-Hant": "請把居民身份證平放在讀卡區。", "en": "Please place your card on the reader."}
LONG = "Please place your resident identity card flat on the reader and leave it there. " * 8


def voice_into(folder: Path, jack: str = "never", ready: Path | None = None) -> tuple[EspeakVoice, Path]:
    heard = folder / "heard.wav"
    return EspeakVoice(f"timed://?headset=yes&jack={jack}&record={heard}", ready), heard


def samples(heard: Path) -> np.ndarray:
    with wave.open(str(heard), "rb") as sound:
        return np.frombuffer(sound.readframes(sound.getnframes()), "<i2").astype(float)


def seconds(text: str, language: str, rate: int) -> float:
    """How long espeak-ng makes it, without waiting for it to sound."""
    words, gap = speed(language, rate)
    command = ["espeak-ng", "-v", VOICES[language], "-s", str(words), "-g", str(gap), "-b", "1", "--stdin", "--stdout"]
    return (len(subprocess.run(command, input=text.encode(), capture_output=True, check=True).stdout) - 44) / 44100


def phonemes(text: str, language: str) -> str:
    command = ["espeak-ng", "-v", VOICES[language], "-x", "-q", "-b", "1", "--stdin"]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout


@pytest.fixture
def saying():
    """Speaks on a thread of its own; gives the answer back."""
    threads: list[threading.Thread] = []

    def say(voice: EspeakVoice, speech: Speech) -> list[Failure | None]:
        answers: list[Failure | None] = []
        threads.append(threading.Thread(target=lambda: answers.append(voice.speak(speech))))
        threads[-1].start()
        until = time.monotonic() + 5
        while speech.began_at is None and not answers and time.monotonic() < until:
            time.sleep(0.005)
        return answers

    yield say
    for thread in threads:
        thread.join(10)
        assert not thread.is_alive()


@pytest.mark.parametrize("language", SENTENCES)
def test_each_language_is_said_in_the_time_it_takes_to_say(tmp_path: Path, language: str) -> None:
    voice, heard = voice_into(tmp_path)
    speech, begun = Speech(SENTENCES[language], language, rate_percent=200), time.monotonic()
    assert voice.open() is None and voice.speak(speech) is None
    lasted = len(samples(heard)) / 22050
    assert lasted > 0.8 and np.abs(samples(heard)).max() > 1000
    assert lasted <= time.monotonic() - begun < lasted + 3
    assert speech.began_at is not None and speech.began_at < begun + 3


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant"])
def test_chinese_is_read_as_chinese(language: str) -> None:
    """With the voice `cmn` of espeak-ng 1.51 the characters come out as pinyin read by an English voice."""
    assert "(en)" not in phonemes(SENTENCES[language], language)


@pytest.mark.parametrize("language", SENTENCES)
@pytest.mark.parametrize("rate", [50, 65, 80, 125, 160, 200])
def test_a_rate_is_what_it_says(language: str, rate: int) -> None:
    text = SENTENCES[language] * 4
    assert seconds(text, language, 100) / seconds(text, language, rate) == pytest.approx(rate / 100, rel=0.15)


def test_the_pitch_stays_when_the_rate_changes(tmp_path: Path) -> None:
    """The strongest period between 60 and 250 Hz over the voiced middle of one long vowel."""
    voice, heard = voice_into(tmp_path)

    def pitch(rate: int) -> float:
        assert voice.speak(Speech("Aaaa.", "en", rate_percent=rate)) is None
        sound = samples(heard)
        loud = np.abs(sound).argmax()
        part = sound[max(loud - 1100, 0) : loud + 1100]
        echo = np.correlate(part, part, "full")[len(part) - 1 :]
        return 22050 / (22050 // 250 + echo[22050 // 250 : 22050 // 60].argmax())

    assert pitch(65) == pytest.approx(pitch(160), rel=0.12)


def test_half_the_volume_is_six_decibels_less(tmp_path: Path) -> None:
    voice, heard = voice_into(tmp_path)
    loudness = []
    for volume in (100, 50, 0):
        assert voice.speak(Speech("One.", "en", 200, volume)) is None
        loudness.append(float(np.sqrt((samples(heard) ** 2).mean())))
    assert loudness[0] / loudness[1] == pytest.approx(2, rel=0.02) and loudness[2] == 0


@pytest.mark.parametrize("text", ["", "   ", "\x00\x01\x1b", "。，!?", "<>[]", "x" * (LONGEST + 1), "请" * 10_000])
def test_what_cannot_be_said_is_refused(tmp_path: Path, text: str) -> None:
    voice, heard = voice_into(tmp_path)
    assert voice.speak(Speech(text, "en")) == Failure("voice.bad_text")
    assert not heard.exists()


@pytest.mark.parametrize("setting", ["fr 100 50", "x 100 50", "en 49 50", "en 201 50", "en 100 -1", "en 100 101"])
def test_settings_that_there_are_not_are_refused(tmp_path: Path, setting: str) -> None:
    language, rate, volume = setting.split()
    failure = voice_into(tmp_path)[0].speak(Speech("Hello", language, int(rate), int(volume)))
    assert failure is not None and failure.code == "voice.bad_setting"


@pytest.mark.parametrize(
    ("written", "as_if"),
    [
        ("\x0130S slow", "30S slow"),  # U+0001 begins espeak-ng's own commands: speed 30
        ("[[h@l'oU]] there", "h@l'oU there"),  # phonemes
        ('<audio src="/etc/passwd"/> x', 'audio src="/etc/passwd"/ x'),
        ("&lt;break/&gt;", "lt;break/ gt;"),
        ("one\r\n\ttwo\u200b\u202e three", "one two three"),
    ],
)
def test_nothing_in_a_text_is_a_command(written: str, as_if: str) -> None:
    assert plain(written) == as_if


@pytest.mark.parametrize("text", ["--version", "-f /etc/passwd", "-w /tmp/never.wav hello"])
def test_a_text_that_looks_like_an_option_is_said(tmp_path: Path, text: str) -> None:
    voice, heard = voice_into(tmp_path)
    assert voice.speak(Speech(text, "en", 200)) is None
    assert len(samples(heard)) > 22050 / 2
    assert not Path("/tmp/never.wav").exists()


def test_a_command_in_the_text_would_be_obeyed_without_the_guard() -> None:
    """What the guard is for: to this espeak-ng U+0001 is a command, and `[[` begins phonemes."""
    assert phonemes("[[h@l'oU]]", "en").strip().startswith("h@l'oU")
    assert phonemes(plain("[[h@l'oU]]") or "", "en").strip() != phonemes("[[h@l'oU]]", "en").strip()


def test_stopping_ends_it_at_once(tmp_path: Path, saying) -> None:
    voice, heard = voice_into(tmp_path)
    speech = Speech(LONG, "en")
    answers = saying(voice, speech)
    stopped = time.monotonic()
    speech.stop()
    while not answers and time.monotonic() < stopped + 3:
        time.sleep(0.005)
    assert answers == [None] and time.monotonic() - stopped < 0.5
    assert len(samples(heard)) / 22050 < 3


def test_the_next_thing_said_interrupts_the_one_before(tmp_path: Path, saying) -> None:
    voice, _ = voice_into(tmp_path)
    answers = saying(voice, Speech(LONG, "en"))
    begun = time.monotonic()
    assert voice.speak(Speech("Stop.", "en", 200)) is None
    assert answers == [None] and time.monotonic() - begun < 5


def test_what_was_stopped_before_it_began_is_never_heard(tmp_path: Path) -> None:
    voice, heard = voice_into(tmp_path)
    speech = Speech("Hello", "en")
    speech.stop()
    assert voice.speak(speech) is None
    assert speech.began_at is None and not heard.exists()


def test_a_pause_holds_the_sentence_and_loses_nothing_of_it(tmp_path: Path, saying) -> None:
    voice, heard = voice_into(tmp_path)
    text = SENTENCES["en"]
    speech, begun = Speech(text, "en", 200), time.monotonic()
    answers = saying(voice, speech)
    speech.pause()
    time.sleep(1.5)
    assert answers == []
    speech.go_on()
    while not answers:
        time.sleep(0.01)
    whole = seconds(text, "en", 200)
    assert answers == [None] and len(samples(heard)) / 22050 == pytest.approx(whole, abs=0.05)
    assert time.monotonic() - begun >= whole + 1.2


def test_a_pause_can_be_stopped(tmp_path: Path, saying) -> None:
    voice, _ = voice_into(tmp_path)
    speech = Speech(LONG, "en")
    answers = saying(voice, speech)
    speech.pause()
    voice.forget()
    until = time.monotonic() + 3
    while not answers and time.monotonic() < until:
        time.sleep(0.01)
    assert answers == [None]


def fake(folder: Path, name: str, body: str) -> None:
    program = folder / name
    program.write_text("#!/bin/sh\n" + body)
    program.chmod(0o755)


def test_a_synthesizer_killed_in_the_middle_is_a_failure(tmp_path: Path, saying) -> None:
    voice, _ = voice_into(tmp_path)
    answers = saying(voice, Speech(LONG, "en"))
    mine = subprocess.run(["pgrep", "-P", str(os.getpid()), "espeak-ng"], capture_output=True, text=True, check=True).stdout.split()
    assert len(mine) == 1
    os.kill(int(mine[0]), 9)
    until = time.monotonic() + 10
    while not answers and time.monotonic() < until:
        time.sleep(0.01)
    assert answers == [Failure("voice.synthesis_failed")]
    assert voice.speak(Speech("Again.", "en", 200)) is None


def test_a_synthesizer_that_gives_no_sound_is_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake(tmp_path, "espeak-ng", 'case "$1" in --version) echo "eSpeak NG text-to-speech: 1.51";; *) echo nothing;; esac\n')
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert voice_into(tmp_path)[0].speak(Speech("Hello", "en")) == Failure("voice.synthesis_failed")


def test_a_machine_without_the_programs_says_which_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    voice = voice_into(tmp_path)[0]
    assert voice.open() == voice.speak(Speech("Hello", "en")) == Failure("voice.no_synthesizer")
    assert voice.status().device is Device.NO_DEVICE and voice.status().fault == Failure("voice.no_synthesizer")
    fake(tmp_path, "espeak-ng", "echo 1.51\n")
    assert EspeakVoice("alsa://default").open() == Failure("voice.no_player")


def test_a_machine_without_a_sound_device_says_so(tmp_path: Path) -> None:
    voice = EspeakVoice("alsa://no_such_device")
    missing = Failure("voice.no_device", detail={"device": "no_such_device"})
    assert voice.open() == voice.speak(Speech("Hello", "en")) == voice.status().fault == missing
    document, code = run("voice", "status", "espeak", "alsa://no_such_device")
    assert code == 1 and isinstance(document, dict) and document["failure"] == missing


def test_alsa_plays_what_is_said() -> None:
    """The null device of ALSA takes everything at once: that aplay is there, understands its options and ends well."""
    voice = EspeakVoice("alsa://null")
    assert voice.open() is None and voice.speak(Speech("Hello", "en")) is None
    assert voice.status().device is Device.ONLINE and voice.status().firmware == "1.51"


def test_what_is_private_is_said_to_a_headset_only(tmp_path: Path, saying) -> None:
    jack = tmp_path / "jack"
    voice, heard = voice_into(tmp_path, str(jack))
    private = Speech(LONG, "en", to=Output.HEADSET)
    assert voice.speak(private) == Failure("voice.no_headset") and not heard.exists()
    jack.write_text("1\n")
    answers = saying(voice, Speech(LONG, "en", to=Output.HEADSET))
    assert answers == [] and voice.headset()
    jack.write_text("0\n")  # pulled out: the sound card may turn to its loudspeaker
    pulled = time.monotonic()
    while not answers and time.monotonic() < pulled + 5:
        time.sleep(0.01)
    assert answers == [Failure("voice.no_headset")] and time.monotonic() - pulled < 1


@pytest.mark.parametrize("jack", ["control:99:Headphone Jack", "/nowhere", "never"])
def test_a_headset_that_cannot_be_asked_for_is_none(jack: str) -> None:
    assert not plugged(jack)


def test_a_jack_control_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake(tmp_path, "amixer", 'echo "$@" >"$0.asked"; echo "  : values=on"\n')
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert plugged("control:1:Headphone Jack")
    assert (tmp_path / "amixer.asked").read_text() == "-c 1 cget iface=CARD,name=Headphone Jack\n"


@pytest.mark.parametrize(
    "port", ["", "default", "alsa://", "timed", "pulse://x", "alsa://default?jack=perhaps", "alsa://default?card=1", "alsa://d?record=x"]
)
def test_a_port_that_cannot_be_read_is_refused(port: str) -> None:
    with pytest.raises(ValueError, match="no port of a voice"):
        placed(port)


def test_a_prompt_made_beforehand_is_used_at_the_usual_rate_and_a_stale_or_broken_one_is_not(tmp_path: Path) -> None:
    ready = tmp_path / "prompts"
    ready.mkdir()
    voice, heard = voice_into(tmp_path, ready=ready)
    name = voice.prompt_name("Hello", "en")
    assert isinstance(name, str)
    tone = (np.sin(np.arange(4410) / 5) * 9000).astype("<i2")
    prompts.keep(ready / name, (22050, tone.tobytes()))

    def said(rate: int = 100) -> int:
        assert voice.speak(Speech("Hello", "en", rate, 100)) is None
        return len(samples(heard))

    assert said() == 4410 and np.array_equal(samples(heard), tone)
    assert said(125) > 4410
    (ready / name).write_bytes((ready / name).read_bytes()[:-1000])
    assert prompts.load(ready / name) is None and said() > 4410
    (ready / name).write_bytes(b"no sound")
    assert said() > 4410
    assert prompts.name_of("en", "Hello", "en", (100, 0), "1.52") != name, "another synthesizer makes it stale"


def test_a_speech_does_not_show_its_text_in_a_log() -> None:
    assert "440103" not in repr(Speech("440103199003071234", "en"))
