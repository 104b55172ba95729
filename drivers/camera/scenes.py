"""What the simulated face camera sees: who stands before the machine, and the frame at this moment.

Everything is made from one still picture of each face. Light, reflectances and ways of moving are assumed; no real attack was filmed or measured.
"""

import threading
import time
from collections.abc import Callable
from functools import cache
from typing import Protocol

import cv2
import numpy as np

from drivers.camera.attacks import FACE_MM, SCREEN_MM, EyesBehind, Recording, Sheet, Tablet
from drivers.camera.head import Living
from drivers.camera.light import DARK, SUN, SUN_RATIO, Colour, Exposure, Light, Picture, Sensor, jpeg, lit
from drivers.camera.motion import GESTURES, Motion, Pose
from drivers.camera.person import prepared

SCENES = ("live", "print", "replay", "nobody", "two", "other", "injected", "bent", "cut_eyes", "mask")
QUALITY = 90  # of the pictures on the wire
BRIGHT_ROOM, AUTO_EXPOSURE = "bright_room", "auto_exposure"
_HALL_SHARE = (0.10, 0.20)  # of the face's light: what stands behind is some metres further away
_FACE_AT = 0.46  # of the frame's height


class Stand(Protocol):
    """Whoever, or whatever, is before the camera."""

    def ask(self, action: str, seconds: float) -> None: ...

    def draw(self, frame: Picture, seconds: float, light: Light) -> None: ...


class FaceScene:
    """The hall before the face camera. Call it for the next JPEG. Thread-safe.

    light: what the machine's fill light shines now, red, green, blue. seed: the same one and the same clock give the same frames. haste: how many
    times faster people react and turn. ambient: how bright the hall is beside the fill light, 1 in an ordinary one; None draws it for each person.
    live, print, bent, cut_eyes, mask, replay and injected show the traveller's own picture; other shows another person; two shows both.
    """

    def __init__(
        self,
        width: int = 1280,
        height: int = 720,
        light: Callable[[], Colour] = lambda: DARK,
        clock: Callable[[], float] = time.monotonic,
        seed: int | None = None,
        haste: float = 1.0,
        ambient: float | None = None,
    ) -> None:
        self._lock = threading.Lock()
        self._size = (width, height)
        self._light, self._clock, self._haste, self._ambient = light, clock, haste, ambient
        self._chance = np.random.default_rng(seed)
        self._sensor = Sensor(width, height)
        self._exposure = Exposure()
        self._stand("nobody", [], None, self._chance)

    def set(self, name: str, live: Picture | None = None, other: Picture | None = None) -> None:
        """Pictures are BGR with one face in each. Raises ValueError for an unknown scene and for one whose picture is missing.

        Takes up to half a second for a picture that was not seen before.
        """
        if name not in SCENES:
            raise ValueError(f"unknown scene {name!r}")
        person = other if name == "other" else live
        if name != "nobody" and (person is None or (name == "two" and other is None)):
            raise ValueError(f"scene {name!r} needs a picture")
        with self._lock:
            chance = self._chance.spawn(1)[0]
        recording = Recording(chance) if name == "injected" else None
        stands = [] if person is None or name == "nobody" else self._stands(name, person, other, chance, recording)
        with self._lock:
            self._stand(name, stands, recording, chance)

    def gesture(self, action: str) -> None:
        """The machine asks; whoever stands there does what they can. turn_left, turn_right (the person's own), face_front, blink; else ValueError."""
        if action not in GESTURES:
            raise ValueError(f"unknown gesture {action!r}")
        with self._lock:
            for stand in self._stands_there:
                stand.ask(action, self._clock() - self._began)

    @property
    def name(self) -> str:
        with self._lock:
            return self._name

    @property
    def picture(self) -> Picture:
        """The frame now, height × width × 3, BGR."""
        return self.seen("")

    def __call__(self) -> bytes:
        return jpeg(self.picture, QUALITY)

    def seen(self, fault: str) -> Picture:
        """The frame now under a fault of light or camera: bright_room, auto_exposure, or "" for none."""
        colour = self._light()
        with self._lock:
            seconds = self._clock() - self._began
            if self._recording is not None:  # fed in behind the lens: neither this hall's light nor this camera's grain
                return self._drawn(seconds, self._recording.light(seconds))
            light = Light(colour, min(self._ratio, SUN_RATIO), SUN) if fault == BRIGHT_ROOM else Light(colour, self._ratio, self._level)
            frame = self._drawn(seconds, light)
            if fault == AUTO_EXPOSURE:
                frame = self._exposure.chase(frame, seconds)
            else:
                self._exposure = Exposure()
            return self._sensor.expose(frame, self._grain + int(seconds * 1000))

    def _drawn(self, seconds: float, light: Light) -> Picture:
        if light not in self._halls:
            if len(self._halls) > 16:
                self._halls.clear()
            self._halls[light] = lit(hall(*self._size), light, self._hall_share)
        frame = self._halls[light].copy()
        for stand in self._stands_there:
            stand.draw(frame, seconds, light)
        return frame

    def _stand(self, name: str, stands: list[Stand], recording: Recording | None, chance: np.random.Generator) -> None:
        self._name, self._stands_there, self._recording = name, stands, recording
        self._began = self._clock()
        self._ratio = float(chance.uniform(0.12, 0.30))
        self._level = 1.0
        if self._ambient is not None:
            self._ratio = 0.18 / self._ambient
            self._level = min(max(1 + 0.02 * (self._ambient - 1), 0.9), SUN)
        self._hall_share = float(chance.uniform(*_HALL_SHARE))
        self._grain = int(chance.integers(1_000_000))
        self._halls: dict[Light, Picture] = {}
        self._exposure = Exposure()

    def _stands(self, name: str, picture: Picture, other: Picture | None, chance: np.random.Generator, recording: Recording | None) -> list[Stand]:
        width, height = self._size
        face_px = face_height(height)
        place = (width / 2, height * _FACE_AT)
        if name in ("live", "other"):
            return [Living(prepared(picture, self._size, place, face_px), Motion(chance, self._haste))]
        if name == "mask":
            return [_Mask(prepared(picture, self._size, place, face_px), Motion(chance, self._haste, natural=False))]
        if name == "two" and other is not None:
            places = ((width * 0.27, place[1]), (width * 0.74, place[1]))
            pairs = zip((picture, other), places, strict=True)
            return [Living(prepared(each, self._size, where, face_px * 0.9), Motion(chance, self._haste)) for each, where in pairs]
        if recording is not None:
            return [_Film(Living(prepared(picture, self._size, place, face_px), recording.motion), recording)]
        if name == "replay":
            return [self._tablet(picture, place, face_px, chance)]
        bend = float(chance.uniform(18, 32)) if name == "bent" else float(chance.uniform(2, 6))
        sheet = Sheet(picture, place, face_px, chance, self._haste, bend)
        if name != "cut_eyes":
            return [sheet]
        middle = sheet.eyes.mean(axis=0)
        eyes = (middle + (sheet.eyes - middle) * np.float32(0.97)).astype(np.float32)
        holder = prepared(other if other is not None else picture, self._size, place, face_px, (eyes[0], eyes[1]))
        return [EyesBehind(sheet, Living(holder, Motion(chance, self._haste), dimmed=0.72))]

    def _tablet(self, picture: Picture, place: tuple[float, float], face_px: float, chance: np.random.Generator) -> Tablet:
        unit = face_px / FACE_MM
        width, height = round(SCREEN_MM[0] * unit), round(SCREEN_MM[1] * unit)
        recording = Recording(chance)
        person = prepared(picture, (width, height), (width / 2, height * 0.52), face_px)
        backdrop = hall(*self._size)[:height, -width:].copy()
        return Tablet(Living(person, recording.motion), backdrop, recording, place, face_px, Motion(chance, natural=False))


