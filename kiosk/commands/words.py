"""Words on the command line that need checking: dates, regions, options, scenes."""

from datetime import date

from kiosk.domain.endorsement import OptionCode
from kiosk.domain.failure import Failure
from kiosk.domain.numbers import is_region

EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)
SCENES = ("live", "print", "replay", "nobody", "two", "other", "injected", "bent", "cut_eyes", "mask")
"""Who, or what, stands before the simulated camera."""


def day(text: str | None) -> date | Failure | None:
    """A date of the rules, between 2000 and 2100."""
    if text is None:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return Failure("usage.as_of", detail={"value": text})
    return found if EARLIEST <= found <= LATEST and len(text) == 10 else Failure("usage.as_of", detail={"value": text})


def region(text: str | None) -> str | Failure | None:
    return text if text is None or is_region(text) else Failure("usage.region", detail={"value": text})


def one_of(text: str, allowed: tuple[str, ...], code: str) -> Failure | None:
    return None if text in allowed else Failure(code, detail={"value": text, "allowed": ", ".join(allowed)})


def options(text: str) -> list[OptionCode] | Failure:
    """`HKG:G:1Y1[,MAC:G:1Y1]`; two kinds for one destination, or Taiwan beside Hong Kong or Macau (another permit), is wrong usage."""
    found: list[OptionCode] = []
    for word in text.split(","):
        try:
            found.append(OptionCode.parse(word.strip()))
        except ValueError:
            return Failure("usage.option", detail={"value": word})
    destinations = [option.destination for option in found]
    if len(set(destinations)) != len(destinations):
        return Failure("usage.one_per_destination", detail={"value": text})
    if "TWN" in destinations and len(destinations) > 1:
        return Failure("usage.one_permit", detail={"value": text})
    return found
