"""The person as the registry knows them: the only source of hukou (never the ID number's first six digits)."""

from dataclasses import dataclass
from datetime import date

from kiosk.domain.permit import Permit


@dataclass(frozen=True, slots=True)
class RegistryRecord:
    """One row of the population and exit-entry registry.

    hukou, residence_permit: six-digit region codes, a city's own (`440100`) or a district's; residence_permit "" where none.
    functionary: registered state functionary. military: serving. business: on a registered firm's list.
    """

    id_number: str
    name: str
    pinyin: str
    sex: str
    birth: date
    hukou: str
    residence_permit: str
    functionary: bool
    military: bool
    business: bool
    fingerprints: bool
    permits: tuple[Permit, ...]