class _Mask(Living):
    """The traveller's face, cast and painted, on somebody's head: it turns and takes the light as a face does, and its lids never move."""

    def ask(self, action: str, seconds: float) -> None:
        if action != "blink":
            super().ask(action, seconds)


class _Film:
    """A recording that fills the frame."""

    def __init__(self, person: Living, recording: Recording) -> None:
        self._person, self._recording = person, recording

    def ask(self, action: str, seconds: float) -> None:
        """Nothing: the recording cannot hear."""

    def draw(self, frame: Picture, seconds: float, light: Light) -> None:
        pose: Pose = self._recording.pose(seconds)
        self._person.draw_posed(frame, pose, light)


def face_height(height: int) -> float:
    """Forehead to chin of a person at half a metre, in pixels: 205 in a frame of 480, 260 in one of 720, whose lens is a little wider."""
    return float(205 * (height / 480) ** 0.586)


@cache
def hall(width: int, height: int) -> Picture:
    """The empty hall, out of focus as a background is. Not to be written to."""
    rows = np.linspace(190, 152, 480)[:, None]
    wall = np.repeat(rows, 640, axis=1)
    scene = np.stack([wall, wall + 4, wall + 8], axis=2).astype(np.uint8)
    cv2.rectangle(scene, (0, 395), (640, 480), (118, 126, 132), -1)
    cv2.rectangle(scene, (40, 120), (190, 395), (160, 168, 172), -1)
    cv2.rectangle(scene, (48, 128), (182, 395), (178, 174, 164), -1)
    cv2.rectangle(scene, (440, 90), (610, 190), (110, 84, 52), -1)
    cv2.rectangle(scene, (452, 102), (598, 126), (208, 208, 208), -1)
    for left in range(430, 630, 62):
        cv2.rectangle(scene, (left, 330), (left + 50, 395), (90, 78, 68), -1)
    scale = max(width / 640, height / 480)
    large = cv2.resize(scene, (round(640 * scale), round(480 * scale)), interpolation=cv2.INTER_LINEAR)
    top, left = (large.shape[0] - height) // 2, (large.shape[1] - width) // 2
    picture = cv2.GaussianBlur(large[top : top + height, left : left + width], (0, 0), 4 * scale)
    picture.flags.writeable = False
    return np.asarray(picture, np.uint8)
