"""Seeded sessions before the simulated camera on a virtual clock: the hall's scene, the machine's session, nothing else."""

import random
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import skimage

from drivers.camera.scenes import FaceScene
from kiosk.domain.failure import Failure
from kiosk.face.alive.flash import DARK, Colour
from kiosk.face.match import FaceMatcher, Reference
from kiosk.face.models import FaceModels
from kiosk.face.session import CUES, Session, Stage, Times, Verdict

ROOT = Path(__file__).resolve().parents[2]
FACES = ("obama2.jpg", "obama.jpg", "biden.jpg", "astronaut", "group2.jpg", "group4.jpg", "hanks.png")
FPS = 10.0
ATTACKS = ("print", "bent", "cut_eyes", "mask", "replay", "injected")
GESTURES = {
    "face.guidance.turn_left": "turn_left",
    "face.guidance.turn_right": "turn_right",
    "face.guidance.turn_left_more": "turn_left",
    "face.guidance.turn_right_more": "turn_right",
    "face.guidance.front": "face_front",
    "face.guidance.turn_not_seen": "face_front",
    "face.guidance.turn_other_side": "face_front",
    "face.guidance.blink": "blink",
}
MAX_S = 240.0
WHOLE = Times(frames=1)
SHORT = Times(turn_s=2.5, blink_s=2.5, frames=1)
"""Less waiting for what does not come, for the part in `make test`."""


@dataclass(frozen=True, slots=True)
class Ended:
    """verdict: None where it did not end in time. seconds: of the virtual clock. trail: stages and guidances in their order."""

    verdict: Verdict | None
    seconds: float
    trail: tuple[str, ...]


@cache
def matcher() -> FaceMatcher:
    models = FaceModels.load(ROOT / "assets/models")
    if isinstance(models, Failure):
        raise RuntimeError(models.code)
    return FaceMatcher(models)


@cache
def picture(name: str) -> np.ndarray:
    path = Path(skimage.__file__).parent / "data/astronaut.png" if name == "astronaut" else ROOT / "assets/faces" / name
    found = cv2.imread(str(path))
    if found is None:
        raise FileNotFoundError(f"{path} is missing: packaging/setup.sh makes it")
    return found


@cache
def _enrolled(name: str) -> Reference:
    reference = matcher().enrol(cv2.imencode(".jpg", picture(name))[1].tobytes())
    if isinstance(reference, Failure):
        raise RuntimeError(reference.code)
    return reference


def session_for(seed: int, cues: tuple[Stage, ...] = CUES, times: Times = WHOLE) -> Session:
    enrolled = _enrolled(FACES[seed % len(FACES)])
    reference = Reference(enrolled.embedding.copy(), enrolled.grey)
    return Session(matcher(), [reference], times, chance=random.Random(seed), cues=cues)


def run(
    scene_name: str,
    seed: int,
    cues: tuple[Stage, ...] = CUES,
    times: Times = WHOLE,
    most_attempts: int | None = None,
    ambient: float | None = None,
    fault: str = "",
) -> Ended:
    """One whole session. The portrait is the very picture, so that the match never decides: liveness is what is looked at.

    most_attempts: the session is left after so many failed attempts. ambient, fault: the hall's, see `FaceScene`.
    """
    name = FACES[seed % len(FACES)]
    now = 0.0
    light: Colour = DARK
    scene = FaceScene(640, 480, light=lambda: light, clock=lambda: now, seed=seed, ambient=ambient)
    scene.set(scene_name, picture(name), picture(FACES[(seed + 1) % len(FACES)]))
    session = session_for(seed, cues, times)
    trail: list[str] = []
    while session.verdict is None and now < MAX_S:
        sight = session.see(scene.seen(fault), now)
        if not trail or trail[-1] != sight.guidance:
            trail.append(sight.guidance)
            if sight.guidance in GESTURES:
                scene.gesture(GESTURES[sight.guidance])
        light = sight.colour or DARK
        if sight.colour is not None and session.wants_light(sight.colour):
            session.lit(sight.colour, now)
        if most_attempts is not None and session.failed_attempts >= most_attempts:
            break
        now += 1 / FPS
    return Ended(session.verdict, now, tuple(trail))
