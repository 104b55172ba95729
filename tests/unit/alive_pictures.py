"""What a living face would show a camera, made from a still: lids drawn shut, light on skin and wall, a turned head's mesh."""

import cv2
import numpy as np
import numpy.typing as npt

from kiosk.face.detection import Face
from kiosk.face.image import Image, Points
from kiosk.face.verdict import Colour

_LIDS = (
    ((33, 246, 161, 160, 159, 158, 157, 173, 133, 155, 154, 153, 145, 144, 163, 7), (223, 27)),
    ((263, 466, 388, 387, 386, 385, 384, 398, 362, 382, 381, 380, 374, 373, 390, 249), (443, 257)),
)


def eyes_shut(image: Image, face: Face) -> Image:
    """Both eyes painted over with the skin above them, a dark line where the lashes meet."""
    shut = image.copy()
    for outline, (brow, lid) in _LIDS:
        eye = face.points[list(outline)]
        x, y = np.round((face.points[brow] + face.points[lid]) / 2).astype(int)
        skin = image[y - 2 : y + 3, x - 2 : x + 3].reshape(-1, 3).mean(axis=0)
        around = (eye - eye.mean(axis=0)) * (1.1, 1.5) + eye.mean(axis=0)
        cv2.fillPoly(shut, [np.round(around).astype(np.int32)], tuple(int(value) for value in skin), cv2.LINE_AA)
        lashes = eye[[0, 15, 14, 13, 12, 11, 10, 9, 8]]
        cv2.polylines(shut, [np.round(lashes).astype(np.int32)], False, (40, 40, 50), 1, cv2.LINE_AA)
    changed = cv2.dilate((shut != image).any(axis=2).astype(np.uint8), np.ones((3, 3), np.uint8))[:, :, None]
    return np.asarray(np.where(changed, cv2.GaussianBlur(shut, (0, 0), 0.7), image), np.uint8)


def lit(image: Image, near: npt.NDArray[np.bool_], colour: Colour, ratio: float, far: float = 0.15, exposure: float = 1.0) -> Image:
    """The picture under a lamp of `ratio` times the room's light; what is not `near` gets `far` of it."""
    linear = (image / 255.0) ** 2.2
    share = np.where(near, 1.0, far)[:, :, None] * ratio * np.array(colour[::-1], float)
    noise = np.random.default_rng(3).normal(0, 1.5, image.shape)
    return np.asarray(np.clip(255 * np.clip(linear * (1 + share) * exposure, 0, 1) ** (1 / 2.2) + noise, 0, 255), np.uint8)


def turned(points: Points, degrees: float, nose: float) -> Points:
    """The mesh seen by a camera after the head turned to the person's left: a cylinder with a nose; `nose` 0 and no cylinder is a flat sheet."""
    centre = points[[33, 263]].mean(axis=0)
    unit = float(np.hypot(*(points[263] - points[33])))
    x, y = ((points - centre) / unit).T
    towards_camera = nose * (0.9 * np.exp(-((x / 0.16) ** 2) - ((y - 0.35) / 0.35) ** 2) - 0.7 * x**2)
    angle = np.radians(degrees)
    side = x * np.cos(angle) + towards_camera * np.sin(angle)
    depth = 6 - (towards_camera * np.cos(angle) - x * np.sin(angle))
    return np.asarray(np.column_stack([side, y]) * (6 / depth)[:, None] * unit + centre, np.float64)
