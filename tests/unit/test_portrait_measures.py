"""Each measure of each profile: a portrait that holds it, a mutation that does not, and what keeps it from being measured at all."""

import math
from collections.abc import Callable

import cv2
import numpy as np
import pytest

from kiosk.face.image import Image
from kiosk.face.portrait import Assessment, Bound, Finding, Profile, Result, assess, bounds
from kiosk.face.portrait.assess import MEASURES, NOT_SEEN, OF_THE_FACE, WITHOUT_A_FACE, judge
from kiosk.face.portrait.backdrop import backdrop_uniformity
from kiosk.face.portrait.pose import pose_of
from kiosk.face.portrait.reading import Unmeasured, Why
from kiosk.face.portrait.subject import CHIN

from . import portrait_pictures as made
from .face_pictures import picture

PERMIT, GATE = Profile.PERMIT, Profile.GATE


def assessed(image: Image, profile: Profile = PERMIT, data: bytes | None = None) -> Assessment:
    file = made.filed(data) if data is not None else made.filed(made.jpeg(image))
    return assess(made.models(), np.ascontiguousarray(image), profile, file)


def finding(assessment: Assessment, name: str) -> Finding:
    return next(finding for finding in assessment.findings if finding.bound.name == name)


def nobody() -> Image:
    return np.full((560, 420, 3), 225, np.uint8)


def png(image: Image) -> bytes:
    return cv2.imencode(".png", image)[1].tobytes()


# -- the tables


def test_every_row_has_its_measure_and_every_measure_a_row() -> None:
    rows = {bound.name for profile in Profile for bound in bounds(profile)}
    assert rows == set(MEASURES)
    for profile in Profile:
        names = [bound.name for bound in bounds(profile)]
        assert len(names) == len(set(names)) > 15


def test_every_bound_names_its_source_and_can_be_held() -> None:
    for profile in Profile:
        for bound in bounds(profile):
            assert bound.source and bound.unit
            assert bound.low is None or bound.high is None or bound.low <= bound.high
            if bound.name in NOT_SEEN:
                assert bound.advisory and bound.low is bound.high is None
            else:
                assert bound.low is not None or bound.high is not None
            assert "compliant" not in bound.source.lower()


@pytest.mark.parametrize(("value", "result"), [(0.9, Result.FAIL), (1.0, Result.PASS), (1.5, Result.PASS), (2.0, Result.PASS), (2.1, Result.FAIL)])
def test_bounds_are_inclusive(value: float, result: Result) -> None:
    assert judge(Bound("x", 1.0, 2.0, "px", "here", False), value).result is result


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_never_a_pass(value: float) -> None:
    found = judge(Bound("x", None, 2.0, "px", "here", False), value)
    assert (found.result, found.value, found.why) == (Result.INDETERMINATE, None, Why.NO_NUMBER)


def test_the_verdict_is_that_of_the_worst_measure_that_counts() -> None:
    counts, told = Bound("x", 1.0, None, "px", "here", False), Bound("y", 1.0, None, "px", "here", True)

    def verdict(*findings: Finding) -> Result:
        return Assessment(PERMIT, 1, 1, findings).verdict

    open_one = judge(counts, Unmeasured(Why.NO_FACE))
    assert verdict(judge(counts, 1.0), judge(told, 0.0), judge(told, Unmeasured(Why.NO_MODEL))) is Result.PASS
    assert verdict(judge(counts, 1.0), open_one) is Result.INDETERMINATE
    assert verdict(judge(counts, 0.0), open_one) is Result.FAIL
    assert verdict(judge(counts, 1.0), judge(counts, Unmeasured(Why.NOT_THIS_BACKGROUND, applies=False))) is Result.PASS


# -- a portrait that holds them all


def test_a_good_portrait_passes_the_permit_and_the_gate() -> None:
    for profile in Profile:
        found = assessed(made.good(), profile)
        assert (found.verdict, found.failing) == (Result.PASS, ())
        assert (found.width, found.height) == (made.WIDTH, made.HEIGHT)
        for each in found.findings:
            assert (each.value is None) == (each.result in (Result.INDETERMINATE, Result.NOT_APPLICABLE)) == (each.why is not None)


