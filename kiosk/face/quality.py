"""Whether a frame's face is good enough to be compared. These gates serve the match only; a portrait to be printed needs stricter ones.

The limits were chosen on still photographs blurred, darkened and overexposed; a real camera's noise may ask for others.
"""

from enum import StrEnum

import cv2
import numpy as np

from kiosk.face.detection import Face
from kiosk.face.image import Image, Points

# Someone this much smaller stands behind the traveller and is no second face.
_BYSTANDER_BELOW = 0.5
# The recogniser's own chip has 74 px between the outer eye corners, and small faces are found and followed badly: a face of 190 px in height, where
# all were found, has about 85.
_EYE_DISTANCE_AT_LEAST_PX = 60
# Of the frame's height: nearer, and the light and the turn no longer fit into the picture.
_FACE_AT_MOST = 0.80
# How far the face's middle may lie from the frame's, in parts of the frame's shorter side.
_OFF_CENTRE_ABOVE = 0.28
# Nose against the middle of the eyes, in eye distances: above, the head is turned away (0.25 is about 25 degrees).
_TURNED_ABOVE = 0.25
# Mean grey of the face 0..1. Low enough that dark skin in ordinary light (0.3 and more) never comes near.
_DARK_BELOW, _BRIGHT_ABOVE = 0.08, 0.92
# Variance of the Laplacian over variance of the grey values, so that a dark frame is not taken for a blurred one. Seen: sharp 0.03 and more,
# two pixels of blur 0.005 to 0.04, four 0.002 to 0.016.
_SHARP_AT_LEAST = 0.006
# How much the colour (Lab a*, b*) around the mouth may differ from that of the cheeks. Seen on 11 coloured pictures: 1 to 10 bare, 15 and
# more under drawn masks of white, blue and black, with one exception; cloth of the colour of skin is not seen.
_MASK_ABOVE = 13.0
_CHEEKS = ((117, 118, 101, 36, 205, 187, 123), (346, 347, 330, 266, 425, 411, 352))
# Around the mouth, without the lips: they may be painted.
_MUZZLE = (57, 186, 92, 165, 167, 164, 393, 391, 322, 410, 287, 422, 430, 394, 379, 400, 152, 176, 150, 169, 210, 202)
_LIPS = (61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39, 40, 185)


class Flaw(StrEnum):
    """Why a frame cannot be used; also the last word of a failure code `face.…` and of a guidance key."""

    NOBODY = "nobody"
    SEVERAL = "several"
    TOO_SMALL = "too_small"
    TOO_NEAR = "too_near"
    OFF_CENTRE = "off_centre"
    TURNED = "turned"
    MASK = "mask"
    CUT_OFF = "cut_off"
    TOO_DARK = "too_dark"
    TOO_BRIGHT = "too_bright"
    BLURRED = "blurred"


def matters(faces: list[Face]) -> list[Face]:
    """Without those far behind. `faces` with the largest first."""
    return [face for face in faces if face.box[3] >= _BYSTANDER_BELOW * faces[0].box[3]]


def flaw_of(face: Face, face_chip: Image, frame: Image) -> Flaw | None:
    """The first thing the person should mend. face_chip: the face upright, 150 x 150."""
    height, width = frame.shape[:2]
    five = face.five_points
    if five.min() < 0 or (five > (width - 1, height - 1)).any():
        return Flaw.CUT_OFF
    if np.hypot(*(five[0] - five[2])) < _EYE_DISTANCE_AT_LEAST_PX:
        return Flaw.TOO_SMALL
    if face.box[3] > _FACE_AT_MOST * height:
        return Flaw.TOO_NEAR
    if max(abs(_off_centre(face, height, width))) > _OFF_CENTRE_ABOVE:
        return Flaw.OFF_CENTRE
    if abs(nose_shift(face.points)) > _TURNED_ABOVE:
        return Flaw.TURNED
    # Eyes to mouth, without hair and background.
    grey = cv2.cvtColor(face_chip[30:130, 25:125], cv2.COLOR_BGR2GRAY)
    brightness = float(grey.mean()) / 255
    if brightness < _DARK_BELOW:
        return Flaw.TOO_DARK
    if brightness > _BRIGHT_ABOVE:
        return Flaw.TOO_BRIGHT
    if float(cv2.Laplacian(grey, cv2.CV_64F).var()) < _SHARP_AT_LEAST * max(float(grey.var()), 1.0):
        return Flaw.BLURRED
    return Flaw.MASK if _colour_apart(face, frame) > _MASK_ABOVE else None


def where_to(face: Face, flaw: Flaw | None, frame_size: tuple[int, ...]) -> str | None:
    """Which way the person should move: left, right (their own), up, down, nearer, farther; None where moving does not help."""
    match flaw:
        case Flaw.TOO_SMALL:
            return "nearer"
        case Flaw.TOO_NEAR:
            return "farther"
        case Flaw.OFF_CENTRE | Flaw.CUT_OFF:
            across, down = _off_centre(face, *frame_size)
            if abs(across) >= abs(down):
                # the picture's right is the person's left
                return "right" if across > 0 else "left"
            return "up" if down > 0 else "down"
        case _:
            return None


def nose_shift(points: Points) -> float:
    """How far the nose's tip lies from between the eyes along the line of the eyes, in eye distances; towards the person's left is positive."""
    right, left, nose = points[33], points[263], points[1]
    axis = left - right
    return float((nose - (right + left) / 2) @ axis / max(float(axis @ axis), 1e-6))


def _off_centre(face: Face, height: int, width: int) -> Points:
    """Of the face's middle, right and down, in parts of the frame's shorter side."""
    low, high = face.points.min(axis=0), face.points.max(axis=0)
    return np.asarray(((low + high) / 2 - (width / 2, height / 2)) / min(width, height), np.float64)


def _colour_apart(face: Face, frame: Image) -> float:
    """Distance in Lab's a*, b* between mouth with chin and the cheeks: cloth over the mouth has not the skin's colour."""
    low = np.clip(face.points.min(axis=0).astype(int), 0, None)
    high = np.ceil(face.points.max(axis=0)).astype(int)
    region = frame[low[1] : high[1], low[0] : high[0]]
    lab = cv2.cvtColor(region, cv2.COLOR_BGR2LAB)
    means = []
    for filled, left_out in ((_CHEEKS, ()), ((_MUZZLE,), (_LIPS,))):
        mask = np.zeros(region.shape[:2], np.uint8)
        for outlines, value in ((filled, 255), (left_out, 0)):
            for outline in outlines:
                cv2.fillPoly(mask, [np.round(face.points[list(outline)] - low).astype(np.int32)], value)
        means.append(np.array(cv2.mean(lab, mask)[1:3]))
    return float(np.hypot(*(means[0] - means[1])))
