"""What the simulated face camera sees: a person that lives, and what is held up instead of one. Looked at are the frames."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import cv2
import numpy as np
import pytest

from drivers.camera.emulator import MjpegServer
from drivers.camera.landmarks import Landmarks, landmarks
from drivers.camera.light import DARK, Colour, Picture
from drivers.camera.motion import Blink, Motion, Turns
from drivers.camera.opencv import OpenCvCamera
from drivers.camera.scenes import SCENES, FaceScene
from drivers.world.faults import Fault, FaultBoard
from drivers.world.persona_fields import ASSETS

WIDTH, HEIGHT = 640, 480
RED, WHITE = (True, False, False), (True, True, True)
FACES = ASSETS / "faces"


def face(name: str) -> Picture:
    picture = cv2.imread(str(FACES / name), cv2.IMREAD_COLOR)
    assert picture is not None, "make the faces first: packaging/models.py"
    return np.asarray(picture, np.uint8)


class Stage:
    """A scene whose clock and fill light the test holds."""

    def __init__(self, name: str, seed: int = 3, live: Picture | None = None, other: Picture | None = None, **more: Any) -> None:
        self.now, self.colour = 100.0, DARK
        self.scene = FaceScene(WIDTH, HEIGHT, self._light, lambda: self.now, seed, **more)
        self.scene.set(name, face("obama.jpg") if live is None else live, face("biden.jpg") if other is None else other)

    def _light(self) -> Colour:
        return self.colour

    def after(self, seconds: float) -> Picture:
        self.now += seconds
        return self.scene.picture

    def lit(self, colour: Colour) -> Picture:
        self.colour = colour
        return self.scene.picture


def linear(picture: Picture) -> np.ndarray:
    levels = picture.astype(np.float64) / 255
    return np.where(levels <= 0.04045, levels / 12.92, ((levels + 0.055) / 1.055) ** 2.4)


def cheeks(found: Landmarks) -> tuple[slice, slice]:
    (x, y), height = found.centre, found.height
    return slice(int(y - 0.1 * height), int(y + 0.2 * height)), slice(int(x - 0.2 * height), int(x + 0.2 * height))


def gained(stage: Stage, colour: Colour, where: tuple[slice, slice]) -> np.ndarray:
    """Blue, green, red: how much brighter a part gets by the fill light, of its brightness without."""
    bright = linear(stage.lit(colour)[where]).mean(axis=(0, 1))
    return np.asarray(bright / linear(stage.lit(DARK)[where]).mean(axis=(0, 1)) - 1)


def nose_shift(found: Landmarks) -> float:
    """How far the nose's tip lies to the picture's right of the eyes' middle, in eye distances."""
    right, left = found.eyes
    along = left - right
    return float((found.points[1, :2] - (right + left) / 2) @ along / (along @ along))


def turned(stage: Stage, action: str) -> float:
    """The furthest the nose goes while the turn asked for is held."""
    before = nose_shift(landmarks(stage.after(0.1)))
    stage.scene.gesture(action)
    shifts = [nose_shift(landmarks(stage.after(seconds))) - before for seconds in (1.9, 0.5, 0.5)]
    return max(shifts, key=abs)


# ---- every scene


@pytest.mark.parametrize("name", SCENES)
def test_every_scene_moves_and_is_the_same_again_for_the_same_seed_and_clock(name: str) -> None:
    one, same, another = Stage(name), Stage(name), Stage(name, seed=4)
    assert one.scene.name == name
    first = one.after(0.4)
    assert first.shape == (HEIGHT, WIDTH, 3)
    assert first.dtype == np.uint8
    assert np.array_equal(first, same.after(0.4))
    assert not np.array_equal(first, another.after(0.4))
    assert not np.array_equal(first, one.after(0.4))
    jpeg = cv2.imdecode(np.frombuffer(same.scene(), np.uint8), cv2.IMREAD_COLOR)
    assert jpeg is not None
    assert np.abs(jpeg.astype(int) - first).mean() < 3


@pytest.mark.parametrize("name", [name for name in SCENES if name != "nobody"])
def test_a_picture_without_any_face_in_it_still_makes_a_scene(name: str) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (300, 240, 3), np.uint8)
    stage = Stage(name, live=noise, other=noise[:, ::-1].copy())
    stage.scene.gesture("turn_left")
    assert stage.after(1.5).shape == (HEIGHT, WIDTH, 3)


