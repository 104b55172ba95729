"""How a person moves before the machine: breath, blinks and turns over time, drawn once and then a pure function of the moment.

Seconds count from when the person came. Reaction and turning are divided by `haste`; lids never are: nobody blinks faster for being hurried.
"""

from dataclasses import dataclass

import numpy as np

GESTURES = ("turn_left", "turn_right", "face_front", "blink")
HOLD_S = 4.0
_TURNED_DEG, _FURTHER_DEG = 5.0, 8.0


@dataclass(frozen=True, slots=True)
class Pose:
    """yaw: degrees, positive to the person's own left, which is the picture's right; pitch: degrees, positive down; roll: degrees.

    x, y: shift in heights of the face; scale: about 1; lid: 0 open to 1 closed; mouth: a little of nothing, -1 to 1.
    """

    yaw: float
    pitch: float
    roll: float
    x: float
    y: float
    scale: float
    lid: float
    mouth: float


@dataclass(frozen=True, slots=True)
class Blink:
    start: float
    closing: float
    closed: float
    opening: float
    depth: float

    def lid(self, seconds: float) -> float:
        since = seconds - self.start
        if since < 0 or since > self.closing + self.closed + self.opening:
            return 0.0
        return self.depth * min(eased(since / self.closing), 1 - eased((since - self.closing - self.closed) / self.opening))


class Turns:
    """Where the head (or the sheet in a hand) is turned: a row of moves, each from where the one before has come to."""

    def __init__(self) -> None:
        self._moves: list[tuple[float, float, float, float]] = []  # start, duration, from, to

    def add(self, start: float, duration: float, target: float) -> None:
        """What was planned for later than `start` is dropped."""
        self._moves = [move for move in self._moves if move[0] < start][-8:]
        self._moves.append((start, duration, self.at(start), target))

    def at(self, seconds: float) -> float:
        for start, duration, begin, end in reversed(self._moves):
            if seconds >= start:
                return begin + (end - begin) * eased((seconds - start) / duration)
        return 0.0


def eased(share: float) -> float:
    """0 to 1 with a soft start and end, as muscles move."""
    share = min(max(share, 0.0), 1.0)
    return share * share * (3 - 2 * share)


class Motion:
    """One person's way of moving. `turn`: the least and the most degrees of a turn on request; natural: whether it breathes and blinks by itself."""

    def __init__(self, chance: np.random.Generator, haste: float = 1.0, turn: tuple[float, float] = (18, 32), natural: bool = True) -> None:
        self._chance, self._haste, self._turn = chance, haste, turn
        self._own = chance.spawn(1)[0]  # blinks that come by themselves do not depend on what is asked for
        self._rates = chance.uniform(0.8, 1.25, 8) * np.array([1.5, 0.53, 2.3, 0.71, 1.1, 0.37, 0.9, 3.1])
        self._phases = chance.uniform(0, 2 * np.pi, 8)
        self._amount = float(chance.uniform(0.6, 1.0))
        self._natural = natural
        self._next = float(self._own.uniform(1.0, 4.0))
        self._blinks: list[Blink] = []
        self._asked: list[Blink] = []
        self.turns = Turns()

    def ask(self, action: str, seconds: float) -> None:
        """One of GESTURES. A turn is held until face_front, or 4 seconds, then the head comes back; asked again meanwhile, it goes further."""
        reaction = float(self._chance.uniform(0.25, 0.9) if action == "blink" else self._chance.uniform(0.3, 0.9)) / self._haste
        if action == "blink":
            self._asked = [*self._asked[-15:], self._blink(seconds + reaction, self._chance)]
            return
        duration = float(self._chance.uniform(0.5, 0.9)) / self._haste
        degrees = float(self._chance.uniform(*self._turn))
        further = float(self._chance.uniform(4, 10))
        if action == "face_front":
            self.turns.add(seconds + reaction, duration, 0.0)
            return
        side = 1 if action == "turn_left" else -1
        already = side * self.turns.at(seconds)
        if already > _TURNED_DEG:
            degrees = min(max(degrees, already + further), self._turn[1] + _FURTHER_DEG)
        self.turns.add(seconds + reaction, duration, side * degrees)
        self.turns.add(seconds + reaction + duration + HOLD_S / self._haste, duration, 0.0)

    def at(self, seconds: float) -> Pose:
        wave = np.sin(self._rates * seconds + self._phases) * self._amount
        lid = max((blink.lid(seconds) for blink in (*self._asked, *self._by_itself(seconds))), default=0.0)
        return Pose(
            yaw=self.turns.at(seconds) + float(1.4 * wave[1] + 0.6 * wave[2]),
            pitch=float(0.8 * wave[3] + 0.4 * wave[4]),
            roll=float(0.7 * wave[5]),
            x=float(0.012 * wave[1] + 0.004 * wave[6]),
            y=float(0.006 * wave[0] + 0.004 * wave[4]),
            scale=float(1 + 0.005 * wave[0] + 0.006 * wave[5]),
            lid=lid,
            mouth=float(wave[6] * wave[7]),
        )

    def _by_itself(self, seconds: float) -> list[Blink]:
        while self._natural and self._next < seconds + 1:
            self._blinks = [*self._blinks[-2:], self._blink(self._next, self._own)]
            self._next += float(self._own.uniform(2, 6))
        return self._blinks

    def _blink(self, start: float, chance: np.random.Generator) -> Blink:
        closing, closed, opening, depth = chance.uniform((0.08, 0.05, 0.10, 0.85), (0.13, 0.15, 0.18, 1.0))
        return Blink(start, float(closing), float(closed), float(opening), float(depth))
