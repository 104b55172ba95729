"""The ESC/POS driver against the simulated printer: what comes out on paper, and what is said when nothing does."""

import os
import threading
import time
import tty
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image

from drivers.contract.bitmap import Bitmap
from drivers.contract.failure import Failure
from drivers.contract.receipt_printer import ReceiptPrinterStatus
from drivers.contract.status import Device, Supply
from drivers.receipt_printer import escpos
from drivers.receipt_printer.emulated_stream import Command, CommandStream
from drivers.receipt_printer.emulator import EscposEmulator
from drivers.receipt_printer.escpos import EscposPrinter
from drivers.world.faults import Fault, FaultBoard
from drivers.world.pace import Pace
from drivers.world.pty_port import PtyPort
from tests.golden import golden


@dataclass
class Hall:
    emulator: EscposEmulator
    port: PtyPort
    faults: FaultBoard
    printer: EscposPrinter


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    port, faults, pace = PtyPort(tmp_path / "printer", None), FaultBoard(), Pace(1e6)
    emulator = EscposEmulator(port, tmp_path / "papers", faults, pace)
    emulator.start()
    printer = EscposPrinter(f"{port.link}?baud=115200")
    yield Hall(emulator, port, faults, printer)
    printer.close()
    pace.stop()
    emulator.stop()
    port.close()


def picture(height: int = 600) -> Bitmap:
    """A frame, and within it every row begins with DLE EOT 1 and DLE EOT 4 as dots."""
    rows = []
    for row in range(height):
        edge = row in (0, height - 1)
        rows.append(b"\xff" * 72 if edge else b"\x80\x10\x04\x01\x10\x04\x04" + bytes(64) + b"\x01")
    return Bitmap(576, height, b"".join(rows))


def dots(paper: Path) -> list[list[bool]]:
    """The black dots below the head, row by row, without the margins."""
    with Image.open(paper) as image:
        assert image.width == 640
        area = image.crop((32, 24, 608, max(image.height - 24, 24)))
    pixels = area.tobytes()
    return [[pixels[row * area.width + column] == 0 for column in range(area.width)] for row in range(area.height)]


def test_a_picture_comes_out_dot_by_dot_though_it_contains_status_requests(hall: Hall) -> None:
    wanted = picture()
    before = hall.emulator.paper_mm
    assert hall.printer.open() is None
    assert hall.printer.print_picture(wanted) is None
    (paper,) = hall.emulator.papers()
    assert paper.name == "0001.png"
    assert dots(paper) == [[wanted.black(x, y) for x in range(576)] for y in range(600)]
    assert before - hall.emulator.paper_mm == pytest.approx((600 + 24 + 80) / 8)
    assert hall.printer.print_picture(picture(40)) is None
    assert [path.name for path in hall.emulator.papers()] == ["0001.png", "0002.png"]


def test_a_healthy_printer_is_online_with_paper(hall: Hall) -> None:
    assert hall.printer.sense() == ReceiptPrinterStatus(True, Supply.OK, False, None)
    report = hall.printer.status()
    assert (report.device, report.supplies, report.fault) == (Device.ONLINE, {"paper": Supply.OK}, None)


def test_a_picture_wider_than_the_paper_is_a_bug(hall: Hall) -> None:
    with pytest.raises(ValueError, match="576"):
        hall.printer.print_picture(Bitmap(584, 1, bytes(73)))


@pytest.mark.parametrize(
    ("kind", "code"), [("paper_end", "paper_end"), ("cover_open", "cover_open"), ("cutter", "cutter"), ("jam", "jam"), ("hot", "overheated")]
)
def test_nothing_is_sent_to_a_printer_that_cannot_print(kind: str, code: str, hall: Hall) -> None:
    hall.faults.put("receipt_printer", "status", Fault(kind))
    failure = hall.printer.print_picture(picture(40))
    assert failure is not None and failure.code == f"receipt_printer.{code}" and failure.device_code is not None
    assert hall.printer.status().fault == failure
    hall.emulator.load_paper()
    assert hall.printer.status().device is Device.ONLINE
    assert hall.printer.print_picture(picture(40)) is None
    (paper,) = hall.emulator.papers()
    assert len(dots(paper)) == 40


@pytest.mark.parametrize(("kind", "code"), [("paper_end", "paper_end"), ("cover_open", "cover_open"), ("jam", "jam")])
def test_trouble_in_the_middle_of_a_picture_is_seen_and_no_paper_is_cut(kind: str, code: str, hall: Hall) -> None:
    hall.faults.put("receipt_printer", "print", Fault(kind))
    failure = hall.printer.print_picture(picture())
    assert failure is not None and failure.code == f"receipt_printer.{code}"
    assert hall.emulator.papers() == []
    hall.emulator.load_paper()
    assert hall.printer.print_picture(picture(40)) is None
    scrap, paper = hall.emulator.papers()
    assert (dots(scrap), len(dots(paper))) == ([], 40)


