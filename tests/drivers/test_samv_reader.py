"""The SAM-V driver against the simulated reader and against a scripted line: order of commands, repeats, faults, and what a person is told."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from functools import reduce
from operator import xor
from pathlib import Path

import pytest

from drivers.contract.failure import Failure
from drivers.contract.id_reader import IdCard
from drivers.contract.status import Device
from drivers.id_reader import exchange, samv
from drivers.id_reader.emulator import SamvEmulator
from drivers.id_reader.samv import SamvReader
from drivers.world.faults import Fault, FaultBoard
from drivers.world.pty_port import PtyPort
from tests.drivers.samv_bench import ADDRESS, NAME, NUMBER, ScriptedReader, resident, simulated_reader
from tests.golden import golden

FIND, SELECT, BASE, PRINTS, MORE = b"\x20\x01", b"\x20\x02", b"\x30\x01", b"\x30\x10", b"\x30\x03"
DECODER = Path(samv.__file__).with_name("simulated_photo.py")


def reply(sw3: int, data: bytes = b"") -> bytes:
    body = (4 + len(data)).to_bytes(2) + bytes([0, 0, sw3]) + data
    return bytes.fromhex("AAAAAA9669") + body + bytes([reduce(xor, body)])


def read_reply(with_prints: bool = True) -> bytes:
    card = resident(fingerprints=b"")
    return reply(0x90, b"\x01\x00\x04\x00" + (b"\x00\x00" if with_prints else b"") + card.text + card.photo)


HEALTHY = {
    FIND: golden("samv", "reply.found"),
    SELECT: golden("samv", "reply.selected"),
    PRINTS: read_reply(),
    MORE: golden("samv", "reply.no_content"),
}


def scripted(changes: dict[bytes, list[bytes]]) -> ScriptedReader:
    """Healthy answers, but the first ones to some commands as listed (the last of a list stays)."""

    def answer(frame: bytes, before: int) -> bytes:
        listed = changes.get(frame[7:9])
        if listed is not None:
            return listed[min(before, len(listed) - 1)]
        return HEALTHY.get(frame[7:9], golden("samv", "reply.bad_command"))

    return ScriptedReader(answer)


def read(path: str, wait_s: float = 1.0) -> IdCard | Failure:
    device = SamvReader(path)
    try:
        return device.read(wait_s)
    finally:
        device.close()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Silence is judged sooner, so that tests of it are short."""
    monkeypatch.setattr(samv, "_SHORT_ANSWER_S", 0.4)
    monkeypatch.setattr(samv, "_READ_ANSWER_S", 0.4)
    monkeypatch.setattr(samv, "_COME_BACK_S", 0.4)
    monkeypatch.setattr(samv, "_POLL_PAUSE_S", 0.02)
    monkeypatch.setattr(exchange, "GAP_S", 0.15)


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[tuple[SamvEmulator, PtyPort, FaultBoard, SamvReader]]:
    with simulated_reader(tmp_path) as (emulator, port, faults):
        device = SamvReader(f"{port.link}?baud=115200", DECODER)
        try:
            yield emulator, port, faults, device
        finally:
            device.close()


def test_a_card_is_read_whole(hall: tuple[SamvEmulator, PtyPort, FaultBoard, SamvReader]) -> None:
    emulator, _, _, device = hall
    emulator.place(resident(additional=("海珠区一路", "荔湾区二路")))
    assert device.open() is None
    card = device.read(1.0)
    assert isinstance(card, IdCard)
    assert (card.layout, card.name, card.address, card.id_number) == ("resident", NAME, ADDRESS, NUMBER)
    assert (card.birth, card.valid_to) == ("1949-12-31", "长期")
    assert card.additional_addresses == ("海珠区一路", "荔湾区二路")
    assert (card.frame_bytes, card.fingerprints, len(card.photo_raw)) == (2321, 1024, 1024)
    assert card.ms > 0
    assert NAME not in repr(card)


