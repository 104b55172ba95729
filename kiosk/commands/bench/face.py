"""The face check on 720p frames: speed, memory, exactness; beside native dlib and the mediapipe package on the same pictures."""

import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from kiosk.commands.bench import face_peers, preview
from kiosk.commands.bench.measure import Line, line
from kiosk.commands.bench.memory import resident_mb
from kiosk.config import assets_directory
from kiosk.domain.failure import Failure
from kiosk.face.chip import chip
from kiosk.face.detection import Face, find_faces, follow, lay_mesh
from kiosk.face.dlib_resnet import DlibResnet
from kiosk.face.eyes import lid_openings
from kiosk.face.image import Image
from kiosk.face.models import FaceModels
from kiosk.face.ports import Square
from kiosk.face.quality import flaw_of

THREADS, ROUNDS, RUNS, WARM_UP, LOADS, CHILDREN = 2, 3, 10, 2, 9, 3
WIDTH, HEIGHT = 1280, 720
WHOLE_FRAME = Square(0, (HEIGHT - WIDTH) / 2, WIDTH)  # what both detectors are shown
# Of one person each, and near enough that both detectors see the face in the whole frame.
PICTURES = ("biden_portrait.jpg", "group1.jpg", "group2.jpg", "obama.jpg", "obama2.jpg", "obama3_portrait.jpg", "pair1.jpg", "takeo.jpg")
VERIFY_MS, TRACK_MS, LOAD_MS, MEMORY_MB = 30.0, 12.0, 300.0, 300.0
MESH_RATIO, EMBEDDING_RATIO = 1.3, 0.2
DIFFERENCE_MILLIONTHS = 100.0
_OUTER_EYES = (33, 263)


def measure() -> list[Line] | Failure:
    models = FaceModels.load(assets_directory() / "models")
    if isinstance(models, Failure):
        return models
    frames = _frames(assets_directory() / "faces")
    if isinstance(frames, Failure):
        return frames
    peer_missing = face_peers.missing()
    if peer_missing is not None:
        return peer_missing
    threads = cv2.getNumThreads()
    cv2.setNumThreads(THREADS)
    try:
        found = _measure(models, frames)
    finally:
        cv2.setNumThreads(threads)
    if isinstance(found, Failure):
        return found
    previewed = preview.measure()
    return previewed if isinstance(previewed, Failure) else found + previewed


def _frames(directory: Path) -> dict[str, Image] | Failure:
    """Each picture as tall as a camera's frame and in its middle."""
    frames = {}
    for name in PICTURES:
        picture = cv2.imread(str(directory / name))
        if picture is None:
            return Failure("bench.file_missing", detail={"file": name})
        width = min(WIDTH, round(picture.shape[1] * HEIGHT / picture.shape[0]))
        frame = np.full((HEIGHT, WIDTH, 3), 190, np.uint8)
        left = (WIDTH - width) // 2
        frame[:, left : left + width] = cv2.resize(picture, (width, HEIGHT), interpolation=cv2.INTER_AREA)
        frames[name + ".png"] = frame
    return frames


