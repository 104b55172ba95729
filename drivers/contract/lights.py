"""The fill light beside the face camera: red, green and blue, each on or off."""

from typing import Protocol

from drivers.contract.failure import Failure
from drivers.contract.status import Report


class Lights(Protocol):
    """Blocks up to the driver's own deadline (a few seconds at most); one thread at a time. Nothing is ever lit that nobody asked for."""

    def open(self) -> Failure | None:
        """Opens the port and makes the light dark, whatever an earlier run left."""

    def close(self) -> None:
        """Makes the light dark if the board can still be reached, and lets go of the port."""

    def release(self) -> None:
        """Lets go of the port and leaves the light as it is: for a technician who wants to look at it."""

    def status(self) -> Report:
        """Reads back what the board switches. A board that fell dark or otherwise forgot is told once more; one that does not obey has a fault."""

    def fill(self, red: bool, green: bool, blue: bool) -> Failure | None:
        """Switches the three channels to this colour, all False to dark, in one command. Idempotent; None once the board has confirmed it."""
