"""What the simulated cameras see: a person before the machine, and the back of the card at the reader."""

import threading
import time
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.world.card_path import CardPath, Place

Picture = NDArray[np.uint8]

WIDTH, HEIGHT = 640, 480
FACE_PX = 205  # height of a face: what a person at half a metre has
SCENES = ("live", "print", "replay", "nobody", "two", "other", "injected")


def jpeg(picture: Picture, quality: int = 88) -> bytes:
    """An image array as JPEG bytes."""
    return bytes(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1])


class FaceScene:
    """The hall before the face camera, 640 × 480. Call it for the next JPEG. Thread-safe.

    live, print, replay and injected show the traveller's own picture; other shows another person; two shows both; nobody the empty hall.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._began = time.monotonic()
        self._chance = np.random.default_rng()
        self._grain = [self._chance.integers(0, 9, (HEIGHT, WIDTH, 3), np.uint8) for _ in range(2)]
        self._name = "nobody"
        self._still = hall()

    def set(self, name: str, live: Picture | None = None, other: Picture | None = None) -> None:
        """Pictures are BGR with one face in each. Raises ValueError for an unknown scene and for one whose picture is missing."""
        still = composed(name, live, other)
        with self._lock:
            self._name, self._still = name, still

    @property
    def name(self) -> str:
        with self._lock:
            return self._name

    def __call__(self) -> bytes:
        with self._lock:
            name, still = self._name, self._still
        seconds = time.monotonic() - self._began
        if name == "injected":  # a looped recording fed in behind the lens: no grain, no breath of light
            return jpeg(_moved(still, np.sin(np.round(seconds * 6) % 12 / 12 * 2 * np.pi), 0.0, 1.0), 95)
        sway = 0.0 if name == "nobody" else 1.0
        moved = _moved(still, sway * 2.5 * np.sin(seconds * 1.3), sway * 0.5 * np.sin(seconds * 0.9), 1 + sway * 0.006 * np.sin(seconds * 1.7))
        lit = cv2.convertScaleAbs(moved, alpha=1 + 0.015 * np.sin(seconds * 2.1), beta=-4)
        grain = np.roll(self._grain[self._chance.integers(2)], int(self._chance.integers(WIDTH)), axis=1)
        return jpeg(cv2.add(lit, grain))


def composed(name: str, live: Picture | None, other: Picture | None) -> Picture:
    """The still scene, a little larger than nothing moves out of."""
    if name not in SCENES:
        raise ValueError(f"unknown scene {name!r}")
    if name == "nobody":
        return hall()
    person = other if name == "other" else live
    if person is None or (name == "two" and other is None):
        raise ValueError(f"scene {name!r} needs a picture")
    if name == "two":
        first = _standing(hall(), person, WIDTH * 0.29, 0.9)
        return _standing(first, other, WIDTH * 0.73, 0.9) if other is not None else first
    if name == "print":
        return _on_paper(person)
    if name == "replay":
        return _on_tablet(person)
    return _standing(hall(), person, WIDTH / 2, 1.0)


@cache
def _hall() -> Picture:
    rows = np.linspace(205, 165, HEIGHT)[:, None]
    wall = np.repeat(rows, WIDTH, axis=1)
    scene = np.stack([wall, wall + 4, wall + 8], axis=2).astype(np.uint8)
    cv2.rectangle(scene, (0, 395), (WIDTH, HEIGHT), (128, 136, 142), -1)
    cv2.rectangle(scene, (40, 120), (190, 395), (170, 178, 182), -1)
    cv2.rectangle(scene, (48, 128), (182, 395), (190, 186, 176), -1)
    cv2.rectangle(scene, (440, 90), (610, 190), (120, 92, 58), -1)
    cv2.rectangle(scene, (452, 102), (598, 126), (225, 225, 225), -1)
    for left in range(430, 630, 62):
        cv2.rectangle(scene, (left, 330), (left + 50, 395), (96, 84, 74), -1)
    return np.asarray(cv2.GaussianBlur(scene, (0, 0), 4), np.uint8)


def hall() -> Picture:
    """The empty hall, out of focus as a background is."""
    return _hall().copy()


@cache
def _detector() -> Any:
    return cv2.CascadeClassifier(str(Path(cv2.__file__).parent / "data" / "haarcascade_frontalface_default.xml"))


def face_box(picture: Picture) -> tuple[float, float, float]:
    """Centre x, centre y and height of the largest face; a portrait's usual place where none is found."""
    scale = 640 / max(picture.shape[:2])
    grey = cv2.cvtColor(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), cv2.COLOR_BGR2GRAY)
    for neighbours in (6, 3):
        found = _detector().detectMultiScale(grey, 1.1, neighbours, minSize=(60, 60))
        if len(found):
            x, y, width, height = max(found, key=lambda box: int(box[2]))
            return (x + width / 2) / scale, (y + height / 2) / scale, height / scale
    height, width = picture.shape[:2]
    return width / 2, height * 0.42, height * 0.42


