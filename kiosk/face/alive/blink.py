"""Both lids close and open again, as skin over the eye does, and nothing else in the face changes as much."""

from collections import deque
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from kiosk.face.alive.limits import BlinkLimits
from kiosk.face.detection import Face
from kiosk.face.eyes import LEFT_CORNERS, RIGHT_CORNERS, lid_openings
from kiosk.face.image import Image, cut, upright_square
from kiosk.face.models import FaceModels

_PATCH_PX = 24
_NOSE = (197, 4)
_REMEMBERED = 60
_USUAL_AFTER = 4  # frames of open eyes before a closing can be told from them

Patch = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class _Sight:
    at_s: float
    opening: float
    eyes: Patch
    nose: Patch


class Blink:
    """Watches frame by frame; `passed` once a whole blink was seen. Times are seconds of any one clock."""

    def __init__(self, limits: BlinkLimits) -> None:
        self._limits = limits
        self._openings: deque[float] = deque(maxlen=_REMEMBERED)
        self._open: _Sight | None = None  # the newest frame with open eyes
        self._closed_at: float | None = None
        self._certain = False
        self.lowest = 1.0  # opening over the usual one
        self.passed = False

    def see(self, models: FaceModels, image: Image, face: Face, at_s: float) -> None:
        now = _sight(models, image, face, at_s)
        self._openings.append(now.opening)
        if len(self._openings) < _USUAL_AFTER:
            self._open = now
            return
        share = now.opening / max(float(np.percentile(self._openings, 70)), 1e-6)
        self.lowest = min(self.lowest, share)
        if share < self._limits.closed_below:
            if self._closed_at is None:
                self._closed_at, self._certain = at_s, False
            self._certain |= self._only_eyes_changed(now)
        elif share > self._limits.recovered_above:
            # a squint that lasts is no blink
            if self._closed_at is not None and self._certain and at_s - self._closed_at <= self._limits.closed_s_at_most:
                self.passed = True
            self._closed_at, self._open = None, now

    def _only_eyes_changed(self, now: _Sight) -> bool:
        if self._open is None:
            return False
        eyes, nose = _change(self._open.eyes, now.eyes), _change(self._open.nose, now.nose)
        return eyes > self._limits.eye_change_at_least and eyes > self._limits.times_nose_change * nose


def _sight(models: FaceModels, image: Image, face: Face, at_s: float) -> _Sight:
    # the eye that is more open decides: both must close
    opening = max(lid_openings(models, image, face))
    eyes = np.concatenate([_patch(image, face, RIGHT_CORNERS, 1.2), _patch(image, face, LEFT_CORNERS, 1.2)])
    return _Sight(at_s, opening, eyes, _patch(image, face, _NOSE, 1.6))


def _patch(image: Image, face: Face, ends: tuple[int, int], widths: float) -> Patch:
    """Grey values around a piece of the face, upright whatever the head's tilt."""
    one, other = face.points[list(ends)]
    right, left = face.points[RIGHT_CORNERS[0]], face.points[LEFT_CORNERS[0]]
    angle = float(np.arctan2(*(left - right)[::-1]))
    matrix = upright_square((one + other) / 2, widths * float(np.hypot(*(one - other))), angle, _PATCH_PX)
    return np.asarray(cv2.cvtColor(cut(image, matrix, _PATCH_PX), cv2.COLOR_BGR2GRAY), np.float32)


def _change(before: Patch, now: Patch) -> float:
    """1 - correlation: brightness and contrast of the whole do not count."""
    one, other = before - before.mean(), now - now.mean()
    return 1.0 - float((one * other).sum() / max(float(np.sqrt((one**2).sum() * (other**2).sum())), 1e-6))
