"""Where the one card in the machine is: the physical truth that card module and card printer share.

The way between the two modules is this project's own coupling: the module's `32 30` puts the card at the hand-over, an armed printer draws it
in from there and leaves it at its inlet, the module's `32 32` fetches it back.
"""

import threading
from dataclasses import dataclass, field
from enum import StrEnum


class Place(StrEnum):
    TRAVELLER = "traveller"
    GATE = "gate"
    READER = "reader"
    HAND_OVER = "hand_over"
    PRINTER = "printer"
    INLET = "inlet"
    BIN = "bin"


EDGES: frozenset[tuple[Place, Place]] = frozenset(
    {
        (Place.TRAVELLER, Place.GATE),
        (Place.TRAVELLER, Place.READER),  # entry allowed: the module draws an inserted card in
        (Place.GATE, Place.TRAVELLER),
        (Place.GATE, Place.READER),
        (Place.READER, Place.GATE),
        (Place.READER, Place.HAND_OVER),
        (Place.READER, Place.BIN),
        (Place.GATE, Place.BIN),
        (Place.HAND_OVER, Place.PRINTER),
        (Place.HAND_OVER, Place.READER),
        (Place.HAND_OVER, Place.GATE),
        (Place.HAND_OVER, Place.BIN),
        (Place.PRINTER, Place.INLET),
        (Place.INLET, Place.READER),
        (Place.INLET, Place.PRINTER),
        (Place.INLET, Place.GATE),
        (Place.INLET, Place.BIN),
    }
)


@dataclass
class Back:
    """The rewritable back as it looks: one byte a dot, 480 × 320, 0 white or 1 black, row by row.

    burned: whether a printer wrote it since the last reset (before that it looks as the persona's file says). blank: nothing to be seen.
    """

    dots: bytes
    burned: bool = False

    @property
    def blank(self) -> bool:
        return not any(self.dots)


@dataclass
class Card:
    """One card: its chip (any object that answers APDUs, None for a card without one) and its back."""

    number: str
    chip: "ChipApplet | None"
    back: Back
    rewrites: int = 0
    contactless_type: str = "A"


class ChipApplet:
    """What a card module needs of a chip: power and APDUs. The chip emulator is one."""

    def power_on(self) -> None:
        raise NotImplementedError

    def transmit(self, apdu: bytes) -> bytes:
        """Response with SW1 SW2."""
        raise NotImplementedError


@dataclass
class CardPath:
    """At most one card is inside. Both emulators hold this object and nothing else of each other. Thread-safe by `lock`."""

    card: Card | None = None
    place: Place = Place.TRAVELLER
    bin: list[Card] = field(default_factory=list)
    bin_capacity: int = 50
    jams: set[tuple[Place, Place]] = field(default_factory=set)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def at(self, place: Place) -> Card | None:
        """The card, if it lies at `place`."""
        with self.lock:
            return self.card if self.place is place else None

    def insert(self, card: Card, place: Place) -> bool:
        """The traveller puts a card in. False where another is inside."""
        with self.lock:
            if self.card is not None:
                return False
            self.card, self.place = card, place
            return True

    def move(self, origin: Place, target: Place) -> bool:
        """Moves the card over one edge; False when it is not at `origin`, the edge is jammed or the bin is full. An unknown edge is a bug."""
        if (origin, target) not in EDGES:
            raise ValueError(f"no way from {origin} to {target}")
        with self.lock:
            if self.card is None or self.place is not origin or (origin, target) in self.jams:
                return False
            if target is Place.BIN:
                if len(self.bin) >= self.bin_capacity:
                    return False
                self.bin.append(self.card)
                self.card, self.place = None, Place.TRAVELLER
            elif target is Place.TRAVELLER:
                self.card, self.place = None, Place.TRAVELLER
            else:
                self.place = target
            return True

    def take(self) -> Card | None:
        """The traveller takes the card at the gate."""
        with self.lock:
            if self.place is not Place.GATE or self.card is None:
                return None
            card, self.card, self.place = self.card, None, Place.TRAVELLER
            return card