def test_what_no_model_sees_stays_open_and_is_told() -> None:
    found = assessed(made.good())
    assert {each.bound.name for each in found.findings if each.result is Result.INDETERMINATE} == set(NOT_SEEN)
    assert all(finding(found, name).why is Why.NO_MODEL for name in NOT_SEEN)


def test_a_white_background_has_no_hue_and_a_light_blue_one_no_grey() -> None:
    white, blue = assessed(made.good()), assessed(made.before(made.good(), (255, 200, 150)))
    results = [[finding(found, f"backdrop_{name}").result for name in ("grey", "blue", "hue")] for found in (white, blue)]
    assert results[0] == [Result.PASS, Result.NOT_APPLICABLE, Result.NOT_APPLICABLE]
    assert results[1] == [Result.NOT_APPLICABLE, Result.PASS, Result.PASS]
    assert blue.verdict is Result.PASS


# -- and one that does not, for each

SPOILT: dict[str, Callable[[], Image]] = {
    "width_px": lambda: made.good()[:, 40:-40],
    "height_px": lambda: made.good()[:460],
    "width_to_height": lambda: made.good()[:, 10:-10],
    "faces": lambda: made.beside_itself([made.good(), made.good()]),
    "eye_distance": lambda: made.placed(made.good(), eye_distance=0.18),
    "head_width": lambda: made.placed(made.good(), eye_distance=0.18),
    "head_height": lambda: made.placed(made.good(), eye_distance=0.3),
    "crown_gap": lambda: made.placed(made.good(), crown_gap=0.01),
    "below_chin": lambda: made.placed(made.good(), eye_distance=0.3),
    "face_middle_across": lambda: made.placed(made.good(), right_px=-60),
    "head_size": lambda: made.placed(made.good(), eye_distance=0.15),
    "eye_distance_px": lambda: made.placed(made.good(), eye_distance=0.15),
    "room_right": lambda: made.good()[:, 140:],
    "room_left": lambda: made.good()[:, :280],
    "room_above": lambda: made.placed(made.good(), crown_gap=0.01),
    "room_below": lambda: made.good()[:380],
    "yaw": lambda: picture("obama2.jpg"),
    "pitch": lambda: picture("obama3_portrait.jpg"),
    "roll": lambda: made.tilted(made.good(), 15),
    "eyes_open": lambda: made.eyes_shut(made.good()),
    "mouth_open": lambda: picture("obama.jpg"),
    "red_eyes": lambda: made.red_pupils(made.good()),
    "glasses": lambda: made.with_glasses(made.good()),
    "sharpness": lambda: made.blurred(made.good(), 2),
    "brightness": lambda: made.darkened(made.good(), 0.3),
    "brightness_spread": lambda: made.darkened(made.good(), 0.15),
    "tones": lambda: made.darkened(made.good(), 0.15),
    "overexposed": lambda: made.darkened(made.good(), 2.5),
    "underexposed": lambda: made.darkened(made.good(), 0.15),
    "even_light": lambda: made.lit_from_the_side(made.good(), 0.3),
    "side_light": lambda: made.lit_from_the_side(made.good(), 0.3),
    "skin_red": lambda: made.cast(made.good(), 0.55, 0.75, 1.3),
    "skin_yellow": lambda: made.cast(made.good(), 1.5, 1, 0.7),
    "backdrop_lightness": lambda: made.before(made.good(), (60, 200, 60)),
    "backdrop_grey": lambda: made.before(made.good(), (150, 150, 150)),
    "backdrop_blue": lambda: made.before(made.good(), (120, 50, 20)),
    "backdrop_hue": lambda: made.before(made.good(), (60, 200, 60)),
    "backdrop_uniformity": lambda: made.striped_backdrop(made.good()),
    "backdrop_spread": lambda: made.shaded_backdrop(made.good()),
}
SPOILT_FRAMES: dict[str, Callable[[], Image]] = {
    "faces": nobody,
    "eye_distance_px": lambda: made.placed(made.good(), eye_distance=0.12),
    "room_right": lambda: made.good()[:, 150:],
    "room_left": lambda: made.good()[:, :270],
    "room_above": lambda: made.good()[120:],
    "room_below": lambda: made.good()[:400],
    "yaw": lambda: picture("pair2.jpg"),
    "pitch": lambda: picture("group1.jpg"),
    "roll": lambda: made.tilted(made.good(), 30),
    "eyes_open": lambda: made.eyes_shut(made.good()),
    "mouth_open": lambda: made.mouth_wide(picture("obama2.jpg"), 2),
    "sharpness": lambda: made.blurred(made.good(), 2),
    "brightness": lambda: made.darkened(made.good(), 0.15),
    "tones": lambda: made.flattened(made.good(), 0.1),
    "overexposed": lambda: made.darkened(made.good(), 2.5),
    "underexposed": lambda: made.darkened(made.good(), 0.15),
    "side_light": lambda: made.lit_from_the_side(made.good(), 0.3),
    "glasses": lambda: made.with_glasses(made.good()),
}


