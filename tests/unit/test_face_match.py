"""1:1 matching: the holder is let through, everybody else is not, and a frame that cannot be judged says why."""

import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np
import pytest

from kiosk.domain.failure import Failure
from kiosk.face.detection import find_faces
from kiosk.face.match import Band, Decision, FaceMatcher, Look, Reference
from kiosk.face.models import FaceModels
from kiosk.face.quality import Flaw

from .face_pictures import MODELS, camera, portrait

OBAMA_BOX = (290, 0, 400, 500)


@pytest.fixture(scope="module")
def matcher() -> FaceMatcher:
    models = FaceModels.load(MODELS)
    assert isinstance(models, FaceModels), f"{models}: packaging/setup.sh makes assets/models"
    return FaceMatcher(models)


def enrolled(matcher: FaceMatcher, data: bytes) -> Reference:
    reference = matcher.enrol(data)
    assert isinstance(reference, Reference), reference
    return reference


def decided(matcher: FaceMatcher, data: bytes, *frames: str) -> Decision:
    decision = matcher.decide(enrolled(matcher, data), [matcher.look(camera(frame)) for frame in frames])
    assert isinstance(decision, Decision), decision
    return decision


CHIPS = {
    "102x126 JPEG": portrait("obama.jpg", (102, 126), "JPEG", OBAMA_BOX),
    "240x320 JPEG": portrait("obama.jpg", (240, 320), "JPEG", (290, 0, 400, 533)),
    "240x320 JPEG 2000": portrait("obama.jpg", (240, 320), "JPEG2000", (290, 0, 400, 533)),
    "413x531 JPEG 2000": portrait("obama.jpg", (413, 531), "JPEG2000", (290, 0, 400, 514)),
    "240x320 grey JPEG": portrait("obama.jpg", (240, 320), "JPEG", (290, 0, 400, 533), mode="L"),
    "240x320 grey JPEG 2000": portrait("obama.jpg", (240, 320), "JPEG2000", (290, 0, 400, 533), mode="L"),
    "240x320 JPEG 2000 with alpha": portrait("obama.jpg", (240, 320), "JPEG2000", (290, 0, 400, 533), mode="RGBA"),
    "whole picture": portrait("obama.jpg", (910, 1137), "JPEG"),
}


@pytest.mark.parametrize("chip", CHIPS.values(), ids=CHIPS)
@pytest.mark.parametrize("frame", ["obama2.jpg", "obama3_portrait.jpg"])
def test_the_holder_matches_whatever_the_chip_holds(matcher: FaceMatcher, chip: bytes, frame: str) -> None:
    decision = decided(matcher, chip, frame, frame, frame)
    assert decision.band is Band.MATCH, decision
    assert decision.failure is None


@pytest.mark.parametrize("chip", CHIPS.values(), ids=CHIPS)
@pytest.mark.parametrize("frame", ["biden_portrait.jpg", "astronaut", "group1.jpg", "takeo.jpg", "hanks.png", "pair2.jpg"])
def test_somebody_else_is_refused_whatever_the_chip_holds(matcher: FaceMatcher, chip: bytes, frame: str) -> None:
    decision = decided(matcher, chip, frame, frame, frame)
    assert decision.band is Band.NO_MATCH, decision
    assert decision.failure == Failure("face.not_holder")


def test_a_decision_names_its_distance_and_the_model(matcher: FaceMatcher) -> None:
    decision = decided(matcher, CHIPS["240x320 JPEG"], "obama2.jpg", "obama2.jpg", "obama2.jpg")
    assert 0.2 < decision.distance < 0.5
    assert len(decision.model_sha256) == 64


def test_colours_are_dropped_on_both_sides_for_a_grey_portrait(matcher: FaceMatcher) -> None:
    assert enrolled(matcher, CHIPS["240x320 grey JPEG"]).grey
    assert not enrolled(matcher, CHIPS["240x320 JPEG"]).grey
    for chip, grey in ((CHIPS["240x320 grey JPEG"], True), (CHIPS["240x320 JPEG"], False)):
        reference, looks = enrolled(matcher, chip), [matcher.look(camera("obama.jpg"))] * 3
        right, wrong = matcher.decide(reference, looks), matcher.decide(Reference(reference.embedding, not grey), looks)
        assert isinstance(right, Decision) and isinstance(wrong, Decision)
        assert right.distance < wrong.distance


