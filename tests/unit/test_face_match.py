"""1:1 matching: the holder is let through, everybody else is not, and a frame that cannot be judged says why."""

import tomllib
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pytest

from drivers.camera.scenes import FaceScene
from kiosk.domain.failure import Failure
from kiosk.face.detection import find_faces
from kiosk.face.image import Image
from kiosk.face.looking import Look, Looker
from kiosk.face.match import FaceMatcher, Reference
from kiosk.face.models import FaceModels
from kiosk.face.quality import Flaw, nose_shift
from kiosk.face.verdict import Band, Decision

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


def seen(matcher: FaceMatcher, frame: Image) -> Look:
    """One frame by itself."""
    return Looker(matcher.models).see(frame)


@cache
def standing(matcher: FaceMatcher, name: str, face_px: int = 200, size: tuple[int, int] = (640, 480), at: tuple[float, float] | None = None) -> Image:
    """The picture's person where people stand: the face so many pixels high, its middle at `at` (the frame's, without)."""
    near = camera(name, 1280, 960)
    x, y, width, height = find_faces(matcher.models, near)[0].box
    scale = face_px / height
    across, down = at or (size[0] / 2, size[1] * 0.48)
    move = np.array([[scale, 0, across - scale * (x + width / 2)], [0, scale, down - scale * (y + height / 2)]])
    return np.asarray(cv2.warpAffine(near, move, size, flags=cv2.INTER_AREA, borderValue=(190, 190, 190)), np.uint8)


def decided(matcher: FaceMatcher, data: bytes, *frames: str) -> Decision:
    looks = {frame: seen(matcher, standing(matcher, frame)) for frame in set(frames)}
    decision = matcher.decide([enrolled(matcher, data)], [looks[frame] for frame in frames])
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


@pytest.mark.parametrize("chip", CHIPS.values(), ids=CHIPS)
@pytest.mark.parametrize("frame", ["biden_portrait.jpg", "astronaut", "group1.jpg", "takeo.jpg", "hanks.png"])
def test_somebody_else_is_refused_whatever_the_chip_holds(matcher: FaceMatcher, chip: bytes, frame: str) -> None:
    decision = decided(matcher, chip, frame, frame, frame)
    assert decision.band is Band.NO_MATCH, decision


def test_a_decision_names_its_distance_and_the_model(matcher: FaceMatcher) -> None:
    decision = decided(matcher, CHIPS["240x320 JPEG"], "obama2.jpg", "obama2.jpg", "obama2.jpg")
    assert 0.2 < decision.distance < 0.5
    assert len(decision.model_sha256) == 64


def test_colours_are_dropped_on_both_sides_for_a_grey_portrait(matcher: FaceMatcher) -> None:
    assert enrolled(matcher, CHIPS["240x320 grey JPEG"]).grey
    assert not enrolled(matcher, CHIPS["240x320 JPEG"]).grey
    for chip, grey in ((CHIPS["240x320 grey JPEG"], True), (CHIPS["240x320 JPEG"], False)):
        reference, looks = enrolled(matcher, chip), [seen(matcher, camera("obama.jpg"))] * 3
        right, wrong = matcher.decide([reference], looks), matcher.decide([Reference(reference.embedding, not grey)], looks)
        assert isinstance(right, Decision) and isinstance(wrong, Decision)
        assert right.distance < wrong.distance


def test_one_frame_of_somebody_else_among_the_holders_is_no_match_yet(matcher: FaceMatcher) -> None:
    decision = decided(matcher, CHIPS["240x320 JPEG"], "obama.jpg", "biden_portrait.jpg", "obama.jpg", "obama.jpg", "obama.jpg")
    assert decision.distance < 0.5
    assert decision.band is Band.RETRY


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
    assert np.allclose(matcher.models.recogniser.embed(rgb[..., ::-1], grey=False)[::16], dlibs, atol=1e-4)


