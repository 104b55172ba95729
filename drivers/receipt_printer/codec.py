"""ESC/POS: what is sent to print and cut one picture, and what the real-time status bytes say.

Everything is sent as a picture: printers' own fonts lack the rare characters of people's names.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from drivers.contract.bitmap import Bitmap
from drivers.contract.failure import Failure
from drivers.contract.receipt_printer import ReceiptPrinterStatus
from drivers.contract.status import Supply

INITIALISE = b"\x1b\x40"
BAND_ROWS = 255  # fits the low byte of the height: some clones ignore the high one
PRINTER, OFFLINE_CAUSE, ERROR_CAUSE, PAPER = 1, 2, 3, 4
"""What DLE EOT can be asked."""

_FAMILY = "receipt_printer"


def status_request(subject: int) -> bytes:
    """DLE EOT n, answered at once by one byte even while the printer prints."""
    return bytes([0x10, 0x04, subject])


def is_status(byte: int) -> bool:
    """Whether a byte has the fixed bits of an answer to DLE EOT."""
    return byte & 0x93 == 0x12


def order_request() -> bytes:
    """GS r 1: answered only when everything sent before is printed."""
    return b"\x1d\x72\x01"


def is_order_answer(byte: int) -> bool:
    """Whether a byte has the fixed bits of an answer to GS r (bits 4 and 7 are 0)."""
    return byte & 0x90 == 0


def feed_and_cut(dots: int) -> bytes:
    """GS V B n: feeds to the cutter and `dots` further, then cuts."""
    return bytes([0x1D, 0x56, 0x42, dots])


def raster_bands(picture: Bitmap) -> Iterator[bytes]:
    """GS v 0 for bands of at most 255 rows, from the top."""
    stride = picture.stride
    for top in range(0, picture.height, BAND_ROWS):
        rows = min(BAND_ROWS, picture.height - top)
        data = picture.rows[top * stride : (top + rows) * stride]
        yield b"\x1d\x76\x30\x00" + stride.to_bytes(2, "little") + rows.to_bytes(2, "little") + data


@dataclass(frozen=True, slots=True)
class StatusBytes:
    """The four answers to DLE EOT 1..4; None where the printer kept silent."""

    printer: int | None
    offline_cause: int | None
    error_cause: int | None
    paper: int | None


def judged(status: StatusBytes) -> ReceiptPrinterStatus:
    """The four bytes in words. What was not answered is unknown, never "adequate"."""
    cover_open = None if status.offline_cause is None else bool(status.offline_cause & 0x04)
    return ReceiptPrinterStatus(status.printer is not None, _paper(status), cover_open, _fault(status))


def _paper(status: StatusBytes) -> Supply:
    if status.paper is None:
        return Supply.UNKNOWN
    if status.paper & 0x60:
        return Supply.OUT
    return Supply.LOW if status.paper & 0x0C else Supply.OK


def _fault(status: StatusBytes) -> Failure | None:
    """The first cause in the order in which a person would clear them."""
    if status.printer is None:
        return Failure(f"{_FAMILY}.silent")
    offline, error, paper = status.offline_cause or 0, status.error_cause or 0, status.paper or 0
    causes = (
        (offline & 0x04, "cover_open", offline),
        (paper & 0x60, "paper_end", paper),
        (offline & 0x20, "paper_end", offline),
        (error & 0x08, "cutter", error),
        (error & 0x04, "jam", error),
        (error & 0x20, "hardware", error),
        (error & 0x40, "overheated", error),
        (offline & 0x40, "hardware", offline),
        (status.printer & 0x08, "offline", status.printer),
        (status.printer & 0x20, "offline", status.printer),
    )
    for present, reason, raw in causes:
        if present:
            return Failure(f"{_FAMILY}.{reason}", raw)
    return None
