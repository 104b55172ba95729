"""Where staff's confirmation of a traveller stands, in memory only."""

from dataclasses import dataclass, field
from enum import StrEnum

from kiosk.domain.sensitive import Sensitive


class Asking(StrEnum):
    NUMBER = "number"
    PIN = "pin"
    COMPARISON = "comparison"


@dataclass
class Confirming:
    """asking: which of the three pages is on. digits: of the staff number as typed. staff: the number that is logged in, "" until then."""

    asking: Asking = Asking.NUMBER
    digits: str = ""
    pin: Sensitive[str] = field(default_factory=lambda: Sensitive(""))
    looking: bool = False
    staff: str = ""