def test_every_measure_is_seen_to_fail() -> None:
    asked = {profile: {bound.name for bound in bounds(profile)} - set(NOT_SEEN) for profile in Profile}
    assert asked == {PERMIT: SPOILT.keys() | {"file_kilobytes", "true_colour_jpeg"}, GATE: SPOILT_FRAMES.keys()}


@pytest.mark.parametrize("name", SPOILT)
def test_a_spoilt_portrait_fails_that_measure(name: str) -> None:
    assert finding(assessed(made.good()), name).result in (Result.PASS, Result.NOT_APPLICABLE) or name in ("room_above", "room_below")
    assert finding(assessed(SPOILT[name]()), name).result is Result.FAIL


@pytest.mark.parametrize("name", ["room_above", "room_below"])
def test_iso_room_can_be_held_where_the_guide_leaves_less(name: str) -> None:
    assert finding(assessed(made.placed(made.good(), eye_distance=0.2, crown_gap=0.2)), name).result is Result.PASS


@pytest.mark.parametrize("name", SPOILT_FRAMES)
def test_a_spoilt_frame_fails_that_measure_of_the_gate(name: str) -> None:
    assert finding(assessed(made.good(), GATE), name).result is Result.PASS
    found = finding(assess(made.models(), np.ascontiguousarray(SPOILT_FRAMES[name]()), GATE), name)
    assert found.result is Result.FAIL


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (lambda: made.jpeg(made.good(), 100), "file_kilobytes"),
        (lambda: made.jpeg(made.good(), 30), "file_kilobytes"),
        (lambda: png(made.good()), "true_colour_jpeg"),
        (lambda: cv2.imencode(".jpg", cv2.cvtColor(made.good(), cv2.COLOR_BGR2GRAY))[1].tobytes(), "true_colour_jpeg"),
    ],
    ids=["large", "small", "PNG", "grey"],
)
def test_a_file_of_another_kind_fails(data: Callable[[], bytes], name: str) -> None:
    assert finding(assessed(made.good(), data=data()), name).result is Result.FAIL


def test_a_grey_portrait_has_no_colour_of_skin() -> None:
    found = assessed(made.grey(made.good()))
    assert set(found.failing) == {"skin_red", "skin_yellow"}


# -- what keeps a measure from being one


def test_without_a_face_only_the_picture_is_measured() -> None:
    for image, why, count in ((nobody(), Why.NO_FACE, 0.0), (SPOILT["faces"](), Why.SEVERAL_FACES, 2.0)):
        found = assessed(image)
        assert finding(found, "faces").value == count and found.verdict is Result.FAIL
        for each in found.findings:
            if each.bound.name in OF_THE_FACE:
                assert (each.result, each.why) == (Result.INDETERMINATE, why)
            elif each.bound.name in WITHOUT_A_FACE:
                assert each.why is None


