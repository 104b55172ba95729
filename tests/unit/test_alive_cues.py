"""Each liveness cue by itself, on pictures made from stills: what a living face shows passes, what it must refuse does not."""

import itertools
import random

import cv2
import numpy as np
import pytest

from kiosk.face.alive.blink import Blink
from kiosk.face.alive.flash import COLOURS, FRAMES_A_STEP, ColourFlash, FlashAnswer, FlashFlaw, random_colours
from kiosk.face.alive.limits import limits
from kiosk.face.alive.turn import HeadTurn, Side, flat_residual, nose_shift
from kiosk.face.detection import Face, find_faces
from kiosk.face.eyes import lid_openings
from kiosk.face.image import Image
from kiosk.face.models import FaceModels
from kiosk.face.verdict import Colour
from tests.unit.alive_pictures import eyes_shut, lit, turned
from tests.unit.face_pictures import MODELS, camera

NAMES = ("astronaut", "obama2.jpg", "biden.jpg")
GAIN = 0.18


@pytest.fixture(scope="module")
def models() -> FaceModels:
    loaded = FaceModels.load(MODELS)
    assert isinstance(loaded, FaceModels)
    return loaded


def seen(models: FaceModels, name: str) -> tuple[Image, Face]:
    image = camera(name, zoom=1.6 if name == "astronaut" else 1.2)
    faces = find_faces(models, image)
    assert faces, name
    return image, faces[0]


# ---- eyes and blink


@pytest.mark.parametrize("name", NAMES)
def test_the_iris_model_sees_lids_close(models: FaceModels, name: str) -> None:
    image, face = seen(models, name)
    opened, closed = lid_openings(models, image, face), lid_openings(models, eyes_shut(image, face), face)
    assert max(closed) < limits().blink.closed_below * max(opened), (opened, closed)


def watched(models: FaceModels, frames: list[Image], face: Face, every_s: float = 0.07) -> Blink:
    blink = Blink(limits().blink)
    for number, frame in enumerate(frames):
        blink.see(models, frame, face, number * every_s)
    return blink


@pytest.mark.parametrize("name", NAMES)
def test_a_blink_passes_and_open_eyes_do_not(models: FaceModels, name: str) -> None:
    image, face = seen(models, name)
    shut = eyes_shut(image, face)
    assert watched(models, [image] * 8 + [shut] * 3 + [image] * 3, face).passed
    assert not watched(models, [image] * 14, face).passed


def test_eyes_that_stay_shut_are_no_blink(models: FaceModels) -> None:
    image, face = seen(models, NAMES[0])
    shut = eyes_shut(image, face)
    assert not watched(models, [image] * 8 + [shut] * 3, face).passed
    assert not watched(models, [image] * 24 + [shut] * 13 + [image] * 3, face).passed  # 0.9 s


def test_a_waved_picture_is_no_blink(models: FaceModels) -> None:
    image, _ = seen(models, NAMES[0])
    blink = Blink(limits().blink)
    for number in range(24):
        shift = np.array([[1, 0, 12 * np.sin(number)], [0, 1, 6 * np.cos(number * 1.7)]])
        frame = np.asarray(cv2.warpAffine(image, shift, image.shape[1::-1], borderMode=cv2.BORDER_REPLICATE), np.uint8)
        blink.see(models, frame, find_faces(models, frame)[0], number * 0.07)
    assert not blink.passed


