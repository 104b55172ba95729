"""What the machine and the process that films say to each other, pickled over a pair of sockets; no other process can reach it."""

from dataclasses import dataclass

from drivers.contract.status import Report
from kiosk.domain.failure import Failure
from kiosk.face.verdict import Colour, Sight, Spent, Times, Verdict


@dataclass(frozen=True, slots=True)
class AskStatus:
    """Of the camera; answered with its Report."""


@dataclass(frozen=True, slots=True, repr=False)
class Begin:
    """portraits: of the holder, as their carriers give them: the permit's chip first, then the ID card's where it could be decoded.

    before: the chances that the holder has used up already.
    """

    portraits: tuple[bytes, ...]
    times: Times
    calibrated_gain: float
    before: Spent


@dataclass(frozen=True, slots=True)
class Lit:
    """The fill light shines so since at_s, of the system's monotonic clock."""

    colour: Colour
    at_s: float


@dataclass(frozen=True, slots=True)
class Ready:
    """Said once, when the models are loaded, or why they are not."""

    failure: Failure | None


@dataclass(frozen=True, slots=True)
class Framed:
    """A frame lies in a slot of the shelf."""

    slot: int
    width: int
    height: int


Asked = AskStatus | Begin | Lit
Told = Ready | Report | Framed | Sight | Verdict | Failure
"""A Failure ends a session for a reason that is not the person's: the camera's or the process's own."""