@pytest.mark.parametrize(("size", "face_px"), [((640, 480), 205), ((1280, 720), 260)])
def test_a_face_is_as_high_as_at_half_a_metre(size: tuple[int, int], face_px: int) -> None:
    scene = FaceScene(*size, clock=lambda: 5.0, seed=1)
    for name in ("live", "print", "replay"):
        scene.set(name, face("obama.jpg"))
        assert landmarks(scene.picture).height == pytest.approx(face_px, rel=0.04)


def test_a_scene_without_its_picture_or_with_an_unknown_name_is_refused() -> None:
    scene, picture = FaceScene(WIDTH, HEIGHT), face("obama.jpg")
    for name, live, other in (("live", None, None), ("two", picture, None), ("other", picture, None), ("dancing", picture, None)):
        with pytest.raises(ValueError, match="scene"):
            scene.set(name, live, other)
    assert scene.name == "nobody"


def test_a_picture_of_which_nothing_can_be_seen_is_refused_and_leaves_the_scene_as_it_was() -> None:
    scene = FaceScene(WIDTH, HEIGHT)
    with pytest.raises(ValueError, match="nobody to be seen"):
        scene.set("live", np.zeros((2000, 20, 3), np.uint8))
    assert scene.name == "nobody"


def test_a_gesture_that_nobody_knows_is_refused() -> None:
    for name in ("nobody", "live"):
        with pytest.raises(ValueError, match="gesture"):
            Stage(name).scene.gesture("jump")


# ---- turning


@pytest.mark.parametrize(("action", "sign"), [("turn_left", 1), ("turn_right", -1)])
def test_a_person_turning_to_their_own_left_shows_the_nose_further_to_the_pictures_right(action: str, sign: int) -> None:
    for seed in (1, 2):
        assert sign * turned(Stage("live", seed), action) > 0.12


@pytest.mark.parametrize("name", ["print", "bent", "cut_eyes"])
def test_a_sheet_swung_to_the_same_side_moves_the_nose_much_less(name: str) -> None:
    for seed in (1, 2):
        assert abs(turned(Stage(name, seed), "turn_left")) < 0.75 * turned(Stage("live", seed), "turn_left")


def test_a_turn_is_held_until_the_person_is_to_face_front_or_has_waited() -> None:
    stage = Stage("live")
    straight = nose_shift(landmarks(stage.after(0.1)))
    stage.scene.gesture("turn_left")
    assert nose_shift(landmarks(stage.after(2.5))) - straight > 0.1
    stage.scene.gesture("face_front")
    assert abs(nose_shift(landmarks(stage.after(2.0))) - straight) < 0.07
    stage.scene.gesture("turn_right")
    assert nose_shift(landmarks(stage.after(2.5))) - straight < -0.1
    assert abs(nose_shift(landmarks(stage.after(6.5))) - straight) < 0.07


def test_neither_background_nor_shoulders_go_with_a_turning_head() -> None:
    stage, empty = Stage("live"), Stage("nobody")
    before = stage.after(0.1)
    (x, y), height = landmarks(before).centre, landmarks(before).height
    stage.scene.gesture("turn_left")
    after = stage.after(2.5)
    for left in (x - 0.85 * height, x + 0.7 * height):  # beside the head, where the still has a background of its own
        part = (slice(int(y - 0.4 * height), int(y + 0.2 * height)), slice(int(left), int(left + 0.15 * height)))
        bare = cv2.blur(empty.after(0)[part], (9, 9)).astype(int)
        assert max(np.abs(cv2.blur(picture[part], (9, 9)) - bare).max() for picture in (before, after)) <= 14
    top, left = HEIGHT - 75, int(x - 1.15 * height)  # the arm's outline against the hall
    piece = before[top : top + 65, left : left + 60]
    _, _, _, (found, _) = cv2.minMaxLoc(cv2.matchTemplate(after, piece, cv2.TM_CCOEFF_NORMED))
    assert abs(found - left) < 6


