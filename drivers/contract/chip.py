"""The chip of a card permit, read as ICAO 9303 lays it out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from drivers.contract.failure import Failure


@dataclass(frozen=True, slots=True)
class AccessKey:
    """What BAC is derived from: the number, birth and expiry that the registry names for one permit."""

    document_number: str
    birth: date
    expires_on: date


@dataclass(frozen=True, slots=True)
class PermitChip:
    """What the chip holds, after its hashes and signature held.

    document_type: CS (Hong Kong and Macau) or CD (Taiwan). face_image: DG2's picture, JPEG 2000 or JPEG. blocks: how many READ BINARYs.
    """

    document_type: str
    document_number: str
    birth: date
    expires_on: date
    sex: str
    name: str | None
    pinyin: str | None
    personal_number: str | None
    issuer: str | None
    issued_on: date | None
    face_image: bytes
    blocks: int

    def __repr__(self) -> str:
        return "PermitChip(***)"


class ChipReader(Protocol):
    def open_with(self, keys: Sequence[AccessKey]) -> tuple[int, PermitChip] | Failure:
        """Activates the chip, tries BAC with each key in turn, reads EF.COM, DG1, DG2, DG11, DG12, EF.SOD in blocks and verifies
        hashes and signature.

        Returns which key opened it and what it holds. `chip.no_key_fits` where none opens it (not this person's), `chip.altered` where a hash
        or the signature does not hold, `chip.untrusted` where the signer is not trusted, `chip.unreadable` for broken data, `chip.wrong_card`
        for a card that is no permit, `chip.no_answer` for a dead chip, `chip.trust_missing` where the trusted certificate cannot be read;
        a `card_module.…` failure where the way to the chip broke.
        Blocks for as long as the reading takes.
        """
