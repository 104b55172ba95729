"""Other detectors and recognisers behind the same ports: which one is used is data, and none is used unchecked or without measured distances."""

import tomllib
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from kiosk.domain.failure import Failure
from kiosk.face.image import Points
from kiosk.face.looking import Looker
from kiosk.face.match import FaceMatcher, Reference
from kiosk.face.models import DETECTORS, RECOGNISERS, TABLE, FaceModels
from kiosk.face.ports import Square
from kiosk.face.sface import SFace
from kiosk.face.verdict import Band, Decision
from kiosk.face.yunet import YuNet

from .face_pictures import MODELS, camera, portrait
from .tiny_models import BOX_CELLS, EYE_CELLS, SFACE, YUNET, place, tiny_sface, tiny_yunet

LIMITS = {"match_at_most": 0.4, "retry_at_most": 0.5}


def loaded(directory: Path, table: Path) -> FaceModels:
    models = FaceModels.load(directory, table)
    assert isinstance(models, FaceModels), models
    return models


@pytest.fixture
def yunet(tmp_path: Path) -> YuNet:
    detector = loaded(tmp_path, place(tmp_path, {YUNET: tiny_yunet()}, {"detector": "yunet"})).detector
    assert isinstance(detector, YuNet)
    return detector


@pytest.fixture
def with_sface(tmp_path: Path) -> FaceModels:
    return loaded(tmp_path, place(tmp_path, {SFACE: tiny_sface()}, {"recogniser": "sface"}, LIMITS))


def test_yunets_faces_are_given_in_pixels_of_the_picture(yunet: YuNet) -> None:
    image = np.zeros((300, 500, 3), np.uint8)
    square = Square(-20, -60, 640)  # twice the side that YuNet is shown
    cell = 16  # of 8 x 8 in the picture
    x, y = 12 * cell - 20, 9 * cell - 60
    image[y : y + cell, x : x + cell] = 255
    (found,) = yunet.detect(image, square)
    assert np.allclose(found.eyes, [[x - EYE_CELLS * cell, y], [x + EYE_CELLS * cell, y]], atol=0.5)
    assert found.box_side == pytest.approx(0.8 * BOX_CELLS * cell, abs=0.5)


def test_yunet_gives_the_surest_face_first_and_none_where_none_is(yunet: YuNet) -> None:
    image = np.zeros((320, 320, 3), np.uint8)
    assert yunet.detect(image, Square(0, 0, 320)) == []
    image[80:88, 80:88], image[240:248, 240:248] = 220, 255
    surest, other = yunet.detect(image, Square(0, 0, 320))
    assert surest.eyes[0, 1] == pytest.approx(240) and other.eyes[0, 1] == pytest.approx(80)


def mesh_points() -> Points:
    """All points at nought but those that SFace is aligned by, of an upright face four times as large as its chip."""
    points = np.zeros((468, 2))
    for corners, (x, y) in (((33, 133), (38.2946, 51.6963)), ((263, 362), (73.5318, 51.5014))):
        points[corners[0]], points[corners[1]] = (x - 8, y), (x + 8, y)
    points[[1, 61, 291]] = (56.0252, 71.7366), (41.5493, 92.3655), (70.7299, 92.2041)
    return points * 4


def test_sfaces_chip_has_eyes_nose_and_mouth_where_it_was_trained(with_sface: FaceModels) -> None:
    points, image = mesh_points(), np.zeros((448, 448, 3), np.uint8)
    for x, y in (points[[33, 133]].mean(axis=0), points[1], points[291]):
        cv2.circle(image, (round(x), round(y)), 12, (255, 255, 255), -1)
    chip = with_sface.recogniser.chip(image, points)
    assert chip.shape == (112, 112, 3)
    assert [int(chip[y, x, 0]) for x, y in ((38, 52), (56, 72), (71, 92))] == [255] * 3
    assert [int(chip[y, x, 0]) for x, y in ((74, 52), (42, 92))] == [0] * 2


def test_sfaces_embeddings_have_length_one_and_their_distance_is_euclidean(with_sface: FaceModels) -> None:
    chips = np.random.default_rng(5).integers(0, 256, (2, 112, 112, 3), np.uint8)
    one, other = (with_sface.recogniser.embed(chip, grey=False) for chip in chips)
    assert one.shape == (128,) and np.linalg.norm(one) == pytest.approx(1, abs=1e-5)
    assert with_sface.recogniser.distance(one, one) == pytest.approx(0, abs=1e-3)
    assert with_sface.recogniser.distance(one, other) == pytest.approx(float(np.linalg.norm(one - other)), abs=1e-5)
    assert with_sface.recogniser.distance(3 * one, other) == pytest.approx(float(np.linalg.norm(one - other)), abs=1e-5)


