"""Eyes, mouth, glasses and sharpness."""

import cv2
import numpy as np

from kiosk.face.image import Points
from kiosk.face.portrait.reading import Reading, Unmeasured, Why
from kiosk.face.portrait.subject import LEFT_EYE, LOWER_LIP, RIGHT_EYE, UPPER_LIP, Subject

_EYES_AT_LEAST_PX = 30
_SHARPNESS_EYES_AT_LEAST_PX = 55
_TURNED_FOR_EYES_DEGREES = 30.0
# Lids farther apart than this show enough of the pupil for its colour.
_PUPIL_FROM = 0.15
# The mean brightness that sharpness is scaled to, so that a dark frame is not taken for a blurred one.
_USUAL_BRIGHTNESS = 153.0
# Between the brows, between the eyes, and above the tip of the nose.
_BRIDGE_TOP, _BRIDGE_MIDDLE, _BRIDGE_END = 9, 168, 195
_BRIDGE_HALF_PX = 4


def eyes_open(subject: Subject) -> Reading:
    """The less open eye: distance of the lids over the eye's width."""
    return _small(subject, _EYES_AT_LEAST_PX) or _turned(subject) or min(subject.lids)


def mouth_open(subject: Subject) -> Reading:
    """Distance of the lips' inner edges over eyes to chin."""
    lips = subject.points[LOWER_LIP] - subject.points[UPPER_LIP]
    return _small(subject, _EYES_AT_LEAST_PX) or float(np.hypot(*lips)) / subject.eyes_to_chin


def red_eyes(subject: Subject) -> Reading:
    """How much redder than green and blue the redder eye's middle is, 0..1; a pupil and brown, blue or grey irises stay near 0."""
    if missing := _small(subject, _EYES_AT_LEAST_PX) or _turned(subject):
        return missing
    if min(subject.lids) < _PUPIL_FROM:
        return Unmeasured(Why.EYES_NOT_OPEN)
    return max(_redness(subject, subject.upright_points[list(corners)]) for corners in (RIGHT_EYE, LEFT_EYE))


def _redness(subject: Subject, corners: Points) -> float:
    """Of the pupil's place: a disc around the middle of the eye, an eighth of its width in radius; a person may look a little aside."""
    width = float(np.hypot(*(corners[1] - corners[0])))
    mask = np.zeros(subject.grey.shape, np.uint8)
    x, y = np.rint(corners.mean(axis=0)).astype(int).tolist()
    cv2.circle(mask, (x, y), max(2, round(width / 8)), 1, -1)
    blue, green, red = (subject.upright[..., channel][mask > 0].astype(np.float64) for channel in range(3))
    return float(np.clip(red - np.maximum(green, blue), 0, None).mean()) / 255


def glasses(subject: Subject) -> Reading:
    """The strongest line across the whole bridge of the nose over the face's usual edge: a frame's bridge lies there, and no fold of skin does."""
    if missing := _small(subject, _EYES_AT_LEAST_PX) or _turned(subject):
        return missing
    edges = np.abs(cv2.Sobel(cv2.GaussianBlur(subject.grey, (3, 3), 0), cv2.CV_32F, 0, 1))
    (_, top), (_, end) = subject.upright_points[[_BRIDGE_TOP, _BRIDGE_END]]
    middle = round(float(subject.upright_points[_BRIDGE_MIDDLE][0]))
    strip = edges[max(0, round(top)) : max(0, round(end)), max(0, middle - _BRIDGE_HALF_PX) : max(0, middle + _BRIDGE_HALF_PX + 1)]
    if strip.size == 0:
        return Unmeasured(Why.FACE_CUT_OFF)
    return float(strip.min(axis=1).max()) / max(float(edges[subject.skin].mean()), 1.0)


def sharpness(subject: Subject) -> Reading:
    """Variance of the Laplacian of the upright face, scaled to a usual brightness (this project's own, in the place of ISO's trained model)."""
    if missing := _small(subject, _SHARPNESS_EYES_AT_LEAST_PX):
        return missing
    if subject.cut_off:
        return Unmeasured(Why.FACE_CUT_OFF)
    inside = cv2.erode(subject.skin.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    edges = cv2.Laplacian(subject.grey, cv2.CV_32F)[inside]
    mean = max(float(subject.grey[subject.skin].mean()), 1.0)
    return float(edges.var()) * (_USUAL_BRIGHTNESS / mean) ** 2


def _small(subject: Subject, eyes_px: int) -> Unmeasured | None:
    return Unmeasured(Why.FACE_TOO_SMALL) if subject.eye_distance < eyes_px else None


def _turned(subject: Subject) -> Unmeasured | None:
    return Unmeasured(Why.HEAD_TURNED) if abs(subject.pose.yaw) > _TURNED_FOR_EYES_DEGREES else None