def test_what_a_failed_print_left_hanging_is_cut_off_before_the_next_paper(hall: Hall) -> None:
    hall.faults.put("receipt_printer", "print", Fault("cover_open"))
    assert hall.printer.print_picture(picture()) is not None
    hall.emulator.close_cover()
    assert hall.printer.print_picture(picture(40)) is None
    *scraps, paper = hall.emulator.papers()  # one, or two where the whole picture had been sent before the cover was seen
    assert scraps and len(dots(scraps[0])) > 100
    assert dots(paper) == [[picture(40).black(x, y) for x in range(576)] for y in range(40)]


def test_a_picture_that_was_cut_off_within_a_band_does_not_spoil_the_next_one(hall: Hall) -> None:
    descriptor = os.open(hall.port.link, os.O_RDWR | os.O_NOCTTY)
    os.write(descriptor, golden("escpos", "command.initialise") + golden("escpos", "command.raster_header_576_dots_255_rows") + b"\xff" * 720)
    os.close(descriptor)  # the program that printed was killed
    time.sleep(0.3)
    assert hall.printer.print_picture(picture(40)) is None
    scrap, paper = hall.emulator.papers()
    assert len(dots(scrap)) == 11  # ten rows, and the question that became dots
    assert dots(paper) == [[picture(40).black(x, y) for x in range(576)] for y in range(40)]


def test_a_cutter_that_fails_at_the_cut_is_seen_afterwards(hall: Hall) -> None:
    hall.faults.put("receipt_printer", "cut", Fault("cutter"))
    failure = hall.printer.print_picture(picture(40))
    assert failure is not None and failure.code == "receipt_printer.cutter"
    assert hall.emulator.papers() == []


def test_paper_near_its_end_is_low_and_still_prints_until_it_is_used_up(hall: Hall) -> None:
    hall.emulator.load_paper(30.0)
    assert hall.printer.sense() == ReceiptPrinterStatus(True, Supply.LOW, False, None)
    failure = hall.printer.print_picture(picture())
    assert failure is not None and failure.code == "receipt_printer.paper_end"
    assert hall.emulator.paper_mm == 0


def test_a_silent_printer_is_unknown_and_gets_nothing(hall: Hall) -> None:
    hall.faults.put("receipt_printer", "status", Fault("silence", times=0))
    sensed = hall.printer.sense()
    assert sensed == ReceiptPrinterStatus(False, Supply.UNKNOWN, None, Failure("receipt_printer.silent"))
    report = hall.printer.status()
    assert (report.device, report.supplies) == (Device.OFFLINE, {"paper": Supply.UNKNOWN})
    assert hall.printer.print_picture(picture(40)) == Failure("receipt_printer.silent")
    hall.faults.clear()
    assert hall.printer.print_picture(picture(50)) is None
    assert len(dots(hall.emulator.papers()[0])) == 50


def test_a_byte_without_the_fixed_bits_is_no_answer(hall: Hall) -> None:
    hall.faults.put("receipt_printer", "status", Fault("garbage", times=0))
    assert hall.printer.sense() == ReceiptPrinterStatus(False, Supply.UNKNOWN, None, Failure("receipt_printer.silent"))


def test_a_cable_pulled_while_printing_is_a_lost_port(hall: Hall) -> None:
    hall.faults.put("receipt_printer", "print", Fault("disconnect"))
    failure = hall.printer.print_picture(picture(2000))
    assert failure is not None and failure.code in ("receipt_printer.port_lost", "receipt_printer.silent")
    failure = hall.printer.print_picture(picture(40))
    assert failure is not None and failure.code in ("receipt_printer.port_lost", "receipt_printer.port_absent")
    assert hall.printer.status().device is Device.NO_DEVICE
    hall.port.plug()
    hall.emulator.load_paper()
    assert hall.printer.print_picture(picture(40)) is None


def test_the_status_is_answered_while_the_printer_prints(tmp_path: Path) -> None:
    port, pace = PtyPort(tmp_path / "printer", None), Pace(1.0)
    emulator = EscposEmulator(port, tmp_path / "papers", FaultBoard(), pace)
    emulator.start()
    printer = EscposPrinter(str(port.link))
    results: list[Failure | None] = []
    done = threading.Thread(target=lambda: results.append(printer.print_picture(picture(1200))))
    started = time.monotonic()
    done.start()
    done.join(timeout=20)
    elapsed = time.monotonic() - started
    pace.stop()
    emulator.stop()
    printer.close()
    port.close()
    assert results == [None]
    assert elapsed > 1.0  # 163 mm at 150 mm/s: it did wait for the paper, not only for the line
    assert len(emulator.papers()) == 1


@contextmanager
def clone(answered: bytes) -> Iterator[tuple[str, bytearray]]:
    """A cheap printer that answers DLE EOT for these subjects only, and nothing else: its path and what it received."""
    master, slave = os.openpty()
    tty.setraw(slave)
    stop = threading.Event()
    received = bytearray()

    def answer() -> None:
        while not stop.is_set():
            data = os.read(master, 65536)
            received.extend(data)
            if data[-3:-1] == b"\x10\x04" and data[-1] in answered:
                os.write(master, golden("escpos", "reply.normal"))

    thread = threading.Thread(target=answer, daemon=True)
    thread.start()
    try:
        yield os.ttyname(slave), received
    finally:
        stop.set()
        os.write(slave, b"x")
        thread.join(timeout=5)
        os.close(master)
        os.close(slave)


