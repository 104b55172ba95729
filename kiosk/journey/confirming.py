"""Where staff's confirmation of a traveller stands, in memory only."""

from dataclasses import dataclass, field
from enum import StrEnum

from kiosk.domain.sensitive import Sensitive


class Asking(StrEnum):
    NUMBER = "number"
    PIN = "pin"


@dataclass
class Confirming:
    """asking: which of the two pages of the log-in is on. digits: of the staff number as typed. looking: at the PIN, meanwhile no key counts.

    staff: the number that is logged in, "" but for the comparison. shown: the portrait is on the screen, so that there is something to compare.
    """

    asking: Asking = Asking.NUMBER
    digits: str = ""
    pin: Sensitive[str] = field(default_factory=lambda: Sensitive(""))
    looking: bool = False
    staff: str = ""
    shown: bool = False