def test_sface_drops_the_colours_where_it_is_told_to(with_sface: FaceModels) -> None:
    chip = np.random.default_rng(6).integers(0, 256, (112, 112, 3), np.uint8)
    grey = np.repeat(cv2.cvtColor(chip, cv2.COLOR_BGR2GRAY)[..., None], 3, axis=2)
    recogniser = with_sface.recogniser
    assert np.allclose(recogniser.embed(chip, grey=True), recogniser.embed(grey, grey=False))
    assert not np.allclose(recogniser.embed(chip, grey=False), recogniser.embed(grey, grey=False))


def test_a_matcher_decides_with_whichever_recogniser_is_used_and_by_its_limits(with_sface: FaceModels) -> None:
    matcher = FaceMatcher(with_sface)
    reference = matcher.enrol(portrait("obama.jpg", (413, 531), "JPEG", (290, 0, 400, 514)))
    assert isinstance(reference, Reference) and reference.embedding.shape == (128,)
    looks = [Looker(matcher.models).see(camera("obama.jpg"))] * 3
    decision = matcher.decide([reference], looks)
    assert isinstance(decision, Decision)
    assert (decision.band, decision.model_sha256) == (Band.MATCH, with_sface.recogniser.sha256)
    assert isinstance(with_sface.recogniser, SFace) and (with_sface.match_at_most, with_sface.retry_at_most) == (0.4, 0.5)


@pytest.mark.parametrize(
    "limits",
    [
        {},
        {"match_at_most": 0.4},
        {"retry_at_most": 0.5},
        {"match_at_most": 0.5, "retry_at_most": 0.4},
        {"match_at_most": 0.4, "retry_at_most": float("inf")},
        {"match_at_most": float("nan"), "retry_at_most": 0.5},
        {"match_at_most": 0.4, "retry_at_most": float("nan")},
        {"match_at_most": 0, "retry_at_most": 0.5},
        {"match_at_most": "0.4", "retry_at_most": 0.5},
        {"match_at_most": True, "retry_at_most": True},
    ],
)
def test_a_recogniser_without_measured_limits_is_never_used(tmp_path: Path, limits: dict[str, Any]) -> None:
    table = place(tmp_path, {SFACE: tiny_sface()}, {"recogniser": "sface"}, limits)
    assert FaceModels.load(tmp_path, table) == Failure("face.thresholds_missing", detail={"value": "sface"})


def test_whole_numbers_are_limits_too(tmp_path: Path) -> None:
    table = place(tmp_path, {SFACE: tiny_sface()}, {"recogniser": "sface"}, {"match_at_most": 1, "retry_at_most": 1})
    assert loaded(tmp_path, table).match_at_most == 1


@pytest.mark.parametrize(("role", "allowed"), [("detector", "blazeface, yunet"), ("recogniser", "dlib_resnet, sface")])
@pytest.mark.parametrize("name", ["somebody_elses", "mesh", ""])
def test_a_model_nothing_here_works_with_is_named(tmp_path: Path, role: str, allowed: str, name: str) -> None:
    table = place(tmp_path, {}, {role: name})
    assert FaceModels.load(tmp_path, table) == Failure("face.model_unknown", detail={"value": name, "allowed": allowed})


@pytest.mark.parametrize(("role", "name", "file"), [("detector", "yunet", YUNET), ("recogniser", "sface", SFACE)])
def test_a_model_placed_by_hand_must_be_there_and_be_the_one_that_is_pinned(tmp_path: Path, role: str, name: str, file: str) -> None:
    table = place(tmp_path, {}, {role: name}, LIMITS)
    assert FaceModels.load(tmp_path, table) == Failure("face.models_missing", detail={"file": file})
    (tmp_path / file).write_bytes(tiny_yunet())
    assert FaceModels.load(tmp_path, table) == Failure("face.model_altered", detail={"file": file})


def test_the_segmenter_is_made_of_the_bytes_that_were_checked(tmp_path: Path) -> None:
    models = loaded(tmp_path, place(tmp_path, {}, {}))
    (tmp_path / "selfie_segmentation.tflite").unlink()
    (tmp_path / "selfie_segmentation.tflite").write_bytes(b"another")
    models.segmenter.setInput(np.zeros((1, 3, 256, 256), np.float32))
    assert models.segmenter.forward().size == 256 * 256
    assert models.segmenter is models.segmenter


def test_the_machine_uses_models_that_are_shipped_and_pins_every_one() -> None:
    table = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    used = [table["use"]["detector"], "mesh", "iris", "segmenter", table["use"]["recogniser"]]
    assert all(table[name]["shipped"] and (MODELS / table[name]["file"]).exists() for name in used)
    assert {*DETECTORS, *RECOGNISERS} <= table.keys()
    assert all(len(bytes.fromhex(entry["sha256"])) == 32 for name, entry in table.items() if name != "use")
