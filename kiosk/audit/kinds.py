"""What a field of an audit record may hold: a closed list of kinds, none of which can carry a name, a document's number, a telephone or free text.

Each kind is a check of one value. A value that does not fit is a bug of whoever wrote the event: constructing it raises ValueError.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date

Check = Callable[[object], bool]

_CASE_ID = re.compile(r"[0-9]{10}[2-9A-HJ-NP-Z]{6}")
_ORDER_NO = re.compile(_CASE_ID.pattern + r"-[0-9]{1,2}(-R)?")
_CODE = re.compile(r"[a-z][a-z_]{1,23}\.[a-zA-Z][a-zA-Z_]{1,39}")
_HASH = re.compile(r"[0-9a-f]{64}")
_REVISION = re.compile(r"[0-9]{4}")
_STAFF = re.compile(r"[A-Za-z]{0,3}[0-9]{1,6}[A-Za-z]{0,2}")
_EARLIEST = date(2024, 1, 1)
"""No date of the machine's own lies before it, and no date of birth of somebody old enough to stand before the machine lies after it."""


def _whole(value: object, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most


def _matches(pattern: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def case_id(value: object) -> bool:
    """The number people quote; it says nothing about the person."""
    return _matches(_CASE_ID, value)


def order_no(value: object) -> bool:
    """A case's order or refund number."""
    return _matches(_ORDER_NO, value)


def code(value: object) -> bool:
    """A failure code, `room.reason`: letters only, so that no number fits."""
    return _matches(_CODE, value)


def staff(value: object) -> bool:
    """A staff member's number: one to six digits, at most three letters before them and two behind, so that no name and no number of a document or
    telephone fits."""
    return _matches(_STAFF, value)


def hash_(value: object) -> bool:
    """64 hexadecimal digits."""
    return _matches(_HASH, value)


def revision(value: object) -> bool:
    """A revision of the store's schema."""
    return _matches(_REVISION, value)


def count(value: object) -> bool:
    """0 to 9,999,999: too short for a telephone or a document's number."""
    return _whole(value, 9_999_999)


def byte(value: object) -> bool:
    """A device's raw code."""
    return _whole(value, 255)


def day(value: object) -> bool:
    """A date of the machine's own work, `YYYY-MM-DD`; never one of birth."""
    if not isinstance(value, str) or len(value) != 10:
        return False
    try:
        return date.fromisoformat(value) >= _EARLIEST
    except ValueError:
        return False


def one_of(words: frozenset[str]) -> Check:
    """One word of a closed list of the catalogue."""

    def check(value: object) -> bool:
        return isinstance(value, str) and value in words

    return check


def optional(check: Check) -> Check:
    def checked(value: object) -> bool:
        return value is None or check(value)

    return checked


KINDS: Mapping[str, tuple[str, str, str]] = {
    "case_id": ("kinds.case_id", "str", "a case number"),
    "order_no": ("kinds.order_no", "str", "a case's order or refund number"),
    "code": ("kinds.code", "str", "a failure code, letters only"),
    "staff": ("kinds.staff", "str", "a staff member's number: one to six digits, at most three letters before them and two behind"),
    "hash": ("kinds.hash_", "str", "64 hexadecimal digits"),
    "revision": ("kinds.revision", "str", "a revision of the store's schema"),
    "count": ("kinds.count", "int", "0 to 9,999,999"),
    "byte": ("kinds.byte", "int", "0 to 255, a device's raw code"),
    "date": ("kinds.day", "str", "a date of the machine's own work, not before 2024"),
}
"""Kind in the catalogue → how the generated code checks it, its type, and what the page says of it. Besides these, a kind is a word list."""
