"""Paper of 80 mm: receipts and window tickets."""

from dataclasses import dataclass
from typing import Protocol

from drivers.contract.bitmap import Bitmap
from drivers.contract.failure import Failure
from drivers.contract.status import Report, Supply

WIDTH_DOTS = 576


@dataclass(frozen=True, slots=True)
class ReceiptPrinterStatus:
    """Silence leaves `paper` UNKNOWN and `answered` False: never "adequate"."""

    answered: bool
    paper: Supply
    cover_open: bool | None
    fault: Failure | None


class ReceiptPrinter(Protocol):
    def open(self) -> Failure | None: ...

    def close(self) -> None: ...

    def status(self) -> Report: ...

    def sense(self) -> ReceiptPrinterStatus | Failure: ...

    def print_picture(self, picture: Bitmap) -> Failure | None:
        """Asks the status, prints the raster, feeds, cuts, asks again. A failure means that the paper may be incomplete or absent."""
