"""The words of a face session: its stages and their times, what the screen is told, and how it ends. No picture and no network is needed for them."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from kiosk.domain.failure import Failure
from kiosk.face.alive.limits import limits

Colour = tuple[bool, bool, bool]
"""Red, green, blue of the fill light: on or off."""
DARK: Colour = (False, False, False)
ALIVE_ATTEMPTS = 6
MATCH_TRIES = 3
SAFE_STEP_S = 0.2
"""However hurried: five changes of colour a second are two and a half flashes, and three are safe (WCAG 2.3.1)."""


class Band(StrEnum):
    MATCH = "match"
    RETRY = "retry"
    NO_MATCH = "no_match"


class Stage(StrEnum):
    POSITION = "position"
    TURN = "turn"
    FRONT = "front"
    BLINK = "blink"
    FLASH = "flash"
    LAST = "last"


CUES = (Stage.TURN, Stage.BLINK, Stage.FLASH)


@dataclass(frozen=True, slots=True)
class Times:
    """How long each stage waits, in seconds, and through how many frames at the least: a slow machine looks as often as a quick one."""

    position_s: float = 30.0
    turn_s: float = 6.0
    front_s: float = 5.0
    blink_s: float = 6.0
    step_s: float = limits().flash.step_s
    again_s: float = 1.5
    frames: int = 45

    def hurried(self, real_s: Callable[[float], float]) -> "Times":
        """The seconds as a fast world has them; the frames stay, and the colours never change faster than eyes can bear."""
        return Times(
            position_s=real_s(self.position_s),
            turn_s=real_s(self.turn_s),
            front_s=real_s(self.front_s),
            blink_s=real_s(self.blink_s),
            step_s=max(real_s(self.step_s), SAFE_STEP_S),
            again_s=real_s(self.again_s),
            frames=self.frames,
        )

    def of(self, stage: Stage) -> float:
        match stage:
            case Stage.POSITION | Stage.LAST:
                return self.position_s
            case Stage.TURN:
                return self.turn_s
            case Stage.FRONT:
                return self.front_s
            case Stage.BLINK:
                return self.blink_s
            case Stage.FLASH:
                return self.step_s * 100  # its steps end by themselves


@dataclass(frozen=True, slots=True)
class Spent:
    """What of a holder's chances is used up. attempts: at liveness, that failed or were left; unsure: comparisons that were no match."""

    attempts: int = 0
    unsure: int = 0

    @property
    def refusal(self) -> Failure | None:
        """Why there is no further chance: `face.not_alive`, `face.unsure`."""
        if self.attempts >= ALIVE_ATTEMPTS:
            return Failure("face.not_alive")
        return Failure("face.unsure") if self.unsure >= MATCH_TRIES else None


@dataclass(frozen=True, slots=True)
class Decision:
    """distance: between the first reference and the mean of the good looks; second: from the other reference, None where there is none.

    model_sha256: the recogniser that gave them. All of it belongs in the audit record.
    """

    band: Band
    distance: float
    model_sha256: str
    second: float | None = None


@dataclass(frozen=True, slots=True)
class Sight:
    """What the screen shows and the light shines. guidance: the key of one short sentence. arrow: left, right (the person's own) or None.

    colour: what the fill light is asked to be, None where it stays dark. progress: 0…1 of the whole. spent: if the person left now.
    """

    stage: Stage
    guidance: str
    arrow: str | None
    colour: Colour | None
    progress: float
    spent: Spent = Spent()


@dataclass(frozen=True, slots=True)
class Verdict:
    """The end of a session: `failure` None where the living holder stands there.

    attempts: liveness attempts that were begun. flaws: why each failed. decision: the last comparison, None where none was made.
    gain: what the face answered to the fill light in the last sequence, see `[face] fill_gain` of the profile; None where it did not come to that.
    """

    failure: Failure | None
    attempts: int
    flaws: tuple[str, ...]
    decision: Decision | None
    gain: float | None = None
    spent: Spent = Spent()
