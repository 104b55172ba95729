"""The look at the card's back: a sound print is known as one under noise, and nothing else passes for it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import cv2
import numpy as np
import pytest

from drivers.camera.back import BackScene, empty_slot
from drivers.camera.emulator import darkened
from drivers.camera.light import jpeg
from drivers.contract.bitmap import Bitmap
from drivers.world.backs import initial_back
from drivers.world.card_path import Back, Card, CardPath, Place
from kiosk.domain.failure import Failure
from kiosk.services.card_back.inspection import Inspection, Verdict, compare_pictured, inspect, meant_dots, pictured, read_codes
from kiosk.services.card_back.layout import Block, draw
from tests.unit.test_card_back_layout import HONG_KONG, MACAU, TAIWAN

MEANT = draw([HONG_KONG, MACAU])
CODES = [HONG_KONG.code, MACAU.code]


def dots_of(image: Bitmap) -> np.ndarray:
    return meant_dots(image).astype(np.uint8)


def frame_of(dots: np.ndarray, seed: int = 0) -> np.ndarray:
    """What the camera sees, through JPEG as on the wire."""
    path = CardPath()
    path.insert(Card("C00000001", None, Back(np.ascontiguousarray(dots, np.uint8).tobytes())), Place.READER)
    picture = cv2.imdecode(np.frombuffer(jpeg(BackScene(path, seed).frame()), np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    return picture


def look(dots: np.ndarray, seed: int = 0, meant: Bitmap = MEANT, codes: Sequence[str] = CODES) -> Inspection:
    return inspect(frame_of(dots, seed), meant, codes)


@pytest.mark.parametrize("seed", range(20))
def test_a_sound_print_is_as_meant_under_any_noise(seed: int) -> None:
    found = look(dots_of(MEANT), seed)
    assert (found.verdict, found.codes) == (Verdict.AS_MEANT, tuple(sorted(CODES))), found
    assert found.failure is None


@pytest.mark.parametrize("blocks", [[HONG_KONG], [MACAU], [TAIWAN], [replace(HONG_KONG, number=None, issuer="", stay_days=None)]])
def test_single_blocks_are_as_meant(blocks: list[Block]) -> None:
    image = draw(blocks)
    for seed in range(3):
        assert look(dots_of(image), seed, image, [block.code for block in blocks]).verdict is Verdict.AS_MEANT


@pytest.mark.parametrize("seed", range(5))
def test_a_missing_line_of_dots_differs(seed: int) -> None:
    chance = np.random.default_rng(seed)
    for y in chance.choice(np.concatenate([np.arange(40, 160), np.arange(185, 305)]), 4, replace=False):
        dots = dots_of(MEANT)
        dots[y] = 0
        assert look(dots, seed).verdict is Verdict.DIFFERS, f"row {y}"
    for x in chance.choice(np.arange(90, 200), 4, replace=False):
        dots = dots_of(MEANT)
        dots[:, x] = 0
        assert look(dots, seed).verdict is Verdict.DIFFERS, f"column {x}"


def test_a_line_of_dots_too_many_differs() -> None:
    dots = dots_of(MEANT)
    dots[90] = 1
    assert look(dots).verdict is Verdict.DIFFERS


@pytest.mark.parametrize("share", [0.3, 0.5, 0.8])
def test_a_faint_print_differs(share: float) -> None:
    dots = dots_of(MEANT) & (np.random.default_rng(1).random((320, 480)) < share)
    found = look(dots)
    assert (found.verdict, found.reason) == (Verdict.DIFFERS, "a part differs" if share == 0.8 else "faint")


@pytest.mark.parametrize("cut", [60, 240, 400, 450])
def test_a_print_that_stopped_differs(cut: int) -> None:
    dots = dots_of(MEANT)
    dots[:, cut:] = 0
    found = look(dots)
    assert found.verdict is Verdict.DIFFERS
    assert found.reason == {60: "faint", 450: "a part differs"}.get(cut, "another picture")
    assert found.failure == Failure("card_back.differs")


@pytest.mark.parametrize(
    "other",
    [
        [HONG_KONG],
        [MACAU],
        [replace(HONG_KONG, destination=MACAU.destination), replace(MACAU, destination=HONG_KONG.destination)],
        [replace(HONG_KONG, number=MACAU.number), replace(MACAU, number=HONG_KONG.number)],
        [replace(HONG_KONG, valid_until=date(2027, 11, 22)), MACAU],
        [replace(HONG_KONG, issuer="广西"), MACAU],
        [replace(HONG_KONG, issued_on=date(2026, 11, 23)), MACAU],
        [replace(HONG_KONG, stay_days=1), MACAU],
        [HONG_KONG, replace(MACAU, remark="琴澳旅行")],
        [HONG_KONG, replace(MACAU, remark="")],
        [TAIWAN],
    ],
)
def test_any_other_content_differs(other: list[Block]) -> None:
    for seed in range(3):
        assert look(dots_of(draw(other)), seed).verdict is Verdict.DIFFERS


def test_another_code_than_expected_differs_although_the_picture_is_the_one_meant() -> None:
    found = inspect(frame_of(dots_of(MEANT)), MEANT, CODES[:1])
    assert (found.verdict, found.reason) == (Verdict.DIFFERS, "another code")


def test_the_world_s_own_earlier_back_differs_and_its_code_is_read() -> None:
    back = initial_back([HONG_KONG])
    found = look(np.frombuffer(back.dots, np.uint8).reshape(320, 480))
    assert found.verdict is Verdict.DIFFERS
    assert found.codes == (HONG_KONG.code,)


def test_a_white_back_is_blank_and_as_meant_only_if_white_was_meant() -> None:
    white = np.zeros((320, 480), np.uint8)
    for seed in range(5):
        assert look(white, seed).verdict is Verdict.BLANK
        assert look(white, seed, draw([]), []).verdict is Verdict.AS_MEANT
    assert look(dots_of(MEANT), 0, draw([]), []).verdict is Verdict.DIFFERS


def test_a_speck_left_by_the_eraser_is_not_blank() -> None:
    dots = np.zeros((320, 480), np.uint8)
    dots[100:140, 100:140] = 1
    assert look(dots, 0, draw([]), []).verdict is Verdict.DIFFERS


@pytest.mark.parametrize("frame", [empty_slot(), np.zeros((720, 960, 3), np.uint8), np.full((720, 960, 3), 255, np.uint8)])
def test_without_a_card_there_is_none(frame: np.ndarray) -> None:
    assert inspect(frame, MEANT, CODES).verdict is Verdict.NO_CARD
    assert inspect(frame, draw([]), []).verdict is Verdict.NO_CARD


@pytest.mark.parametrize("seed", range(5))
def test_noise_alone_is_never_a_card(seed: int) -> None:
    frame = np.random.default_rng(seed).integers(0, 256, (720, 960, 3), np.uint8)
    assert inspect(frame, MEANT, CODES).verdict is Verdict.NO_CARD


def test_a_failed_lamp_shows_no_card() -> None:
    dark = cv2.imdecode(np.frombuffer(darkened(jpeg(frame_of(dots_of(MEANT)))), np.uint8), cv2.IMREAD_COLOR)
    assert dark is not None
    assert inspect(dark, MEANT, CODES).verdict is Verdict.NO_CARD


@pytest.mark.parametrize("sigma", [1.5, 2.0, 3.0, 5.0])
def test_a_picture_out_of_focus_is_unreadable_never_as_meant(sigma: float) -> None:
    assert inspect(cv2.GaussianBlur(frame_of(dots_of(MEANT)), (0, 0), sigma), MEANT, CODES).verdict is Verdict.UNREADABLE


def test_a_card_half_in_the_picture_is_never_as_meant() -> None:
    shifted = np.roll(frame_of(dots_of(MEANT)), 300, axis=1)
    shifted[:, :300] = 30
    assert inspect(shifted, MEANT, CODES).verdict in (Verdict.NO_CARD, Verdict.DIFFERS)


def test_an_unread_code_is_unreadable_although_the_picture_fits() -> None:
    found = inspect(frame_of(dots_of(MEANT)), MEANT, [*CODES, "HKG G 3M1 2027-02-21 X"])
    assert found.verdict is Verdict.UNREADABLE


def test_codes_are_read_for_recovery() -> None:
    assert read_codes(frame_of(dots_of(MEANT))) == tuple(sorted(CODES))
    assert read_codes(empty_slot()) == ()


@pytest.mark.parametrize("light", [0.6, 0.8, 1.05])
def test_less_or_more_light_changes_nothing(light: float) -> None:
    frame = cv2.convertScaleAbs(frame_of(dots_of(MEANT)), alpha=light)
    assert inspect(frame, MEANT, CODES).verdict is Verdict.AS_MEANT


@pytest.mark.parametrize("degrees", [-3, 2, 180])
def test_a_turned_card_is_straightened_and_one_upside_down_is_not_as_meant(degrees: int) -> None:
    matrix = cv2.getRotationMatrix2D((480, 360), degrees, 0.95)
    frame = cv2.warpAffine(frame_of(dots_of(MEANT)), matrix, (960, 720), borderValue=(34, 34, 34))
    expected = Verdict.DIFFERS if degrees == 180 else Verdict.AS_MEANT
    assert inspect(frame, MEANT, CODES).verdict is expected


# -- the back as it was handed in, whoever printed it ---------------------------------------------------------------------


def earlier(*destinations: str) -> np.ndarray:
    """A back as an office printed it: not this machine's layout."""
    shown = [SimpleNamespace(destination=name, kind="L", validity="3M1", valid_until="2027-01-05", number=f"E0000000{name}") for name in destinations]
    return np.frombuffer(initial_back(shown).dots, np.uint8).reshape(320, 480)