def test_moves_are_eased_and_a_later_one_begins_where_the_earlier_one_was() -> None:
    turns = Turns()
    turns.add(1.0, 1.0, 20.0)
    turns.add(5.0, 1.0, 0.0)
    assert [turns.at(0.5), turns.at(1.5), turns.at(3.0), turns.at(9.0)] == [0.0, 10.0, 20.0, 0.0]
    turns.add(1.5, 1.0, -20.0)
    assert [turns.at(1.5), turns.at(2.0), turns.at(9.0)] == [10.0, -5.0, -20.0]


def test_haste_shortens_reaction_and_turn_but_never_a_lid() -> None:
    slow, fast = (Motion(np.random.default_rng(5), haste, natural=False) for haste in (1.0, 3.0))

    def moments(motion: Motion, look: Callable[[Motion, float], bool]) -> list[float]:
        return [second for second in np.arange(0, 3, 0.005).tolist() if look(motion, second)]

    for motion in (slow, fast):
        motion.ask("blink", 0.0)
    closed = [moments(motion, lambda motion, second: motion.at(second).lid > 0) for motion in (slow, fast)]
    assert len(closed[0]) == pytest.approx(len(closed[1]), abs=1)
    assert closed[0][0] == pytest.approx(3 * closed[1][0], abs=0.02)
    for motion in (slow, fast):
        motion.ask("turn_left", 0.0)
    turned_by = [moments(motion, lambda motion, second: motion.turns.at(second) > 17)[0] for motion in (slow, fast)]
    assert turned_by[1] < 0.5 * turned_by[0]


def test_a_blink_closes_stays_and_opens() -> None:
    blink = Blink(1.0, 0.1, 0.1, 0.2, 0.9)
    assert [round(blink.lid(at), 3) for at in (0.9, 1.05, 1.15, 1.3, 1.5)] == [0.0, 0.45, 0.9, 0.45, 0.0]


# ---- blinking


def eye_change(stage: Stage, seconds: float) -> list[tuple[float, float]]:
    """Frame by frame: how much the eyes, and the nose beside them, differ from the first frame, in levels."""
    first = stage.after(0.02)
    found = landmarks(first)
    changes, parts = [], []
    for points in (found.points[[33, 133, 159, 145], :2], found.points[[263, 362, 386, 374], :2], found.points[[6, 1, 48, 278], :2]):
        low, high = points.min(axis=0).astype(int), points.max(axis=0).astype(int)
        parts.append((slice(low[1] - 4, high[1] + 4), slice(low[0], high[0])))
    for _ in range(round(seconds / 0.04)):
        now = stage.after(0.04)
        right, left, nose = (float(np.abs(cv2.blur(now[part], (3, 3)).astype(int) - cv2.blur(first[part], (3, 3))).mean()) for part in parts)
        changes.append(((right + left) / 2, nose))
    return changes


@pytest.mark.parametrize("name", ["live", "cut_eyes"])
def test_eyes_blink_on_request_and_open_again(name: str) -> None:
    stage = Stage(name, haste=3.0)
    stage.scene.gesture("blink")
    changes = eye_change(stage, 0.75)
    eyes, noses = max(eye for eye, _ in changes), max(nose for _, nose in changes)
    assert eyes > 12
    assert eyes > 2 * noses
    peak = max(range(len(changes)), key=lambda frame: changes[frame][0])
    assert min(eye for eye, _ in changes[peak:]) < 0.55 * eyes


def test_a_print_cannot_blink() -> None:
    stage = Stage("print", haste=3.0)
    still = max(eye for eye, _ in eye_change(stage, 0.4))
    stage.scene.gesture("blink")
    changes = eye_change(stage, 0.75)
    assert max(eye for eye, _ in changes) < max(2 * max(nose for _, nose in changes), 2 * still)


def test_a_person_blinks_unasked_every_few_seconds() -> None:
    motion = Motion(np.random.default_rng(2))
    lids = [motion.at(second).lid > 0.5 for second in np.arange(0, 60, 0.02)]
    blinks = sum(now and not before for before, now in pairwise(lids))
    assert 9 <= blinks <= 31


# ---- light


@pytest.mark.parametrize("colour", [RED, (False, True, False), (False, False, True)])
def test_the_fill_light_colours_a_living_face_much_more_than_what_is_behind(colour: Colour) -> None:
    stage = Stage("live")
    own = 2 - colour.index(True)
    gain = gained(stage, colour, cheeks(landmarks(stage.after(0.5))))
    assert 0.10 < gain[own] < 0.31
    assert all(gain[channel] < 0.15 * gain[own] for channel in range(3) if channel != own)
    assert gained(stage, colour, (slice(60, 160), slice(20, 120)))[own] < 0.25 * gain[own]