def test_one_frame_of_somebody_else_among_the_holders_is_no_match_yet(matcher: FaceMatcher) -> None:
    decision = decided(matcher, CHIPS["240x320 JPEG"], "obama.jpg", "biden_portrait.jpg", "obama.jpg", "obama.jpg", "obama.jpg")
    assert decision.distance < 0.5
    assert decision.band is Band.RETRY
    assert decision.failure == Failure("face.unsure")


@pytest.mark.parametrize(
    ("apart", "farthest", "band"),
    [(0.0, 0.0, Band.MATCH), (0.50, 0.58, Band.MATCH), (0.501, 0.501, Band.RETRY), (0.58, 0.9, Band.RETRY), (0.581, 0.581, Band.NO_MATCH)],
)
def test_the_bands_are_those_of_the_table(matcher: FaceMatcher, apart: float, farthest: float, band: Band) -> None:
    assert matcher._band(apart, farthest) is band


def test_a_distance_that_is_no_number_is_never_a_match(matcher: FaceMatcher) -> None:
    assert matcher._band(float("nan"), float("nan")) is not Band.MATCH


def test_an_embedding_is_the_mean_of_dlibs_own_for_the_face_and_its_mirror_image(matcher: FaceMatcher) -> None:
    y, x, c = np.indices((150, 150, 3))
    rgb = ((7 * y + 13 * x + 41 * c) % 256).astype(np.uint8)
    dlibs = [-0.06609, -0.11157, -0.09417, 0.08896, 0.24181, -0.10925, -0.12523, 0.21882]  # dlib 20.0.1, every 16th number
    assert np.allclose(matcher._models.recogniser.embed(rgb[..., ::-1], grey=False)[::16], dlibs, atol=1e-4)


def test_two_good_looks_are_too_few(matcher: FaceMatcher) -> None:
    reference = enrolled(matcher, CHIPS["240x320 JPEG"])
    look = matcher.look(camera("obama2.jpg"))
    assert matcher.decide(reference, [look, look]) == Failure("face.too_few_looks")
    assert matcher.decide(reference, []) == Failure("face.too_few_looks")


def test_too_few_good_looks_tell_what_spoilt_most_frames(matcher: FaceMatcher) -> None:
    reference = enrolled(matcher, CHIPS["240x320 JPEG"])
    good, empty = matcher.look(camera("obama2.jpg")), matcher.look(np.full((480, 640, 3), 128, np.uint8))
    assert matcher.decide(reference, [good, empty, good, empty]) == Failure("face.nobody")


@pytest.mark.parametrize("width_height", [(640, 480), (1280, 720), (480, 640), (1920, 1080)])
def test_a_good_frame_of_any_usual_size_has_no_flaw(matcher: FaceMatcher, width_height: tuple[int, int]) -> None:
    look = matcher.look(camera("obama.jpg", *width_height))
    assert (look.faces, look.flaw, look.guidance) == (1, None, "face.guidance.hold_still")
    assert look.box is not None
    x, y, width, height = look.box
    assert 0 < x < x + width < width_height[0] and 0 < y < y + height < width_height[1]


def two_people() -> np.ndarray:
    return np.hstack([camera("obama.jpg", 480, 600), camera("biden_portrait.jpg", 480, 600)])


def passer_by() -> np.ndarray:
    frame = camera("biden_portrait.jpg")
    frame[:380, :180] = camera("obama.jpg", 300, 380)[:, 80:260]
    return frame


FLAWED = {
    "nobody": (lambda: camera("obama.jpg")[300:, :], 0),
    "several": (two_people, 2),
    "too_small": (lambda: camera("group1.jpg", zoom=0.24), 1),
    "cut_off": (lambda: np.ascontiguousarray(camera("obama.jpg", 1280, 960)[:, 650:]), 1),
    "too_dark": (lambda: (camera("obama2.jpg") * 0.08).astype(np.uint8), 1),
    "too_bright": (lambda: np.clip(camera("group4.jpg").astype(int) * 3, 0, 255).astype(np.uint8), 1),
    "blurred": (lambda: cv2.GaussianBlur(camera("pair1.jpg"), (0, 0), 5), 1),
}


