"""Readers of second-generation identity cards."""

import threading
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from drivers.contract.failure import Failure
from drivers.contract.status import Report


class Layout(StrEnum):
    RESIDENT = "resident"
    HMT_RESIDENT = "J"  # residence permit of HK, Macau and Taiwan residents
    FOREIGNER_2017 = "I"
    FOREIGNER_2023 = "Y"


@dataclass(frozen=True, slots=True)
class IdCard:
    """One card as read. Dates are `YYYY-MM-DD` strings, valid_to may be `长期`; None where the layout has no such field.

    photo_raw: the 1024-byte coded block; photo_decoder: name of the plug-in that decoded it, None where none could; photo_image: its
    BMP or PNG bytes. fingerprints: bytes (0 = none). frame_bytes: length of the whole read frame. ms: time of the successful round.
    """

    layout: Layout
    name: str | None
    english_name: str | None
    sex: str | None
    ethnic: str | None
    birth: str | None
    address: str | None
    additional_addresses: tuple[str, ...]
    id_number: str
    issuer: str | None
    valid_from: str | None
    valid_to: str | None
    nationality: str | None
    permit_number: str | None
    issue_count: str | None
    photo_raw: bytes
    photo_decoder: str | None
    photo_image: bytes | None
    fingerprints: int
    frame_bytes: int
    ms: float

    def __repr__(self) -> str:  # personal data never reaches a log by a repr
        return f"IdCard(layout={self.layout!r}, ***)"


class IdReader(Protocol):
    """All calls block; one thread at a time."""

    def open(self) -> Failure | None:
        """Opens the port, flushes it and asks the module's status."""

    def close(self) -> None: ...

    def status(self) -> Report: ...

    def read(self, wait_s: float, cancelled: threading.Event | None = None) -> IdCard | Failure:
        """Polls for a card up to `wait_s` seconds, then reads it.

        `id_reader.no_card` when none came, `id_reader.cancelled` when `cancelled` was set.
        """

    def card_present(self) -> bool | Failure:
        """Whether a card answers on the reader now; most readers answer no until a card that was read is lifted."""
