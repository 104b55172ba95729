"""The erase-and-print unit for the card's rewritable back: 480 × 320 dots."""

from dataclasses import dataclass
from typing import Protocol

from drivers.contract.bitmap import Bitmap
from drivers.contract.failure import Failure
from drivers.contract.status import Media, Report

WIDTH_DOTS = 480
HEIGHT_DOTS = 320


@dataclass(frozen=True, slots=True)
class CardPrinterStatus:
    """media: PRESENT at the inlet, LATCHED while it waits for removal, NOT_PRESENT; jams and open covers are `fault`."""

    media: Media
    cover_open: bool
    fault: Failure | None


class CardPrinter(Protocol):
    """All calls block; one thread at a time.

    One job is: load → arm → (the card module hands the card over) → finish → (the card module fetches it back).
    """

    def open(self) -> Failure | None:
        """Opens the port, cancels any wait for a card and asks the status; never ejects."""

    def close(self) -> None: ...

    def status(self) -> Report: ...

    def sense(self) -> CardPrinterStatus | Failure: ...

    def load(self, image: Bitmap) -> Failure | None:
        """Clears the buffers and sends the picture in blocks, only those that hold black dots. No card is needed."""

    def arm(self, print_image: bool = True) -> Failure | None:
        """Starts erase and print (or erase only) with the card held at the inlet afterwards; the unit now waits for a card."""

    def finish(self, deadline_s: float) -> Failure | None:
        """Waits for the armed job's answer; on time-out cancels the wait (`54`) and answers `card_printer.timeout`."""

    def cancel(self) -> Failure | None:
        """Cancels a wait for insertion."""
