"""Card-type permits: what the registry says of one."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kiosk.domain.endorsement import Destination, Endorsement


class PermitKind(StrEnum):
    HKMO = "hkmo"  # 往来港澳通行证
    TAIWAN = "taiwan"  # 往来台湾通行证

    @property
    def destinations(self) -> tuple[Destination, ...]:
        return (Destination.HKG, Destination.MAC) if self is PermitKind.HKMO else (Destination.TWN,)


@dataclass(frozen=True, slots=True)
class Permit:
    """One card permit. `blank_back` means that it never carried an endorsement; `rewrites` counts erase-and-print cycles of its film."""

    kind: PermitKind
    number: str
    issued_on: date
    expires_on: date
    issue_place: str
    rewrites: int = 0
    blank_back: bool = False
    endorsements: tuple[Endorsement, ...] = ()
