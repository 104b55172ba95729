"""The set-up of models and test faces: by hash, from the configured index, and never twice."""

import functools
import hashlib
import http.server
import io
import json
import sys
import tarfile
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

PACKAGING = Path(__file__).resolve().parents[2] / "packaging"


@pytest.fixture
def setup_modules(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Any, Any]]:
    """packaging/fetch.py and packaging/models.py, which lie beside each other as scripts do."""
    monkeypatch.syspath_prepend(str(PACKAGING))
    import fetch
    import models

    yield fetch, models
    for name in ("fetch", "models", "convert_resnet"):
        sys.modules.pop(name, None)


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package index on loopback with one project, as pip would be configured for it."""
    root = tmp_path / "index"
    (root / "simple/faces").mkdir(parents=True)
    (root / "faces-1.0.tar.gz").write_bytes(b"the archive")
    (root / "simple/faces/index.html").write_text(
        '<a href="../../other-1.0.tar.gz">x</a> <a href="../../faces-1.0.tar.gz#sha256=00">faces-1.0.tar.gz</a>'
    )
    handler = functools.partial(QuietHandler, directory=str(root))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{server.server_port}/simple")
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", "")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    yield root
    server.shutdown()
    thread.join()
    server.server_close()


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def test_a_file_is_found_in_the_configured_index_and_checked(setup_modules: tuple[Any, Any], index: Path, tmp_path: Path) -> None:
    fetched = setup_modules[0].fetch("faces", "faces-1.0.tar.gz", digest(b"the archive"), tmp_path)
    assert fetched.read_bytes() == b"the archive"


def test_a_file_with_another_hash_is_refused_and_not_kept(setup_modules: tuple[Any, Any], index: Path, tmp_path: Path) -> None:
    with pytest.raises(setup_modules[0].FetchError, match="not the file that was pinned"):
        setup_modules[0].fetch("faces", "faces-1.0.tar.gz", digest(b"another"), tmp_path)
    assert not (tmp_path / "faces-1.0.tar.gz").exists()


@pytest.mark.parametrize(("project", "file"), [("faces", "faces-2.0.tar.gz"), ("unknown", "faces-1.0.tar.gz")])
def test_what_the_index_does_not_list_is_said_in_one_sentence(
    setup_modules: tuple[Any, Any], index: Path, tmp_path: Path, project: str, file: str
) -> None:
    with pytest.raises(setup_modules[0].FetchError, match=f"{file} could not be fetched: no index lists"):
        setup_modules[0].fetch(project, file, "", tmp_path)


def test_members_come_out_of_wheels_and_source_archives(setup_modules: tuple[Any, Any], tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.whl", "w") as wheel:
        wheel.writestr("in/side", b"1")
    with tarfile.open(tmp_path / "a.tar.gz", "w:gz") as archive:
        entry = tarfile.TarInfo("in/side")
        entry.size = 1
        archive.addfile(entry, io.BytesIO(b"2"))
    assert setup_modules[0].members(tmp_path / "a.whl", ["in/side"]) == {"in/side": b"1"}
    assert setup_modules[0].members(tmp_path / "a.tar.gz", ["in/side"]) == {"in/side": b"2"}


def test_a_folder_is_made_once_and_again_when_altered_or_wanted_otherwise(
    setup_modules: tuple[Any, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    models = setup_modules[1]
    monkeypatch.setattr(models, "ASSETS", tmp_path / "assets")
    made = []

    def fill(directory: Path) -> None:
        made.append(directory)
        (directory / "face").write_bytes(b"face")

    folder = tmp_path / "assets/things"
    models.make(folder, {"a": 1}, fill)
    models.make(folder, {"a": 1}, fill)
    assert len(made) == 1
    (folder / "face").write_bytes(b"altered")
    models.make(folder, {"a": 1}, fill)
    assert len(made) == 2 and (folder / "face").read_bytes() == b"face"
    models.make(folder, {"a": 2}, fill)
    (folder / "face").unlink()
    models.make(folder, {"a": 2}, fill)
    (folder / "manifest.json").write_text("[]")
    models.make(folder, {"a": 2}, fill)
    assert len(made) == 5
    assert sorted(path.name for path in (tmp_path / "assets").iterdir()) == ["things"]


def test_a_model_placed_by_hand_stays_when_the_folder_is_made_anew(
    setup_modules: tuple[Any, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    models = setup_modules[1]
    monkeypatch.setattr(models, "ASSETS", tmp_path)
    placed, *others = models.hand_placed()
    assert others and placed not in {model["file"] for model in models.models()}
    folder = tmp_path / "things"
    models.make(folder, {"a": 1}, lambda directory: None, [placed, *others])
    (folder / placed).write_bytes(b"by hand")
    (folder / "unknown").write_bytes(b"left over")
    models.make(folder, {"a": 2}, lambda directory: None, [placed, *others])
    assert sorted(path.name for path in folder.iterdir()) == sorted([placed, "manifest.json"])
    assert (folder / placed).read_bytes() == b"by hand" and models.is_complete(folder, {"a": 2})


def test_a_set_up_that_breaks_off_leaves_the_old_folder(setup_modules: tuple[Any, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    models = setup_modules[1]
    monkeypatch.setattr(models, "ASSETS", tmp_path)
    (tmp_path / "things").mkdir()
    (tmp_path / "things/old").write_bytes(b"old")

    def fill(directory: Path) -> None:
        raise models.SetupError("no")

    with pytest.raises(models.SetupError):
        models.make(tmp_path / "things", {}, fill)
    assert (tmp_path / "things/old").read_bytes() == b"old"


def test_the_recogniser_in_place_answers_as_the_original_did(setup_modules: tuple[Any, Any]) -> None:
    model = next(entry for entry in setup_modules[1].models() if "converted_from" in entry)
    data = (PACKAGING.parent / "assets/models" / model["file"]).read_bytes()
    setup_modules[1].check_recogniser(data)
    assert digest(data) == model["sha256"]


def test_a_recogniser_with_other_weights_is_noticed(setup_modules: tuple[Any, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    models = setup_modules[1]
    monkeypatch.setattr(models, "_REFERENCE", tuple(value + 0.001 for value in models._REFERENCE))
    with pytest.raises(models.SetupError, match="differs"):
        models.check_recogniser((PACKAGING.parent / "assets/models/dlib_face_recognition_resnet_v1.onnx").read_bytes())


def test_data_that_is_no_dlib_network_is_not_converted(setup_modules: tuple[Any, Any]) -> None:
    import convert_resnet

    with pytest.raises(ValueError, match="59 layers"):
        convert_resnet.convert(b"not a network")


def test_every_file_in_place_is_the_one_the_manifest_names() -> None:
    for folder in ("models", "faces"):
        directory = PACKAGING.parent / "assets" / folder
        manifest = json.loads((directory / "manifest.json").read_text())
        assert {name: digest((directory / name).read_bytes()) for name in manifest["files"]} == manifest["files"]