def compared(before: np.ndarray, after: np.ndarray, seed: int) -> Inspection:
    kept = pictured(frame_of(before, seed))
    assert kept is not None
    return compare_pictured(frame_of(after, seed + 100), *kept)


BACKS = {
    "macau": earlier("MAC"),
    "both": earlier("HKG", "MAC"),
    "taiwan": earlier("TWN"),
    "ours": dots_of(MEANT),
    "white": np.zeros((320, 480), np.uint8),
}


@pytest.mark.parametrize("name", BACKS)
@pytest.mark.parametrize("seed", range(4))
def test_a_back_that_nobody_touched_looks_as_pictured(name: str, seed: int) -> None:
    assert compared(BACKS[name], BACKS[name], seed).verdict is Verdict.AS_MEANT


@pytest.mark.parametrize("name", [name for name in BACKS if name != "white"])
@pytest.mark.parametrize("seed", range(2))
def test_an_erased_a_half_erased_and_another_back_are_not_as_pictured(name: str, seed: int) -> None:
    back, half = BACKS[name], BACKS[name].copy()
    half[:, 240:] = 0
    spot = back.copy()
    spot[60:80, 40:60] ^= 1
    for other in (np.zeros_like(back), half, spot, BACKS["ours"] if name != "ours" else BACKS["both"]):
        assert compared(back, other, seed).verdict in (Verdict.DIFFERS, Verdict.BLANK)


def test_a_white_back_that_was_printed_on_is_not_as_pictured() -> None:
    assert compared(BACKS["white"], BACKS["macau"], 1).verdict is Verdict.DIFFERS


def test_without_a_card_there_is_nothing_to_picture() -> None:
    assert pictured(empty_slot()) is None
    kept = pictured(frame_of(BACKS["macau"]))
    assert kept is not None and compare_pictured(empty_slot(), *kept).verdict is Verdict.NO_CARD


def test_a_faded_back_is_not_as_pictured() -> None:
    kept = pictured(frame_of(BACKS["both"]))
    assert kept is not None
    frame = frame_of(BACKS["both"], 7).astype(np.float32)
    light = np.percentile(frame, 99)
    faded = np.clip(light - (light - frame) * 0.6, 0, 255).astype(np.uint8)
    faded[frame < 40] = frame[frame < 40]  # the bed stays dark
    assert compare_pictured(faded, *kept).verdict is not Verdict.AS_MEANT


def test_bytes_that_are_no_picture_are_a_bug() -> None:
    with pytest.raises(ValueError, match="not a picture"):
        compare_pictured(frame_of(BACKS["macau"]), b"nonsense", ())
