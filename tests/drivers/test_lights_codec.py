"""Modbus RTU bytes of the fill light: driver and emulator are held to the golden frames, each by itself, and noise is no answer."""

import select
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.lights import codec
from drivers.lights.codec import Answer, Damage
from drivers.lights.emulator import ModbusLightsEmulator, sealed
from drivers.world.faults import FaultBoard
from drivers.world.pty_port import PtyPort
from tests.golden import golden, section


@pytest.mark.parametrize(
    ("name", "built"),
    [
        ("read_8_coils", codec.read_coils(1, 0, 8)),
        ("read_3_coils", codec.read_coils(1, 0, 3)),
        ("write_8_coils_0f", codec.write_coils(1, 0, [True] * 4 + [False] * 4)),
        ("fill_dark", codec.write_coils(1, 0, (False, False, False))),
        ("fill_red", codec.write_coils(1, 0, (True, False, False))),
        ("fill_red_blue", codec.write_coils(1, 0, (True, False, True))),
        ("fill_white", codec.write_coils(1, 0, (True, True, True))),
    ],
)
def test_the_driver_builds_the_golden_command(name: str, built: bytes) -> None:
    assert built == golden("modbus", f"command.{name}")


def test_the_driver_understands_the_golden_answers() -> None:
    read = codec.find(golden("modbus", "reply.coils_red_blue"), 1, codec.READ_COILS)
    assert read is not None and codec.coils_in(read, 3) == (True, False, True)
    written = codec.find(golden("modbus", "reply.filled"), 1, codec.WRITE_COILS)
    assert written is not None and codec.confirms(written, 0, 3)
    assert not codec.confirms(written, 1, 3) and not codec.confirms(written, 0, 8)
    assert codec.find(golden("modbus", "reply.exception_write_04"), 1, codec.WRITE_COILS) == Answer(codec.WRITE_COILS, b"\x04", 4)


def test_more_than_eight_coils_take_two_bytes() -> None:
    nine = [True] + [False] * 7 + [True]
    assert codec.write_coils(1, 0, nine)[4:-2] == b"\x00\x09\x02\x01\x01"
    assert codec.coils_in(Answer(codec.READ_COILS, b"\x02\x01\x01", None), 9) == tuple(nine)
    assert codec.coils_in(Answer(codec.READ_COILS, b"\x02\x01\x01", None), 8) is None


def test_an_answer_is_found_behind_noise_and_behind_ones_own_echo() -> None:
    answer = golden("modbus", "reply.filled")
    noise = b"\x01\x0f\xff\x00\x01\x8f\x01\x01\xff"
    for before in (noise, golden("modbus", "command.fill_white"), noise + noise):
        found = codec.find(before + answer, 1, codec.WRITE_COILS)
        assert found is not None and codec.confirms(found, 0, 3)


