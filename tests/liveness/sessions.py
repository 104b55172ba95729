"""Seeded sessions before the simulated camera on a virtual clock: the hall's scene, the machine's session, nothing else."""

import random
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import skimage

from drivers.camera.scenes import FaceScene
from kiosk.config import FaceEntry
from kiosk.domain.failure import Failure
from kiosk.face.match import FaceMatcher, Reference
from kiosk.face.models import FaceModels
from kiosk.face.session import Session
from kiosk.face.verdict import CUES, DARK, Colour, Stage, Times, Verdict
from kiosk.traveller import GESTURES

ROOT = Path(__file__).resolve().parents[2]
FACES = ("obama2.jpg", "obama.jpg", "biden.jpg", "astronaut", "group2.jpg", "group4.jpg", "hanks.png")
FPS = 10.0
ATTACKS = ("print", "bent", "cut_eyes", "mask", "replay", "injected", "swapped")
SWAPPED = (Stage.TURN, Stage.FRONT, Stage.BLINK, Stage.FLASH)
MAX_S = 240.0
WHOLE = Times(frames=1)
SHORT = Times(position_s=6.0, turn_s=1.2, front_s=1.2, blink_s=1.0, frames=1)
SHORT_HASTE = 2.0
"""People who react and turn sooner, and less waiting for what an attack does not do, for the part in `make test`."""


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
    return Session(matcher(), [reference], FaceEntry().fill_gain, times, chance=random.Random(seed), cues=cues)


def run(
    scene_name: str,
    seed: int,
    cues: tuple[Stage, ...] = CUES,
    times: Times = WHOLE,
    most_attempts: int | None = None,
    ambient: float | None = None,
    fault: str = "",
    within: tuple[Stage, ...] = (),
    haste: float = 1.0,
) -> Ended:
    """One whole session. The portrait is the very picture, so that the match never decides: liveness is what is looked at.

    most_attempts: the session is left after so many failed attempts. ambient, fault: the hall's, see `FaceScene`. within: stages in which somebody
    else, alive, stands there instead. Scene "swapped" is a print of the holder, put away at once for everything that asks for life.
    """
    if scene_name == "swapped":
        scene_name, within = "print", SWAPPED
    name = FACES[seed % len(FACES)]
    now = 0.0
    light: Colour = DARK

    def hall() -> FaceScene:
        return FaceScene(640, 480, light=lambda: light, clock=lambda: now, seed=seed, haste=haste, ambient=ambient)

    scene = stranger = hall()
    scene.set(scene_name, picture(name), picture(FACES[(seed + 1) % len(FACES)]))
    if within:
        stranger = hall()
        stranger.set("live", picture(FACES[(seed + 2) % len(FACES)]))  # the next but one is nobody's second picture
    session = session_for(seed, cues, times)
    trail: list[str] = []
    stage = Stage.POSITION
    while session.verdict is None and now < MAX_S:
        there = stranger if stage in within else scene
        sight = session.see(there.seen(fault), now)
        stage = sight.stage
        if not trail or trail[-1] != sight.guidance:
            trail.append(sight.guidance)
            if (asked := sight.guidance.removeprefix("face.guidance.")) in GESTURES:
                for each in {scene, stranger}:
                    each.gesture(GESTURES[asked])
        light = sight.colour or DARK
        if sight.colour is not None:
            session.lit(sight.colour, now)
        if most_attempts is not None and session.failed_attempts >= most_attempts:
            break
        now += 1 / FPS
    return Ended(session.verdict, now, tuple(trail))


def hurried(scene_name: str, seed: int, **others: Any) -> Ended:
    """`run`, shorter; the living have all their time and hardly need it."""
    return run(scene_name, seed, times=WHOLE if scene_name == "live" else SHORT, haste=SHORT_HASTE, **others)
