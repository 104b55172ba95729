"""Whether a frame's face is good enough to be compared. These gates serve the match only; a portrait to be printed needs stricter ones.

The limits were chosen on still photographs blurred, darkened and overexposed; a real camera's noise may ask for others.
"""

from enum import StrEnum

import cv2
import numpy as np

from kiosk.face.detection import Face
from kiosk.face.image import Image

# Someone this much smaller stands behind the traveller and is no second face.
_BYSTANDER_BELOW = 0.5
# The recogniser's own chip has 74 px between the outer eye corners; below this it would be enlarged more than twice.
_EYE_DISTANCE_AT_LEAST_PX = 30
# Mean grey of the face 0..1. Low enough that dark skin in ordinary light (0.3 and more) never comes near.
_DARK_BELOW, _BRIGHT_ABOVE = 0.08, 0.92
# Variance of the Laplacian over variance of the grey values, so that a dark frame is not taken for a blurred one. Seen: sharp 0.03 and more,
# two pixels of blur 0.005 to 0.04, four 0.002 to 0.016.
_SHARP_AT_LEAST = 0.006


class Flaw(StrEnum):
    """Why a frame cannot be used; also the last word of a failure code `face.…` and of a guidance key."""

    NOBODY = "nobody"
    SEVERAL = "several"
    TOO_SMALL = "too_small"
    CUT_OFF = "cut_off"
    TOO_DARK = "too_dark"
    TOO_BRIGHT = "too_bright"
    BLURRED = "blurred"


def matters(faces: list[Face]) -> list[Face]:
    """Without those far behind. `faces` with the largest first."""
    return [face for face in faces if face.box[3] >= _BYSTANDER_BELOW * faces[0].box[3]]


def flaw_of(face: Face, face_chip: Image, frame_size: tuple[int, ...]) -> Flaw | None:
    """The first thing the person should mend; frame_size is (height, width)."""
    height, width = frame_size
    five = face.five_points
    if five.min() < 0 or (five > (width - 1, height - 1)).any():
        return Flaw.CUT_OFF
    if np.hypot(*(five[0] - five[2])) < _EYE_DISTANCE_AT_LEAST_PX:
        return Flaw.TOO_SMALL
    # Eyes to mouth, without hair and background.
    grey = cv2.cvtColor(face_chip[30:130, 25:125], cv2.COLOR_BGR2GRAY)
    brightness = float(grey.mean()) / 255
    if brightness < _DARK_BELOW:
        return Flaw.TOO_DARK
    if brightness > _BRIGHT_ABOVE:
        return Flaw.TOO_BRIGHT
    if float(cv2.Laplacian(grey, cv2.CV_64F).var()) < _SHARP_AT_LEAST * max(float(grey.var()), 1.0):
        return Flaw.BLURRED
    return None
