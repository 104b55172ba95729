"""`kiosk portrait`: the document, the table and the exit codes."""

import json
from pathlib import Path
from typing import Any

import pytest

from kiosk.cli import main

from . import portrait_pictures as made
from .face_pictures import ROOT

KEYS = {"name", "result", "value", "unit", "low", "high", "source", "reason", "advisory", "text", "reason_text"}


@pytest.fixture
def photograph(tmp_path: Path) -> Path:
    path = tmp_path / "photograph.jpg"
    path.write_bytes(made.jpeg(made.good()))
    return path


def document(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    found = json.loads(capsys.readouterr().out)
    assert isinstance(found, dict)
    return found


def test_a_good_photograph_passes(photograph: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["portrait", str(photograph), "--json"]) == 0
    found = document(capsys)
    assert (found["file"], found["width"], found["height"]) == (str(photograph), made.WIDTH, made.HEIGHT)
    assert (found["profile"], found["verdict"]) == ("permit", "pass")
    assert "ISO/IEC 29794-5" in found["modelled_on"]
    for row in found["measures"]:
        assert set(row) == KEYS
        assert set(row["text"]) == {"zh-Hans", "zh-Hant", "en"}
        assert (row["reason"] is None) == (row["reason_text"] is None) == (row["result"] in ("pass", "fail"))


def test_a_snapshot_does_not_pass_as_a_permit_photograph_but_as_a_frame(capsys: pytest.CaptureFixture[str]) -> None:
    file = str(ROOT / "assets/faces/obama.jpg")
    assert main(["portrait", file, "--json"]) == 3
    failing = {row["name"] for row in document(capsys)["measures"] if row["result"] == "fail"}
    assert {"file_kilobytes", "width_px", "mouth_open", "backdrop_uniformity"} <= failing
    assert main(["portrait", file, "--profile-name", "gate", "--json"]) == 0
    assert document(capsys)["profile"] == "gate"


def test_the_table_says_number_bound_and_reason(photograph: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["portrait", str(photograph)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "permit: pass" in lines[0] and "modelled on ISO/IEC 29794-5" in lines[0]
    assert any(line.startswith("+ Width of the picture") and "420 px  [354 .. 480]" in line for line in lines)
    assert any(line.startswith("? Whether the face is covered") and "for a person to look at" in line for line in lines)


@pytest.mark.parametrize(
    ("content", "code"),
    [(None, "picture.absent"), (b"text", "picture.not_a_picture"), (made.jpeg(made.good())[:9000], "picture.damaged")],
    ids=["absent", "text", "cut"],
)
def test_a_file_that_cannot_be_opened_is_named(content: bytes | None, code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.jpg"
    if content is not None:
        file.write_bytes(content)
    assert main(["portrait", str(file), "--json"]) == 2
    failure = document(capsys)["failure"]
    assert failure["code"] == code and str(file) in failure["text"]["en"]