@pytest.mark.parametrize(("plug_in", "name"), [(DECODER, None), (Path("/nowhere/decoder.py"), None), (None, None)])
def test_a_photo_that_nobody_can_decode_is_no_failure(tmp_path: Path, plug_in: Path | None, name: str | None) -> None:
    with simulated_reader(tmp_path) as (emulator, port, _):
        emulator.place(resident())  # its block holds no picture
        device = SamvReader(str(port.link), plug_in)
        card = device.read(1.0)
        device.close()
    assert isinstance(card, IdCard)
    assert (card.photo_decoder, card.photo_image) == (name, None)


def test_a_decoder_that_raises_is_no_failure_and_a_good_one_is_named(tmp_path: Path) -> None:
    broken, good = tmp_path / "broken.py", tmp_path / "good.py"
    broken.write_text("NAME = 'broken'\ndef decode(raw):\n    raise RuntimeError('no')\n")
    good.write_text("NAME = 'good'\ndef decode(raw):\n    return b'BM' + raw[:4]\n")
    for path, expected in ((broken, (None, None)), (good, ("good", b"BMSIMP"))):
        with simulated_reader(tmp_path) as (emulator, port, _):
            emulator.place(resident())
            device = SamvReader(str(port.link), path)
            card = device.read(1.0)
            device.close()
        assert isinstance(card, IdCard)
        assert (card.photo_decoder, card.photo_image) == expected


def test_the_order_of_commands_is_find_select_read_and_addresses_and_nothing_else() -> None:
    with scripted({}) as line:
        assert isinstance(read(line.path), IdCard)
    assert line.asked == [FIND, SELECT, PRINTS, MORE]


@pytest.mark.parametrize("code", [0x21, 0x23, 0x24, 0x91])
def test_a_reader_without_fingerprints_is_asked_for_the_base_data(code: int) -> None:
    with scripted({PRINTS: [reply(code)], BASE: [read_reply(with_prints=False)]}) as line:
        card = read(line.path)
    assert isinstance(card, IdCard)
    assert (card.frame_bytes, card.fingerprints) == (1295, 0)
    assert line.asked == [FIND, SELECT, PRINTS, BASE, MORE]


@pytest.mark.parametrize(
    ("moment", "code", "name"),
    [
        (SELECT, 0x80, "no_card"),
        (SELECT, 0x81, "select_failed"),
        (PRINTS, 0x41, "read_failed"),
        (PRINTS, 0x31, "card_not_verified"),
        (PRINTS, 0x32, "card_not_verified"),
        (PRINTS, 0x33, "card_not_verified"),
        (MORE, 0x41, "read_failed"),
        (FIND, 0x81, "select_failed"),
    ],
)
def test_a_code_of_a_moved_card_repeats_the_whole_round_three_times_at_most(moment: bytes, code: int, name: str, quick: None) -> None:
    with scripted({moment: [reply(code)]}) as line:
        assert read(line.path) == Failure(f"id_reader.{name}", code)
    assert line.asked.count(FIND) == 4
    good = HEALTHY[moment]
    with scripted({moment: [reply(code), reply(code), reply(code), good]}) as line:
        assert isinstance(read(line.path), IdCard)
    assert line.asked.count(FIND) == 4


@pytest.mark.parametrize("moment", [FIND, SELECT, PRINTS, MORE])
def test_a_bad_checksum_repeats_the_round(moment: bytes, quick: None) -> None:
    damaged = HEALTHY[moment][:-1] + bytes([HEALTHY[moment][-1] ^ 1])
    with scripted({moment: [damaged, HEALTHY[moment]]}) as line:
        assert isinstance(read(line.path), IdCard)
    assert line.asked.count(FIND) == 2
    with scripted({moment: [damaged]}) as line:
        assert read(line.path) == Failure("id_reader.bad_checksum")
    assert line.asked.count(FIND) == 4


