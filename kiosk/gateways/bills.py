"""A provider's bill of one day: every order paid and every refund accepted for the merchant, as the provider's own books have it.

`payment.bill_wrong` (detail: provider, what) for a file that is not whole, not of this merchant, not of this day, or that contradicts itself: none of
its rows is believed then. `payment.bill_not_ready` while the provider still makes it: yesterday's comes from nine or ten in the morning.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Protocol

from kiosk.domain.clock import SHANGHAI
from kiosk.domain.failure import Failure
from kiosk.gateways.http import logged
from kiosk.gateways.payment import PaymentGateway

READY_AT = time(10, 30)
"""When the day before is on the shelf for certain: WeChat Pay asks to come after ten, Alipay makes it by nine."""
LONGEST_FILE_BYTES = 32 << 20
_YUAN = re.compile(r"(-?)(0|[1-9][0-9]{0,9})(?:\.([0-9]{1,2}))?")


@dataclass(frozen=True, slots=True)
class BillPayment:
    """device: the terminal that the order named, "" where it named none."""

    order_no: str
    amount_fen: int
    device: str = ""


@dataclass(frozen=True, slots=True)
class BillRefund:
    order_no: str
    refund_no: str
    amount_fen: int
    device: str = ""


@dataclass(frozen=True, slots=True)
class Bill:
    """One day at one provider. A day on which nothing was paid or refunded has no rows, and as a rule no file."""

    provider: str
    day: date
    payments: tuple[BillPayment, ...] = ()
    refunds: tuple[BillRefund, ...] = ()


class BillGateway(PaymentGateway, Protocol):
    """A payment provider that also gives its bills."""

    async def bill(self, day: date) -> Bill | Failure:
        """The provider's bill of `day` (Asia/Shanghai), checked. Today's and the future's do not exist at a real provider."""


def wrong_bill(provider: str, what: str) -> Failure:
    """what: encoding, format, hash, merchant, day, currency, amount, state, sums, zip."""
    return logged(Failure("payment.bill_wrong", detail={"provider": provider, "what": what}))


def not_ready(provider: str, day: date) -> Failure:
    return Failure("payment.bill_not_ready", detail={"provider": provider, "day": day.isoformat()})


def is_ready(day: date, now: datetime) -> bool:
    """Whether a real provider's bill of `day` is out; before that "there is none" does not mean that nothing was paid."""
    return now >= datetime.combine(day + timedelta(days=1), READY_AT, SHANGHAI)


def fen_of(yuan: str) -> int | None:
    """`15`, `15.0`, `-15.00` → 1500, 1500, -1500; None for anything else. No floating point touches money."""
    match = _YUAN.fullmatch(yuan)
    if match is None:
        return None
    amount_fen = int(match[2]) * 100 + int((match[3] or "").ljust(2, "0"))
    return -amount_fen if match[1] else amount_fen


def columns(header: Sequence[str], needed: Sequence[str]) -> dict[str, int] | None:
    """Where each needed column stands; None where one is missing or stands twice."""
    names = list(header)
    return {name: names.index(name) for name in needed} if all(names.count(name) == 1 for name in needed) else None
