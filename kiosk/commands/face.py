"""`kiosk face`: two pictures compared, and a folder of people evaluated, with the models and the bands of kiosk/face/models.toml."""

import hashlib
import os
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from kiosk.commands.portrait import short_json
from kiosk.commands.said import OK, fail, failure_json, say, talk
from kiosk.config import assets_directory
from kiosk.domain.failure import Failure
from kiosk.face import comparison
from kiosk.face.comparison import FacePicture, face_of
from kiosk.face.det_plot import det_plot
from kiosk.face.evaluation import Evaluation, all_pairs, evaluate
from kiosk.face.models import FaceModels
from kiosk.face.picture_file import read_picture

MOST_PICTURES = 1000
PLOT = "det.png"
INTERVALS = "95 %, bootstrap over persons; where no error was seen, the upper end is the exact bound for none of so many persons"


def run(arguments: Any) -> int:
    files, as_json = arguments.files, arguments.json
    wanted = 2 if arguments.action == "compare" else 1
    if len(files) != wanted:
        return fail(Failure("usage.words", detail={"reason": f"face {arguments.action} takes {wanted} of {' '.join(files)}"}), as_json)
    models = FaceModels.load(assets_directory() / "models")
    if isinstance(models, Failure):
        return fail(models, as_json)
    if arguments.action == "compare":
        return _compare(models, files[0], files[1], as_json)
    return _evaluate(models, Path(files[0]), Path(arguments.out) if arguments.out else None, as_json)


def _compare(models: FaceModels, one: str, other: str, as_json: bool) -> int:
    begun = time.perf_counter()
    faces = []
    for file in (one, other):
        face = _face(models, Path(file))
        if isinstance(face, Failure):
            return fail(face, as_json)
        faces.append(face)
    apart = comparison.distance(models, *faces)
    quality = [{"file": file, **short_json(face.gate)} for file, face in zip((one, other), faces, strict=True)]
    document = {
        "distance": round(apart, 4),
        "band": comparison.band(models, apart).value,
        "match_at_most": models.match_at_most,
        "retry_at_most": models.retry_at_most,
        "quality": quality,
        "model_sha256": models.sha256,
        "ms": round((time.perf_counter() - begun) * 1000),
    }
    if as_json:
        say(document)
    else:
        print(f"{document['band']}  distance {apart:.4f}  (match <= {models.match_at_most}, retry <= {models.retry_at_most})")
        for row in quality:
            print(f"{row['file']}: {row['verdict']} {', '.join(row['failing'])}")
    return OK


def _evaluate(models: FaceModels, directory: Path, out: Path | None, as_json: bool) -> int:
    if not directory.is_dir():
        return fail(Failure("evaluation.absent", detail={"file": str(directory)}), as_json)
    if out is not None and (failure := _writable(out)) is not None:
        return fail(failure, as_json)
    people = {folder: _files(folder) for folder in sorted(directory.iterdir()) if folder.is_dir() and not folder.name.startswith(".")}
    if sum(map(len, people.values())) > MOST_PICTURES:
        return fail(Failure("evaluation.too_many", detail={"limit": str(MOST_PICTURES)}), as_json)
    faces: list[FacePicture] = []
    persons: list[int] = []
    unused: list[dict[str, Any]] = []
    seen: set[bytes] = set()
    for number, files in enumerate(people.values()):
        for file in files:
            face = _face(models, file, seen)
            if isinstance(face, Failure):
                unused.append({"file": str(file.relative_to(directory)), **failure_json(face)})
            else:
                faces.append(face)
                persons.append(number)
    numbers = np.unique(persons, return_inverse=True)[1].tolist() if persons else []
    matrix = comparison.distances(models, faces)
    found = evaluate(matrix, numbers)
    if isinstance(found, Failure):
        for row in unused:
            talk(f"{row['file']}: {row['code']}")
        return fail(found, as_json)
    plot = None
    if out is not None:
        pairs = all_pairs(matrix, numbers)
        plot = out / PLOT
        det_plot(np.sort(pairs.genuine), np.sort(pairs.impostor), found).save(plot)
    document = {**evaluation_json(found), "unused": unused, "model_sha256": models.sha256, "plot": None if plot is None else str(plot)}
    if as_json:
        say(document)
    else:
        _show(document)
    return OK


def evaluation_json(found: Evaluation) -> dict[str, Any]:
    return {
        "persons": found.persons,
        "pictures": found.pictures,
        "genuine": asdict(found.genuine),
        "impostor": asdict(found.impostor),
        "eer": asdict(found.eer),
        "frr_at_far_0_1_percent": asdict(found.frr_at_far),
        "intervals": INTERVALS,
        "none_of_n": {"n": found.impostor.n, "far_below": found.none_of_n, "shows_far_0_1_percent": found.bands is not None},
        "suggested": None if found.bands is None else dict(zip(("match_at_most", "retry_at_most"), found.bands, strict=True)),
    }


def _face(models: FaceModels, file: Path, seen: set[bytes] | None = None) -> FacePicture | Failure:
    """seen: of the pictures before; the very same picture again is no second look at anybody."""
    picture = read_picture(file)
    if isinstance(picture, Failure):
        return picture
    if seen is not None:
        digest = hashlib.sha256(picture.image.tobytes()).digest()
        if digest in seen:
            return Failure("picture.twice", detail={"file": str(file)})
        seen.add(digest)
    return face_of(models, picture, str(file))


def _files(folder: Path) -> list[Path]:
    return [file for file in sorted(folder.iterdir()) if file.is_file() and not file.name.startswith(".")]


def _writable(out: Path) -> Failure | None:
    try:
        out.mkdir(parents=True, exist_ok=True)
        return None if os.access(out, os.W_OK) else Failure("output.unwritable", detail={"file": str(out)})
    except OSError:
        return Failure("output.unwritable", detail={"file": str(out)})


def _show(document: dict[str, Any]) -> None:
    print(f"{document['persons']} people, {document['pictures']} pictures")
    for kind in ("genuine", "impostor"):
        row = document[kind]
        sd = "-" if row["sd"] is None else f"{row['sd']:.3f}"
        parts = ", ".join(f"{number} %: {value:.3f}" for number, value in row["percentiles"].items())
        print(f"{kind:9} n {row['n']}  mean {row['mean']:.3f}  sd {sd}  ({parts})")
    for name, key in (("EER", "eer"), ("FRR at FAR 0.1 %", "frr_at_far_0_1_percent")):
        row = document[key]
        print(f"{name}: {row['value']:.2%} ({row['low']:.2%} .. {row['high']:.2%}) at distance {row['threshold']:.3f}")
    shown, bands = document["none_of_n"], document["suggested"]
    print(f"none of {shown['n']} impostor pairs would show a FAR below {shown['far_below']:.3%}")
    if bands is None:
        print("no bands are suggested: the pairs are too few to show a FAR of 0.1 %")
    else:
        print(f"suggested for kiosk/face/models.toml: match_at_most = {bands['match_at_most']}, retry_at_most = {bands['retry_at_most']}")
    print(f"intervals: {document['intervals']}")
    for row in document["unused"]:
        print(f"not used: {row['file']}: {row['code']}")
    if document["plot"]:
        print(document["plot"])
