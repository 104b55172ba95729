"""What the tests of the papers share: a machine, two receipts, a ticket, and pictures of what was drawn."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import numpy as np
import zxingcpp

from drivers.contract.bitmap import Bitmap
from drivers.contract.failure import Failure as DeviceFailure
from kiosk.config import Machine
from kiosk.domain.clock import SHANGHAI
from kiosk.domain.failure import Failure
from kiosk.i18n import Catalogue
from kiosk.services.papers import IssuedLine, Papers, ReceiptData, TicketData
from kiosk.view import Message

ASSETS = Path(__file__).parents[2] / "assets"
CATALOGUE = Catalogue.load(ASSETS / "i18n")
MACHINE = Machine("GZ-SIM-01", "440100", True, "模拟出入境接待大厅", "Simulated exit-entry hall", "Mon-Fri 09:00-17:00", "3")
AT = datetime(2026, 11, 22, 14, 30, 5, tzinfo=SHANGHAI)
HONG_KONG = IssuedLine("HKG", "G", "1Y1", date(2027, 11, 21), "TXM123456789", 7)
MACAU = IssuedLine("MAC", "L", "3M1", date(2027, 2, 21), "123456780", 7)


class Printer:
    """Keeps what it was given to print."""

    def __init__(self, failure: DeviceFailure | None = None) -> None:
        self.failure = failure
        self.printed: list[Bitmap] = []

    def print_picture(self, picture: Bitmap) -> DeviceFailure | None:
        self.printed.append(picture)
        return self.failure


class Desk:
    """One printer behind the two methods of the desk that the papers use."""

    def __init__(self, printer: Printer) -> None:
        self.printer = printer
        self.calls: list[str] = []

    def get(self, family: str) -> Printer:
        return self.printer

    async def call(self, family: str, work: Callable[[], DeviceFailure | None], deadline_s: float = 10.0) -> Failure | None:
        self.calls.append(family)
        answer = work()
        return None if answer is None else Failure(answer.code, answer.device_code)


def papers(printer: Printer | None = None, machine: Machine = MACHINE, simulated: bool = True) -> Papers:
    return Papers(Desk(printer or Printer()), CATALOGUE, machine, simulated)  # type: ignore[arg-type]


def receipt(lines: tuple[IssuedLine, ...] = (HONG_KONG, MACAU), amount_fen: int = 3000, order_no: str = "2611221430K7WQ3M-1") -> ReceiptData:
    return ReceiptData("2611221430K7WQ3M", order_no, "wechat", amount_fen, lines, "**明", "C***12345", AT)


def ticket(refusal: str = "refusal.policy.functionary") -> TicketData:
    """The four sentences do not matter here; any of the catalogue will do."""
    return TicketData("2611221430K7WQ3M", Message(refusal), *(Message("refusal.policy.military"),) * 3, AT)


def ink(picture: Bitmap) -> np.ndarray:
    """True where there is black, rows from the top."""
    bits = np.unpackbits(np.frombuffer(picture.rows, np.uint8).reshape(picture.height, picture.stride), axis=1)
    return bits[:, : picture.width].astype(bool)


def codes(dark: np.ndarray) -> list[str]:
    return [code.text for code in zxingcpp.read_barcodes(np.where(dark, 0, 255).astype(np.uint8))]


def code_edges(dark: np.ndarray) -> tuple[int, int, int, int]:
    """Left, right, top and bottom of the one code in the picture."""
    (code,) = zxingcpp.read_barcodes(np.where(dark, 0, 255).astype(np.uint8))
    corners = [code.position.top_left, code.position.top_right, code.position.bottom_left, code.position.bottom_right]
    columns, rows = [corner.x for corner in corners], [corner.y for corner in corners]
    return min(columns), max(columns), min(rows), max(rows)
