"""The machine's light plays a random sequence of colours, and skin answers: with this sequence, strongly enough, and the wall behind hardly.

A recording answers with its own sequence, a screen hardly reflects, a sheet of paper lights up beside the face as well. The limits come from
simulated light on still pictures. Nothing is shown faster than 2.5 changes a second, five before a hurried simulation.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import cv2
import numpy as np
import numpy.typing as npt

from kiosk.face.alive.limits import FlashLimits
from kiosk.face.image import Image, Points, as_image
from kiosk.face.models import FaceModels
from kiosk.face.verdict import DARK, Colour

Values = npt.NDArray[np.float64]

COLOURS: tuple[Colour, ...] = (
    (True, False, False),
    (False, True, False),
    (False, False, True),
    (False, True, True),
    (True, False, True),
    (True, True, False),
    DARK,
)
FRAMES_A_STEP = 3  # that count, after those that settle

# Forehead and the cheeks under the eyes: skin that faces the lamp, away from lips, lids and beard.
_SKIN = (
    (67, 109, 10, 338, 297, 299, 337, 9, 108, 69),
    (117, 118, 101, 36, 205, 187, 123),
    (346, 347, 330, 266, 425, 411, 352),
)
_SEGMENTER_PX = 256
_BACKGROUND_BELOW = 0.1
_LINEAR = (np.where(np.arange(256) <= 10.31, np.arange(256) / 255 / 12.92, ((np.arange(256) / 255 + 0.055) / 1.055) ** 2.4)).astype(np.float32)


def random_colours(chance: random.Random, steps: int) -> tuple[Colour, ...]:
    """No colour twice in a row; every channel both on and off somewhere, so that each can be judged."""
    while True:
        colours: list[Colour] = []
        while len(colours) < steps:
            colour = chance.choice(COLOURS)
            if not colours or colour != colours[-1]:
                colours.append(colour)
        if all(2 <= sum(colour[channel] for colour in colours) <= steps - 2 for channel in range(3)):
            return tuple(colours)


class FlashFlaw(StrEnum):
    """Why the light's answer does not pass; also the last word of a failure code `face.…`."""

    TOO_FEW = "flash_too_few_frames"
    UNSEEN = "flash_unseen"
    EXPOSURE = "flash_exposure"
    OTHER_COLOURS = "flash_other_colours"
    WEAK = "flash_weak"
    BACKGROUND = "flash_background"


@dataclass(frozen=True, slots=True)
class FlashAnswer:
    """correlation: with the colours sent, 0..1, of the part of the face that answers worst: glare lies on one part only.

    gain: log response to a lamp that is on. background: the wall's gain over the face's. drift: within a step, in parts of the whole response; None
    where the camera held its exposure.
    """

    correlation: float
    gain: float
    background: float
    drift: float | None
    flaw: FlashFlaw | None


@dataclass
class ColourFlash:
    """One sequence. `calibrated_gain`: what a face gave when the machine was set up. `exposure_held`: the camera says so."""

    colours: Sequence[Colour]
    limits: FlashLimits
    calibrated_gain: float
    exposure_held: bool = False
    _face: list[list[Values]] = field(default_factory=list, repr=False)  # steps, frames, parts x colours
    _wall: list[list[Values]] = field(default_factory=list, repr=False)
    _mask: Image | None = field(default=None, repr=False)

    def begin(self, models: FaceModels, image: Image) -> None:
        """Finds what is background, once, before the first colour; about 6 ms."""
        self._mask = _background(models, image)

    def see(self, step: int, image: Image, points: Points) -> None:
        """One settled frame of step 0…n-1."""
        while len(self._face) <= step:
            self._face.append([])
            self._wall.append([])
        self._face[step].append(_skin(image, points))
        wall = None if self._mask is None else _beside(image, points, self._mask)
        if wall is not None:
            self._wall[step].append(wall)

    def seen(self, step: int) -> int:
        return len(self._face[step]) if step < len(self._face) else 0

    def answer(self) -> FlashAnswer:
        if len(self._face) < len(self.colours) or any(len(frames) < FRAMES_A_STEP for frames in self._face):
            return FlashAnswer(0.0, 0.0, 1.0, None, FlashFlaw.TOO_FEW)
        parts = np.array([np.median(frames, axis=0) for frames in self._face])  # steps x parts x colours
        face = parts.mean(axis=1)
        _, gain = _response(face, self.colours)
        correlation = min(_response(parts[:, part], self.colours)[0] for part in range(parts.shape[1]))
        background = self._background_share(gain)
        drift = None if self.exposure_held else _drift([[frame.mean(axis=0) for frame in frames] for frames in self._face], face)
        return FlashAnswer(correlation, gain, background, drift, self._judge(correlation, gain, background, drift))

    def _background_share(self, gain: float) -> float:
        """1 (as of paper) where no wall could be seen beside the head: what was not looked at is not passed."""
        if len(self._wall) < len(self.colours) or any(len(frames) == 0 for frames in self._wall):
            return 1.0
        _, wall_gain = _response(np.array([np.median(frames, axis=0) for frames in self._wall]), self.colours)
        return wall_gain / max(gain, 1e-6)

    def _judge(self, correlation: float, gain: float, background: float, drift: float | None) -> FlashFlaw | None:
        limits = self.limits
        if gain < limits.gain_at_least:
            return FlashFlaw.UNSEEN
        # an exposure that chases the light takes as much from the wall as from the face: then what is beside paper looks like a person's wall
        if drift is not None and (drift > limits.drift_at_most or background < limits.background_unheld_at_least):
            return FlashFlaw.EXPOSURE
        if correlation < limits.correlation_at_least:
            return FlashFlaw.OTHER_COLOURS
        if gain < limits.gain_of_calibrated * self.calibrated_gain:
            return FlashFlaw.WEAK
        if background > limits.background_at_most:
            return FlashFlaw.BACKGROUND
        return None


