"""What a case may do or ask outside, as Protocols: `kiosk.app` hands the real ones in (`kiosk.services`)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from kiosk.case.casefile import Case
from kiosk.domain.failure import Failure


class Status(StrEnum):
    DONE = "done"
    NOT_DONE = "not_done"  # an answer to `ask`, or a definite refusal of `do`
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Result:
    """What an act or a question came to.

    changes: axis → its new value. notes: what the case must remember (order numbers' codes, endorsement numbers); written to the case file
    in the same transaction. failure: why not.
    """

    status: Status
    changes: Mapping[str, StrEnum | bool] = field(default_factory=dict)
    notes: Mapping[str, object] = field(default_factory=dict)
    failure: Failure | None = None


class ActPort(Protocol):
    """The two halves of one act."""

    async def do(self, case: Case, key: str) -> Result:
        """Does it once. UNKNOWN whenever it may have happened."""

    async def ask(self, case: Case, key: str) -> Result:
        """Whether it was done, by asking the gateway or the sensors; never does anything."""