def test_two_good_looks_are_too_few(matcher: FaceMatcher) -> None:
    reference = enrolled(matcher, CHIPS["240x320 JPEG"])
    look = seen(matcher, standing(matcher, "obama2.jpg"))
    assert matcher.decide([reference], [look, look]) == Failure("face.too_few_looks")
    assert matcher.decide([reference], []) == Failure("face.too_few_looks")


def test_too_few_good_looks_tell_what_spoilt_most_frames(matcher: FaceMatcher) -> None:
    reference = enrolled(matcher, CHIPS["240x320 JPEG"])
    good, empty = seen(matcher, standing(matcher, "obama2.jpg")), seen(matcher, np.full((480, 640, 3), 128, np.uint8))
    assert matcher.decide([reference], [good, empty, good, empty]) == Failure("face.nobody")


@pytest.mark.parametrize("width_height", [(640, 480), (1280, 720), (480, 640), (1920, 1080)])
def test_a_good_frame_of_any_usual_size_has_no_flaw(matcher: FaceMatcher, width_height: tuple[int, int]) -> None:
    look = seen(matcher, standing(matcher, "obama.jpg", min(width_height) * 2 // 5, width_height))
    assert (look.faces, look.flaw, look.arrow) == (1, None, None)
    assert look.face is not None
    x, y, width, height = look.face.box
    assert 0 < x < x + width < width_height[0] and 0 < y < y + height < width_height[1]


def two_people() -> np.ndarray:
    return np.hstack([camera("obama.jpg", 480, 600), camera("biden_portrait.jpg", 480, 600)])


def passer_by() -> np.ndarray:
    frame = camera("biden_portrait.jpg").copy()
    frame[:380, :180] = camera("obama.jpg", 300, 380)[:, 80:260]
    return frame


def masked(matcher: FaceMatcher, colour: tuple[int, int, int]) -> np.ndarray:
    """Cloth from the nose to the chin, as the mesh of the bare face lies."""
    frame = standing(matcher, "obama.jpg")
    points = find_faces(matcher.models, frame)[0].points
    outline = [132, 58, 172, 136, 150, 149, 176, 148, 152, 377, 400, 378, 379, 365, 397, 288, 361, 425, 4, 205]
    cv2.fillPoly(frame, [np.round(points[outline]).astype(np.int32)], colour)
    return frame


def turned_away(matcher: FaceMatcher) -> np.ndarray:
    """The hall's simulated person, asked to turn to the side that the picture already looks to."""
    frames = []
    for side in ("turn_left", "turn_right"):
        moments = [2.5, 0.0, 0.0, 0.0]  # made, set, asked, seen
        scene = FaceScene(640, 480, clock=moments.pop, seed=1)
        scene.set("live", camera("obama2.jpg", 1280, 960))
        scene.gesture(side)
        frames.append(scene.picture)
    return max(frames, key=lambda frame: abs(nose_shift(find_faces(matcher.models, frame)[0].points)))


FLAWED = {
    "too_near": (lambda m: standing(m, "obama.jpg", 420), 1),
    "off_centre": (lambda m: standing(m, "obama.jpg", at=(500, 230)), 1),
    "turned": (turned_away, 1),
    "mask": (lambda m: masked(m, (235, 235, 235)), 1),
    "nobody": (lambda _m: camera("obama.jpg")[300:, :], 0),
    "several": (lambda _m: two_people(), 2),
    "too_small": (lambda _m: camera("group1.jpg", zoom=0.24), 1),
    "cut_off": (lambda _m: np.ascontiguousarray(camera("obama.jpg", 1280, 960)[:, 650:]), 1),
    "too_dark": (lambda _m: (camera("obama2.jpg", zoom=1.2) * 0.08).astype(np.uint8), 1),
    "too_bright": (lambda m: np.clip(standing(m, "group4.jpg", 300).astype(int) * 3, 0, 255).astype(np.uint8), 1),
    "blurred": (lambda _m: cv2.GaussianBlur(camera("pair1.jpg", zoom=0.8), (0, 0), 5), 1),
}


@pytest.mark.parametrize("flaw", FLAWED)
def test_a_frame_that_cannot_be_judged_says_why(matcher: FaceMatcher, flaw: str) -> None:
    make, faces = FLAWED[flaw]
    look = seen(matcher, make(matcher))
    assert (look.flaw, look.faces, look.face_chip) == (flaw, faces, None)


@pytest.mark.parametrize("colour", [(200, 160, 90), (30, 30, 30)])
def test_a_blue_and_a_black_mask_are_seen_too(matcher: FaceMatcher, colour: tuple[int, int, int]) -> None:
    assert seen(matcher, masked(matcher, colour)).flaw == "mask"


@pytest.mark.parametrize(("at", "arrow"), [((500, 230), "right"), ((140, 230), "left"), ((320, 390), "up"), ((320, 95), "down")])
def test_who_stands_aside_is_shown_the_way(matcher: FaceMatcher, at: tuple[float, float], arrow: str) -> None:
    """The picture's right is the person's own left: they go back to their right."""
    look = seen(matcher, standing(matcher, "obama.jpg", 170, at=at))
    assert (look.flaw, look.arrow) == ("off_centre", arrow)


@pytest.mark.parametrize(("face_px", "arrow"), [(110, "nearer"), (200, None), (420, "farther")])
def test_who_is_too_far_or_too_near_is_told(matcher: FaceMatcher, face_px: int, arrow: str | None) -> None:
    assert seen(matcher, standing(matcher, "obama.jpg", face_px)).arrow == arrow


def test_a_second_portrait_can_only_doubt(matcher: FaceMatcher) -> None:
    """The chip decides; the ID card's photo makes a match unsure where it shows somebody else, and no match of a stranger."""
    holder, stranger = enrolled(matcher, CHIPS["240x320 JPEG"]), enrolled(matcher, portrait("biden_portrait.jpg", (400, 500), "JPEG"))
    looks = [seen(matcher, camera("obama.jpg"))] * 3
    bands = [matcher.decide(list(references), looks) for references in ((holder, holder), (holder, stranger), (stranger, holder))]
    assert all(isinstance(each, Decision) for each in bands)
    assert [each.band for each in bands if isinstance(each, Decision)] == [Band.MATCH, Band.RETRY, Band.NO_MATCH]
    assert all(each.second is not None for each in bands if isinstance(each, Decision))


@pytest.mark.parametrize("value", [0, 128, 255])
def test_an_empty_frame_shows_nobody(matcher: FaceMatcher, value: int) -> None:
    assert seen(matcher, np.full((480, 640, 3), value, np.uint8)).flaw == "nobody"


def test_noise_shows_nobody(matcher: FaceMatcher) -> None:
    assert seen(matcher, np.random.default_rng(1).integers(0, 256, (480, 640, 3), np.uint8)).flaw == "nobody"


def test_somebody_small_behind_the_traveller_is_no_second_face(matcher: FaceMatcher) -> None:
    assert len(find_faces(matcher.models, passer_by())) == 2
    look = seen(matcher, passer_by())
    assert (look.faces, look.flaw) == (1, None)


@pytest.mark.parametrize("shape", [(480, 640), (480, 640, 4), (0, 640, 3)])
def test_something_that_is_no_colour_frame_is_a_bug(matcher: FaceMatcher, shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="not a colour frame"):
        seen(matcher, np.zeros(shape, np.uint8))


def test_looking_leaves_the_frame_as_it_was(matcher: FaceMatcher) -> None:
    frame = camera("obama.jpg")
    before = frame.copy()
    seen(matcher, frame)
    assert np.array_equal(frame, before)


def test_wiping_leaves_nothing_of_the_face(matcher: FaceMatcher) -> None:
    reference, look = enrolled(matcher, CHIPS["240x320 JPEG"]), seen(matcher, camera("obama.jpg"))
    assert look.face_chip is not None and look.face_chip.any() and reference.embedding.any()
    assert look.face is not None and look.face.points.any()
    reference.wipe()
    look.wipe()
    assert not look.face_chip.any() and not reference.embedding.any() and not look.face.points.any()
    Look(0, None, None, None).wipe()


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
