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
    """The square that `matrix` carries the picture into; black outside the picture. Halves it first as often as pixels would be skipped."""
    scale = float(np.hypot(matrix[0, 0], matrix[1, 0]))
    if scale <= 0.5:
        image, matrix = _shown(image, matrix, size_px)
    while scale <= 0.5 and min(image.shape[:2]) > 1:
        image, matrix = _halved(image, matrix)
        scale *= 2
    return as_image(cv2.warpAffine(image, matrix, (size_px, size_px), flags=cv2.INTER_LINEAR))


def _shown(image: Image, matrix: Matrix, size_px: int) -> tuple[Image, Matrix]:
    """The part of the picture that the square shows, and a margin that the halving may lose."""
    height, width = image.shape[:2]
    corners = back(np.array([[0, 0], [size_px, 0], [0, size_px], [size_px, size_px]]), matrix)
    margin = np.ptp(corners) / size_px + 2
    left, top = np.clip(corners.min(axis=0) - margin, 0, (width - 1, height - 1)).astype(int)
    right, bottom = np.clip(corners.max(axis=0) + margin, (left + 1, top + 1), (width, height)).astype(int)
    return image[top:bottom, left:right], matrix @ np.array([[1, 0, left], [0, 1, top], [0, 0, 1]])


def _halved(image: Image, matrix: Matrix) -> tuple[Image, Matrix]:
    """Each pixel the mean of four (OpenCV's fastest way to make a picture smaller); an odd last row or column is dropped."""
    height, width = image.shape[0] // 2, image.shape[1] // 2
    smaller = as_image(cv2.resize(image[: 2 * height, : 2 * width], (width, height), interpolation=cv2.INTER_AREA))
    # Pixel centres lie at half numbers, so the enlargement back shifts by half of what it adds.
    return smaller, matrix @ np.array([[2, 0, 0.5], [0, 2, 0.5], [0, 0, 1]])


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


def without_colours(image: Image) -> Image:
    return as_image(cv2.cvtColor(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR))


def probability(values: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """A network's scores as 0..1."""
    return np.asarray(1 / (1 + np.exp(-np.clip(values, -50, 50))), np.float32)


def wipe(arrays: Iterable[npt.NDArray[Any] | None]) -> None:
    """Overwrites what still can be reached. Copies inside OpenCV and the memory manager are out of reach."""
    for array in arrays:
        if array is not None and array.flags.writeable:
            array.fill(0)