def _measure(models: FaceModels, frames: dict[str, Image]) -> list[Line] | Failure:
    if not isinstance(models.recogniser, DlibResnet):
        return Failure("face.model_unknown", detail={"value": type(models.recogniser).__name__, "allowed": "dlib_resnet"})
    faces = {name: find_faces(models, frame)[0] for name, frame in frames.items()}
    chips = {name: models.recogniser.chip(frame, faces[name].points) for name, frame in frames.items()}
    times: dict[str, list[float]] = defaultdict(list)
    answers: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        for kind, pictures in (("frames", frames), ("chips", chips)):
            (Path(folder) / kind).mkdir()
            for name, picture in pictures.items():
                cv2.imwrite(f"{folder}/{kind}/{name}", picture)
        for _round in range(ROUNDS):  # in turn, so that all see the same noise
            for peer, kind, runs in (("mediapipe", "frames", RUNS), ("dlib", "chips", RUNS // 2)):
                answer = face_peers.ask(peer, Path(folder) / kind, runs, THREADS)
                if isinstance(answer, Failure):
                    return answer
                answers |= answer
                for what in (key for key in answer if key.endswith("_ms")):
                    times[what] += answer[what]
            for name, frame in frames.items():
                for what, act in _acts(models, models.recogniser, frame, faces[name], chips[name]).items():
                    times[what] += [_ms(act) for _run in range(-WARM_UP, RUNS)][WARM_UP:]
        held = [_resident(str(assets_directory() / "models"), f"{folder}/frames/{next(iter(frames))}") for _child in range(CHILDREN)]
        bare = [_resident("bare") for _child in range(CHILDREN)]
    loads = [_ms(lambda: FaceModels.load(assets_directory() / "models")) for _load in range(LOADS)]
    # The peers' way to the same verification: MediaPipe's mesh, and dlib's answer to the face and to its mirror image.
    peers_verify = statistics.median(times["static_ms"]) + 2 * statistics.median(times["embedding_ms"])
    embedded = [float(np.linalg.norm(models.recogniser.plain(chips[name]) - answers["embeddings"][name])) * 1e6 for name in chips]
    return [
        line("face.verify_frame", "ms", times["verify"], [peers_verify], limit=VERIFY_MS),
        line("face.track", "ms", times["track"], times["tracking_ms"], limit=TRACK_MS),
        line("face.load", "ms", loads, limit=LOAD_MS),
        line("face.memory", "MB", held, bare, limit=MEMORY_MB),
        line("face.embedding", "ms", times["embedding"], times["embedding_ms"], limit=EMBEDDING_RATIO, limits_ratio=True),
        line("face.embedding_difference", "1e-6", [max(embedded)], limit=DIFFERENCE_MILLIONTHS),
        line("face.mesh", "ms", times["mesh"], times["static_ms"], limit=MESH_RATIO, limits_ratio=True),
        line("face.mesh_refined", "ms", times["refined"], times["static_ms"]),
        line("face.mesh_difference", "% of eyes", [_apart(faces[name], answers["points"][name]) for name in faces]),
    ]


def _acts(models: FaceModels, recogniser: DlibResnet, frame: Image, face: Face, face_chip: Image) -> dict[str, Callable[[], object]]:
    """What is timed: each as the machine does it, but `mesh` and `embedding`, which are what the peers do."""

    def verify() -> object:
        seen = find_faces(models, frame)[0]
        flaw_of(seen, chip(frame, seen.five_points), frame)
        return recogniser.embed(recogniser.chip(frame, seen.points), grey=False)

    def track() -> object:
        seen = follow(models, frame, face)
        return lid_openings(models, frame, seen or face)

    def mesh() -> object:
        return [lay_mesh(models, frame, found) for found in models.detector.detect(frame, WHOLE_FRAME)]

    return {
        "verify": verify,
        "track": track,
        "mesh": mesh,
        "refined": lambda: find_faces(models, frame),
        "embedding": lambda: recogniser.plain(face_chip),
    }


def _ms(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return (time.perf_counter() - started) * 1000


def _resident(*arguments: str) -> float:
    """Megabytes of a process of its own, once it is ready."""
    script = str(Path(__file__).with_name("face_memory.py"))
    with subprocess.Popen([sys.executable, "-P", script, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        if child.stdout is None or child.stdout.readline() != b"ready\n":
            raise RuntimeError(f"{script} {' '.join(arguments)} did not become ready")
        return resident_mb(child.pid)


def _apart(face: Face, points: list[list[float]]) -> float:
    """Mean distance of the mesh's points from the peer's, in % of the distance between the outer eye corners."""
    right, left = face.points[list(_OUTER_EYES)]
    return 100 * float(np.hypot(*(face.points - np.array(points)).T).mean() / np.hypot(*(left - right)))
