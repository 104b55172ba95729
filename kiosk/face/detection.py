"""Where faces are: the detector for a first box, then the 468-point mesh, which also says whether it really is a face."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from kiosk.face.chip import FIVE_POINTS
from kiosk.face.image import Image, Points, back, cut, probability, upright_square, wipe
from kiosk.face.models import FaceModels
from kiosk.face.ports import Found, Square

MESH_PX = 192
_SCORE_AT_LEAST = 0.5
_OVERLAP_IS_SAME = 0.3
# Outer corners of the eyes. The mesh is given a square half as large again as the face.
_LEFT_EYE, _RIGHT_EYE = 263, 33
_MARGIN = 1.5


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """One face. `points`: the mesh's 468 points in the picture; `score` 0..1, the mesh's own.

    depths: of each point, in pixels of the picture, as the mesh guesses them from the one picture: smaller is nearer, 0 about the head's middle.
    """

    points: Points
    score: float
    depths: npt.NDArray[np.float64]

    @property
    def box(self) -> tuple[int, int, int, int]:
        """x, y, width, height of forehead to chin, in pixels; may reach beyond the picture."""
        x, y = self.points.min(axis=0)
        right, bottom = self.points.max(axis=0)
        return round(x), round(y), round(right - x), round(bottom - y)

    @property
    def five_points(self) -> Points:
        """Corners of the left eye, of the right eye, and the nose's base."""
        return np.asarray(self.points[list(FIVE_POINTS)], np.float64)

    def wipe(self) -> None:
        wipe([self.points, self.depths])


def find_faces(models: FaceModels, image: Image) -> list[Face]:
    """All faces, the largest first. About 9 ms with one face in view; small faces (under a fifth of the shorter side) may be missed."""
    faces: list[Face] = []
    for square in _squares(*image.shape[:2]):
        for found in models.detector.detect(image, square):
            face = lay_mesh(models, image, found)
            if face is not None:
                face = follow(models, image, face)  # the detector's square is a rough one: points and score are better from the mesh's own
            if face is not None and not any(_overlap(face, other) > _OVERLAP_IS_SAME for other in faces):
                faces.append(face)
        if faces:
            break
    return sorted(faces, key=lambda face: -face.box[3])


def lay_mesh(models: FaceModels, image: Image, found: Found) -> Face | None:
    """The mesh over what a detector found; None where it says that there is no face. About 2.5 ms."""
    right, left = found.eyes
    # The box's own centre is not needed: it lies about a fifth of the side below the eyes.
    downwards = np.array([-(left - right)[1], (left - right)[0]]) / max(float(np.hypot(*(left - right))), 1e-6)
    return _mesh(models, image, (right + left) / 2 + downwards * 0.15 * found.box_side, _MARGIN * found.box_side, _angle(right, left))


def follow(models: FaceModels, image: Image, last: Face) -> Face | None:
    """The face that was at `last` in the frame before, without a search: about 3 ms. None where it is lost; then the caller finds faces anew."""
    return _mesh(models, image, *_around(last.points))


def _squares(height: int, width: int) -> list[Square]:
    """The tries, in order: the whole picture, its centre, its upper end (tall portraits), and with a margin (a face fills it)."""
    longer, shorter = max(height, width), min(height, width)
    return [
        Square((width - longer) / 2, (height - longer) / 2, longer),
        Square((width - shorter) / 2, (height - shorter) / 2, shorter),
        Square((width - shorter) / 2, 0, shorter),
        Square((width - 2 * longer) / 2, (height - 2 * longer) / 2, 2 * longer),
    ]


def _around(points: Points) -> tuple[Points, float, float]:
    """Centre, side and angle of the square that a mesh's points ask for."""
    low, high = points.min(axis=0), points.max(axis=0)
    return (low + high) / 2, _MARGIN * float((high - low).max()), _angle(points[_RIGHT_EYE], points[_LEFT_EYE])


def _angle(right: Points, left: Points) -> float:
    x, y = left - right
    return float(np.arctan2(y, x))


def _mesh(models: FaceModels, image: Image, centre: Points, side: float, angle: float) -> Face | None:
    """The mesh's answer over one square; None where its own score says that there is no face."""
    matrix = upright_square(centre, side, angle, MESH_PX)
    models.mesh.setInput(cv2.dnn.blobFromImage(cut(image, matrix, MESH_PX), 1 / 255, swapRB=True))
    score_out, points_out = models.mesh.forward(("conv2d_31", "conv2d_21"))
    score = float(probability(score_out.reshape(-1))[0])
    if score < _SCORE_AT_LEAST:
        return None
    places = points_out.reshape(-1, 3).astype(np.float64)
    return Face(back(places[:, :2], matrix), score, places[:, 2] * (side / MESH_PX))


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