@pytest.mark.parametrize("moment", [FIND, SELECT, PRINTS, MORE])
@pytest.mark.parametrize("wrong", ["short", "length too long", "length too short", "absurd length"])
def test_a_wrong_length_repeats_the_round(moment: bytes, wrong: str, quick: None) -> None:
    good = HEALTHY[moment]
    length = int.from_bytes(good[5:7])
    damaged = {
        "short": good[:-2],
        "length too long": good[:5] + (length + 5).to_bytes(2) + good[7:],
        "length too short": good[:5] + b"\x00\x02" + good[7:],
        "absurd length": good[:5] + b"\xff\xff" + good[7:],
    }[wrong]
    with scripted({moment: [damaged, good]}) as line:
        assert isinstance(read(line.path), IdCard)
    assert line.asked.count(FIND) == 2
    with scripted({moment: [damaged]}) as line:
        assert read(line.path) == Failure("id_reader.wrong_length")


@pytest.mark.parametrize("head", ["010003FF0001", "01000400FFFF", "00FF04010000", "010004000001"])
def test_inner_lengths_that_contradict_the_frame_are_a_wrong_length(head: str, quick: None) -> None:
    card = resident(fingerprints=b"")
    with scripted({PRINTS: [reply(0x90, bytes.fromhex(head) + card.text + card.photo)]}) as line:
        assert read(line.path) == Failure("id_reader.wrong_length")


def test_a_card_that_is_gone_when_the_round_is_repeated_is_no_card(quick: None) -> None:
    with scripted({PRINTS: [reply(0x41)], FIND: [HEALTHY[FIND], reply(0x80)]}) as line:
        assert read(line.path, wait_s=0.2) == Failure("id_reader.no_card", 0x80)


def test_a_card_that_comes_back_for_the_repeat_is_read(quick: None) -> None:
    with scripted({PRINTS: [reply(0x41), HEALTHY[PRINTS]], FIND: [HEALTHY[FIND], *[reply(0x80)] * 5, HEALTHY[FIND]]}) as line:
        assert isinstance(read(line.path), IdCard)


@pytest.mark.parametrize("code", [0x60, 0x61, 0x66])
@pytest.mark.parametrize("moment", [FIND, SELECT, PRINTS, MORE])
def test_a_broken_module_is_said_at_once(moment: bytes, code: int) -> None:
    with scripted({moment: [reply(code)]}) as line:
        assert read(line.path) == Failure("id_reader.module_fault", code)
    assert line.asked.count(FIND) == 1


@pytest.mark.parametrize("code", [0x10, 0x11])
def test_a_command_that_arrived_damaged_is_sent_again_three_times_at_most(code: int) -> None:
    with scripted({SELECT: [reply(code), reply(code), reply(code), HEALTHY[SELECT]]}) as line:
        assert isinstance(read(line.path), IdCard)
    assert line.asked == [FIND, *[SELECT] * 4, PRINTS, MORE]
    with scripted({SELECT: [reply(code)]}) as line:
        assert read(line.path) == Failure("id_reader.command_damaged", code)
    assert line.asked == [FIND, *[SELECT] * 4]


def test_an_unknown_code_is_a_fault_with_the_raw_code() -> None:
    with scripted({SELECT: [reply(0x77)]}) as line:
        assert read(line.path) == Failure("id_reader.unknown_code", 0x77)
    with scripted({FIND: [reply(0x40)]}) as line:
        assert read(line.path) == Failure("id_reader.unknown_card", 0x40)


@pytest.mark.parametrize("moment", [FIND, SELECT, PRINTS, MORE])
@pytest.mark.parametrize("noise", ["00FF5566", "AAAA", "AAAAAA96", "AAAAAA9669FFFF", "AAAAAA9669000AAAAA", "AAAAAA96690F00"])
def test_noise_before_an_answer_is_skipped(moment: bytes, noise: str, quick: None) -> None:
    with scripted({moment: [bytes.fromhex(noise) + HEALTHY[moment]]}) as line:
        assert isinstance(read(line.path), IdCard)
    assert line.asked == [FIND, SELECT, PRINTS, MORE]


