"""What each profile asks of a picture: bounds.toml, read once."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

_TABLE = Path(__file__).with_name("bounds.toml")


class Profile(StrEnum):
    """permit: a portrait to be filed and printed. gate: a live camera frame before it is compared."""

    PERMIT = "permit"
    GATE = "gate"


@dataclass(frozen=True, slots=True)
class Bound:
    """low, high: inclusive, None where that side is open. advisory: told, but not part of the verdict. source: the document and how sure it is."""

    name: str
    low: float | None
    high: float | None
    unit: str
    source: str
    advisory: bool

    def holds(self, value: float) -> bool:
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)


@cache
def bounds(profile: Profile) -> tuple[Bound, ...]:
    """In the table's order."""
    table = tomllib.loads(_TABLE.read_text(encoding="utf-8"))
    return tuple(_bound(row, table["sources"]) for row in table["profiles"][profile])


def _bound(row: Mapping[str, Any], sources: Mapping[str, str]) -> Bound:
    low, high = (None if row.get(side) is None else float(row[side]) for side in ("low", "high"))
    return Bound(row["name"], low, high, row["unit"], sources[row["source"]], row.get("advisory", False))
