"""The card printer's driver against its emulator over a real pty."""

import random
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from drivers.card_printer import codec, tcp300ii
from drivers.card_printer.codec import Response
from drivers.card_printer.emulator import Tcp300iiEmulator
from drivers.card_printer.tcp300ii import FAILURES, Tcp300ii
from drivers.contract.bitmap import Bitmap
from drivers.contract.card_printer import CardPrinterStatus
from drivers.contract.failure import Failure
from drivers.contract.status import Device, Media
from drivers.world.card_path import Back, Card, CardPath, Place
from drivers.world.faults import Fault, FaultBoard
from drivers.world.pace import Pace
from drivers.world.pty_port import PtyPort


@dataclass
class Bench:
    printer: Tcp300ii
    emulator: Tcp300iiEmulator
    path: CardPath
    faults: FaultBoard
    port: PtyPort
    card: Card

    def fault(self, moment: str, kind: str, times: int = 1, **parameters: int) -> None:
        self.faults.put("card_printer", moment, Fault(kind, times, parameters))

    def hand_over(self) -> None:
        self.path.insert(self.card, Place.HAND_OVER)

    def job(self, image: Bitmap, deadline_s: float = 5) -> Failure | None:
        failure = self.printer.load(image) or self.printer.arm()
        if failure is None:
            self.hand_over()
            failure = self.printer.finish(deadline_s)
        return failure


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    port, path, faults = PtyPort(tmp_path / "card_printer", None), CardPath(), FaultBoard()
    emulator = Tcp300iiEmulator(port, path, faults, Pace(2000))
    emulator.start()
    printer = Tcp300ii(f"{port.link}?baud=115200")
    assert printer.open() is None
    yield Bench(printer, emulator, path, faults, port, Card("C00000001", None, Back(b"\x01" * 153600)))
    printer.close()
    emulator.stop()
    port.close()


def picture(seed: int = 1) -> Bitmap:
    chance = random.Random(seed)
    rows = bytearray(60 * 320)
    for _ in range(400):
        rows[chance.randrange(len(rows))] = chance.randrange(256)
    return Bitmap(480, 320, bytes(rows))


def dots_of(image: Bitmap) -> bytes:
    return bytes(image.black(x, y) for y in range(320) for x in range(480))


def test_a_job_erases_the_old_back_and_burns_exactly_the_loaded_dots(bench: Bench) -> None:
    image = picture()
    assert bench.job(image) is None
    assert bench.card.back.dots == dots_of(image)
    assert bench.card.back.burned
    assert bench.card.rewrites == 1
    assert bench.path.place is Place.INLET
    sensed = bench.printer.sense()
    assert sensed == CardPrinterStatus(Media.LATCHED, cover_open=False, fault=None)


def test_a_second_load_leaves_nothing_of_the_first(bench: Bench) -> None:
    assert bench.printer.load(picture(1)) is None
    image = picture(2)
    assert bench.job(image) is None
    assert bench.card.back.dots == dots_of(image)


def test_erasing_only_leaves_a_white_back(bench: Bench) -> None:
    assert bench.printer.load(picture()) is None
    assert bench.printer.arm(print_image=False) is None
    bench.hand_over()
    assert bench.printer.finish(5) is None
    assert bench.card.back.blank


def test_without_a_card_the_wait_is_cancelled_and_the_unit_is_free_again(bench: Bench) -> None:
    assert bench.printer.arm() is None
    assert bench.printer.finish(0.1) == Failure("card_printer.timeout")
    assert isinstance(bench.printer.sense(), CardPrinterStatus)
    bench.hand_over()
    time.sleep(0.05)
    assert bench.path.place is Place.HAND_OVER  # nothing is armed: nobody draws the card in
    assert bench.card.rewrites == 0


def test_finish_without_a_job_is_told_so(bench: Bench) -> None:
    assert bench.printer.finish(0.1) == Failure("card_printer.not_armed")