@pytest.mark.parametrize(("moment", "previous"), [(FIND, MORE), (SELECT, FIND), (PRINTS, SELECT), (MORE, FIND), (MORE, PRINTS)])
def test_a_stale_answer_of_an_earlier_command_is_passed_over(moment: bytes, previous: bytes, quick: None) -> None:
    with scripted({moment: [HEALTHY[previous] + HEALTHY[moment]]}) as line:
        assert isinstance(read(line.path), IdCard)
    assert line.asked == [FIND, SELECT, PRINTS, MORE]


def test_only_a_stale_answer_is_no_answer(quick: None) -> None:
    with scripted({SELECT: [HEALTHY[FIND]]}) as line:
        assert read(line.path) == Failure("id_reader.wrong_length")


def test_what_lay_in_the_line_before_a_command_is_dropped(tmp_path: Path) -> None:
    with scripted({FIND: [HEALTHY[FIND] + golden("samv", "reply.not_authorised")]}) as line:
        device = SamvReader(line.path)
        assert device.card_present() is True
        card = device.read(1.0)  # the left-over "not authorised" is not the answer to find
        device.close()
    assert isinstance(card, IdCard)


def test_a_line_that_babbles_without_end_is_given_up(quick: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "_MOST_BYTES", 2000)
    with scripted({FIND: [bytes(range(0x80)) * 20]}) as line:
        assert read(line.path) == Failure("id_reader.wrong_length")


def test_a_reader_that_never_says_no_more_addresses_is_cut_off() -> None:
    with scripted({MORE: [reply(0x90, "海珠区".ljust(35).encode("utf-16-le"))]}) as line:
        card = read(line.path)
    assert isinstance(card, IdCard)
    assert len(card.additional_addresses) == line.asked.count(MORE) == 16


@pytest.mark.parametrize(
    ("offset", "data", "code"), [(36, b"X\x00", "bad_content"), (0, b"\x00\xd8", "bad_content"), (248, b"Q\x00", "unknown_layout")]
)
def test_text_that_cannot_be_understood_is_a_failure_and_not_repeated(offset: int, data: bytes, code: str) -> None:
    card = resident(fingerprints=b"")
    text = card.text[:offset] + data + card.text[offset + 2 :]
    with scripted({PRINTS: [reply(0x90, bytes.fromhex("010004000000") + text + card.photo)]}) as line:
        assert read(line.path) == Failure(f"id_reader.{code}")
    assert line.asked.count(FIND) == 1


def test_an_additional_address_that_is_no_text_is_a_failure() -> None:
    with scripted({MORE: [reply(0x90, b"\x00\xd8" * 35)]}) as line:
        assert read(line.path) == Failure("id_reader.bad_content")


def test_no_card_is_waited_for_and_then_said(hall: tuple[SamvEmulator, PtyPort, FaultBoard, SamvReader]) -> None:
    _, _, _, device = hall
    started = time.monotonic()
    assert device.read(0.7) == Failure("id_reader.no_card", 0x80)
    assert time.monotonic() - started >= 0.7


def test_a_card_that_is_placed_while_it_is_waited_for_is_read(hall: tuple[SamvEmulator, PtyPort, FaultBoard, SamvReader]) -> None:
    emulator, _, _, device = hall
    timer = threading.Timer(0.3, emulator.place, [resident()])
    timer.start()
    assert isinstance(device.read(10.0), IdCard)
    timer.join()
    assert device.card_present() is False  # read already
    emulator.lift()
    emulator.place(resident())
    assert device.card_present() is True


def test_waiting_can_be_cancelled(hall: tuple[SamvEmulator, PtyPort, FaultBoard, SamvReader]) -> None:
    _, _, _, device = hall
    cancelled = threading.Event()
    timer = threading.Timer(0.2, cancelled.set)
    timer.start()
    assert device.read(10.0, cancelled) == Failure("id_reader.cancelled")
    timer.join()


def test_a_silent_line_fails_long_before_twenty_seconds() -> None:
    master, slave = os.openpty()
    try:
        started = time.monotonic()
        assert read(os.ttyname(slave), wait_s=10.0) == Failure("id_reader.silent")
        assert time.monotonic() - started < 12
    finally:
        os.close(master)
        os.close(slave)


