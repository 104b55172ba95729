"""The simulated reader, spoken to in raw bytes: it answers as the golden frames say, and it knows where the card lies."""

import io
import os
import select
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from drivers.id_reader.emulator import IdCardData, SamvEmulator, photo_block
from drivers.id_reader.simulated_photo import decode
from drivers.world.faults import Fault, FaultBoard
from drivers.world.pace import Pace
from drivers.world.pty_port import PtyPort
from tests.drivers.samv_bench import resident, simulated_reader
from tests.golden import golden


class RawLine:
    """The other end of the pty, without any driver."""

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_RDWR | os.O_NOCTTY)

    def close(self) -> None:
        os.close(self._descriptor)

    def ask(self, command: bytes, expected_bytes: int, wait_s: float = 3.0) -> bytes:
        os.write(self._descriptor, command)
        answer = b""
        until = time.monotonic() + wait_s
        while len(answer) < expected_bytes and select.select([self._descriptor], [], [], max(until - time.monotonic(), 0))[0]:
            answer += os.read(self._descriptor, expected_bytes - len(answer))
        return answer

    def exchange(self, command_row: str, reply_row: str) -> tuple[bytes, bytes]:
        """What came and what should have."""
        expected = golden("samv", f"reply.{reply_row}")
        return self.ask(golden("samv", f"command.{command_row}"), len(expected)), expected


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[tuple[SamvEmulator, RawLine, FaultBoard]]:
    with simulated_reader(tmp_path) as (emulator, port, faults):
        line = RawLine(port.link)
        try:
            yield emulator, line, faults
        finally:
            line.close()


def test_module_commands_answer_with_the_golden_bytes(reader: tuple[SamvEmulator, RawLine, FaultBoard]) -> None:
    _, line, _ = reader
    rows = [("status", "ok"), ("reset", "ok"), ("sam_id", "sam_id"), ("rf_bytes_50", "ok"), ("baud_57600", "ok"), ("read_card_number", "no_content")]
    for command, reply in rows:
        came, expected = line.exchange(command, reply)
        assert came == expected, command


def test_a_card_is_found_selected_read_and_not_found_again_until_it_is_lifted(reader: tuple[SamvEmulator, RawLine, FaultBoard]) -> None:
    emulator, line, _ = reader

    def answers(command: str, reply: str) -> bool:
        came, expected = line.exchange(command, reply)
        return came == expected

    assert answers("find", "no_card")
    assert answers("select", "select_failed")
    assert answers("read_base", "read_failed")
    card = resident()
    emulator.place(card)
    assert emulator.placed
    assert answers("find", "found")
    assert answers("find", "found")
    assert answers("select", "selected")
    whole = line.ask(golden("samv", "command.read_base"), 1295)
    assert len(whole) == 1295
    assert whole[14:270] == card.text and whole[270:1294] == card.photo
    assert whole[5:7] == golden("samv", "length.read_base")
    assert answers("read_additional", "no_content")
    assert answers("find", "no_card")  # read already: it must be lifted first
    emulator.lift()
    assert not emulator.placed
    emulator.place(card)
    assert answers("find", "found")


def test_the_read_answer_begins_and_ends_as_the_golden_frame(reader: tuple[SamvEmulator, RawLine, FaultBoard]) -> None:
    emulator, line, _ = reader
    start = golden("samv", "text.start")
    text = bytearray(start.ljust(256, b"\0"))
    text[255] = 0  # the golden text is known by its first bytes and its XOR: one byte makes up the rest
    for byte in text[:255]:
        text[255] ^= byte
    text[255] ^= golden("samv", "text.xor")[0]
    emulator.place(IdCardData(bytes(text), bytes(1024)))
    line.exchange("find", "found")
    line.exchange("select", "selected")
    whole = line.ask(golden("samv", "command.read_base"), 1295)
    assert whole.startswith(golden("samv", "reply.read_base_start"))
    assert whole.endswith(golden("samv", "reply.read_base_end"))


