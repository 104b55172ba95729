"""Light and sensor of the simulated face camera.

Reflection is multiplied in linear light: a surface that the hall lights with 1 and the machine's fill light with g more is seen 1 + g times as
bright.
Every reflectance and ratio here and in the scenes is assumed, and tried on stills only: no real camera and no real attack was measured.
"""

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Colour = tuple[bool, bool, bool]
"""Red, green, blue, on or off."""

DARK: Colour = (False, False, False)
SUN = 1.3
"""How many times brighter the hall is when the sun floods it, after the camera has stopped down."""
SUN_RATIO = 0.012
BODY_GAIN = 0.55
"""Of the face's gain: shoulders and chest stand back and are turned away."""
_LEAK = 0.04  # each lamp reaches the two other colours of the sensor a little
_LEVELS = np.arange(256) / 255
_LINEAR = np.where(_LEVELS <= 0.04045, _LEVELS / 12.92, ((_LEVELS + 0.055) / 1.055) ** 2.4)


@dataclass(frozen=True, slots=True)
class Light:
    """What falls on a scene at one moment: the fill light's colour, its share of the hall's light at the face, and how bright the hall is."""

    colour: Colour
    ratio: float
    level: float = 1.0

    def gains(self, share: float) -> tuple[float, float, float]:
        """Blue, green, red: how many times as bright a surface is that gets `share` of what the face gets."""
        red, green, blue = self.colour
        leaked = _LEAK * (red + green + blue)

        def gain(own: bool) -> float:
            return self.level * (1 + self.ratio * share * ((1 - 2 * _LEAK) * own + leaked))

        return gain(blue), gain(green), gain(red)


def jpeg(picture: Picture, quality: int = 88) -> bytes:
    """An image array as JPEG bytes."""
    return bytes(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1])


def encoded(linear: NDArray[np.float64]) -> NDArray[np.float64]:
    """Linear light 0..1 as sRGB levels 0..255; more than 1 is clipped, as a sensor clips."""
    clipped = linear.clip(0, 1)
    return np.asarray(np.where(clipped <= 0.0031308, clipped * 12.92, 1.055 * clipped ** (1 / 2.4) - 0.055) * 255, np.float64)


@lru_cache(maxsize=64)
def table(gains: tuple[float, float, float], added: float = 0.0) -> Picture:
    """256 × 1 × 3 for cv2.LUT: each level as it is seen under these gains and with this much linear light added."""
    return np.stack([encoded(_LINEAR * gain + added).round().astype(np.uint8) for gain in gains], axis=1)[:, None, :]


def lit(picture: Picture, light: Light, shares: NDArray[np.float32] | float) -> Picture:
    """The picture under the light; `shares`: one for all, or height × width between two tables' worth, 0 to 1."""
    if isinstance(shares, float):
        return np.asarray(cv2.LUT(picture, table(light.gains(shares))), np.uint8)
    none, full = cv2.LUT(picture, table(light.gains(0.0))), cv2.LUT(picture, table(light.gains(1.0)))
    return np.asarray(cv2.blendLinear(full, none, shares, 1 - shares), np.uint8)


class Sensor:
    """The camera's grain: the same for the same number, drawn once and shifted for each frame."""

    _ROOM = 97

    def __init__(self, width: int, height: int) -> None:
        self._size = (height, width)
        chance = np.random.default_rng(11)
        noise = chance.normal(0, 1.9, (height + self._ROOM, width + self._ROOM, 3)).astype(np.float32)
        noise = cv2.GaussianBlur(noise, (0, 0), 0.5) * np.float32(1.4)  # neighbours share their colours: the sensor has a mosaic before it
        self._up = noise.clip(0, 20).round().astype(np.uint8)
        self._down = (-noise).clip(0, 20).round().astype(np.uint8)

    def expose(self, picture: Picture, number: int) -> Picture:
        """In place: the picture with the grain of frame `number`."""
        height, width = self._size
        row, column = number * 31 % self._ROOM, number * 59 % self._ROOM
        cv2.add(picture, self._up[row : row + height, column : column + width], dst=picture)
        cv2.subtract(picture, self._down[row : row + height, column : column + width], dst=picture)
        return picture


class Exposure:
    """A camera that is not locked: within some tenths of a second exposure and white balance bring every colour's mean back to the first frame's."""

    _TIME_CONSTANT_S = 0.15

    def __init__(self) -> None:
        self._wanted: NDArray[np.float64] | None = None
        self._gains = np.ones(3)
        self._last_s = 0.0

    def chase(self, picture: Picture, seconds: float) -> Picture:
        """The frame of this moment, as the exposure of the frames before lets it look."""
        seen = _LINEAR[picture[::8, ::8]].mean(axis=(0, 1))
        if self._wanted is None:
            self._wanted, self._last_s = seen, seconds
        shown = cv2.LUT(picture, np.stack([encoded(_LINEAR * gain).round().astype(np.uint8) for gain in self._gains], axis=1)[:, None, :])
        self._gains *= (self._wanted / np.maximum(seen * self._gains, 1e-4)) ** (1 - np.exp((self._last_s - seconds) / self._TIME_CONSTANT_S))
        self._last_s = seconds
        return np.asarray(shown, np.uint8)
