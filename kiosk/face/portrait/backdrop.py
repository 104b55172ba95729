"""What is behind the person, above the chin: seen where the segmentation is sure that nobody is, some pixels away from hair and shoulders."""

import colorsys

import cv2
import numpy as np
import numpy.typing as npt

from kiosk.face.portrait.reading import Reading, Unmeasured, Why
from kiosk.face.portrait.subject import CHIN, Subject

_NOBODY_BELOW = 0.2
_SHARE_AT_LEAST = 0.05  # of the picture; less is no background to judge
# Less colour than this, in CIELAB, is a white or a grey.
_GREY_CHROMA = 8.0
# The guide's light blue has hue 135 on Windows' scale of 240.
_BLUE_HUE_DEGREES = 135 / 240 * 360
_BLUE_WITHIN_DEGREES = 30.0


def backdrop_uniformity(subject: Subject) -> Reading:
    """Mean gradient of the brightness, in levels of 256 a pixel."""
    mask = _mask(subject)
    if isinstance(mask, Unmeasured):
        return mask
    grey = cv2.cvtColor(subject.small, cv2.COLOR_BGR2GRAY)
    across, down = (cv2.Sobel(grey, cv2.CV_32F, *order, scale=1 / 8) for order in ((1, 0), (0, 1)))
    return float(np.hypot(across, down)[mask].mean())


def backdrop_spread(subject: Subject) -> Reading:
    """Standard deviation of L*, which a slow change from light to dark shows too."""
    lab = _lab(subject)
    return lab if isinstance(lab, Unmeasured) else float(lab[:, 0].std())


def backdrop_lightness(subject: Subject) -> Reading:
    """L*, 0..100."""
    lab = _lab(subject)
    return lab if isinstance(lab, Unmeasured) else float(np.median(lab[:, 0]))


def backdrop_grey(subject: Subject) -> Reading:
    """Luminance of a white or grey background on Windows' scale of 240."""
    lab = _lab(subject)
    if isinstance(lab, Unmeasured):
        return lab
    return _luminance(subject) if _is_grey(lab) else Unmeasured(Why.NOT_THIS_BACKGROUND, applies=False)


def backdrop_blue(subject: Subject) -> Reading:
    """Luminance of a blue background on Windows' scale of 240."""
    lab = _lab(subject)
    if isinstance(lab, Unmeasured):
        return lab
    blue = not _is_grey(lab) and _off_blue(subject) <= _BLUE_WITHIN_DEGREES
    return _luminance(subject) if blue else Unmeasured(Why.NOT_THIS_BACKGROUND, applies=False)


def backdrop_hue(subject: Subject) -> Reading:
    """How far a coloured background is from the guide's light blue, in degrees."""
    lab = _lab(subject)
    if isinstance(lab, Unmeasured):
        return lab
    return Unmeasured(Why.NOT_THIS_BACKGROUND, applies=False) if _is_grey(lab) else _off_blue(subject)


def _mask(subject: Subject) -> npt.NDArray[np.bool_] | Unmeasured:
    nobody = (subject.person < _NOBODY_BELOW).astype(np.uint8)
    side = 2 * max(1, round(0.015 * max(nobody.shape))) + 1
    # Beyond the picture's edge nothing is assumed, so that its own border is not worn away.
    kept = cv2.erode(nobody, np.ones((side, side), np.uint8), borderType=cv2.BORDER_CONSTANT, borderValue=1)
    kept[max(0, round(subject.points[CHIN][1] * subject.backdrop_scale)) :] = 0
    mask = kept.astype(np.bool_)
    return mask if mask.mean() >= _SHARE_AT_LEAST else Unmeasured(Why.NO_BACKGROUND)


def _lab(subject: Subject) -> npt.NDArray[np.float32] | Unmeasured:
    """The background's pixels in CIELAB, n x 3."""
    mask = _mask(subject)
    if isinstance(mask, Unmeasured):
        return mask
    return np.asarray(cv2.cvtColor(subject.small.astype(np.float32) / 255, cv2.COLOR_BGR2LAB)[mask], np.float32)


def _is_grey(lab: npt.NDArray[np.float32]) -> bool:
    return float(np.hypot(*np.median(lab[:, 1:], axis=0))) <= _GREY_CHROMA


def _hls(subject: Subject) -> tuple[float, float, float]:
    """Hue, luminance and saturation 0..1 of the background's median colour."""
    mask = _mask(subject)
    blue, green, red = (1.0, 1.0, 1.0) if isinstance(mask, Unmeasured) else (np.median(subject.small[mask], axis=0) / 255).tolist()
    return colorsys.rgb_to_hls(red, green, blue)


def _luminance(subject: Subject) -> float:
    return _hls(subject)[1] * 240


def _off_blue(subject: Subject) -> float:
    return abs((_hls(subject)[0] * 360 - _BLUE_HUE_DEGREES + 180) % 360 - 180)
