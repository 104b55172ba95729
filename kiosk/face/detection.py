"""Where faces are: BlazeFace short range for a first box, then the 468-point mesh, which also says whether it really is a face."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from kiosk.face.image import Image, Points, back, cut, upright_square
from kiosk.face.models import FaceModels

DETECTOR_PX = 128
MESH_PX = 192
_SCORE_AT_LEAST = 0.5
_OVERLAP_IS_SAME = 0.3
# Outer and inner corners of the left eye (the picture's right), of the right eye, and the nose's base.
FIVE_POINTS = (263, 362, 33, 133, 2)
_LEFT_EYE, _RIGHT_EYE = 263, 33


@dataclass(frozen=True, slots=True)
class Face:
    """One face. `points`: the mesh's 468 points in the picture; `score` 0..1, the mesh's own."""

    points: Points
    score: float

    @property
    def box(self) -> tuple[int, int, int, int]:
        """x, y, width, height of forehead to chin, in pixels; may reach beyond the picture."""
        x, y = self.points.min(axis=0)
        right, bottom = self.points.max(axis=0)
        return round(x), round(y), round(right - x), round(bottom - y)

    @property
    def five_points(self) -> Points:
        return np.asarray(self.points[list(FIVE_POINTS)], np.float64)


def find_faces(models: FaceModels, image: Image) -> list[Face]:
    """All faces, the largest first. About 9 ms with one face in view; small faces (under a fifth of the shorter side) may be missed."""
    faces: list[Face] = []
    for square in _squares(*image.shape[:2]):
        for eyes, side in _detect(models, image, square):
            face = _mesh(models, image, eyes, side)
            if face is not None and not any(_overlap(face, other) > _OVERLAP_IS_SAME for other in faces):
                faces.append(face)
        if faces:
            break
    return sorted(faces, key=lambda face: -face.box[3])


def _squares(height: int, width: int) -> list[tuple[float, float, float]]:
    """x, y, side of the tries, in order: the whole picture, its centre, its upper end (tall portraits), and with a margin (a face fills it)."""
    longer, shorter = max(height, width), min(height, width)
    return [
        ((width - longer) / 2, (height - longer) / 2, longer),
        ((width - shorter) / 2, (height - shorter) / 2, shorter),
        ((width - shorter) / 2, 0, shorter),
        ((width - 2 * longer) / 2, (height - 2 * longer) / 2, 2 * longer),
    ]


def _anchors() -> npt.NDArray[np.float64]:
    """Centres 0..1 of the 896 places BlazeFace scores: a 16 x 16 grid with two each, then 8 x 8 with six."""
    places = []
    for cells, each in ((16, 2), (8, 6)):
        y, x = np.divmod(np.arange(cells * cells).repeat(each), cells)
        places.append((np.column_stack([x, y]) + 0.5) / cells)
    return np.concatenate(places)


_ANCHORS = _anchors()


def _detect(models: FaceModels, image: Image, square: tuple[float, float, float]) -> list[tuple[Points, float]]:
    """(the two eyes, the box's side) of each face BlazeFace sees in a square of the picture, best score first."""
    x, y, side = square
    scale = DETECTOR_PX / side
    crop = cut(image, np.array([[scale, 0, -x * scale], [0, scale, -y * scale]]), DETECTOR_PX)
    models.detector.setInput(cv2.dnn.blobFromImage(crop, 1 / 127.5, mean=(127.5, 127.5, 127.5), swapRB=True))
    scores, places = models.detector.forward(("classificators", "regressors"))
    scores = _probability(scores.reshape(-1))
    # Rows of 16: box centre and size, then right eye, left eye and four more points, in 128ths, each relative to its anchor.
    rows = places.reshape(-1, 8, 2) / DETECTOR_PX
    rows[:, 0] += _ANCHORS
    rows[:, 2:] += _ANCHORS[:, None]
    found: list[tuple[Points, float]] = []
    centres: list[tuple[npt.NDArray[np.float64], float]] = []
    for index in np.argsort(-scores):
        if scores[index] < _SCORE_AT_LEAST:
            break
        box_side = float(rows[index, 1].max())
        if any(np.abs(rows[index, 0] - centre).max() < 0.5 * max(box_side, other) for centre, other in centres):
            continue
        centres.append((rows[index, 0], box_side))
        found.append((rows[index, 2:4] * side + (x, y), box_side * side))
    return found


def _mesh(models: FaceModels, image: Image, eyes: Points, box_side: float) -> Face | None:
    """The mesh laid over the face, and once more from its own first answer; None where it says that there is no face."""
    right, left = eyes
    # The box's own centre is not needed: it lies about a fifth of the side below the eyes.
    downwards = np.array([-(left - right)[1], (left - right)[0]]) / max(float(np.hypot(*(left - right))), 1e-6)
    centre, side = (right + left) / 2 + downwards * 0.15 * box_side, 1.5 * box_side
    points, score = eyes, 0.0
    for _ in range(2):
        angle = float(np.arctan2(*(left - right)[::-1]))
        matrix = upright_square(centre, side, angle, MESH_PX)
        models.mesh.setInput(cv2.dnn.blobFromImage(cut(image, matrix, MESH_PX), 1 / 255, swapRB=True))
        score_out, points_out = models.mesh.forward(("conv2d_31", "conv2d_21"))
        score = float(_probability(score_out.reshape(-1))[0])
        if score < _SCORE_AT_LEAST:
            return None
        points = back(points_out.reshape(-1, 3)[:, :2].astype(np.float64), matrix)
        right, left = points[_RIGHT_EYE], points[_LEFT_EYE]
        low, high = points.min(axis=0), points.max(axis=0)
        centre, side = (low + high) / 2, 1.5 * float((high - low).max())
    return Face(points, score)


def _probability(values: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    return np.asarray(1 / (1 + np.exp(-np.clip(values, -50, 50))), np.float32)


def _overlap(one: Face, other: Face) -> float:
    """Shared area over joint area of the two boxes."""
    x, y, width, height = one.box
    other_x, other_y, other_width, other_height = other.box
    shared_width = min(x + width, other_x + other_width) - max(x, other_x)
    shared_height = min(y + height, other_y + other_height) - max(y, other_y)
    if shared_width <= 0 or shared_height <= 0:
        return 0.0
    shared = shared_width * shared_height
    return shared / (width * height + other_width * other_height - shared)