def _standing(scene: Picture, person: Picture, centre_x: float, size: float, soft: bool = True) -> Picture:
    """The person in the scene, the face FACE_PX high times `size`; the picture's edges melt into the background."""
    x, y, height = face_box(person)
    scale = FACE_PX * size / height
    matrix = np.array([[scale, 0, centre_x - x * scale], [0, scale, HEIGHT * 0.46 - y * scale]])
    interpolation = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    reduced = person
    if scale < 0.5:  # warping alone would leave jagged edges
        reduced = cv2.resize(person, None, fx=scale * 2, fy=scale * 2, interpolation=interpolation)
        matrix[:, :2] = np.eye(2) * 0.5
    placed = cv2.warpAffine(reduced, matrix, (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR)
    inside = cv2.warpAffine(np.full(reduced.shape[:2], 255, np.uint8), matrix, (WIDTH, HEIGHT))
    if soft:
        reach = FACE_PX * size
        inside = np.minimum(inside, np.where(np.abs(np.arange(WIDTH) - centre_x) < reach, 255, 0).astype(np.uint8)[None, :])
        inside = cv2.GaussianBlur(cv2.erode(inside, np.ones((17, 17), np.uint8)), (0, 0), 7)
    share = (inside.astype(np.float32) / 255)[:, :, None]
    return np.asarray((placed * share + scene * (1 - share)).astype(np.uint8), np.uint8)


def _portrait(person: Picture, width: int, height: int, face_px: float) -> Picture:
    x, y, face = face_box(person)
    scale = face_px / face
    matrix = np.array([[scale, 0, width / 2 - x * scale], [0, scale, height * 0.45 - y * scale]])
    return np.asarray(cv2.warpAffine(person, matrix, (width, height), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE), np.uint8)


def _held(scene: Picture, sheet: Picture, corners: list[tuple[float, float]]) -> Picture:
    """A flat thing held before the camera, its corners at the given places."""
    height, width = sheet.shape[:2]
    source = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    matrix = cv2.getPerspectiveTransform(source, np.array(corners, np.float32))
    placed = cv2.warpPerspective(sheet, matrix, (WIDTH, HEIGHT))
    inside = cv2.warpPerspective(np.full(sheet.shape[:2], 255, np.uint8), matrix, (WIDTH, HEIGHT))
    share = (cv2.GaussianBlur(inside, (0, 0), 1).astype(np.float32) / 255)[:, :, None]
    return np.asarray((placed * share + scene * (1 - share)).astype(np.uint8), np.uint8)


def _on_paper(person: Picture) -> Picture:
    """A photograph on paper: white border, a slight bend, paler colours."""
    sheet = np.full((460, 350, 3), 238, np.uint8)
    sheet[22:438, 20:330] = _portrait(person, 310, 416, FACE_PX)
    rows, columns = np.mgrid[0:460, 0:350].astype(np.float32)
    bent = cv2.remap(sheet, columns, rows + 7 * np.sin(columns / 350 * np.pi), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    shade = 0.86 + 0.12 * np.sin(columns / 350 * np.pi)
    pale = cv2.convertScaleAbs(bent, alpha=0.86, beta=24)
    return _held(hall(), (pale * shade[:, :, None]).clip(0, 255).astype(np.uint8), [(152, 12), (496, 24), (486, 470), (146, 462)])


def _on_tablet(person: Picture) -> Picture:
    """A recording on a tablet: dark bezel, bluish light, the pattern of two pixel grids, a reflection."""
    sheet = np.full((470, 380, 3), 22, np.uint8)
    shown = _portrait(person, 330, 410, FACE_PX).astype(np.float32)
    rows, columns = np.mgrid[0:410, 0:330].astype(np.float32)
    pattern = 1 + 0.07 * np.sin(columns * 2.05 + rows * 0.21) * np.sin(rows * 1.93)
    shown = shown * pattern[:, :, None] * np.array([1.08, 1.0, 0.93]) + 10
    reflection = np.clip((columns - rows * 0.6 - 60) / 60, 0, 1) * np.clip((140 - columns + rows * 0.6) / 60, 0, 1)
    sheet[28:438, 25:355] = (shown + 26 * reflection[:, :, None]).clip(0, 255).astype(np.uint8)
    return _held(hall(), sheet, [(136, 6), (506, 14), (500, 474), (132, 468)])


def _moved(picture: Picture, shift: float, degrees: float, scale: float) -> Picture:
    matrix = cv2.getRotationMatrix2D((WIDTH / 2, HEIGHT * 0.7), degrees, scale)
    matrix[0, 2] += shift
    return np.asarray(cv2.warpAffine(picture, matrix, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REPLICATE), np.uint8)


BACK_WIDTH, BACK_HEIGHT = 960, 720
CARD_WIDTH, CARD_HEIGHT = 832, 540  # of the card in its own picture: 480 × 320 dots at 1.6 with the unprinted rim around them
PRINT_LEFT, PRINT_TOP, PRINT_WIDTH, PRINT_HEIGHT = 32, 14, 768, 512
GRAIN_ROOM = 64
FILM = (229, 236, 233)
INK = (92, 66, 58)
CORNERS = ((70.0, 92.0), (896.0, 78.0), (890.0, 622.0), (62.0, 628.0))
"""Where the card's corners come to lie in the frame: about one degree turned, and not quite square to the lens."""


class BackScene:
    """What the inspection camera sees, 960 × 720: the card's back while it lies at the reader, else the empty slot. Call it for the next JPEG."""

    def __init__(self, path: CardPath, seed: int | None = None) -> None:
        self._path = path
        self._chance = np.random.default_rng(seed)
        self._drawn: tuple[bytes | None, Picture] = (None, empty_slot())

    def frame(self) -> Picture:
        card = self._path.at(Place.READER)
        dots = card.back.dots if card else None
        drawn_dots, still = self._drawn
        if drawn_dots is not dots:
            still = seen_back(dots) if dots is not None else empty_slot()
            self._drawn = (dots, still)
        shift = self._chance.uniform(-1, 1, 2)
        shaken = cv2.warpAffine(still, np.array([[1, 0, shift[0]], [0, 1, shift[1]]]), (BACK_WIDTH, BACK_HEIGHT), borderMode=cv2.BORDER_REPLICATE)
        lit = cv2.convertScaleAbs(shaken, alpha=self._chance.uniform(0.97, 1.03), beta=-8)
        y, x = self._chance.integers(0, GRAIN_ROOM, 2)
        grain = _grain()[y : y + BACK_HEIGHT, x : x + BACK_WIDTH]
        return np.asarray(cv2.add(lit, grain), np.uint8)

    def __call__(self) -> bytes:
        return jpeg(self.frame())


@cache
def _grain() -> Picture:
    """The sensor's noise, larger than a frame: each frame is given another part of it."""
    size = (BACK_HEIGHT + GRAIN_ROOM, BACK_WIDTH + GRAIN_ROOM, 3)
    return np.random.default_rng(7).normal(8, 3, size).clip(0, 20).astype(np.uint8)


def empty_slot() -> Picture:
    """The dark reader bed with its rails."""
    slot = np.full((BACK_HEIGHT, BACK_WIDTH, 3), (38, 36, 34), np.uint8)
    cv2.rectangle(slot, (30, 60), (930, 64), (60, 58, 56), -1)
    cv2.rectangle(slot, (30, 656), (930, 660), (60, 58, 56), -1)
    cv2.circle(slot, (480, 360), 40, (50, 48, 46), -1)
    return np.asarray(cv2.GaussianBlur(slot, (0, 0), 2), np.uint8)


def seen_back(dots: bytes) -> Picture:
    """The card as the lens sees it, without this moment's grain."""
    ink = np.frombuffer(dots, np.uint8).reshape(320, 480).astype(np.float32)
    large = cv2.resize(ink, (PRINT_WIDTH, PRINT_HEIGHT), interpolation=cv2.INTER_AREA if PRINT_WIDTH < 480 else cv2.INTER_LINEAR)
    share = np.zeros((CARD_HEIGHT, CARD_WIDTH), np.float32)
    share[PRINT_TOP : PRINT_TOP + PRINT_HEIGHT, PRINT_LEFT : PRINT_LEFT + PRINT_WIDTH] = large
    card = np.array(FILM, np.float32) * (1 - share[:, :, None]) + np.array(INK, np.float32) * share[:, :, None]
    rounded = np.zeros((CARD_HEIGHT, CARD_WIDTH), np.uint8)
    radius = 26
    cv2.rectangle(rounded, (radius, 0), (CARD_WIDTH - radius, CARD_HEIGHT), 255, -1)
    cv2.rectangle(rounded, (0, radius), (CARD_WIDTH, CARD_HEIGHT - radius), 255, -1)
    for x in (radius, CARD_WIDTH - radius - 1):
        for y in (radius, CARD_HEIGHT - radius - 1):
            cv2.circle(rounded, (x, y), radius, 255, -1)
    source = np.array([(0, 0), (CARD_WIDTH, 0), (CARD_WIDTH, CARD_HEIGHT), (0, CARD_HEIGHT)], np.float32)
    matrix = cv2.getPerspectiveTransform(source, np.array(CORNERS, np.float32))
    placed = cv2.warpPerspective(card, matrix, (BACK_WIDTH, BACK_HEIGHT), flags=cv2.INTER_LINEAR)
    inside = cv2.warpPerspective(rounded, matrix, (BACK_WIDTH, BACK_HEIGHT)).astype(np.float32)[:, :, None] / 255
    scene = placed * inside + empty_slot() * (1 - inside)
    blurred = cv2.GaussianBlur(scene, (0, 0), 0.8)
    return np.asarray((blurred * _light()[:, :, None]).clip(0, 255).astype(np.uint8), np.uint8)


@cache
def _light() -> NDArray[np.float32]:
    """Uneven: the lamp stands at the upper left."""
    rows, columns = np.mgrid[0:BACK_HEIGHT, 0:BACK_WIDTH].astype(np.float32)
    distance = np.hypot((columns - 330) / BACK_WIDTH, (rows - 260) / BACK_HEIGHT)
    return np.asarray(np.float32(1.0) - np.float32(0.26) * distance.astype(np.float32), np.float32)
