"""Picture arithmetic that detection, mesh and recognition share."""

from collections.abc import Iterable
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

Image = npt.NDArray[np.uint8]  # height x width x 3, blue green red
Points = npt.NDArray[np.float64]  # n x 2, x and y in pixels
Matrix = npt.NDArray[np.float64]  # 2 x 3, as cv2.warpAffine takes it


def similarity(source: Points, target: Points) -> Matrix:
    """The turn, scale and shift that best carry `source` onto `target` (least squares). Seen as complex numbers it is z -> a z + b."""
    z, w = source @ (1, 1j), target @ (1, 1j)
    centred = z - z.mean()
    a = np.vdot(centred, w - w.mean()) / np.vdot(centred, centred).real
    b = w.mean() - a * z.mean()
    return np.array([[a.real, -a.imag, b.real], [a.imag, a.real, b.imag]])


def cut(image: Image, matrix: Matrix, size_px: int) -> Image:
    """The square that `matrix` carries the picture into; black outside the picture. Shrinks by area first where pixels would be skipped."""
    scale = float(np.hypot(matrix[0, 0], matrix[1, 0]))
    if scale < 0.5:
        height, width = image.shape[:2]
        smaller = (max(1, round(width * scale)), max(1, round(height * scale)))
        image = as_image(cv2.resize(image, smaller, interpolation=cv2.INTER_AREA))
        # Pixel centres lie at half numbers, so the enlargement back shifts by half of what it adds.
        back_x, back_y = width / smaller[0], height / smaller[1]
        matrix = matrix @ np.array([[back_x, 0, (back_x - 1) / 2], [0, back_y, (back_y - 1) / 2], [0, 0, 1]])
    return as_image(cv2.warpAffine(image, matrix, (size_px, size_px), flags=cv2.INTER_LINEAR))


def upright_square(centre: npt.NDArray[np.float64], side: float, angle: float, size_px: int) -> Matrix:
    """Carries the square around `centre`, turned by `angle` (radians, the picture's own sense), onto size_px x size_px."""
    scale = size_px / side
    cosine, sine = np.cos(angle) * scale, np.sin(angle) * scale
    turn = np.array([[cosine, sine], [-sine, cosine]])
    return np.column_stack([turn, size_px / 2 - turn @ centre])


def back(points: Points, matrix: Matrix) -> Points:
    """Points of the cut square in the picture it was cut from."""
    return np.asarray((points - matrix[:, 2]) @ np.linalg.inv(matrix[:, :2]).T, np.float64)


def as_image(values: Any) -> Image:
    """OpenCV's own array type as numpy's, without a copy."""
    return np.asarray(values, np.uint8)


def wipe(arrays: Iterable[npt.NDArray[Any] | None]) -> None:
    """Overwrites what still can be reached. Copies inside OpenCV and the memory manager are out of reach."""
    for array in arrays:
        if array is not None and array.flags.writeable:
            array.fill(0)
