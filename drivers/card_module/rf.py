"""The way to the chip through the CRT-591-M's contactless part."""

from typing import Protocol

from drivers.card_module import codec
from drivers.card_module.codec import Command, Positive
from drivers.contract.failure import Failure

LONGEST_COMMAND = 261
SAK_SPEAKS_APDU = 0x20
"""Bit of a type A card's SAK that says ISO 14443-4."""

UNSUPPORTED_CARD = ("card_module.chip_unsupported", "card_module.chip_not_conformant")


class Run(Protocol):
    def __call__(self, command: Command, answer_s: float, data: bytes = b"") -> Positive | Failure: ...


class RfChannel:
    """`drivers.contract.card_module.ApduChannel`. The module's chip codes become `chip.…`; its other failures stay as they are."""

    def __init__(self, run: Run, apdu_s: float) -> None:
        self._run = run
        self._apdu_s = apdu_s
        self._transmit: Command | None = None

    def activate(self) -> Failure | None:
        """Looks for type A, then type B. `chip.wrong_card` for a memory card, `chip.no_answer` where none answers."""
        self._transmit = None
        answer = self._run(codec.RF_ACTIVATE, self._apdu_s, b"AB")
        if isinstance(answer, Failure):
            return _about_chip(answer)
        kind = answer.data[:1]
        if kind == b"A" and _speaks_apdu(answer.data):
            self._transmit = codec.APDU_TYPE_A
        elif kind == b"B":
            self._transmit = codec.APDU_TYPE_B
        else:
            return Failure("chip.wrong_card")
        return None

    def transmit(self, apdu: bytes) -> bytes | Failure:
        """Raises ValueError for an APDU beyond the module's 261 bytes."""
        if len(apdu) > LONGEST_COMMAND:
            raise ValueError("APDU longer than the module's 261 bytes")
        if self._transmit is None:
            return Failure("chip.no_answer")
        answer = self._run(self._transmit, self._apdu_s, apdu)
        if isinstance(answer, Failure):
            return _about_chip(answer)
        return answer.data if len(answer.data) >= 2 else Failure("chip.unreadable")

    def deactivate(self) -> Failure | None:
        self._transmit = None
        answer = self._run(codec.RF_OFF, self._apdu_s)
        return answer if isinstance(answer, Failure) else None


def _speaks_apdu(data: bytes) -> bool:
    """`A`, ATQA (2), length of UID, UID, SAK, perhaps ATS."""
    if len(data) < 4 or len(data) < 5 + data[3]:
        return False
    return bool(data[4 + data[3]] & SAK_SPEAKS_APDU)


def _about_chip(failure: Failure) -> Failure:
    if failure.code in UNSUPPORTED_CARD:
        return Failure("chip.wrong_card", failure.device_code)
    if failure.code.startswith("card_module.chip_"):
        return Failure("chip.no_answer", failure.device_code)
    return failure
