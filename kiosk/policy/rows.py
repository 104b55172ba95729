"""The shape of the rule book: one struct for each table of the TOML files in assets/policy/.

Every row says where it comes from (`source`: an id of the list at the top of its file) and when it holds (`from`, `to`, both days included; no `to` =
still in force). `uncertain` marks a fact that no official text confirmed: it is applied as written and meant to be corrected by whoever knows.
Places are prefixes of six-digit region codes: `44` a province, `4403` a city with its districts.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

import msgspec

from kiosk.domain.endorsement import Destination, Kind


class Row(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    id: str
    source: str
    from_: date = msgspec.field(name="from")
    to: date | None = None
    uncertain: bool = False
    note: str = ""

    def in_force(self, as_of: date) -> bool:
        return self.from_ <= as_of and (self.to is None or as_of <= self.to)


class Way(Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One way to get options of a kind at a machine.

    Who: anyone, or residents (hukou or residence permit) of a city on the list `cities`, or those whose hukou lies in `hukou` or whose residence
    permit lies in `residence`.
    Where: `any` machine, one in the applicant's `home_city`, or one `listed` in `machine_places`.
    """

    destinations: tuple[Destination, ...]
    kind: Kind
    validities: tuple[str, ...]
    cities: str = ""
    hukou: tuple[str, ...] = ()
    residence: tuple[str, ...] = ()
    business_list: bool = False
    machines: Literal["any", "home_city", "listed"]
    machine_places: tuple[str, ...] = ()
    applicant_code: str = "policy.city_not_listed"
    machine_code: str = "policy.not_local"
    remark: str | None = None


class Closure(Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Kinds (all their validities, or those named) that no machine sells while it is in force, unless a way in force says otherwise."""

    destinations: tuple[Destination, ...]
    kinds: tuple[Kind, ...]
    validities: tuple[str, ...] = ()
    code: str


class PersonRule(Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    what: Literal["functionary", "military", "younger_than"]
    years: int = 0
    code: str


class PermitRule(Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`limit`: rewrites for `worn`. `machine_places`: only at machines there; empty = everywhere."""

    what: Literal["missing", "booklet", "expired", "worn", "first_endorsement", "usable_endorsement"]
    limit: int = 0
    machine_places: tuple[str, ...] = ()
    code: str


class Margin(Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The permit must outlive the day of issue plus `days` (after_period: plus the endorsement's own period as well)."""

    periods: tuple[str, ...]
    days: int
    after_period: bool
    code: str


class Interval(Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """New endorsements of `kinds` only `days` after the last one of `counted_from` for the same destination was issued."""

    destination: Destination
    kinds: tuple[Kind, ...]
    counted_from: tuple[Kind, ...]
    days: int
    code: str


class Fee(Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    destinations: tuple[Destination, ...]
    entries: tuple[Literal["1", "2", "*", "W"], ...]
    fee_fen: int


class Stay(Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    destinations: tuple[Destination, ...]
    kinds: tuple[Kind, ...]
    stay_days: int


class CityBatch(Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Cities that joined a list together: prefix = name. `without`: parts of them that did not."""

    list: str
    places: dict[str, str]
    without: tuple[str, ...] = ()


class ProvinceWide(Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """People with hukou in the province may use any machine in it for the ways of this city list."""

    list: str
    province: str


class Municipalities(Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Provinces that are one city: their first two digits name the city."""

    prefixes: tuple[str, ...]


class OptionsFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    ways: tuple[Way, ...]
    closures: tuple[Closure, ...]


class LimitsFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Persons and permits are examined in the order of the file: the most fundamental reason first."""

    persons: tuple[PersonRule, ...]
    permits: tuple[PermitRule, ...]
    margins: tuple[Margin, ...]
    intervals: tuple[Interval, ...]


class FeesFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    fees: tuple[Fee, ...]


class StaysFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    stays: tuple[Stay, ...]


class CitiesFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    cities: tuple[CityBatch, ...]
    provinces: tuple[ProvinceWide, ...]
    municipalities: tuple[Municipalities, ...]


@dataclass(frozen=True, slots=True)
class RuleBook:
    """All files together, loaded and checked."""

    options: OptionsFile
    limits: LimitsFile
    fees: FeesFile
    stays: StaysFile
    cities: CitiesFile

    def tables(self) -> "list[tuple[str, str, tuple[Row, ...]]]":
        """(file, table, rows) of everything, for checks and for listing sources."""
        return [
            ("options.toml", "ways", self.options.ways),
            ("options.toml", "closures", self.options.closures),
            ("limits.toml", "persons", self.limits.persons),
            ("limits.toml", "permits", self.limits.permits),
            ("limits.toml", "margins", self.limits.margins),
            ("limits.toml", "intervals", self.limits.intervals),
            ("fees.toml", "fees", self.fees.fees),
            ("stays.toml", "stays", self.stays.stays),
            ("cities.toml", "cities", self.cities.cities),
            ("cities.toml", "provinces", self.cities.provinces),
            ("cities.toml", "municipalities", self.cities.municipalities),
        ]
