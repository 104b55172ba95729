"""The head turns to the side asked for, and as only a body can: what is flat turns by a homography, a head does not."""

from collections import deque
from enum import StrEnum

import cv2
import numpy as np

from kiosk.face.alive.limits import TurnLimits
from kiosk.face.image import Points
from kiosk.face.quality import nose_shift

_RIGHT_EYE, _LEFT_EYE = 33, 263
# Lips and lids move by themselves: expression must not pass for depth.
_MOVING = {
    *(0, 11, 12, 13, 14, 15, 16, 17, 37, 38, 39, 40, 61, 72, 73, 74, 76, 77, 78, 80, 81, 82, 84, 85, 86, 87, 88, 90, 91, 95, 146, 178, 179, 180, 181),
    *(
        267,
        268,
        269,
        270,
        291,
        302,
        303,
        304,
        306,
        307,
        308,
        310,
        311,
        312,
        314,
        315,
        316,
        317,
        318,
        320,
        321,
        324,
        375,
        402,
        403,
        404,
        405,
        409,
        415,
    ),
    *(157, 158, 159, 160, 161, 173, 246, 144, 145, 153, 154, 155, 163, 7, 384, 385, 386, 387, 388, 398, 466, 373, 374, 380, 381, 382, 390, 249),
}
_STILL = np.array([index for index in range(468) if index not in _MOVING])


class Side(StrEnum):
    """The person's own left and right; a camera sees them the other way round."""

    LEFT = "left"
    RIGHT = "right"


def flat_residual(front: Points, now: Points) -> float:
    """What is left after the best plane-to-plane mapping, RMS in eye distances: 0 for a flat picture however it is held."""
    source, target = front[_STILL], now[_STILL]
    matrix, _ = cv2.findHomography(source, target, 0)
    if matrix is None:
        return 0.0
    mapped = cv2.perspectiveTransform(source[None].astype(np.float64), matrix)[0]
    return float(np.sqrt(((mapped - target) ** 2).sum(axis=1).mean()) / max(float(np.hypot(*(now[_LEFT_EYE] - now[_RIGHT_EYE]))), 1e-6))


class HeadTurn:
    """One asked turn. front: the mesh while the person looked straight ahead (the mean of a few frames)."""

    def __init__(self, side: Side, front: Points, limits: TurnLimits) -> None:
        self.side = side
        self._sign = 1.0 if side is Side.LEFT else -1.0
        self._front = front
        self._front_shift = nose_shift(front)
        self._limits = limits
        # the mesh trembles: of the last three frames the middle counts
        self._latest: deque[Points] = deque(maxlen=3)
        self._in_a_row = self._wrong_in_a_row = 0
        self.shift = self.residual = 0.0
        self.passed = self.wrong_side = False

    def see(self, points: Points) -> None:
        self._latest.append(points)
        now = np.median(np.stack(self._latest), axis=0)
        shift = self._sign * (nose_shift(now) - self._front_shift)
        residual = flat_residual(self._front, now)
        far = shift >= self._limits.shift_at_least and residual >= self._limits.residual_at_least
        self._in_a_row = self._in_a_row + 1 if far else 0
        self._wrong_in_a_row = self._wrong_in_a_row + 1 if shift <= -self._limits.shift_at_least else 0
        if shift > self.shift:
            self.shift, self.residual = shift, residual
        self.passed |= self._in_a_row >= self._limits.frames_at_least
        self.wrong_side |= self._wrong_in_a_row >= self._limits.frames_at_least

    @property
    def progress(self) -> float:
        return min(max(self.shift / self._limits.shift_at_least, 0.0), 1.0)
