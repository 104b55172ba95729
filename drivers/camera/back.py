"""What the inspection camera sees: the back of the card at the reader."""

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.camera.light import Picture, jpeg
from drivers.world.card_path import CardPath, Place

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