def test_a_printer_that_knows_only_the_real_time_status_is_trusted_after_the_longest_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(escpos, "_CUT_S", 0.3)
    with clone(bytes([1, 2, 3, 4])) as (path, received):
        printer = EscposPrinter(path)
        assert printer.print_picture(Bitmap(8, 8, b"\xff" * 8)) is None
        assert bytes(received).startswith(golden("escpos", "command.status_printer"))
        assert bytes(72 * 255) in bytes(received)  # it might have waited for the rest of a picture
        assert b"\x1b\x40\x1d\x56\x42\x18" + b"\x1b\x40\x1d\x76\x30\x00\x01\x00\x08\x00" + b"\xff" * 8 in bytes(received)
        received.clear()
        assert printer.print_picture(Bitmap(8, 8, b"\xff" * 8)) is None
        assert bytes(72) not in bytes(received)  # it ended well before: nothing has to be cleared
        printer.close()


def test_a_printer_that_does_not_answer_for_its_paper_gets_nothing_to_print() -> None:
    with clone(bytes([1, 2, 3])) as (path, received):
        printer = EscposPrinter(path)
        assert printer.print_picture(Bitmap(8, 8, b"\xff" * 8)) == Failure("receipt_printer.paper_unknown")
        assert printer.status().supplies == {"paper": Supply.UNKNOWN}
        printer.close()
    assert golden("escpos", "command.initialise") not in bytes(received)


def test_absent_and_busy_ports(hall: Hall, tmp_path: Path) -> None:
    assert hall.printer.open() is None
    second = EscposPrinter(str(hall.port.link))
    failure = second.open()
    assert failure is not None and failure.code == "receipt_printer.port_busy"
    absent = EscposPrinter(str(tmp_path / "nothing"))
    failure = absent.open()
    assert failure is not None and failure.code == "receipt_printer.port_absent"
    assert absent.status().device is Device.NO_DEVICE


def test_the_simulated_printer_answers_with_the_golden_bytes(hall: Hall) -> None:
    descriptor = os.open(hall.port.link, os.O_RDWR | os.O_NOCTTY)

    def ask(row: str) -> bytes:
        os.write(descriptor, golden("escpos", f"command.status_{row}"))
        return os.read(descriptor, 1)

    try:
        assert {ask(row) for row in ("printer", "offline", "error", "paper")} == {golden("escpos", "reply.normal")}
        hall.emulator.open_cover()
        assert ask("printer") == golden("escpos", "reply.printer_offline")
        assert ask("offline") == golden("escpos", "reply.cover_open")
        hall.emulator.close_cover()
        hall.emulator.load_paper(100.0)
        assert ask("paper") == golden("escpos", "reply.paper_near_end")
        hall.emulator.load_paper(0.0)
        hall.emulator.close_cover()
        assert ask("paper") == golden("escpos", "reply.paper_end")
        assert ask("offline") == golden("escpos", "reply.stopped_by_paper_end")
        hall.emulator.load_paper()
        hall.faults.put("receipt_printer", "status", Fault("cutter"))
        assert ask("error") == golden("escpos", "reply.cutter_error")
    finally:
        os.close(descriptor)


def test_chinese_text_is_printed_too(hall: Hall) -> None:
    descriptor = os.open(hall.port.link, os.O_RDWR | os.O_NOCTTY)
    text = b"\x1b\x40" + golden("escpos", "command.chinese_on") + b"\x1b\x61\x01\x1d\x21\x11" + "签注凭条".encode("gb18030") + b"\x0a"
    os.write(descriptor, text + b"\x1d\x21\x00second\x0a" + b"\x1b\x64\x02" + golden("escpos", "command.cut_full") + b"\x1d\x72\x01")
    assert os.read(descriptor, 1) == b"\x00"  # everything before is done
    os.close(descriptor)
    rows = dots(hall.emulator.papers()[0])
    assert sum(map(sum, rows)) > 500
    assert len(rows) > 60  # a double-height line and a second one


def test_a_stream_is_taken_apart_the_same_however_it_is_split() -> None:
    raster = b"\x1d\x76\x30\x00\x02\x00\x02\x00\x10\x04\x01\x0a"
    data = b"\x1b\x40" + raster + b"\x10\x04\x04" + b"\x1d\x28\x6b\x02\x00ab" + b"\x1b\x64\x03" + b"\x1d\x56\x42\x18" + b"\x1d\x56\x00"
    expected = [
        Command("initialise"),
        Command("raster", (2, 2), b"\x10\x04\x01\x0a"),
        Command("real_time_status", (4,)),
        Command("feed_lines", (3,)),
        Command("cut", (0x18,)),
        Command("cut", (0,)),
    ]
    assert CommandStream().feed(data) == expected
    stream = CommandStream()
    assert [command for byte in data for command in stream.feed(bytes([byte]))] == expected