@pytest.mark.parametrize("moment", [FIND, SELECT, PRINTS, MORE])
def test_one_lost_answer_is_made_up_for_and_lasting_silence_is_a_failure(moment: bytes, quick: None) -> None:
    with scripted({moment: [b"", HEALTHY[moment]]}) as line:
        assert isinstance(read(line.path), IdCard)
    with scripted({moment: [b""]}) as line:
        assert read(line.path) == Failure("id_reader.silent")
    assert line.asked.count(moment) == 2


@pytest.mark.parametrize("moment", ["find", "select", "read", "address"])
@pytest.mark.parametrize("kind", ["silence", "late", "bad_checksum", "wrong_length", "garbage", "split", "stale", "nak"])
def test_every_passing_fault_of_the_simulated_reader_is_overcome(
    moment: str, kind: str, hall: tuple[SamvEmulator, PtyPort, FaultBoard, SamvReader], quick: None
) -> None:
    emulator, _, faults, device = hall
    emulator.place(resident())
    faults.put("id_reader", moment, Fault(kind, parameters={"ms": 200}))
    if moment == "address" and kind == "silence":
        emulator.lift()  # the reading counts as done for the reader: the person lifts the card and places it again
        emulator.place(resident())
        timer = threading.Timer(0.6, lambda: (emulator.lift(), emulator.place(resident())))
        timer.start()
    card = device.read(3.0)
    assert isinstance(card, IdCard)
    assert card.id_number == NUMBER


@pytest.mark.parametrize("moment", ["find", "select", "read", "address"])
def test_a_cable_pulled_within_an_answer_is_a_lost_port_and_works_again_when_plugged_in(
    moment: str, hall: tuple[SamvEmulator, PtyPort, FaultBoard, SamvReader]
) -> None:
    emulator, port, faults, device = hall
    emulator.place(resident())
    faults.put("id_reader", moment, Fault("disconnect"))
    failure = device.read(1.0)
    assert isinstance(failure, Failure) and failure.code == "id_reader.port_lost"
    failure = device.read(1.0)
    assert isinstance(failure, Failure) and failure.code == "id_reader.port_absent"
    assert device.status().device is Device.NO_DEVICE
    port.plug()
    emulator.lift()
    emulator.place(resident())
    assert isinstance(device.read(1.0), IdCard)


def test_status_names_the_module_and_its_faults(hall: tuple[SamvEmulator, PtyPort, FaultBoard, SamvReader], quick: None) -> None:
    _, _, faults, device = hall
    report = device.status()
    assert (report.device, report.firmware, report.fault) == (Device.ONLINE, "05.01-20230601-0001234567-0987654321", None)
    faults.put("id_reader", "status", Fault("code", times=0, parameters={"code": "60"}))
    assert device.open() == Failure("id_reader.module_fault", 0x60)
    assert device.status().device is Device.HARDWARE_ERROR
    faults.put("id_reader", "status", Fault("silence", times=0))
    assert device.open() == Failure("id_reader.silent")
    assert (device.status().device, device.status().fault) == (Device.OFFLINE, Failure("id_reader.silent"))


def test_a_port_that_is_absent_busy_or_no_serial_line(tmp_path: Path) -> None:
    with simulated_reader(tmp_path) as (_, port, _faults):
        first, second = SamvReader(str(port.link)), SamvReader(str(port.link))
        assert first.open() is None
        failure = second.open()
        assert isinstance(failure, Failure) and failure.code == "id_reader.port_busy"
        first.close()
        assert second.open() is None
        second.close()
    plain = tmp_path / "plain"
    plain.write_text("no device")
    codes: list[Callable[[], Failure | None]] = [SamvReader(str(tmp_path / "none")).open, SamvReader(str(plain)).open]
    failures = [code() for code in codes]
    assert [failure.code for failure in failures if failure] == ["id_reader.port_absent", "id_reader.port_unusable"]
