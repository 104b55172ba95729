"""The face turned upright and scaled to 150 x 150: what dlib's recogniser was trained with, and what the quality limits were measured on."""

import numpy as np

from kiosk.face.image import Image, Points, cut, similarity

CHIP_PX = 150
# Outer and inner corners of the left eye (the picture's right), of the right eye, and the nose's base, in the mesh.
FIVE_POINTS = (263, 362, 33, 133, 2)
# Where dlib's training put these five points in a face of side 1, around which a quarter is added on each side.
_MEAN_FACE = np.array(
    [
        [0.8595674595992, 0.2134981538014],
        [0.6460604764104, 0.2289674387677],
        [0.1205750620789, 0.2137274526848],
        [0.3340850613712, 0.2290642403242],
        [0.4901123135679, 0.6277975316475],
    ]
)
_TARGET = (0.25 + _MEAN_FACE) / 1.5 * CHIP_PX


def chip(image: Image, five_points: Points) -> Image:
    return cut(image, similarity(five_points, _TARGET), CHIP_PX)
