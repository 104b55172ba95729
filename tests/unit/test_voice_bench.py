"""The voice's bench hears the sound itself, as fast as it sounds: a late voice is over the limit, and what was not heard or not prepared is said."""

import json
import time
from pathlib import Path

import pytest

from drivers.contract.failure import Failure as DriverFailure
from drivers.contract.voice import Speech
from drivers.voice.espeak import EspeakVoice
from kiosk.commands import bench
from kiosk.commands.bench import sound_card, voice
from kiosk.journey.gallery import views


@pytest.fixture
def two_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voice, "views", lambda policy: dict(list(views(policy).items())[:2]))
    monkeypatch.setattr(voice, "LANGUAGES", ("zh-Hans", "en"))
    monkeypatch.setattr(voice, "LIMIT_MS", 60_000.0)  # how fast this machine is is none of the suite's business


def lines(capsys: pytest.CaptureFixture[str]) -> dict[str, dict[str, object]]:
    return {line["name"].removeprefix("voice."): line for line in json.loads(capsys.readouterr().out)}


def code(capsys: pytest.CaptureFixture[str]) -> str:
    return str(json.loads(capsys.readouterr().out)["failure"]["code"])


@pytest.mark.usefixtures("two_pages")
def test_the_first_sound_of_every_page_in_every_language_is_heard(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.run("voice", as_json=True) == 0
    found = lines(capsys)
    assert set(found) == {"first_sound", "first_sound_slowest", "first_sound_elder", "first_sound_elder_slowest", "prepared"}
    assert {line["runs"] for line in found.values()} == {4} and found["prepared"]["median"] == 100
    assert found["first_sound"]["baseline"] is not None and found["first_sound_elder_slowest"]["limit"] == 60_000


@pytest.mark.usefixtures("two_pages")
def test_a_voice_that_begins_late_is_over_the_limit(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    prompt = voice.Heard.speak

    def late(self: voice.Heard, speech: Speech) -> DriverFailure | None:
        time.sleep(1)
        return prompt(self, speech)

    monkeypatch.setattr(voice, "LIMIT_MS", 900.0)
    monkeypatch.setattr(voice.Heard, "speak", late)
    assert bench.run("voice", as_json=True) == 1
    slowest = lines(capsys)["first_sound_slowest"]
    assert slowest["ok"] is False and float(str(slowest["median"])) >= 1000


def test_a_machine_without_a_player_is_told_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    program = tmp_path / "espeak-ng"
    program.write_text("#!/bin/sh\necho 1.51\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert bench.run("voice", as_json=True) == 1
    assert code(capsys) == "voice.no_player"


@pytest.mark.usefixtures("two_pages")
@pytest.mark.parametrize(("answered", "said"), [(None, "bench.not_completed"), (DriverFailure("voice.bad_text"), "voice.bad_text")])
def test_a_voice_that_is_never_heard_gives_no_figure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], answered: DriverFailure | None, said: str
) -> None:
    monkeypatch.setattr(sound_card, "WAIT_S", 0.2)
    monkeypatch.setattr(EspeakVoice, "speak", lambda self, speech: answered)
    assert bench.run("voice", as_json=True) == 1
    assert code(capsys) == said


@pytest.mark.usefixtures("two_pages")
def test_where_set_up_prepared_nothing_there_is_no_figure_for_it(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(EspeakVoice, "_ready", lambda self, text, language, rate: None)
    assert bench.run("voice", as_json=True) == 1
    assert code(capsys) == "bench.file_missing"


def test_quiet_is_not_heard_and_sounds_as_long_as_it_lasts(tmp_path: Path) -> None:
    card = sound_card.Card(tmp_path / "card")
    card.listen()
    began = time.monotonic()
    with (tmp_path / "card").open("wb", buffering=0) as player:
        for piece in (bytes(sound_card.BYTES_A_S // 2), b"\x00\x40" * 4000):
            player.write(piece)
        heard_at = card.heard_at()
    card.unplug()
    assert heard_at is not None and heard_at - began > 0.4
