"""Bytes of the card printer: held to the golden frames, and a parser that no noise can break."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.card_printer import codec, emulator
from drivers.card_printer.codec import AnswerParser, Control, Damaged, Response, Sensors
from drivers.contract.bitmap import Bitmap
from tests.golden import section

GOLDEN = section("tcp300ii")
COMMANDS = {
    "clear_print": (0x40, b""),
    "clear_all": (0x49, b""),
    "erase_print_discharge": (0x46, b""),
    "erase_print_1_1_1": (0x46, b"1,1,1"),
    "erase_print_0_1_1": (0x46, b"0,1,1"),
    "erase_print_1_1_0": (0x46, b"1,1,0"),
    "discharge_reusable": (0x50, b"0"),
    "discharge_full": (0x50, b"1"),
    "rear_idle": (0x51, b""),
    "cleaning": (0x52, b""),
    "front_idle": (0x53, b""),
    "cancel_insertion_wait": (0x54, b""),
    "cancel_removal_wait": (0x55, b""),
    "rom_version": (0x58, b""),
    "status": (0x59, b""),
    "transport_count": (0x95, b""),
    "print_count": (0x96, b""),
    "reset": (0x5F, b""),
}
REPLIES = {
    "status_idle": (0x59, 0x20, b"000000"),
    "status_card_at_inlet": (0x59, 0x20, b"100000"),
    "status_cover_open": (0x59, 0x40, b"000010"),
    "printed": (0x46, 0x20, b""),
    "jam": (0x46, 0x38, b""),
    "head_temperature": (0x46, 0x43, b""),
    "no_card": (0x46, 0x22, b""),
    "cover_open": (0x46, 0x40, b""),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_commands_are_the_golden_bytes(name: str) -> None:
    assert codec.frame(*COMMANDS[name]) == GOLDEN[f"command.{name}"]


@pytest.mark.parametrize("name", REPLIES)
def test_golden_replies_are_understood_and_the_emulator_says_the_same(name: str) -> None:
    command, status, data = REPLIES[name]
    golden = GOLDEN[f"reply.{name}"]
    assert AnswerParser().feed(golden) == [Response(command, status, data)]
    assert emulator.packed(command, status, data) == golden


def test_every_golden_row_is_used() -> None:
    assert set(GOLDEN) == {f"command.{name}" for name in COMMANDS} | {f"reply.{name}" for name in REPLIES} | {"command.image_line_0_black"}


def test_a_black_image_line_is_the_golden_88_bytes() -> None:
    line = codec.image_line(0, 0, b"\xff" * 40)
    assert line == GOLDEN["command.image_line_0_black"]
    assert len(line) == 88


def bitmap(*dots: tuple[int, int]) -> Bitmap:
    rows = bytearray(60 * 320)
    for x, y in dots:
        rows[y * 60 + x // 8] |= 0x80 >> x % 8
    return Bitmap(480, 320, bytes(rows))


def test_a_dot_lands_in_its_column_with_the_lowest_bit_on_top() -> None:
    data = codec.columns(bitmap((0, 0), (0, 9), (479, 319)))
    assert (data[0], data[1], data[-1]) == (0b1, 0b10, 0b1000_0000)
    assert sum(data) == 1 + 2 + 128


def test_only_blocks_with_black_dots_are_sent() -> None:
    frames = list(codec.image_blocks(bitmap((3, 16), (200, 319))))
    assert frames == [codec.frame(0x4D, b"3,2,1,01"), codec.frame(0x4D, b"200,39,1,80")]
    assert list(codec.image_blocks(bitmap())) == []


def test_a_full_black_card_fits_the_data_limit_and_covers_every_byte() -> None:
    frames = list(codec.image_blocks(Bitmap(480, 320, b"\xff" * 19200)))
    covered = bytearray(19200)
    for one in frames:
        assert len(one) - 4 <= codec.DATA_LIMIT
        x, y, length, digits = one[2:-2].decode().split(",")
        start = int(x) * 40 + int(y)
        covered[start : start + int(length)] = bytes.fromhex(digits)
    assert covered == b"\xff" * 19200


def test_another_picture_size_is_a_bug() -> None:
    with pytest.raises(ValueError, match="480 × 320"):
        codec.columns(Bitmap(8, 1, b"\x00"))


def test_too_much_data_is_a_bug() -> None:
    with pytest.raises(ValueError, match="at most"):
        codec.frame(0x4D, b"0" * 1025)


def test_one_wrong_bit_makes_a_frame_damaged() -> None:
    good = GOLDEN["reply.status_idle"]
    assert AnswerParser().feed(good[:-1] + bytes([good[-1] ^ 1])) == [Damaged()]


def test_a_frame_cut_off_by_the_next_one_is_dropped() -> None:
    good = GOLDEN["reply.status_idle"]
    assert AnswerParser().feed(good[:5] + good) == [Response(0x59, 0x20, b"000000")]


def test_an_endless_frame_is_given_up() -> None:
    assert AnswerParser().feed(b"\x02" + b"0" * 2000)[0] == Damaged()


@pytest.mark.parametrize("data", [b"", b"00000", b"300000", b"0x0000", b"00000000", b"\xff00000"])
def test_an_impossible_sensor_string_is_not_read(data: bytes) -> None:
    assert Sensors.parse(data) is None


def test_sensors_with_and_without_dispenser() -> None:
    assert Sensors.parse(b"200010") == Sensors("2", False, True)
    assert Sensors.parse(b"0010000") == Sensors("0", True, False)


@given(st.binary(max_size=200), st.integers(0, 200))
def test_noise_never_breaks_the_parser_and_portions_do_not_matter(noise: bytes, cut: int) -> None:
    whole = AnswerParser().feed(noise)
    parser = AnswerParser()
    assert parser.feed(noise[:cut]) + parser.feed(noise[cut:]) == whole
    for answer in whole:
        assert isinstance(answer, Control | Response | Damaged)


@given(st.binary(max_size=60).filter(lambda noise: 0x02 not in noise), st.sampled_from(sorted(REPLIES)))
def test_a_good_frame_after_noise_is_found(noise: bytes, name: str) -> None:
    assert AnswerParser().feed(noise + GOLDEN[f"reply.{name}"])[-1] == Response(*REPLIES[name])