def test_every_status_byte_becomes_its_failure(bench: Bench) -> None:
    bench.hand_over()
    for code in range(0x21, 0x80):
        bench.fault("draw_in", "code", code=code)
        # the card waits already, so the answer may come right after arming
        assert (bench.printer.arm() or bench.printer.finish(5)) == Failure(FAILURES.get(code, "card_printer.fault"), code)


@pytest.mark.parametrize("moment", ["draw_in", "print", "finish"])
def test_a_jam_is_reported_and_the_card_stays_where_it_is(bench: Bench, moment: str) -> None:
    bench.fault(moment, "jam")
    assert bench.job(picture()) == Failure("card_printer.jam", 0x38)
    assert bench.path.place is (Place.HAND_OVER if moment == "draw_in" else Place.PRINTER)
    if moment != "draw_in":
        sensed = bench.printer.sense()
        assert isinstance(sensed, CardPrinterStatus)
        assert sensed.media is Media.JAMMED


def test_a_jam_of_the_way_itself_is_reported(bench: Bench) -> None:
    bench.path.jams.add((Place.PRINTER, Place.INLET))
    assert bench.job(picture()) == Failure("card_printer.jam", 0x38)


def test_a_fault_in_the_middle_of_printing_leaves_half_a_picture(bench: Bench) -> None:
    bench.fault("print", "cover_open")
    image = Bitmap(480, 320, b"\xff" * 19200)
    assert bench.job(image) == Failure("card_printer.cover_open", 0x40)
    assert bench.card.back.dots == (b"\x01" * 240 + b"\x00" * 240) * 320


def test_a_hot_erase_head_leaves_the_old_picture_half_erased(bench: Bench) -> None:
    bench.fault("print", "head_temperature")
    assert bench.job(picture()) == Failure("card_printer.head_temperature", 0x43)
    assert bench.card.back.dots == (b"\x00" * 240 + b"\x01" * 240) * 320


@pytest.mark.parametrize("kind", ["half_print", "faint"])
def test_the_unit_itself_does_not_notice_a_bad_picture(bench: Bench, kind: str) -> None:
    bench.fault("print", kind)
    assert bench.job(Bitmap(480, 320, b"\xff" * 19200)) is None
    assert 0.4 < sum(bench.card.back.dots) / 153600 < 0.6


@pytest.mark.parametrize("kind", ["jam", "cover_open", "head_temperature"])
def test_a_fault_of_the_unit_at_arming_is_told_and_no_job_runs(bench: Bench, kind: str) -> None:
    bench.fault("arm", kind)
    failure = bench.printer.arm()
    assert failure is not None
    assert failure.code == f"card_printer.{kind}"
    bench.hand_over()
    time.sleep(0.03)
    assert bench.path.place is Place.HAND_OVER


def test_an_open_cover_is_seen_and_refuses_the_job(bench: Bench) -> None:
    bench.emulator.cover_open = True
    sensed = bench.printer.sense()
    assert sensed == CardPrinterStatus(Media.NOT_PRESENT, True, Failure("card_printer.cover_open", 0x40))
    assert bench.printer.arm() == Failure("card_printer.cover_open", 0x40)
    report = bench.printer.status()
    assert (report.device, report.fault) == (Device.USER_ERROR, Failure("card_printer.cover_open", 0x40))


@pytest.mark.parametrize("kind", ["bad_checksum", "garbage", "split", "nak", "late"])
@pytest.mark.parametrize("moment", ["status", "load"])
def test_a_passing_disturbance_of_the_line_is_overcome(bench: Bench, moment: str, kind: str) -> None:
    bench.fault(moment, kind, ms=300)
    image = picture()
    assert isinstance(bench.printer.sense(), CardPrinterStatus)
    assert bench.job(image) is None
    assert bench.card.back.dots == dots_of(image)


