"""Words that make no sense: exit 2, one document that says what is wrong in three languages, nobody asked for anything."""

import subprocess
from pathlib import Path

import pytest

from tests.e2e.conftest import COMMAND, PROJECT, Running, kiosk, whole

TRANSACT = ("transact", "--persona", "ordinary")
CHOOSE = (*TRANSACT, "--choose", "HKG:G:1Y1")


def test_as_a_process_it_ends_with_the_same_code_and_document() -> None:
    words = ("transact", "--persona", "nobody-here", "--choose", "HKG:G:1Y1", "--json")
    as_process, here = Running(*words).ended(), kiosk(*words)
    assert as_process == here and (here.code, here.failure) == (2, "persona.unknown")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("transact", "--persona", "nobody-here", "--choose", "HKG:G:1Y1"), "persona.unknown"),
        (("offers", "--persona", "../ordinary"), "persona.unknown"),
        ((*TRANSACT, "--choose", "HKG:G:9Y9"), "usage.option"),
        ((*TRANSACT, "--choose", ""), "usage.option"),
        ((*TRANSACT, "--choose", "HKG:G:1Y1,HKG:L:1Y1"), "usage.one_per_destination"),
        (TRANSACT, "usage.words"),
        ((*CHOOSE, "--as-of", "2026-13-01"), "usage.as_of"),
        ((*CHOOSE, "--at", "44"), "usage.region"),
        ((*CHOOSE, "--pay", "cash"), "usage.pay"),
        ((*CHOOSE, "--scene", "moon"), "usage.scene"),
        ((*CHOOSE, "--profile", "no/such/profile.toml"), "profile.absent"),
        (("frobnicate",), "usage.words"),
        (("device", "id_reader", "status", "--driver", "nosuch", "--port", "/dev/null"), "driver.unknown"),
        (("device", "toaster", "status", "--driver", "samv", "--port", "/dev/null"), "device.unknown_family"),
        (("portrait", "no/such.jpg"), "picture.absent"),
        (("portrait", "README.md"), "picture.not_a_picture"),
        (("portrait", "a.jpg", "--profile-name", "passport"), "usage.words"),
        (("face", "compare", "assets/faces/obama.jpg"), "usage.words"),
        (("face", "compare", "assets/faces/obama.jpg", "no/such.jpg"), "picture.absent"),
        (("face", "compare", "assets/faces/obama.jpg", "assets/faces/pair.jpg"), "picture.several_faces"),
        (("face", "evaluate", "no/such"), "evaluation.absent"),
        (("face", "evaluate", "assets"), "evaluation.too_few"),
    ],
)
def test_wrong_words_are_named(words: tuple[str, ...], code: str) -> None:
    ended = kiosk(*words, "--json")
    assert (ended.code, ended.failure) == (2, code)


def test_a_demonstration_before_an_unknown_scene_does_not_begin() -> None:
    ended = kiosk("run", "--persona", "ordinary", "--scene", "moon")
    assert ended.code == 2 and ended.errors.startswith("usage.scene: ")


@pytest.mark.parametrize(
    ("change", "key", "allowed"),
    [
        (('sex = "M"', 'sex = "Q"'), "person.sex", "M, F"),
        (("[person]", "[person"), "-", "TOML"),
        (('birth = "1988-04-12"', ""), "person.birth", "YYYY-MM-DD"),
        (("faces:obama2.jpg", "faces:nosuch.jpg"), "face.live", "faces:"),
    ],
)
def test_a_malformed_persona_is_named_by_file_key_and_what_is_allowed(tmp_path: Path, change: tuple[str, str], key: str, allowed: str) -> None:
    text = (PROJECT / "assets/personas/ordinary.toml").read_text("utf-8")
    assert change[0] in text
    (tmp_path / "changed.toml").write_text(text.replace(*change), "utf-8")
    ended = kiosk("offers", "--persona", "changed", "--personas", str(tmp_path), "--json")
    assert (ended.code, ended.failure) == (2, "persona.malformed")
    for sentence in ended.document["failure"]["text"].values():
        assert "changed.toml" in sentence and key in sentence and allowed in sentence


def test_a_malformed_profile_is_wrong_usage(tmp_path: Path) -> None:
    (tmp_path / "profile.toml").write_text("x = [")
    for words in (CHOOSE, ("doctor",), ("recover",)):
        ended = kiosk(*words, "--profile", str(tmp_path / "profile.toml"), "--json")
        assert (ended.code, ended.failure) == (2, "profile.malformed")


def test_a_folder_that_cannot_be_written_is_said_before_the_journey() -> None:
    ended = kiosk(*CHOOSE, "--out", "/proc/nowhere", "--json")
    assert (ended.code, ended.failure) == (1, "output.unwritable")


def test_a_portrait_is_measured_in_one_document() -> None:
    ended = kiosk("portrait", "assets/faces/obama.jpg", "--json")
    assert (ended.code, ended.document["verdict"]) == (3, "fail")
    for row in ended.document["measures"]:
        assert row["result"] in ("pass", "fail", "indeterminate", "not_applicable")
        whole(row["text"])


@pytest.mark.parametrize(("persona", "code"), [("ordinary", 0), ("functionary", 3)])
def test_offers_are_told_with_every_key(persona: str, code: int) -> None:
    ended = kiosk("offers", "--persona", persona, "--json")
    assert ended.code == code and set(ended.document) >= {"as_of", "offers", "refusals"}
    assert bool(ended.document["offers"]) == (code == 0)
    for row in ended.document["offers"]:
        assert set(row) >= {"permit", "destination", "kind", "validity", "valid_until", "stay_days", "fee_fen", "remark"}
    for row in ended.document["refusals"]:
        assert set(row) >= {"permit", "destination", "kind", "validity", "code", "rule", "text"}
        whole(row["text"])


def test_the_version_is_one_line() -> None:
    shown = subprocess.run([COMMAND, "--version"], capture_output=True, text=True, timeout=30, check=True)
    assert shown.stdout.startswith("kiosk ") and shown.stdout.count("\n") == 1
