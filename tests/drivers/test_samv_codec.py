"""SAM-V frames on the driver's side: built as the golden bytes say, and found in whatever the line carries."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.id_reader import codec
from drivers.id_reader.codec import Damage, Reply, Scanner
from tests.golden import golden, section


def replies(data: bytes, then_quiet: bool = True) -> tuple[list[Reply], Damage | None]:
    """Everything a scanner finds when the bytes come at once and then the line falls silent."""
    scanner, found = Scanner(), []
    reply = scanner.feed(data)
    while reply is not None:
        found.append(reply)
        reply = scanner.feed(b"")
    if then_quiet:
        reply = scanner.line_went_quiet()
        while reply is not None:
            found.append(reply)
            reply = scanner.line_went_quiet()
    return found, scanner.damage


@pytest.mark.parametrize(
    ("name", "code", "data"),
    [
        ("reset", codec.RESET, b""),
        ("status", codec.STATUS, b""),
        ("sam_id", codec.SAM_ID, b""),
        ("find", codec.FIND, b""),
        ("select", codec.SELECT, b""),
        ("read_base", codec.READ_BASE, b""),
        ("read_additional", codec.READ_ADDITIONAL, b""),
        ("read_with_fingerprints", codec.READ_WITH_FINGERPRINTS, b""),
        ("rf_bytes_50", (0x61, 0xFF), b"\x50"),
    ],
)
def test_commands_are_the_golden_bytes(name: str, code: tuple[int, int], data: bytes) -> None:
    assert codec.command(code, data) == golden("samv", f"command.{name}")


def test_every_golden_reply_is_understood() -> None:
    whole = {name: frame for name, frame in section("samv").items() if name.startswith("reply.") and not name.startswith("reply.read_base_")}
    assert len(whole) >= 13
    for name, frame in whole.items():
        found, damage = replies(frame)
        assert [reply.frame_bytes for reply in found] == [len(frame)], name
        assert damage is None
    assert replies(golden("samv", "reply.no_card"))[0][0].sw3 == 0x80
    assert replies(golden("samv", "reply.found"))[0][0] == Reply(0x9F, bytes(4), 15)


def test_the_module_number_is_written_as_on_its_label() -> None:
    reply = replies(golden("samv", "reply.sam_id"))[0][0]
    assert codec.sam_id_text(reply.data) == "05.01-20230601-0001234567-0987654321"
    assert codec.sam_id_text(b"short") is None


@pytest.mark.parametrize("noise", ["", "00FF", "AA", "AAAA", "AAAAAA", "AAAAAAAA", "AAAAAA96", "AAAA9669"])
def test_noise_before_an_answer_is_skipped_even_when_it_looks_like_a_preamble(noise: str) -> None:
    found, damage = replies(bytes.fromhex(noise) + golden("samv", "reply.found"))
    assert [reply.sw3 for reply in found] == [0x9F]
    assert damage is None


@pytest.mark.parametrize("false_start", ["AAAAAA9669FFFF", "AAAAAA96690003", "AAAAAA96690010", "AAAAAA96690F00"])
def test_a_false_start_with_any_length_does_not_hide_the_answer_behind_it(false_start: str) -> None:
    found, damage = replies(bytes.fromhex(false_start) + golden("samv", "reply.selected"))
    assert [reply.sw3 for reply in found] == [0x90]
    assert damage is not None


def test_an_answer_that_comes_a_byte_at_a_time_is_complete_at_its_last_byte_and_never_reads_further() -> None:
    frame = golden("samv", "reply.sam_id")
    scanner = Scanner()
    for at, byte in enumerate(frame[:-1]):
        assert scanner.wanted <= len(frame) - at
        assert scanner.feed(bytes([byte])) is None
    assert scanner.wanted == 1
    reply = scanner.feed(frame[-1:])
    assert reply is not None and reply.frame_bytes == len(frame)


def test_two_answers_in_one_piece_are_two() -> None:
    found, _ = replies(golden("samv", "reply.no_card") + golden("samv", "reply.found"))
    assert [reply.sw3 for reply in found] == [0x80, 0x9F]


def test_a_wrong_checksum_and_a_short_frame_are_damage() -> None:
    frame = golden("samv", "reply.found")
    assert replies(frame[:-1] + b"\x00") == ([], Damage.BAD_CHECKSUM)
    assert replies(frame[:-3]) == ([], Damage.WRONG_LENGTH)
    assert replies(frame[:6]) == ([], Damage.WRONG_LENGTH)
    assert replies(b"no frame at all") == ([], None)


def test_an_absurd_length_is_never_waited_for() -> None:
    scanner = Scanner()
    assert scanner.feed(bytes.fromhex("AAAAAA9669FFFF")) is None
    assert scanner.damage is Damage.WRONG_LENGTH
    assert scanner.wanted <= 11 and not scanner.inside


@pytest.mark.parametrize(
    ("prints", "with_prints", "length_row"), [(0, False, "base"), (0, True, "without_prints_on_card"), (1024, True, "with_fingerprints")]
)
def test_the_three_read_answers_have_their_golden_length_and_split_into_blocks(prints: int, with_prints: bool, length_row: str) -> None:
    text, photo, fingers = bytes([1]) * 256, bytes([2]) * 1024, bytes([3]) * prints
    head = b"\x01\x00\x04\x00" + (prints.to_bytes(2) if with_prints else b"")
    data = head + text + photo + fingers
    name = f"length.read_{length_row}"
    assert (len(data) + 4).to_bytes(2) == golden("samv", name)
    blocks = codec.read_blocks(data, with_prints)
    assert blocks is not None
    assert (blocks.text, blocks.photo, blocks.fingerprints) == (text, photo, fingers)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x01\x00\x04",
        b"\x01\x00\x04\x00" + bytes(1279),
        b"\x01\x00\x04\x00" + bytes(1281),
        b"\x01\x01\x03\xff" + bytes(1280),
        b"\x00\xff\x04\x01" + bytes(1280),
        b"\xff\xff\xff\xff" + bytes(1280),
    ],
)
def test_inner_lengths_that_do_not_fit_are_refused(data: bytes) -> None:
    assert codec.read_blocks(data, with_fingerprints=False) is None


@given(st.binary(max_size=6000))
def test_any_bytes_are_read_without_an_exception_and_in_bounded_time(data: bytes) -> None:
    started = time.monotonic()
    found, _ = replies(data)
    assert sum(reply.frame_bytes for reply in found) <= len(data)
    assert time.monotonic() - started < 5


@settings(max_examples=50)
@given(st.lists(st.sampled_from([b"\xaa", codec.PREAMBLE, b"\x00\x04", b"\x0f\xff", b"\x69", golden("samv", "reply.found")]), max_size=400))
def test_streams_made_of_frame_parts_end_and_every_answer_in_them_is_healthy(parts: list[bytes]) -> None:
    found, _ = replies(b"".join(parts))
    assert all(reply.frame_bytes >= 11 for reply in found)


def test_the_worst_stream_of_false_starts_stays_quick() -> None:
    started = time.monotonic()
    replies(bytes.fromhex("AAAAAA96690FFF") * 2400)
    assert time.monotonic() - started < 10