@pytest.mark.parametrize(
    ("kind", "failure"),
    [
        ("nak", Failure("card_printer.bad_answer", 0x15)),
        ("bad_checksum", Failure("card_printer.bad_answer")),
        ("silence", Failure("card_printer.silent")),
        ("dle", Failure("card_printer.rejected", 0x10)),
    ],
)
def test_a_lasting_disturbance_is_a_coded_failure(bench: Bench, kind: str, failure: Failure, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tcp300ii, "TAKEN_S", 0.1)
    bench.fault("load", kind, times=0)
    assert bench.printer.load(picture()) == failure


@pytest.mark.parametrize("kind", ["bad_checksum", "garbage", "split", "late"])
def test_a_disturbed_answer_to_the_job_is_still_understood(bench: Bench, kind: str) -> None:
    bench.fault("finish", kind, ms=100)
    assert bench.job(picture()) is None


def test_a_lost_answer_to_a_finished_job_is_a_time_out_not_a_success(bench: Bench) -> None:
    bench.fault("finish", "silence")
    assert bench.job(picture(), deadline_s=0.5) == Failure("card_printer.timeout")
    assert bench.path.place is Place.INLET


def test_silence_after_arming_never_arms_twice_and_cancels(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tcp300ii, "TAKEN_S", 0.1)
    bench.fault("arm", "silence")
    assert bench.printer.arm() == Failure("card_printer.silent")
    assert not bench.emulator.busy


def test_a_unit_that_takes_the_job_too_late_is_not_left_armed(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tcp300ii, "TAKEN_S", 0.3)
    bench.fault("arm", "late", ms=450)
    assert bench.printer.arm() == Failure("card_printer.silent")
    bench.hand_over()
    assert isinstance(bench.printer.sense(), CardPrinterStatus)
    assert not bench.emulator.busy
    assert bench.card.rewrites == 0


def test_a_cover_seen_only_by_its_sensor_is_a_fault_too(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench.printer, "_exchange", lambda command: Response(command, 0x20, b"000010"))
    assert bench.printer.sense() == CardPrinterStatus(Media.NOT_PRESENT, True, Failure("card_printer.cover_open", 0x20))