@pytest.mark.parametrize("flaw", FLAWED)
def test_a_frame_that_cannot_be_judged_says_why(matcher: FaceMatcher, flaw: str) -> None:
    make, faces = FLAWED[flaw]
    look = matcher.look(make())
    assert (look.flaw, look.faces, look.face_chip) == (flaw, faces, None)
    assert look.guidance == f"face.guidance.{flaw}"


@pytest.mark.parametrize("value", [0, 128, 255])
def test_an_empty_frame_shows_nobody(matcher: FaceMatcher, value: int) -> None:
    assert matcher.look(np.full((480, 640, 3), value, np.uint8)).flaw == "nobody"


def test_noise_shows_nobody(matcher: FaceMatcher) -> None:
    assert matcher.look(np.random.default_rng(1).integers(0, 256, (480, 640, 3), np.uint8)).flaw == "nobody"


def test_somebody_small_behind_the_traveller_is_no_second_face(matcher: FaceMatcher) -> None:
    assert len(find_faces(matcher._models, passer_by())) == 2
    look = matcher.look(passer_by())
    assert (look.faces, look.flaw) == (1, None)


@pytest.mark.parametrize("shape", [(480, 640), (480, 640, 4), (0, 640, 3)])
def test_something_that_is_no_colour_frame_is_a_bug(matcher: FaceMatcher, shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="not a colour frame"):
        matcher.look(np.zeros(shape, np.uint8))


def test_looking_leaves_the_frame_as_it_was(matcher: FaceMatcher) -> None:
    frame = camera("obama.jpg")
    before = frame.copy()
    matcher.look(frame)
    assert np.array_equal(frame, before)


def test_wiping_leaves_nothing_of_the_face(matcher: FaceMatcher) -> None:
    reference, look = enrolled(matcher, CHIPS["240x320 JPEG"]), matcher.look(camera("obama.jpg"))
    assert look.face_chip is not None and look.face_chip.any() and reference.embedding.any()
    reference.wipe()
    look.wipe()
    assert not look.face_chip.any() and not reference.embedding.any()
    Look(0, None, None, None).wipe()


def test_forgetting_clears_the_networks_and_leaves_them_usable(matcher: FaceMatcher) -> None:
    first = matcher.look(camera("obama.jpg"))
    matcher.forget()
    again = matcher.look(camera("obama.jpg"))
    assert first.box == again.box


def test_calls_from_several_threads_do_not_mix_their_answers(matcher: FaceMatcher) -> None:
    frames = [camera("obama.jpg"), camera("biden_portrait.jpg"), camera("astronaut")] * 8
    alone = [matcher.look(frame).box for frame in frames[:3]] * 8
    with ThreadPoolExecutor(4) as pool:
        assert [look.box for look in pool.map(matcher.look, frames)] == alone


def test_an_altered_model_never_loads(tmp_path: Path) -> None:
    files = [path for path in MODELS.iterdir() if path.suffix in (".tflite", ".onnx")]
    assert len(files) == 5
    for altered in files:
        for file in files:
            data = bytearray(file.read_bytes())
            if file is altered:
                data[len(data) // 2] ^= 1
            (tmp_path / file.name).write_bytes(data)
        assert FaceModels.load(tmp_path) == Failure("face.model_altered", detail={"file": altered.name})


def test_a_missing_model_is_named(tmp_path: Path) -> None:
    assert FaceModels.load(tmp_path) == Failure("face.models_missing", detail={"file": "face_detection_short_range.tflite"})


def test_every_flaw_has_a_refusal_and_a_guidance_in_all_languages() -> None:
    texts = tomllib.loads((MODELS.parent / "i18n/failures_face.toml").read_text(encoding="utf-8"))
    for flaw in Flaw:
        for key in (f"failure.face.{flaw}", f"face.guidance.{flaw}"):
            assert set(texts[key]) == {"zh-Hans", "zh-Hant", "en"}, key
