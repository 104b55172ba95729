"""What stands on the papers."""

from dataclasses import dataclass
from datetime import date, datetime

from kiosk.view import Message


@dataclass(frozen=True, slots=True)
class IssuedLine:
    """One endorsement as issued: `HKG`, `G`, `1Y1`. number, stay_days: None where the registry gives none."""

    destination: str
    kind: str
    validity: str
    valid_until: date
    number: str | None
    stay_days: int | None


@dataclass(frozen=True, slots=True)
class ReceiptData:
    """method: wechat or alipay. holder and permit arrive masked: paper is left lying about. at: the civil time to print, to the second.

    Raises ValueError for a holder or permit without a masked place.
    """

    case_id: str
    order_no: str
    method: str
    amount_fen: int
    lines: tuple[IssuedLine, ...]
    holder: str
    permit: str
    at: datetime

    def __post_init__(self) -> None:
        for name in ("holder", "permit"):
            if "*" not in getattr(self, name):
                raise ValueError(f"{name} is not masked")  # without the value: it is what must not show


@dataclass(frozen=True, slots=True)
class TicketData:
    """For whoever is sent to the window: a number to quote and four sentences, none of them with personal data."""

    number: str
    happened: Message
    money: Message
    card: Message
    next: Message
    at: datetime


@dataclass(frozen=True, slots=True)
class SlipLine:
    """One case for the hall's staff. card: where the permit is. reason: why staff are needed, None where only the card is kept."""

    number: str
    card: Message
    reason: Message | None


@dataclass(frozen=True, slots=True)
class SlipData:
    """For the hall's staff, where no traveller stood by to take a ticket: case numbers and codes, nobody's name."""

    lines: tuple[SlipLine, ...]
    at: datetime
