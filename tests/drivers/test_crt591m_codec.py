"""The card module's frames: golden bytes on both sides, and a parser that no bytes upset."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.card_module import codec, emulator_line
from drivers.card_module.codec import Command, Control, Damaged, FrameParser, Negative, Positive
from drivers.card_module.faults import REASONS, failure_of
from tests.golden import golden, section

COMMANDS = {
    "init_no_move": (codec.INITIALISE, b""),
    "status": (codec.STATUS, b""),
    "status_sensors": (codec.SENSORS, b""),
    "move_hold": (codec.MOVE_TO_HOLD, b""),
    "move_rf": (codec.MOVE_TO_READER, b""),
    "move_bin": (codec.MOVE_TO_BIN, b""),
    "move_gate": (codec.MOVE_TO_GATE, b""),
    "entry_enable": (codec.ALLOW_ENTRY, b""),
    "entry_disable": (codec.REFUSE_ENTRY, b""),
    "rf_activate_ab": (codec.RF_ACTIVATE, b"AB"),
    "rf_off": (codec.RF_OFF, b""),
    "apdu_a_select_mrtd": (codec.APDU_TYPE_A, bytes.fromhex("00A4040C07A0000002471001")),
    "apdu_a_get_challenge": (codec.APDU_TYPE_A, bytes.fromhex("0084000008")),
    "apdu_b_get_challenge": (codec.APDU_TYPE_B, bytes.fromhex("0084000008")),
    "version": (codec.VERSION, b""),
    "bin_count": (codec.BIN_COUNT, b""),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_the_driver_builds_the_golden_commands(name: str) -> None:
    command, data = COMMANDS[name]
    assert codec.frame(0, command, data) == golden("crt591m", f"command.{name}")


@pytest.mark.parametrize("name", [name for name in section("crt591m") if name.startswith("command.")])
def test_the_emulator_takes_every_golden_command(name: str) -> None:
    frame = golden("crt591m", name)
    assert emulator_line.Incoming(0).add(frame) == [emulator_line.Request(frame[5], frame[6], frame[7:-2])]


REPLIES = {
    "init_ok": Positive(Command(0x30, 0x30), b"020", b"CRT-591-M001"),
    "status_no_card_stacker_few": Positive(codec.STATUS, b"010", b""),
    "status_card_at_reader": Positive(codec.STATUS, b"220", b""),
    "moved_to_gate": Positive(codec.MOVE_TO_GATE, b"120", b""),
    "error_stacker_empty": Negative(codec.MOVE_TO_READER, 0xA0),
    "error_not_reset": Negative(codec.STATUS, 0xB0),
    "error_bin_full": Negative(codec.MOVE_TO_BIN, 0xA1),
    "error_jam_4e": Negative(codec.MOVE_TO_READER, 0x10),
    "error_jam_45": Negative(codec.MOVE_TO_READER, 0x10),
    "rf_activated_a": Positive(codec.RF_ACTIVATE, b"220", b"A" + bytes.fromhex("0400041122334420")),
    "apdu_9000": Positive(codec.APDU_TYPE_A, b"220", b"\x90\x00"),
}


def test_every_golden_reply_is_known_to_this_test() -> None:
    assert {f"reply.{name}" for name in REPLIES} == {name for name in section("crt591m") if name.startswith("reply.")}


@pytest.mark.parametrize("name", REPLIES)
def test_the_driver_reads_the_golden_replies(name: str) -> None:
    assert FrameParser(0).feed(golden("crt591m", f"reply.{name}")) == [REPLIES[name]]


@pytest.mark.parametrize("name", REPLIES)
def test_a_reply_may_come_byte_by_byte(name: str) -> None:
    parser = FrameParser(0)
    assert [event for byte in golden("crt591m", f"reply.{name}") for event in parser.feed(bytes((byte,)))] == [REPLIES[name]]


def test_etx_and_control_bytes_inside_data_do_not_end_a_frame() -> None:
    data = bytes((0x03, 0x06, 0x15, 0x04, 0xF2, 0x03))
    frame = emulator_line.seal(0, b"\x50\x60\x34220" + data)
    assert FrameParser(0).feed(b"\x06" + frame) == [Control.ACK, Positive(codec.APDU_TYPE_A, b"220", data)]


def test_a_good_frame_behind_garbage_is_found() -> None:
    frame = golden("crt591m", "reply.apdu_9000")
    events = FrameParser(0).feed(b"\x00\xffnoise" + b"\xf2\x00\xff\xff" + frame)
    assert events == [Damaged(), Positive(codec.APDU_TYPE_A, b"220", b"\x90\x00")]


def test_a_false_start_that_claims_more_bytes_than_come_gives_way_to_the_frame_behind_it() -> None:
    parser = FrameParser(0)
    assert parser.feed(b"\xf2\x00\x02\x00" + golden("crt591m", "reply.status_card_at_reader")) == []
    assert parser.inside_frame
    assert parser.give_up_frame() == [Damaged(), Positive(codec.STATUS, b"220", b"")]
    assert not parser.inside_frame


@pytest.mark.parametrize("position", range(4, 12))
def test_one_flipped_bit_makes_a_frame_damaged(position: int) -> None:
    frame = bytearray(golden("crt591m", "reply.status_card_at_reader"))
    frame[position] ^= 0x01
    assert FrameParser(0).feed(bytes(frame)) == [Damaged()]


def test_another_unit_s_answer_is_not_taken() -> None:
    assert FrameParser(0).feed(emulator_line.seal(3, b"\x50\x31\x30220")) == [Damaged()]


def test_an_error_code_that_is_no_number_is_a_fault_without_code() -> None:
    (event,) = FrameParser(0).feed(emulator_line.seal(0, b"\x4e\x32\x32?!"))
    assert event == Negative(codec.MOVE_TO_READER, None)
    assert failure_of(None).code == "card_module.fault"


def test_every_documented_code_has_a_failure_and_an_unknown_one_keeps_its_number() -> None:
    documented = bytes.fromhex("00 01 02 03 04 05 10 12 13 14 40 41 43 45 50 51 60 61 62 65 66 67 68 69 A0 A1 B0")
    for code in documented:
        failure = failure_of(code)
        assert failure.code != "card_module.fault"
        assert failure.device_code == code
    assert failure_of(0x77).code == "card_module.fault"
    assert failure_of(0x77).device_code == 0x77
    assert set(REASONS) >= set(documented)


def test_a_command_beyond_the_protocol_s_length_is_a_bug() -> None:
    with pytest.raises(ValueError):
        codec.frame(0, codec.APDU_TYPE_A, bytes(513))


@given(st.lists(st.binary(max_size=80), max_size=20))
def test_no_bytes_upset_the_parser(chunks: list[bytes]) -> None:
    parser = FrameParser(0)
    for chunk in chunks:
        parser.feed(chunk)
        assert len(parser._buffer) <= 1024 + len(chunk)
    parser.give_up_frame()


@given(st.binary(max_size=60), st.binary(max_size=300))
def test_a_frame_is_found_behind_any_noise_without_a_start_byte(noise: bytes, data: bytes) -> None:
    frame = emulator_line.seal(0, b"\x50\x60\x34220" + data)
    events = FrameParser(0).feed(noise.replace(b"\xf2", b"") + frame)
    assert events[-1] == Positive(Command(0x60, 0x34), b"220", data)


@given(st.binary(max_size=200))
def test_no_bytes_upset_the_emulator_s_parser(data: bytes) -> None:
    emulator_line.Incoming(0).add(data)