@pytest.mark.parametrize(
    ("image", "names", "why"),
    [
        (lambda: made.good()[:, 150:], ("brightness", "tones", "even_light", "skin_red", "sharpness"), Why.FACE_CUT_OFF),
        (lambda: made.placed(made.good(), eye_distance=0.1), ("sharpness",), Why.FACE_TOO_SMALL),
        (lambda: made.placed(made.good(), eye_distance=0.065), ("eyes_open", "mouth_open", "red_eyes", "glasses"), Why.FACE_TOO_SMALL),
        (lambda: picture("pair2.jpg"), ("head_width", "even_light", "side_light", "skin_red", "eyes_open", "glasses"), Why.HEAD_TURNED),
        (lambda: made.good()[70:], ("head_height",), Why.CROWN_NOT_SEEN),
        (lambda: made.eyes_shut(made.good()), ("red_eyes",), Why.EYES_NOT_OPEN),
        (lambda: made.darkened(made.good(), 0.15), ("skin_red", "skin_yellow"), Why.BADLY_EXPOSED),
        (lambda: made.darkened(made.good(), 2.5), ("skin_red", "skin_yellow"), Why.BADLY_EXPOSED),
        (
            lambda: made.good()[90:450, 110:310],
            tuple(name for name in SPOILT if name.startswith("backdrop_")),
            Why.NO_BACKGROUND,
        ),
    ],
    ids=["cut off", "small", "tiny", "turned", "no crown", "shut", "dark", "bright", "no background"],
)
def test_what_cannot_be_measured_stays_open_with_its_reason(image: Callable[[], Image], names: tuple[str, ...], why: Why) -> None:
    found = assessed(image())
    assert {name: finding(found, name).why for name in names} == dict.fromkeys(names, why)
    assert all(finding(found, name).result is Result.INDETERMINATE for name in names)


def test_a_cameras_frame_has_no_file() -> None:
    found = assess(made.models(), made.good(), PERMIT)
    assert [finding(found, name).why for name in ("file_kilobytes", "true_colour_jpeg")] == [Why.NO_FILE, Why.NO_FILE]
    assert found.verdict is Result.INDETERMINATE


# -- the background


def test_shoulders_and_what_is_beside_them_are_no_background() -> None:
    subject = made.subject(made.good())
    below = round(float(subject.points[CHIN][1]) * subject.backdrop_scale) + 2
    subject.person[below:] = 0
    subject.small[below:] = np.random.default_rng(3).integers(0, 255, subject.small[below:].shape)
    assert backdrop_uniformity(subject) == pytest.approx(0, abs=0.05)


def test_the_rim_of_hair_is_no_background() -> None:
    subject = made.subject(made.good())
    nobody = (subject.person < 0.2).astype(np.uint8)
    rim = (nobody > 0) & (cv2.erode(nobody, np.ones((5, 5), np.uint8)) == 0)
    subject.small[rim] = 0
    assert backdrop_uniformity(subject) == pytest.approx(0, abs=0.05)


# -- the pose


@pytest.mark.parametrize("degrees", [-25, -10, 10, 25])
def test_a_turned_picture_turns_the_roll_alone(degrees: float) -> None:
    points = made.subject(made.good()).points
    angle = math.radians(degrees)
    turned = points @ np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    before, after = pose_of(points), pose_of(turned)
    assert after == pytest.approx((before.yaw, before.pitch, before.roll - degrees), abs=0.001)


def test_a_mirrored_face_looks_the_other_way() -> None:
    image = picture("obama2.jpg")
    one, other = (made.subject(np.ascontiguousarray(each)).pose for each in (image, image[:, ::-1]))
    assert one.yaw < -10 and other.yaw > 10
    assert abs(one.yaw + other.yaw) < 5 and abs(one.roll + other.roll) < 3


def test_a_face_seen_from_below_looks_up() -> None:
    assert made.subject(picture("obama3_portrait.jpg")).pose.pitch > 8
    assert made.subject(picture("group1.jpg")).pose.pitch < -8
