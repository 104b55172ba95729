"""Where the head lies in the picture and how large it is."""

import numpy as np

from kiosk.face.portrait.reading import Reading, Unmeasured, Why
from kiosk.face.portrait.subject import CHIN, LEFT_EAR, RIGHT_EAR, Subject

# Beyond this the ears' distance is not the head's width any more.
_TURNED_FOR_WIDTH_DEGREES = 15.0
_PERSON_AT_LEAST = 0.5


def faces(subject: Subject) -> Reading:
    return float(len(subject.faces))


def eye_distance_px(subject: Subject) -> Reading:
    return subject.eye_distance


def eye_distance(subject: Subject) -> Reading:
    return subject.eye_distance / subject.width


def head_width(subject: Subject) -> Reading:
    """From ear to ear, without hair."""
    if abs(subject.pose.yaw) > _TURNED_FOR_WIDTH_DEGREES:
        return Unmeasured(Why.HEAD_TURNED)
    return float(np.hypot(*(subject.points[LEFT_EAR] - subject.points[RIGHT_EAR]))) / subject.width


def crown(subject: Subject) -> float | Unmeasured:
    """The row of the head's upper end, hair included: the person's first row above the face, as the segmentation sees it."""
    scale = subject.backdrop_scale
    left, right = sorted((subject.points[RIGHT_EAR][0] * scale, subject.points[LEFT_EAR][0] * scale))
    inner = (right - left) / 4
    columns = subject.person[:, max(0, round(left + inner)) : max(0, round(right - inner))]
    if columns.size == 0:
        return Unmeasured(Why.FACE_CUT_OFF)
    rows = np.flatnonzero((columns >= _PERSON_AT_LEAST).any(axis=1))
    eyes = subject.eyes_middle[1] * scale
    if not rows.size or rows[0] >= eyes:
        return Unmeasured(Why.CROWN_NOT_SEEN)
    return float(rows[0]) / scale


def head_height(subject: Subject) -> Reading:
    top = crown(subject)
    if isinstance(top, Unmeasured):
        return top
    if top < 1:  # the picture ends where the head perhaps does not
        return Unmeasured(Why.CROWN_NOT_SEEN)
    return (float(subject.points[CHIN][1]) - top) / subject.height


def crown_gap(subject: Subject) -> Reading:
    top = crown(subject)
    return top if isinstance(top, Unmeasured) else top / subject.height


def below_chin(subject: Subject) -> Reading:
    return 1 - float(subject.points[CHIN][1]) / subject.height


def face_middle_across(subject: Subject) -> Reading:
    return float(subject.eyes_middle[0]) / subject.width


def head_size(subject: Subject) -> Reading:
    return abs(subject.eyes_to_chin / subject.height - 0.45)


def room_right(subject: Subject) -> Reading:
    """At the picture's left edge: the person's right eye is there."""
    return float(subject.right_eye[0]) / subject.eye_distance


def room_left(subject: Subject) -> Reading:
    return float(subject.width - subject.left_eye[0]) / subject.eye_distance


def room_above(subject: Subject) -> Reading:
    return float(subject.eyes_middle[1]) / subject.eyes_to_chin


def room_below(subject: Subject) -> Reading:
    return float(subject.height - subject.eyes_middle[1]) / subject.eyes_to_chin


def yaw(subject: Subject) -> Reading:
    return subject.pose.yaw


def pitch(subject: Subject) -> Reading:
    return subject.pose.pitch


def roll(subject: Subject) -> Reading:
    return subject.pose.roll
