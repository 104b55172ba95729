"""The face bench never measures beside nothing: a peer that is missing or breaks off is said, with its name."""

import json
from pathlib import Path

import pytest

from kiosk.commands.bench import face, face_peers
from kiosk.domain.failure import Failure


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two environments whose Python says what the test wants."""
    monkeypatch.setattr(face_peers, "HOME", tmp_path)
    for name in face_peers.NAMES:
        (tmp_path / name / "bin").mkdir(parents=True)
        (tmp_path / name / "installed.sha256").touch()
        says(tmp_path, name, "exit 0")
    return tmp_path


def says(home: Path, name: str, shell: str) -> None:
    python = home / name / "bin/python"
    python.write_text(f"#!/bin/sh\n{shell}\n")
    python.chmod(0o755)


@pytest.mark.parametrize("name", face_peers.NAMES)
def test_a_missing_peer_is_named_before_anything_is_measured(home: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(face, "_measure", lambda *_: pytest.fail("measured"))
    (home / name / "installed.sha256").unlink()
    assert face.measure() == Failure("bench.peer_missing", detail={"peer": name})


def test_a_missing_picture_is_named(home: Path, tmp_path: Path) -> None:
    assert face._frames(tmp_path) == Failure("bench.file_missing", detail={"file": face.PICTURES[0]})


def test_a_peer_is_told_the_folder_and_the_runs_and_answers_in_json(home: Path) -> None:
    says(home, "dlib", """printf '{"said": "%s %s %s %s"}' "$1" "${2##*/}" "$4" "$OMP_NUM_THREADS" """)
    assert face_peers.ask("dlib", Path("chips"), 5, 2) == {"said": "-P dlib_peer.py 5 2"}


@pytest.mark.parametrize(("shell", "outcome"), [("exit 3", "exit 3"), ("echo '{}'; exit 1", "exit 1"), ("kill -9 $$", "exit -9")])
def test_a_peer_that_breaks_off_is_named(home: Path, shell: str, outcome: str) -> None:
    says(home, "mediapipe", shell)
    assert face_peers.ask("mediapipe", Path("frames"), 1, 2) == Failure("bench.peer_failed", detail={"peer": "mediapipe", "outcome": outcome})


def test_a_peer_without_a_python_is_named(home: Path) -> None:
    (home / "dlib/bin/python").unlink()
    failure = face_peers.ask("dlib", Path("chips"), 1, 2)
    assert failure == Failure("bench.peer_failed", detail={"peer": "dlib", "outcome": "FileNotFoundError"})


def test_the_points_difference_is_in_parts_of_the_eyes_distance() -> None:
    models = face.FaceModels.load(face.assets_directory() / "models")
    frames = face._frames(face.assets_directory() / "faces")
    assert isinstance(models, face.FaceModels) and isinstance(frames, dict)
    assert list(frames) == [f"{name}.png" for name in face.PICTURES]
    (seen,) = face.find_faces(models, frames["obama2.jpg.png"])
    points = json.loads(json.dumps(seen.points.tolist()))
    assert face._apart(seen, points) == pytest.approx(0, abs=1e-9)
    right, left = seen.points[[33, 263]]
    assert face._apart(seen, [[x + (left - right)[0] / 100, y + (left - right)[1] / 100] for x, y in points]) == pytest.approx(1)


def test_a_process_of_its_own_is_asked_for_its_memory() -> None:
    assert 20 < face._resident("bare") < 200
