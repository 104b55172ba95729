"""The motorised card module: gate, chip position, hand-over to the printer, retain bin, and the chip's APDU channel."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from drivers.contract.failure import Failure
from drivers.contract.status import Report, Supply


class CardPosition(StrEnum):
    """What the module's own sensors say; a card in the printer is `NONE` here."""

    NONE = "none"
    GATE = "gate"  # the traveller can take it
    READER = "reader"  # at the RF position
    BETWEEN = "between"  # at none of these, but a sensor of the way sees it: at the hand-over, or stuck


@dataclass(frozen=True, slots=True)
class CardModuleStatus:
    position: CardPosition
    bin: Supply  # FULL or OK
    stacker: Supply


class ApduChannel(Protocol):
    """A way to the chip: the card module, or PC/SC."""

    def activate(self) -> Failure | None:
        """Powers the field and selects the card. `chip.no_answer` when nothing answers."""

    def transmit(self, apdu: bytes) -> bytes | Failure:
        """One command APDU (≤ 261 bytes) → response with SW1 SW2 (≤ 258 bytes)."""

    def deactivate(self) -> Failure | None: ...


class CardModule(Protocol):
    """All calls block; one thread at a time. Moves are idempotent: asking for where the card already is succeeds."""

    def open(self) -> Failure | None:
        """Opens the port, resynchronises and initialises without moving a card; entry is refused afterwards."""

    def close(self) -> None: ...

    def status(self) -> Report: ...

    def sense(self) -> CardModuleStatus | Failure: ...

    def initialise(self) -> Failure | None:
        """Clears errors without moving a card; entry is refused afterwards."""

    def bin_count(self) -> int | Failure:
        """Cards that went into the retain bin since its counter was set to zero, 0–999."""

    def allow_entry(self) -> Failure | None: ...

    def refuse_entry(self) -> Failure | None: ...

    def move_to_reader(self, fetch: bool = False) -> Failure | None:
        """From the gate or the hand-over to the RF position (`32 32`). `card_module.no_card`, and nothing sent, where no sensor sees a card.

        fetch: the card lies at the printer's inlet, where this module cannot see it; say so only while the printer's status is LATCHED.
        """

    def hand_over(self) -> Failure | None:
        """From the RF position to the printer (`32 30`); no move is sent unless the status shows a card."""

    def eject(self) -> Failure | None:
        """To the gate, for the traveller to take (`32 39`)."""

    def retain(self) -> Failure | None:
        """Into the bin (`32 33`); `card_module.bin_full` where it is full."""

    def apdu_channel(self) -> ApduChannel: ...