@pytest.mark.parametrize("name", ["reply.filled", "reply.coils_red_blue", "reply.exception_write_04"])
def test_no_cut_off_or_damaged_answer_is_one(name: str) -> None:
    answer = golden("modbus", name)
    function = answer[1] & 0x7F
    assert all(codec.find(answer[:length], 1, function) is None for length in range(len(answer)))
    for at in range(len(answer) * 8):
        spoiled = bytes(byte ^ (1 << at % 8 if index == at // 8 else 0) for index, byte in enumerate(answer))
        assert codec.find(spoiled, 1, function) is None


def test_damage_is_told_from_something_else() -> None:
    answer = golden("modbus", "reply.filled")
    assert codec.damage_of(answer[:-1] + b"\x00", 1, codec.WRITE_COILS) is Damage.BAD_CHECKSUM
    assert codec.damage_of(golden("modbus", "reply.exception_write_04")[:-1], 1, codec.WRITE_COILS) is Damage.BAD_CHECKSUM
    assert codec.damage_of(golden("modbus", "reply.coils_dark"), 1, codec.WRITE_COILS) is Damage.WRONG_ANSWER
    assert codec.find(answer, 2, codec.WRITE_COILS) is None and codec.damage_of(answer, 2, codec.WRITE_COILS) is Damage.WRONG_ANSWER
    assert codec.damage_of(b"\x01", 1, codec.WRITE_COILS) is Damage.WRONG_ANSWER


# the emulator, spoken to without the driver


class Wire:
    def __init__(self, port: PtyPort, emulator: ModbusLightsEmulator) -> None:
        self.emulator = emulator
        self._port = port

    def ask(self, request: bytes, count: int) -> bytes:
        """`count` bytes of answer, or what came before five silent seconds; for a request that must stay unanswered count is 0."""
        with open(self._port.link, "r+b", buffering=0) as line:
            line.write(request)
            answer = b""
            while len(answer) < count and select.select([line], [], [], 5)[0]:
                answer += line.read(count - len(answer))
            return answer


@pytest.fixture
def wire(tmp_path: Path) -> Iterator[Wire]:
    port = PtyPort(tmp_path / "lights", None)
    emulator = ModbusLightsEmulator(port, FaultBoard())
    emulator.start()
    yield Wire(port, emulator)
    emulator.stop()
    port.close()


@pytest.mark.parametrize(
    ("command", "reply"),
    [
        ("command.fill_red_blue", "reply.filled"),
        ("command.read_3_coils", "reply.coils_dark"),
        ("command.coil_0_on", "command.coil_0_on"),
        ("command.coil_0_off", "command.coil_0_off"),
        ("command.read_8_inputs", "reply.exception_02"),
    ],
)
def test_the_emulator_answers_the_golden_reply(wire: Wire, command: str, reply: str) -> None:
    expected = golden("modbus", reply)
    assert wire.ask(golden("modbus", command), len(expected)) == expected


def test_the_emulator_switches_what_it_is_told(wire: Wire) -> None:
    wire.ask(golden("modbus", "command.fill_red_blue"), 8)
    assert wire.emulator.colour == (True, False, True)
    assert wire.ask(golden("modbus", "command.read_3_coils"), 6) == golden("modbus", "reply.coils_red_blue")
    wire.ask(golden("modbus", "command.coil_0_off"), 8)
    assert wire.emulator.colour == (False, False, True)
    wire.ask(golden("modbus", "command.write_8_coils_0f"), 8)
    assert wire.emulator.colour == (True, True, True)
    wire.ask(golden("modbus", "command.fill_dark"), 8)
    assert wire.emulator.colour == (False, False, False)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("01 03 00 00 00 01", 1),  # a function that the board does not have
        ("01 01 00 06 00 03", 2),  # coils that it does not have
        ("01 0F 00 06 00 03 01 07", 2),
        ("01 05 00 08 FF 00", 2),
        ("01 01 00 00 00 00", 3),  # values that make no sense
        ("01 05 00 00 12 34", 3),
        ("01 0F 00 00 00 03 02 07 00", 3),
        ("01 0F 00 00 00 00 01 00", 3),
        ("01 0F 00 00", 3),
        ("01 05", 3),
    ],
)
def test_the_emulator_refuses_what_it_cannot_do(wire: Wire, body: str, code: int) -> None:
    request = bytes.fromhex(body)
    assert wire.ask(sealed(request), 5) == sealed(bytes((1, request[1] | 0x80, code)))
    assert wire.emulator.colour == (False, False, False)


@pytest.mark.parametrize("row", ["damaged", "cut off", "another unit", "noise"])
def test_the_emulator_leaves_without_an_answer_what_is_not_for_it(wire: Wire, row: str) -> None:
    white, read = golden("modbus", "command.fill_white"), golden("modbus", "command.read_3_coils")
    ignored = {"damaged": white[:-1] + b"\x00", "cut off": white[:6], "another unit": sealed(b"\x02" + white[1:-2]), "noise": b"\xff\x00"}[row]
    wire.ask(ignored, 0)
    time.sleep(0.25)  # the pause after which a frame begins anew
    assert wire.ask(read, 6) == golden("modbus", "reply.coils_dark")


def test_the_emulator_obeys_what_is_meant_for_everybody_in_silence(wire: Wire) -> None:
    wire.ask(sealed(b"\x00" + golden("modbus", "command.fill_red_blue")[1:-2]), 0)
    assert wire.ask(golden("modbus", "command.read_3_coils"), 6) == golden("modbus", "reply.coils_red_blue")


def test_both_sides_seal_every_golden_frame_alike() -> None:
    for name, frame in section("modbus").items():
        assert frame == frame[:-2] + codec.crc(frame[:-2]) == sealed(frame[:-2]), name
