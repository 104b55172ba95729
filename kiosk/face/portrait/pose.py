"""How the head is turned, from where the mesh's points lie: a mean head is fitted to them as if seen from afar, which asks for no focal length."""

from typing import NamedTuple

import numpy as np

from kiosk.face.image import Points

# Centimetres of a mean adult head, to the millimetre: x to the person's left, y up, z towards the camera (MediaPipe's canonical face, Apache-2.0).
_HEAD = {
    33: (-4.4, 2.7, 3.2),
    133: (-1.9, 2.6, 3.8),
    362: (1.9, 2.6, 3.8),
    263: (4.4, 2.7, 3.2),
    168: (0.0, 3.3, 5.2),
    1: (0.0, -1.1, 7.5),
    2: (0.0, -2.1, 6.1),
    61: (-2.5, -4.3, 4.3),
    291: (2.5, -4.3, 4.3),
    152: (0.0, -9.4, 4.3),
    10: (0.0, 8.3, 4.5),
    234: (-7.7, 0.7, -2.4),
    454: (7.7, 0.7, -2.4),
}
_POINTS = list(_HEAD)
_MEAN_HEAD = np.array(list(_HEAD.values())) - np.mean(list(_HEAD.values()), axis=0)


class Pose(NamedTuple):
    """Degrees. yaw: to the person's left is positive; pitch: upwards is positive; roll: towards the person's left shoulder is positive.

    Five frontal portraits read -4..4 of pitch with no zero to subtract (a fit to other points of the mesh read 8 too much): some degrees are the
    faces' own shape, so that a bound of 5 degrees cannot be drawn more sharply than that.
    """

    yaw: float
    pitch: float
    roll: float


def pose_of(points: Points) -> Pose:
    seen = points[_POINTS] * (1, -1)
    fitted, *_ = np.linalg.lstsq(_MEAN_HEAD, seen - seen.mean(axis=0), rcond=None)
    # The nearest two perpendicular rows of equal length: what the picture's x and y are along the head's own three axes.
    left, _, right = np.linalg.svd(fitted.T, full_matrices=False)
    across, along = left @ right
    towards = np.cross(across, along)
    roll = np.arctan2(across[1], along[1])
    # Where the nose points, once the head is held straight: so that a tilt is not taken for a turn.
    aside = across[2] * np.cos(roll) - along[2] * np.sin(roll)
    upwards = across[2] * np.sin(roll) + along[2] * np.cos(roll)
    angles = np.arctan2(aside, towards[2]), np.arcsin(np.clip(upwards, -1, 1)), roll
    return Pose(*np.degrees(angles).tolist())
