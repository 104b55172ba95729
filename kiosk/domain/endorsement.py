"""Endorsements (签注) and their codes: destination, kind, validity."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

_VALIDITY = re.compile(r"^([1-9])([MY])([12*W])$")


class Destination(StrEnum):
    HKG = "HKG"
    MAC = "MAC"
    TWN = "TWN"


class Kind(StrEnum):
    """The letter of the kind; T D Q R and Taiwan's others are known here because a card may show them."""

    INDIVIDUAL = "G"
    GROUP = "L"
    FAMILY = "T"
    BUSINESS = "S"
    STAY = "D"
    OTHER = "Q"
    TALENT = "R"
    INVITED = "Y"
    TAIWAN_BUSINESS = "F"
    STUDY = "X"
    CREW = "C"


@dataclass(frozen=True, slots=True)
class Validity:
    """`3M1`, `1Y2`, `1Y*` (unlimited), `1YW` (once a week), `6M1`."""

    count: int
    unit: str
    entries: str

    @classmethod
    def parse(cls, code: str) -> "Validity":
        """Raises ValueError for anything but a validity code."""
        match = _VALIDITY.match(code)
        if match is None:
            raise ValueError(f"not a validity code: {code!r}")
        return cls(int(match[1]), match[2], match[3])

    @property
    def code(self) -> str:
        return f"{self.count}{self.unit}{self.entries}"

    @property
    def months(self) -> int:
        return self.count * (12 if self.unit == "Y" else 1)

    @property
    def entries_allowed(self) -> int | None:
        """None where entries are not counted (unlimited or once a week)."""
        return int(self.entries) if self.entries.isdigit() else None

    def last_day(self, issued_on: date) -> date:
        """Issue day + period − 1 day, month end clipped (2026-11-22 + 1Y → 2027-11-21)."""
        return add_months(issued_on, self.months) - timedelta(days=1)

    def __str__(self) -> str:
        return self.code


def add_months(day: date, months: int) -> date:
    """Same day of the month, clipped to its last day (2026-11-30 + 3 months → 2027-02-28)."""
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month0 + 1, min(day.day, calendar.monthrange(year, month0 + 1)[1]))


@dataclass(frozen=True, slots=True)
class OptionCode:
    """What a traveller chooses for one destination: `HKG:G:1Y1`."""

    destination: Destination
    kind: Kind
    validity: Validity

    @classmethod
    def parse(cls, code: str) -> "OptionCode":
        """Raises ValueError for anything but DESTINATION:KIND:VALIDITY."""
        parts = code.split(":")
        if len(parts) != 3:
            raise ValueError(f"not an option code: {code!r}")
        return cls(Destination(parts[0]), Kind(parts[1]), Validity.parse(parts[2]))

    def __str__(self) -> str:
        return f"{self.destination}:{self.kind}:{self.validity}"


@dataclass(frozen=True, slots=True)
class Endorsement:
    """One endorsement on a permit, as the registry or the card's back shows it."""

    destination: Destination
    kind: Kind
    validity: Validity
    issued_on: date
    valid_until: date
    used: int = 0
    number: str | None = None

    def usable(self, as_of: date) -> bool:
        """Still good for a crossing: not past its day, and entries left or not counted."""
        allowed = self.validity.entries_allowed
        return self.valid_until >= as_of and (allowed is None or self.used < allowed)