def _response(logs: Values, colours: Sequence[Colour]) -> tuple[float, float]:
    """(correlation, gain) of log chromaticity with the colours sent; steps x 3, BGR logs. A slow drift of the room's light is taken out."""
    sent = np.array(colours, np.float64)
    expected = np.column_stack([sent[:, 0] - sent[:, 1], sent[:, 2] - sent[:, 1]])
    measured = np.column_stack([logs[:, 2] - logs[:, 1], logs[:, 0] - logs[:, 1]])
    time = np.linspace(-1, 1, len(sent))
    trend = np.column_stack([np.ones_like(time), time])
    without = np.eye(len(sent)) - trend @ np.linalg.pinv(trend)
    x, y = (without @ expected).ravel(), (without @ measured).ravel()
    power = float(x @ x)
    gain = float(x @ y) / max(power, 1e-9)
    correlation = float(x @ y) / max(float(np.sqrt(power * float(y @ y))), 1e-9)
    return max(correlation, 0.0), gain


def _drift(frames: Sequence[Sequence[Values]], medians: Values) -> float:
    """Median change of brightness from the first to the last settled frame of a step, over the range of all steps."""
    brightness = medians.mean(axis=1)
    within = [abs(float(step[-1].mean() - step[0].mean())) for step in frames]
    return float(np.median(within)) / max(float(np.ptp(brightness)), 1e-6)


def _skin(image: Image, points: Points) -> Values:
    """Mean log of linear blue, green, red, of each part: forehead, right cheek, left cheek."""
    height, width = image.shape[:2]
    parts = []
    for outline in _SKIN:
        places = points[list(outline)]
        low = np.clip(places.min(axis=0).astype(int), 0, (width - 2, height - 2))
        high = np.clip(places.max(axis=0).astype(int) + 1, low + 1, (width, height))
        region = image[low[1] : high[1], low[0] : high[0]]
        mask = np.zeros(region.shape[:2], np.uint8)
        cv2.fillConvexPoly(mask, np.round(places - low).astype(np.int32), 255)
        parts.append(_log_mean(region, as_image(mask)))
    return np.array(parts)


def _beside(image: Image, points: Points, background: Image) -> Values | None:
    """The same of the background within half a face's width of the face, at the head's height; None where there is hardly any."""
    height, width = image.shape[:2]
    low, high = points.min(axis=0), points.max(axis=0)
    reach = 0.5 * (high[0] - low[0])
    left, right = int(max(low[0] - reach, 0)), int(min(high[0] + reach, width))
    top, bottom = int(max(low[1] - 0.3 * reach, 0)), int(min(high[1], height))
    mask = background[top:bottom, left:right]
    if np.count_nonzero(mask) < 0.02 * mask.size:
        return None
    return _log_mean(image[top:bottom, left:right], mask)


def _log_mean(region: Image, mask: Image) -> Values:
    linear = cv2.LUT(region, _LINEAR)
    mean = np.array(cv2.mean(linear, mask)[:3], np.float64)
    return np.log(np.maximum(mean, 1e-4))


def _background(models: FaceModels, image: Image) -> Image:
    """255 where nothing of a person is, shrunk a little from the outline."""
    models.segmenter.setInput(cv2.dnn.blobFromImage(cv2.resize(image, (_SEGMENTER_PX, _SEGMENTER_PX)), 1 / 255, swapRB=True))
    person = models.segmenter.forward().reshape(_SEGMENTER_PX, _SEGMENTER_PX)
    empty = cv2.erode((person < _BACKGROUND_BELOW).astype(np.uint8) * 255, np.ones((9, 9), np.uint8))
    return as_image(cv2.resize(empty, image.shape[1::-1], interpolation=cv2.INTER_NEAREST))
