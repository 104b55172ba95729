"""The voice's bench hears the sound itself: a slow voice is over the limit, one without a player is said to be."""

import json
import time
from pathlib import Path

import pytest

from drivers.contract.failure import Failure as DriverFailure
from drivers.contract.voice import Speech
from kiosk.commands import bench
from kiosk.commands.bench import voice
from kiosk.journey.gallery import views


@pytest.fixture
def two_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voice, "views", lambda policy: dict(list(views(policy).items())[:2]))
    monkeypatch.setattr(voice, "LANGUAGES", ("zh-Hans", "en"))


def lines(capsys: pytest.CaptureFixture[str]) -> dict[str, dict[str, object]]:
    return {line["name"]: line for line in json.loads(capsys.readouterr().out)}


@pytest.mark.usefixtures("two_pages")
def test_the_first_sound_of_every_page_in_every_language_is_heard(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.run("voice", as_json=True) == 0
    each, slowest = lines(capsys).values()
    assert each["runs"] == slowest["runs"] == 4 and each["median"] > 0 and each["baseline"] > 0
    assert slowest["limit"] == 500 and slowest["median"] >= each["p95"]


@pytest.mark.usefixtures("two_pages")
def test_a_voice_that_begins_late_is_over_the_limit(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    prompt = voice.Heard.speak

    def late(self: voice.Heard, speech: Speech) -> DriverFailure | None:
        time.sleep(0.2)
        return prompt(self, speech)

    monkeypatch.setattr(voice, "LIMIT_MS", 150.0)
    monkeypatch.setattr(voice.Heard, "speak", late)
    assert bench.run("voice", as_json=True) == 1
    assert lines(capsys)["voice.first_word_slowest"]["ok"] is False


def test_a_machine_without_a_player_is_told_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    program = tmp_path / "espeak-ng"
    program.write_text("#!/bin/sh\necho 1.51\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert bench.run("voice", as_json=True) == 1
    assert json.loads(capsys.readouterr().out)["failure"]["code"] == "voice.no_player"


@pytest.mark.usefixtures("two_pages")
def test_a_voice_that_is_never_heard_gives_no_figure(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(voice, "WAIT_S", 0.2)
    monkeypatch.setattr(voice.Heard, "speak", lambda self, speech: None)
    assert bench.run("voice", as_json=True) == 1
    assert json.loads(capsys.readouterr().out)["failure"]["code"] == "bench.not_completed"