def test_a_hand_before_the_face_is_no_blink(models: FaceModels) -> None:
    """The lids cannot be seen then, but nothing else can either."""
    image, face = seen(models, NAMES[0])
    covered = eyes_shut(image, face)
    x, y, width, height = face.box
    covered[y + height // 3 : y + height, x : x + width] = (110, 140, 190)
    covered[y + height // 3 : y + height : 9, x : x + width] = (60, 80, 120)
    assert not watched(models, [image] * 8 + [covered] * 3 + [image] * 3, face).passed


# ---- turn


def turns(front: np.ndarray, degrees: float, nose: float, side: Side = Side.LEFT) -> HeadTurn:
    turn = HeadTurn(side, front, limits().turn)
    for share in np.linspace(0, 1, 12):
        turn.see(turned(front, degrees * share, nose))
    for _ in range(4):
        turn.see(turned(front, degrees, nose))
    return turn


@pytest.mark.parametrize(("side", "degrees"), [(Side.LEFT, 25.0), (Side.RIGHT, -25.0)])
def test_a_turned_head_passes_on_the_side_asked(models: FaceModels, side: Side, degrees: float) -> None:
    front = seen(models, NAMES[0])[1].points
    asked, other = turns(front, degrees, 1.0, side), turns(front, -degrees, 1.0, side)
    assert asked.passed and not asked.wrong_side and asked.progress == 1.0
    assert other.wrong_side and not other.passed


@pytest.mark.parametrize("degrees", [10.0, 25.0, 35.0, 45.0])
def test_a_flat_picture_leaves_nothing_after_a_homography(models: FaceModels, degrees: float) -> None:
    front = seen(models, NAMES[0])[1].points
    assert flat_residual(front, turned(front, degrees, 0.0)) < 0.01
    assert not turns(front, degrees, 0.0).passed


def test_a_flat_picture_in_steep_perspective_moves_the_nose_and_still_does_not_pass(models: FaceModels) -> None:
    front = seen(models, NAMES[0])[1].points
    centred = front - front[[33, 263]].mean(axis=0)
    unit = float(np.hypot(*(front[263] - front[33])))
    steep = centred / (1 + 0.9 * centred[:, :1] / unit)
    turn = HeadTurn(Side.LEFT if nose_shift(steep) > nose_shift(front) else Side.RIGHT, front, limits().turn)
    for _ in range(6):
        turn.see(steep)
    assert turn.shift >= limits().turn.shift_at_least
    assert not turn.passed


def test_left_is_the_persons_own(models: FaceModels) -> None:
    """A camera sees the person's left at the picture's right."""
    front = seen(models, NAMES[0])[1].points
    turned_left = turned(front, 25, 1.0)
    assert turned_left[1, 0] > front[1, 0]
    assert nose_shift(turned_left) > nose_shift(front)


def test_too_little_a_turn_does_not_pass(models: FaceModels) -> None:
    assert not turns(seen(models, NAMES[0])[1].points, 6, 1.0).passed


# ---- colour flash


def test_colours_never_repeat_in_a_row_and_use_every_lamp() -> None:
    for seed in range(200):
        colours = random_colours(random.Random(seed), limits().flash.steps)
        assert len(colours) == limits().flash.steps
        assert all(one != other for one, other in itertools.pairwise(colours))
        assert set(colours) <= set(COLOURS)
        assert all(any(c[lamp] for c in colours) and not all(c[lamp] for c in colours) for lamp in range(3))


def flashed(
    models: FaceModels,
    reflects: list[Colour],
    ratio: float,
    *,
    far: float = 0.15,
    exposure_held: bool = True,
    chases: float = 0.0,
    asked_seed: int = 5,
) -> FlashAnswer:
    image, face = seen(models, "astronaut")
    colours = random_colours(random.Random(asked_seed), limits().flash.steps)
    low, high = face.points.min(axis=0), face.points.max(axis=0)
    rows, columns = np.mgrid[: image.shape[0], : image.shape[1]]
    centre, reach = (low + high) / 2, (high - low)
    near = ((columns - centre[0]) / (0.75 * reach[0])) ** 2 + ((rows - centre[1]) / (0.85 * reach[1])) ** 2 < 1
    flash = ColourFlash(colours, limits().flash, np.log1p(GAIN), exposure_held)
    flash.begin(models, image)
    for step, own in enumerate(reflects or colours):
        brightness = 1 + ratio * sum(own) / 3
        for frame in range(FRAMES_A_STEP):
            exposure = brightness ** (-chases * frame)
            flash.see(step, lit(image, near, own, ratio, far, exposure), face.points)
    return flash.answer()


def test_living_skin_answers_the_colours(models: FaceModels) -> None:
    answer = flashed(models, [], GAIN)
    assert answer.flaw is None, answer
    assert answer.correlation > 0.95


def test_a_recording_answers_with_its_own_colours(models: FaceModels) -> None:
    answer = flashed(models, list(random_colours(random.Random(99), limits().flash.steps)), GAIN)
    assert answer.flaw is not None and answer.correlation < limits().flash.correlation_at_least, answer


def test_half_the_colours_are_not_enough(models: FaceModels) -> None:
    asked = random_colours(random.Random(5), limits().flash.steps)
    own = [*asked[:5], *((not red, not green, not blue) for red, green, blue in asked[5:])]
    assert flashed(models, own, 0.5).flaw is FlashFlaw.OTHER_COLOURS


def test_a_screen_reflects_too_little(models: FaceModels) -> None:
    assert flashed(models, [], 0.3 * GAIN).flaw in (FlashFlaw.WEAK, FlashFlaw.UNSEEN)


def test_a_room_that_outshines_the_light_says_so(models: FaceModels) -> None:
    assert flashed(models, [], 0.01).flaw is FlashFlaw.UNSEEN


def test_paper_lights_up_beside_the_face(models: FaceModels) -> None:
    assert flashed(models, [], GAIN, far=1.0).flaw is FlashFlaw.BACKGROUND


def test_an_exposure_that_chases_the_light_is_noticed(models: FaceModels) -> None:
    assert flashed(models, [], GAIN, exposure_held=False).flaw is None
    assert flashed(models, [], GAIN, exposure_held=False, chases=0.5).flaw is FlashFlaw.EXPOSURE


def test_too_few_frames_are_no_answer(models: FaceModels) -> None:
    flash = ColourFlash(random_colours(random.Random(1), 8), limits().flash, 0.16)
    assert flash.answer().flaw is FlashFlaw.TOO_FEW
