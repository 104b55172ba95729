"""The golden bytes themselves: every row reads, and every SAM-V, Creator and Star row carries the checksum its protocol asks for."""

from functools import reduce
from operator import xor

from tests.golden import golden, section


def test_every_samv_frame_has_its_length_and_checksum() -> None:
    whole = (row for row in section("samv").items() if row[1].startswith(bytes.fromhex("AAAAAA9669")))
    frames = {name: frame for name, frame in whole if not name.endswith("_start")}
    assert len(frames) > 25
    for name, frame in frames.items():
        assert int.from_bytes(frame[5:7]) == len(frame) - 7, name
        assert reduce(xor, frame[5:-1]) == frame[-1], name


def test_every_creator_and_star_frame_has_its_checksum() -> None:
    for name, frame in section("crt591m").items():
        assert reduce(xor, frame[:-1]) == frame[-1], name
        assert int.from_bytes(frame[2:4]) == len(frame) - 6, name
    for name, frame in section("tcp300ii").items():
        assert reduce(xor, frame[1:-1]) == frame[-1], name


def test_every_modbus_frame_divides_without_a_rest() -> None:
    for name, frame in section("modbus").items():
        rest = 0xFFFF
        for byte in frame:
            rest ^= byte
            for _ in range(8):
                rest = rest >> 1 ^ (0xA001 if rest & 1 else 0)
        assert rest == 0, name


def test_a_row_is_found_by_section_and_name() -> None:
    assert golden("escpos", "command.initialise") == b"\x1b\x40"