@pytest.mark.parametrize(("prints", "frame_bytes", "length_row"), [(b"", 1297, "without_prints_on_card"), (bytes(1024), 2321, "with_fingerprints")])
def test_reading_with_fingerprints(reader: tuple[SamvEmulator, RawLine, FaultBoard], prints: bytes, frame_bytes: int, length_row: str) -> None:
    emulator, line, _ = reader
    emulator.place(resident(fingerprints=prints))
    line.exchange("find", "found")
    line.exchange("select", "selected")
    whole = line.ask(golden("samv", "command.read_with_fingerprints"), frame_bytes)
    assert len(whole) == frame_bytes
    assert whole[5:7] == golden("samv", f"length.read_{length_row}")


def test_additional_addresses_come_one_by_one_and_then_no_more(reader: tuple[SamvEmulator, RawLine, FaultBoard]) -> None:
    emulator, line, _ = reader
    emulator.place(resident(additional=("海珠区一路", "荔湾区二路")))
    line.exchange("find", "found")
    line.exchange("select", "selected")
    for address in ("海珠区一路", "荔湾区二路"):
        whole = line.ask(golden("samv", "command.read_additional"), 81)
        assert whole[5:7] == golden("samv", "length.read_additional")
        assert whole[10:-1].decode("utf-16-le").strip() == address
    came, expected = line.exchange("read_additional", "no_content")
    assert came == expected


def test_damaged_and_unknown_commands_are_told_so(reader: tuple[SamvEmulator, RawLine, FaultBoard]) -> None:
    _, line, _ = reader
    find = golden("samv", "command.find")
    checksum_error = golden("samv", "reply.checksum_error")
    assert line.ask(find[:-1] + b"\x00", len(checksum_error)) == checksum_error
    length_error = golden("samv", "reply.length_error")
    assert line.ask(find[:5] + b"\xff\xff" + find[7:], len(length_error)) == length_error
    bad_command = golden("samv", "reply.bad_command")
    assert line.ask(bytes.fromhex("AAAAAA96690003774430"), len(bad_command)) == bad_command
    assert line.ask(b"\x00\xaa\xaa" + golden("samv", "command.status"), 11) == golden("samv", "reply.ok")


def test_a_scripted_code_is_the_golden_frame_of_that_code(reader: tuple[SamvEmulator, RawLine, FaultBoard]) -> None:
    _, line, faults = reader
    for code, row in (("66", "not_authorised"), (0x60, "self_test_failed"), (0x23, "not_permitted")):
        faults.put("id_reader", "find", Fault("code", parameters={"code": code}))
        came, expected = line.exchange("find", row)
        assert came == expected


def test_the_line_runs_at_its_baud_rate(tmp_path: Path) -> None:
    port, faults, pace = PtyPort(tmp_path / "id_reader", 115200), FaultBoard(), Pace(1e6)
    emulator = SamvEmulator(port, faults, pace)
    emulator.start()
    line = RawLine(port.link)
    try:
        emulator.place(resident())
        line.exchange("find", "found")
        line.exchange("select", "selected")
        started = time.monotonic()
        line.ask(golden("samv", "command.read_with_fingerprints"), 2321)
        assert time.monotonic() - started >= 2321 * 10 / 115200 * 0.95
        assert emulator.bytes_out == 15 + 19 + 2321 and emulator.bytes_in == 30
    finally:
        line.close()
        emulator.stop()
        port.close()


def test_a_photo_block_carries_its_own_mark_and_only_its_decoder_takes_it() -> None:
    drawn = io.BytesIO()
    Image.effect_noise((300, 400), 60).save(drawn, "PNG")  # noise: the hardest to make small
    block = photo_block(drawn.getvalue())
    assert len(block) == 1024 and block.startswith(b"SIMPHOTO")
    image = decode(block)
    assert image is not None and image.startswith(b"\xff\xd8")
    assert decode(b"WLf" + block[3:]) is None
    assert decode(bytes(1024)) is None
    assert decode(photo_block(b"")) is None
    assert decode(b"SIMPHOTO\xff\xff" + bytes(1014)) is None