def test_paper_reflects_as_skin_does_over_the_whole_sheet() -> None:
    stage = Stage("print")
    found = landmarks(stage.after(0.5))
    face_gain = gained(stage, WHITE, cheeks(found)).mean()
    x, y = found.centre
    beside = (slice(int(y - 60), int(y)), slice(int(x - 0.5 * found.height), int(x - 0.45 * found.height)))
    assert face_gain > 0.10
    assert gained(stage, WHITE, beside).mean() > 0.8 * face_gain


def test_a_tablet_hardly_reflects_and_an_injected_recording_not_at_all() -> None:
    replay, injected = Stage("replay"), Stage("injected")
    living = gained(Stage("live"), WHITE, cheeks(landmarks(Stage("live").after(0.5)))).mean()
    assert 0 < gained(replay, WHITE, cheeks(landmarks(replay.after(0.5)))).mean() < 0.3 * living
    injected.after(0.5)
    assert np.array_equal(injected.lit(WHITE), injected.lit(DARK))


@pytest.mark.parametrize("name", ["replay", "injected"])
def test_a_recording_plays_its_own_colours_whatever_is_asked(name: str) -> None:
    one, asked = Stage(name), Stage(name)
    asked.scene.gesture("turn_right")
    asked.scene.gesture("blink")
    shares = []
    for _ in range(30):
        picture = one.after(0.4)
        assert np.array_equal(picture, asked.after(0.4))
        part = linear(picture[180:260, 280:360]).mean(axis=(0, 1))
        shares.append(part / part.sum())
    assert np.ptp(np.array(shares), axis=0).max() > 0.02


def test_in_a_room_that_is_far_too_bright_the_colours_drown() -> None:
    stage = Stage("live", ambient=20.0)
    assert gained(stage, WHITE, cheeks(landmarks(stage.after(0.5)))).mean() < 0.02


# ---- faults


def test_sun_in_the_hall_makes_the_picture_brighter_and_drowns_the_colours() -> None:
    stage = Stage("live")
    part = cheeks(landmarks(stage.after(0.5)))
    usual = stage.scene.picture.mean()
    dark = linear(stage.scene.seen("bright_room")[part]).mean()
    stage.colour = WHITE
    assert linear(stage.scene.seen("bright_room")[part]).mean() / dark - 1 < 0.02
    assert stage.scene.seen("bright_room").mean() > usual + 10


def test_an_exposure_that_is_not_locked_lets_a_colour_fade_within_some_tenths_of_a_second() -> None:
    stage = Stage("live")

    def next_frame() -> np.ndarray:
        stage.now += 1 / 30
        return linear(stage.scene.seen("auto_exposure")[part])

    part = cheeks(landmarks(stage.after(0.5)))
    for _ in range(3):
        before = next_frame().mean(axis=(0, 1))
    stage.colour = WHITE
    gains = [next_frame().mean() / before.mean() - 1 for _ in range(12)]
    assert gains[0] > 0.1
    assert gains[-1] < 0.7 * gains[0]
    locked = gained(stage, WHITE, part).mean()
    assert locked > 0.1, "and all is as before once the fault is over"


def test_the_faults_of_light_are_seen_on_the_wire() -> None:
    faults, scene = FaultBoard(), FaceScene(WIDTH, HEIGHT, seed=1)
    scene.set("live", face("obama.jpg"))
    server = MjpegServer("127.0.0.1", 0, {"/face.mjpg": scene}, faults=faults, rates={"/face.mjpg": 60})
    server.start()
    camera = OpenCvCamera(f"http://127.0.0.1:{server.port}/face.mjpg")
    assert camera.open() is None
    levels = []
    for kind in ("", "bright_room"):
        if kind:
            faults.put("face_camera", "frame", Fault(kind, 0))
        camera.frame()  # one picture may have been on its way
        camera.frame()
        picture = camera.frame()
        assert isinstance(picture, np.ndarray)
        levels.append(picture.mean())
    camera.close()
    server.stop()
    assert levels[1] > levels[0] + 10
