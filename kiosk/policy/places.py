"""Where a region code lies: cities, lists of cities, home cities. Codes are six digits of GB/T 2260."""

from collections.abc import Iterable
from datetime import date

from kiosk.policy.rows import CitiesFile


def within(region: str, prefixes: Iterable[str]) -> bool:
    """Whether the code lies in one of the places; an empty code (no residence permit) lies nowhere."""
    return any(region.startswith(prefix) for prefix in prefixes)


def city_of(cities: CitiesFile, region: str) -> str:
    """The prefix that names the region's city: four digits, but two in a municipality and all six where a county is no city's (`xx90xx`)."""
    if any(region[:2] in row.prefixes for row in cities.municipalities):
        return region[:2]
    return region if region[2:4] == "90" else region[:4]


def listed(cities: CitiesFile, list_name: str, region: str, as_of: date) -> bool:
    """Whether the region belongs to a city that is on the list on that day."""
    return any(
        row.list == list_name and row.in_force(as_of) and within(region, row.places) and not within(region, row.without) for row in cities.cities
    )


def province_wide(cities: CitiesFile, list_name: str, hukou: str, machine: str, as_of: date) -> bool:
    """Whether a province serves its own people of this list at any of its machines, and both lie in it."""
    return any(
        row.list == list_name and row.in_force(as_of) and hukou.startswith(row.province) and machine.startswith(row.province)
        for row in cities.provinces
    )
