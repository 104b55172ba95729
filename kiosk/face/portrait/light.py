"""Light and colours on the face. Formulas after ISO/IEC 29794-5 as its reference implementation (BSI OFIQ) computes them, unless said otherwise."""

import math

import cv2
import numpy as np
import numpy.typing as npt

from kiosk.face.portrait.reading import Reading, Unmeasured, Why
from kiosk.face.portrait.subject import LEFT_CHEEK, RIGHT_CHEEK, Subject

_BRIGHT_FROM, _DARK_TO = 247, 25
# Where this share of the face has no tones left, its colours mean nothing.
_EXPOSED_AT_MOST = 0.3
_TURNED_FOR_CHEEKS_DEGREES = 25.0


def brightness(subject: Subject) -> Reading:
    """Mean 0..1 over the face."""
    return _open(subject) or float(subject.grey[subject.skin].mean()) / 255


def brightness_spread(subject: Subject) -> Reading:
    """Standard deviation, 0..1."""
    return _open(subject) or float(subject.grey[subject.skin].std()) / 255


def tones(subject: Subject) -> Reading:
    """Entropy of the face's brightness times 12.5: 100 where all 256 tones occur alike."""
    if missing := _open(subject):
        return missing
    share = _histogram(subject.grey[subject.skin])
    share = share[share > 0]
    return float(-(share * np.log2(share)).sum()) * 12.5


def overexposed(subject: Subject) -> Reading:
    return _open(subject) or float((subject.grey[subject.skin] >= _BRIGHT_FROM).mean())


def underexposed(subject: Subject) -> Reading:
    return _open(subject) or float((subject.grey[subject.skin] <= _DARK_TO).mean())


def even_light(subject: Subject) -> Reading:
    """What both cheeks' histograms share, to the power 0.3, times 100."""
    cheeks = _cheeks(subject)
    if isinstance(cheeks, Unmeasured):
        return cheeks
    right, left = (_histogram(subject.grey[cheek].ravel()) for cheek in cheeks)
    shared = float(np.minimum(right, left).sum())
    return 100 * math.pow(shared, 0.3)


def side_light(subject: Subject) -> Reading:
    """How much brighter one cheek is: the logarithm of their ratio, whichever side (this project's own)."""
    cheeks = _cheeks(subject)
    if isinstance(cheeks, Unmeasured):
        return cheeks
    right, left = (max(float(subject.grey[cheek].mean()), 1.0) for cheek in cheeks)
    return abs(float(np.log(right / left)))


def skin_red(subject: Subject) -> Reading:
    """a* of CIELAB, green to red, mean of the cheeks."""
    return _skin_colour(subject, 1)


def skin_yellow(subject: Subject) -> Reading:
    """b* of CIELAB, blue to yellow, mean of the cheeks."""
    return _skin_colour(subject, 2)


def _skin_colour(subject: Subject, channel: int) -> Reading:
    cheeks = _cheeks(subject)
    if isinstance(cheeks, Unmeasured):
        return cheeks
    for exposed in (overexposed(subject), underexposed(subject)):
        if isinstance(exposed, float) and exposed > _EXPOSED_AT_MOST:
            return Unmeasured(Why.BADLY_EXPOSED)
    lab = cv2.cvtColor(subject.upright.astype(np.float32) / 255, cv2.COLOR_BGR2LAB)
    return float(np.mean([lab[cheek][..., channel].mean() for cheek in cheeks]))


def _open(subject: Subject) -> Unmeasured | None:
    return Unmeasured(Why.FACE_CUT_OFF) if subject.cut_off else None


def _cheeks(subject: Subject) -> list[tuple[slice, slice]] | Unmeasured:
    if missing := _open(subject):
        return missing
    if abs(subject.pose.yaw) > _TURNED_FOR_CHEEKS_DEGREES:
        return Unmeasured(Why.HEAD_TURNED)
    cheeks = [subject.cheek(RIGHT_CHEEK), subject.cheek(LEFT_CHEEK)]
    return cheeks if all(subject.grey[cheek].size for cheek in cheeks) else Unmeasured(Why.HEAD_TURNED)


def _histogram(grey: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    counted = np.bincount(np.clip(np.rint(grey), 0, 255).astype(np.int64), minlength=256)
    return np.asarray(counted / max(1, counted.sum()), np.float64)