@pytest.mark.parametrize("data", [b"", b"900000", b"00000"])
def test_an_impossible_sensor_string_is_a_bad_answer(bench: Bench, monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(bench.printer, "_exchange", lambda command: Response(command, 0x20, data))
    assert bench.printer.sense() == Failure("card_printer.bad_answer", 0x20)


def test_an_answer_in_the_very_moment_of_the_cancelling_counts_as_done(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    assert bench.printer.load(picture()) is None
    assert bench.printer.arm() is None
    bench.hand_over()
    deadline = time.monotonic() + 5
    while bench.emulator.busy and time.monotonic() < deadline:
        time.sleep(0.01)
    monkeypatch.setattr(bench.printer, "_response", lambda command, deadline: Failure("card_printer.silent"))
    assert bench.printer.finish(0) is None


def test_a_pulled_cable_is_port_lost_and_opening_again_works(bench: Bench) -> None:
    bench.port.unplug()
    failure = bench.printer.sense()
    assert isinstance(failure, Failure)
    assert failure.code == "card_printer.port_lost"
    assert bench.printer.status().device is Device.OFFLINE
    absent = bench.printer.open()
    assert absent is not None
    assert absent.code == "card_printer.port_absent"
    bench.port.plug()
    assert bench.printer.open() is None
    assert bench.printer.status().device is Device.ONLINE


@pytest.mark.parametrize("moment", ["status", "load", "arm", "finish"])
def test_a_cable_pulled_at_any_moment_is_a_failure_and_the_unit_comes_back(bench: Bench, moment: str) -> None:
    bench.faults.put("card_printer", moment, Fault("disconnect", 1, {"seconds": 0}))
    sensed = bench.printer.sense()
    failure = sensed if isinstance(sensed, Failure) else bench.job(picture())
    assert failure is not None
    assert failure.code in ("card_printer.port_lost", "card_printer.timeout", "card_printer.silent")
    deadline = time.monotonic() + 5
    while bench.printer.open() is not None:
        assert time.monotonic() < deadline
    assert isinstance(bench.printer.sense(), CardPrinterStatus)


def test_opening_again_after_a_kill_cancels_the_wait(bench: Bench) -> None:
    assert bench.printer.arm() is None
    bench.printer.close()
    assert bench.printer.open() is None
    assert not bench.emulator.busy


def test_opening_again_during_a_job_waits_for_its_end(bench: Bench) -> None:
    bench.emulator.pace.divisor = 60
    image = picture()
    assert bench.printer.load(image) is None
    assert bench.printer.arm() is None
    bench.hand_over()
    while bench.path.place is not Place.PRINTER:
        time.sleep(0.005)
    bench.printer.close()
    assert bench.printer.open() is None
    assert bench.card.back.dots == dots_of(image)
    assert bench.path.place is Place.INLET


def test_the_technicians_reset_brings_a_stuck_card_to_the_inlet(bench: Bench) -> None:
    bench.fault("print", "jam")
    assert bench.job(picture()) == Failure("card_printer.jam", 0x38)
    assert bench.printer.reset() is None
    assert bench.path.place is Place.INLET


def test_a_line_that_says_only_nonsense_is_silent_not_a_crash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tcp300ii, "TAKEN_S", 0.1)
    port = PtyPort(tmp_path / "nonsense", None)
    port.write(b"\xf2\x00\x41" * 20)
    assert Tcp300ii(str(port.link)).open() == Failure("card_printer.silent")
    port.close()


@pytest.mark.parametrize("noise", [b"\xf2\x00\x41", b"\x02\x59", b"\x06\x41", b"\x02\x59\x20\x03\x00"])
def test_a_line_that_never_stops_talking_ends_in_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, noise: bytes) -> None:
    monkeypatch.setattr(tcp300ii, "TAKEN_S", 0.1)
    monkeypatch.setattr(tcp300ii, "ANSWER_S", 0.2)
    monkeypatch.setattr(tcp300ii, "QUIET_S", 0.02)
    port, over = PtyPort(tmp_path / "chatter", None), threading.Event()

    def chatter() -> None:
        while not over.wait(0.0005):
            port.write(noise)

    talker = threading.Thread(target=chatter, daemon=True)
    talker.start()
    failure = Tcp300ii(str(port.link)).open()
    over.set()
    port.close()
    talker.join()
    assert failure is not None
    assert failure.code in ("card_printer.silent", "card_printer.bad_answer")


def test_a_command_cut_off_by_a_kill_does_not_spoil_the_next(bench: Bench) -> None:
    bench.printer._line.write(codec.image_line(0, 0, b"\xff" * 40)[:50])
    bench.printer.close()
    assert bench.printer.open() is None
    assert bench.job(picture()) is None


def test_the_report_names_the_firmware(bench: Bench) -> None:
    report = bench.printer.status()
    assert (report.family, report.device, report.firmware) == ("card_printer", Device.ONLINE, "TCP300-2 SIM 1.00")


def test_the_simulated_line_is_as_slow_as_a_real_one(tmp_path: Path) -> None:
    port = PtyPort(tmp_path / "slow", 115200)
    emulator = Tcp300iiEmulator(port, CardPath(), FaultBoard(), Pace(2000))
    emulator.start()
    printer = Tcp300ii(f"{port.link}?baud=115200")
    assert printer.open() is None
    rows = bytes(60 * 160) + bytes([0x80] * 60 * 20) + bytes(60 * 140)
    image = Bitmap(480, 320, rows)
    wire_s = sum(map(len, codec.image_blocks(image))) * 10 / 115200
    began = time.monotonic()
    assert printer.load(image) is None
    assert time.monotonic() - began >= wire_s
    printer.close()
    emulator.stop()
    port.close()
