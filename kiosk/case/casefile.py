"""One case: where it stands, and what is needed to finish or undo it."""

from dataclasses import dataclass, field
from datetime import date

import msgspec

from kiosk.case.moves import Standing


class Block(msgspec.Struct, frozen=True):
    """One endorsement as the back shows it or is to show it. Dates are ISO; number is None before the authority issues."""

    destination: str
    kind: str
    validity: str
    valid_until: str
    issued_on: str
    stay_days: int | None = None
    number: str | None = None
    issuer: str | None = None
    remark: str | None = None


class CaseFile(msgspec.Struct, frozen=True):
    """What the acts need, encrypted in the store: it holds personal data.

    before: what the back showed, in the registry's words, so that it can be brought back. kept: the still-valid blocks printed again.
    wanted: what the traveller chose. issued: the same with the authority's numbers.
    """

    permit_number: str
    permit_kind: str
    id_number: str
    before: tuple[Block, ...] = ()
    wanted: tuple[Block, ...] = ()
    kept: tuple[Block, ...] = ()
    issued: tuple[Block, ...] = ()
    fee_fen: int = 0
    method: str | None = None
    code: str | None = None  # the charge's QR text
    expires_at: float = 0.0  # the charge's end, seconds since 1970: the same on every re-call of the same order
    phone: str | None = None
    contact_name: str | None = None  # the person to turn to in an emergency
    contact_phone: str | None = None
    address: str | None = None  # where mail reaches the traveller
    cause: str | None = None  # failure code that made the case turn back
    cause_device_code: int | None = None
    cause_detail: dict[str, str] = {}  # parameters of the cause's sentence
    rewrites: int = 0
    notified: tuple[str, ...] = ()  # what hall and paper have been told: card_retained, needs_staff, paper
    retained_at: float = 0.0  # when the bin took the card, seconds since 1970
    picture: bytes = b""  # the back as it was handed in, as `services.card_back.inspection.pictured` made it
    picture_codes: tuple[str, ...] = ()  # the codes read from it
    bin_count: int | None = None  # the bin's counter when the card came in: a card that no sensor sees any more went there, or out


@dataclass(frozen=True, slots=True)
class Case:
    """case_id is quoted by people and travels in the order's attach field."""

    case_id: str
    as_of: date
    standing: Standing
    file: CaseFile = field(repr=False)

    @property
    def order_no(self) -> str:
        """Order number = case + attempt (6–32 characters of the provider's set)."""
        return f"{self.case_id}-{max(self.standing.charges, 1)}"

    @property
    def refund_no(self) -> str:
        """One refund per order; the same number is refunded once."""
        return f"{self.order_no}-R"
