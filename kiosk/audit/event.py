"""What every event of the generated `events.py` is: frozen, and checked field by field when it is made."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import ClassVar

from kiosk.audit.kinds import Check

Value = str | int | bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened. Raises ValueError where a field does not fit its kind: nothing else can get into the audit."""

    EVENT: ClassVar[str]
    CHECKS: ClassVar[Mapping[str, Check]]

    def __post_init__(self) -> None:
        for name, check in self.CHECKS.items():
            if not check(getattr(self, name)):
                # the value stays out of the message: it may be the very thing that must not be written down
                raise ValueError(f"{self.EVENT}: {name} does not fit its kind")

    def fields(self) -> dict[str, Value]:
        """Field → value, plain: words of an enumeration as their text."""
        return {name: _plain(getattr(self, name)) for name in self.CHECKS}


def _plain(value: Value) -> Value:
    return value.value if isinstance(value, Enum) else value
