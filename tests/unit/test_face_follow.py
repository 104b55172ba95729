"""The mesh laid over where the face was: it goes with the face, and says so when the face is gone. And the picture arithmetic under it."""

import numpy as np
import pytest

from kiosk.face.detection import Face, find_faces, follow
from kiosk.face.image import cut, upright_square
from kiosk.face.models import FaceModels

from .face_pictures import MODELS, camera


@pytest.fixture(scope="module")
def models() -> FaceModels:
    loaded = FaceModels.load(MODELS)
    assert isinstance(loaded, FaceModels), f"{loaded}: packaging/setup.sh makes assets/models"
    return loaded


def only_face(models: FaceModels, frame: np.ndarray) -> Face:
    (face,) = find_faces(models, frame)
    return face


def moved(frame: np.ndarray, x: int, y: int) -> np.ndarray:
    return np.roll(frame, (y, x), axis=(0, 1))


def apart(one: Face, other: Face) -> float:
    """Mean distance of the points, in distances between the outer eye corners."""
    return float(np.hypot(*(one.points - other.points).T).mean() / np.hypot(*(one.points[33] - one.points[263])))


def test_a_face_that_moves_is_followed(models: FaceModels) -> None:
    frame = camera("obama2.jpg")
    face: Face | None = only_face(models, frame)
    for step in range(1, 7):
        assert face is not None
        face = follow(models, moved(frame, 12 * step, 6 * step), face)
    assert face is not None and face.score > 0.9
    assert apart(face, only_face(models, moved(frame, 72, 36))) < 0.03


def test_a_face_that_is_gone_is_lost(models: FaceModels) -> None:
    frame = camera("obama2.jpg")
    face = only_face(models, frame)
    wall = np.full_like(frame, 190)
    assert follow(models, wall, face) is None
    assert follow(models, np.random.default_rng(1).integers(0, 256, frame.shape, np.uint8), face) is None
    assert follow(models, moved(frame, 320, 0), face) is None
    assert follow(models, frame, face) is not None


def test_depths_are_in_pixels_and_the_nose_is_nearest(models: FaceModels) -> None:
    small, large = only_face(models, camera("obama2.jpg", 640, 480)), only_face(models, camera("obama2.jpg", 1280, 960))
    assert small.depths.shape == (468,)
    assert small.depths[1] < small.depths[[33, 263]].min() < small.depths[[234, 454]].min()  # nose, outer eye corners, before the ears
    assert np.ptp(large.depths) / np.ptp(small.depths) == pytest.approx(2, rel=0.1)


def test_wiping_a_face_leaves_nothing(models: FaceModels) -> None:
    face = only_face(models, camera("obama2.jpg"))
    face.wipe()
    assert not face.points.any() and not face.depths.any()


@pytest.mark.parametrize("side", [90.0, 128.0, 256.0, 257.0, 340.0, 700.0, 1400.0])
@pytest.mark.parametrize("angle", [0.0, 0.6])
@pytest.mark.parametrize("place", [(400.0, 300.0), (391.3, 312.9), (407.1, 277.6)])
def test_a_cut_shows_each_point_where_the_matrix_puts_it(side: float, angle: float, place: tuple[float, float]) -> None:
    y, x = np.mgrid[:601, :803]
    spread = max(4.0, side / 30)
    spot = (255 * np.exp(-((x - place[0]) ** 2 + (y - place[1]) ** 2) / (2 * spread**2))).round().astype(np.uint8)
    matrix = upright_square(np.array([398.0, 297.0]), side, angle, 128)
    shown = cut(np.repeat(spot[..., None], 3, axis=2), matrix, 128)[..., 0].astype(np.float64)
    rows, columns = np.mgrid[:128, :128]
    found = np.array([(shown * columns).sum(), (shown * rows).sum()]) / shown.sum()
    assert np.abs(found - (matrix[:, :2] @ place + matrix[:, 2])).max() < 0.1


def test_a_cut_is_black_outside_the_picture_and_whole_inside() -> None:
    picture = np.full((100, 200, 3), 255, np.uint8)
    shown = cut(picture, upright_square(np.array([100.0, 50.0]), 800, 0, 100), 100)
    assert shown[:40].max() == shown[:, :30].max() == shown[60:].max() == shown[:, 70:].max() == 0
    assert shown[45:55, 39:61].min() == 255


@pytest.mark.parametrize("shape", [(1, 1), (1, 400), (400, 1), (3, 2)])
def test_a_picture_of_hardly_any_pixels_is_cut_too(shape: tuple[int, int]) -> None:
    shown = cut(np.full((*shape, 3), 255, np.uint8), upright_square(np.array([0.0, 0.0]), 1000, 0.3, 128), 128)
    assert shown.shape == (128, 128, 3)


def test_a_square_beside_the_picture_is_black() -> None:
    shown = cut(np.full((100, 100, 3), 255, np.uint8), upright_square(np.array([5000.0, -5000.0]), 1000, 0, 128), 128)
    assert not shown.any()
