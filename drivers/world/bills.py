"""The simulated providers' bills: which orders and refunds belong to a day, files kept for a moment under a token, and the damage a tester asks for.

Unlike a real provider's, the bill of the day that has not ended can be had too, so that a hall of one afternoon can be reconciled. A day before
yesterday on which nothing happened has none, as in life; today and yesterday have an empty one.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone

from drivers.world.faults import Fault
from drivers.world.payment_faults import is_kind
from drivers.world.payments import Order, PaymentsBook, Refund

BEIJING = timezone(timedelta(hours=8))
_DAY_S = 86400.0
_KEPT = 16


@dataclass(frozen=True, slots=True)
class BillRow:
    """A payment of `order`, or `refund` of it. at: Unix seconds."""

    order: Order
    refund: Refund | None
    at: float


class Bills:
    """One provider's bills, made from its book when they are asked for."""

    def __init__(self, book: PaymentsBook, method: str, clock: Callable[[], float]) -> None:
        self._book = book
        self._method = method
        self._clock = clock
        self._files: dict[str, bytes] = {}

    def rows(self, day: date) -> list[BillRow] | None:
        """In the order of their instants; None where there is no bill for the day."""
        since = datetime(day.year, day.month, day.day, tzinfo=BEIJING).timestamp()
        if since > self._clock():
            return None
        paid = [BillRow(order, None, order.paid_at or since) for order in self._book.paid_between(self._method, since, since + _DAY_S)]
        refunds = self._book.refunds_between(self._method, since, since + _DAY_S)
        orders = {refund.order_no: self._book.order(self._method, refund.order_no) for refund in refunds}
        given_back = [BillRow(order, refund, refund.accepted_at) for refund in refunds if (order := orders[refund.order_no]) is not None]
        rows = sorted([*paid, *given_back], key=lambda row: row.at)
        return None if not rows and since + 2 * _DAY_S < self._clock() else rows

    def keep(self, file: bytes) -> str:
        """A token under which the file can be fetched; only the newest few are kept."""
        token = secrets.token_urlsafe(12)
        self._files[token] = file
        while len(self._files) > _KEPT:
            del self._files[next(iter(self._files))]
        return token

    def kept(self, token: str) -> bytes | None:
        return self._files.get(token)


def day_of(text: object) -> date | None:
    try:
        return datetime.strptime(str(text), "%Y-%m-%d").date()
    except ValueError:
        return None


def with_wrong_amount(rows: list[BillRow], fault: Fault | None) -> list[BillRow]:
    """The first payment of the day a fen dearer, where the tester asked for it."""
    place = next((place for place, row in enumerate(rows) if row.refund is None), None)
    if place is None or not is_kind(fault, "wrong_amount"):
        return rows
    row = rows[place]
    return [*rows[:place], replace(row, order=replace(row.order, amount_fen=row.order.amount_fen + 1)), *rows[place + 1 :]]


def yuan(amount_fen: int) -> str:
    return f"{'-' if amount_fen < 0 else ''}{abs(amount_fen) // 100}.{abs(amount_fen) % 100:02d}"


def local(at: float) -> str:
    return datetime.fromtimestamp(int(at), BEIJING).strftime("%Y-%m-%d %H:%M:%S")
