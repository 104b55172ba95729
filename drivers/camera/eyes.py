"""Lids: the skin above an eye drawn down over it, its lashes with it."""

from collections.abc import Iterator
from contextlib import contextmanager

import cv2
import numpy as np

from drivers.camera.landmarks import LEFT_BROW, LEFT_LOWER, LEFT_UPPER, RIGHT_BROW, RIGHT_LOWER, RIGHT_UPPER, Numbers
from drivers.camera.light import Picture
from drivers.camera.person import Person

_LASHES = 0.55  # how dark the lash line of a closed lid is, of the skin's level
_SHADE = 0.93  # the lid turns downwards and gets less light


class Lids:
    """Both eyes of a person, closed for as long as a frame is drawn."""

    def __init__(self, person: Person) -> None:
        points = person.points[:, :2]
        self._eyes = [_Eye(points, *each) for each in ((RIGHT_UPPER, RIGHT_LOWER, RIGHT_BROW), (LEFT_UPPER, LEFT_LOWER, LEFT_BROW))]

    @contextmanager
    def closed(self, picture: Picture, lid: float) -> Iterator[None]:
        """The picture with the lids `lid` of the way down (0 to 1); as before afterwards."""
        if lid <= 0.02:
            yield
            return
        kept = [(eye, picture[eye.place].copy()) for eye in self._eyes]
        for eye, patch in kept:
            picture[eye.place] = eye.covered(patch, lid)
        yield
        for eye, patch in kept:
            picture[eye.place] = patch


class _Eye:
    def __init__(self, points: Numbers, upper: tuple[int, ...], lower: tuple[int, ...], brow: tuple[int, ...]) -> None:
        corners = points[[upper[0], upper[-1]]]
        width = float(np.hypot(*(corners[1] - corners[0])))
        left, right = int(corners[:, 0].min() - 0.12 * width), int(corners[:, 0].max() + 0.12 * width) + 1
        top = int(points[list(brow), 1].min())
        bottom = int(points[list(lower), 1].max() + 0.25 * width)
        self.place = (slice(max(top, 0), bottom), slice(max(left, 0), right))
        columns = np.arange(self.place[1].start, right, dtype=np.float32)
        self._rows, self._columns = np.mgrid[0 : bottom - self.place[0].start, 0 : len(columns)].astype(np.float32)
        middle = (columns - corners[:, 0].mean()) / (0.55 * width)
        self._inside = (1 - middle**4).clip(0, 1)
        rim = 0.03 * width * self._inside
        self._upper = _line(points, upper, columns) - self.place[0].start - rim  # just above the lashes
        self._lower = np.maximum(_line(points, lower, columns) - self.place[0].start + rim, self._upper)
        brow_line = _line(points, brow, columns) - self.place[0].start
        self._fold = np.minimum(brow_line + 0.25 * (self._upper - brow_line), self._upper - 0.12 * width)  # skin from below the brow is drawn down
        self._thick = max(width * 0.035, 0.8)

    def covered(self, patch: Picture, lid: float) -> Picture:
        edge = self._upper + (self._lower - self._upper) * np.float32(lid)
        stretch = (self._upper - self._fold) / np.maximum(edge - self._fold, 0.5)
        drawn = self._fold + (self._rows - self._fold) * stretch
        over = (self._rows > self._fold) & (self._rows <= edge)
        source = np.where(over, drawn, self._rows).astype(np.float32)
        moved = cv2.remap(patch, self._columns, source, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE).astype(np.float32)
        down = ((self._rows - self._upper) / np.maximum(edge - self._upper, 0.5)).clip(0, 1) * over * self._inside
        lashes = np.exp(-(((self._rows - edge) / self._thick) ** 2)) * self._inside * min(lid * 2, 1)
        moved[:, :, :3] *= ((1 - (1 - _SHADE) * down) * (1 - (1 - _LASHES) * lashes))[:, :, None]
        return np.asarray(moved.clip(0, 255), np.uint8)


def _line(points: Numbers, indices: tuple[int, ...], columns: Numbers) -> Numbers:
    """The height of a contour over the columns."""
    contour = points[list(indices)]
    order = np.argsort(contour[:, 0])
    return np.asarray(np.interp(columns, contour[order, 0], contour[order, 1]), np.float32)
