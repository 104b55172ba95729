"""Reads assets/policy/*.toml into a RuleBook: either everything fits together, or one Failure that names file and key."""

import re
from datetime import date, timedelta
from pathlib import Path
from typing import TypeVar

import msgspec

from kiosk.domain.endorsement import Destination, Kind, Validity
from kiosk.domain.failure import Failure
from kiosk.policy.rows import CitiesFile, FeesFile, LimitsFile, OptionsFile, Row, RuleBook, StaysFile, Way

File = TypeVar("File", OptionsFile, LimitsFile, FeesFile, StaysFile, CitiesFile)

_AT = re.compile(r" - at `\$?\.?(.*)`$")
_FIELD = re.compile(r"(?:missing required|contains unknown) field `(.+?)`")
_PLACE = re.compile(r"[1-9][0-9]{1,5}")
_LONG_AFTER = timedelta(days=36525)


def load_rule_book(directory: Path) -> RuleBook | Failure:
    """Blocking, a few milliseconds. Fails with `policy.unreadable` (file) or `policy.malformed` (file, key, allowed)."""
    options = _read(directory / "options.toml", OptionsFile)
    if isinstance(options, Failure):
        return options
    limits = _read(directory / "limits.toml", LimitsFile)
    if isinstance(limits, Failure):
        return limits
    fees = _read(directory / "fees.toml", FeesFile)
    if isinstance(fees, Failure):
        return fees
    stays = _read(directory / "stays.toml", StaysFile)
    if isinstance(stays, Failure):
        return stays
    cities = _read(directory / "cities.toml", CitiesFile)
    if isinstance(cities, Failure):
        return cities
    book = RuleBook(options, limits, fees, stays, cities)
    return _check_rows(book) or _check_ways(book) or book


def _read(path: Path, shape: type[File]) -> File | Failure:
    try:
        return msgspec.toml.decode(path.read_bytes(), type=shape)
    except OSError:
        return Failure("policy.unreadable", detail={"file": path.name})
    except msgspec.ValidationError as error:
        message = str(error)
        at = _AT.search(message)
        field = _FIELD.search(message)
        key = ".".join(part for part in (at[1] if at else "", field[1] if field else "") if part)
        return _malformed(path.name, key, _AT.sub("", message))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return _malformed(path.name, "-", f"TOML in UTF-8: {error}")


def _malformed(file: str, key: str, allowed: str) -> Failure:
    return Failure("policy.malformed", detail={"file": file, "key": key, "allowed": allowed})


def _check_rows(book: RuleBook) -> Failure | None:
    """What types cannot say: one id each, days in order, places that are places."""
    seen: set[str] = set()
    for file, table, rows in book.tables():
        for row in rows:
            if not row.id or row.id in seen:
                return _malformed(file, f"{table}.{row.id}.id", "an id that no other row has")
            seen.add(row.id)
            if not row.source:
                return _malformed(file, f"{table}.{row.id}.source", "where the rule comes from")
            if row.to is not None and row.to < row.from_:
                return _malformed(file, f"{table}.{row.id}.to", "a day not before `from`")
            for key, place in _places(row):
                if _PLACE.fullmatch(place) is None:
                    return _malformed(file, f"{table}.{row.id}.{key}", "prefixes of region codes, two to six digits")
    return None


def _places(row: Row) -> list[tuple[str, str]]:
    fields = ("hukou", "residence", "machine_places", "places", "without", "province", "prefixes")
    found: list[tuple[str, str]] = []
    for key in fields:
        value = getattr(row, key, ())
        found += [(key, place) for place in ([value] if isinstance(value, str) else value)]
    return found


def _check_ways(book: RuleBook) -> Failure | None:
    """Every option that can ever be sold has its period, fee, stay and margin on every day it can be sold."""
    lists = {row.list for row in book.cities.cities}
    coded = [(f"ways.{way.id}", code) for way in book.options.ways for code in way.validities]
    coded += [(f"closures.{closure.id}", code) for closure in book.options.closures for code in closure.validities]
    for where, code in coded:
        try:
            Validity.parse(code)
        except ValueError:
            return _malformed("options.toml", f"{where}.validities", "codes like 3M1 3M* 1Y2 1Y* 1YW 6M1")
    for way in book.options.ways:
        where = f"ways.{way.id}"
        if way.cities and way.cities not in lists:
            return _malformed("options.toml", f"{where}.cities", f"one of {', '.join(sorted(lists))}")
        if (way.machines == "listed") != bool(way.machine_places):
            return _malformed("options.toml", f"{where}.machine_places", "places if machines is `listed`, else none")
        if not way.validities or not way.destinations:
            return _malformed("options.toml", f"{where}.validities", "at least one validity and one destination")
        for destination in way.destinations:
            for code in way.validities:
                gap = _gap(book, way, destination, Validity.parse(code))
                if gap is not None:
                    return gap
    return None


def _gap(book: RuleBook, way: Way, destination: Destination, validity: Validity) -> Failure | None:
    period = f"{validity.count}{validity.unit}"
    name = f"{destination}:{way.kind}:{validity}"
    for day in _days_of_change(book, way):
        if fee_fen(book, destination, validity, day) is None:
            return _malformed("fees.toml", "fees", f"exactly one fee in force for {name} on {day}")
        if stay_days(book, destination, way.kind, day) is None:
            return _malformed("stays.toml", "stays", f"exactly one stay in force for {name} on {day}")
        if not any(period in row.periods and row.in_force(day) for row in book.limits.margins):
            return _malformed("limits.toml", "margins", f"a margin in force for {period} on {day}")
    return None


def _days_of_change(book: RuleBook, way: Way) -> list[date]:
    """Days that stand for all days of the way: between two of them nothing changes."""
    last = way.to or way.from_ + _LONG_AFTER
    days = {way.from_, last}
    for row in (*book.fees.fees, *book.stays.stays, *book.limits.margins):
        days.add(row.from_)
        if row.to is not None:
            days.add(row.to + timedelta(days=1))
    return sorted(day for day in days if way.from_ <= day <= last)


def fee_fen(book: RuleBook, destination: Destination, validity: Validity, as_of: date) -> int | None:
    """The fee of one endorsement accepted on that day; None where the book has no fee or more than one."""
    found = [row.fee_fen for row in book.fees.fees if row.in_force(as_of) and destination in row.destinations and validity.entries in row.entries]
    return found[0] if len(found) == 1 else None


def stay_days(book: RuleBook, destination: Destination, kind: Kind, as_of: date) -> int | None:
    """How long one visit may last; None where the book has no figure or more than one."""
    found = [row.stay_days for row in book.stays.stays if row.in_force(as_of) and destination in row.destinations and kind in row.kinds]
    return found[0] if len(found) == 1 else None
