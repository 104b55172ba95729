"""What the machine may ask of a payment provider, whichever it is.

Three kinds of no are kept apart, because money hangs on the difference:
* `payment.refused`: the provider itself said no, signed; the act was not done. detail: provider, status, code (the provider's own word).
* `payment.unreachable`: no connection; this request was not sent. An earlier one may have been.
* `payment.unclear`: time-out, broken or unsigned answer, the provider's own trouble (5xx), too many requests: it may have been done. Ask before
  anything else. `payment.contradiction`: a signed answer about another order, amount, case or merchant; never believed, so unclear as well.
`payment.already_paid` answers the opening or the closing of a paid order.

Every act is idempotent by its number: the same number with the same parameters does the same thing once.
"""

import logging
import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from kiosk.domain.failure import Failure
from kiosk.gateways.http import NoAnswer, logged

log = logging.getLogger(__name__)

# What both providers take (WeChat Pay: 6 to 32 of these and |*; Alipay: letters, digits, underscore, to 64)
ORDER_NO = re.compile(r"[0-9A-Za-z_\-|*]{6,32}")
TERMINAL = re.compile(r"[0-9A-Za-z_\-]{1,32}")
REFUND_NO = re.compile(r"[0-9A-Za-z_\-|*@]{1,64}")


class OrderState(StrEnum):
    """NOT_FOUND: no such order. OPEN: can still be paid, so it must be closed. REFUNDED: was paid, and a refund of it was accepted.
    UNKNOWN: the provider named a state that this machine does not know."""

    NOT_FOUND = "not_found"
    OPEN = "open"
    PAID = "paid"
    REFUNDED = "refunded"
    CLOSED = "closed"
    UNKNOWN = "unknown"


class RefundProgress(StrEnum):
    """PROCESSING: accepted, under way. CLOSED: will not be done. ABNORMAL: stuck at the payer's bank; people must look at it."""

    NOT_FOUND = "not_found"
    PROCESSING = "processing"
    REFUNDED = "refunded"
    CLOSED = "closed"
    ABNORMAL = "abnormal"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Charge:
    """An open order. code_url: the text of the QR code for the traveller's phone."""

    order_no: str
    code_url: str


@dataclass(frozen=True, slots=True)
class ChargeState:
    """What the provider says of an order. amount_fen, case_id: as the provider keeps them, None where it named none (an amount is always there
    when `state` is PAID). paid_at: when, where the provider named it. known: False where OPEN only means that the provider has no such trade yet
    (Alipay, before the code is scanned)."""

    order_no: str
    state: OrderState
    amount_fen: int | None = None
    case_id: str | None = None
    paid_at: datetime | None = field(default=None, compare=False)
    known: bool = field(default=True, compare=False)


@dataclass(frozen=True, slots=True)
class RefundState:
    """What the provider says of a refund; amount_fen is None where it knows of none. at: when it was accepted, where the provider named it."""

    refund_no: str
    order_no: str
    state: RefundProgress
    amount_fen: int | None = None
    at: datetime | None = field(default=None, compare=False)


class PaymentGateway(Protocol):
    """Asynchronous; each call ends within the gateway's time-out (5 s unless told otherwise), with a value."""

    async def open_charge(self, order_no: str, case_id: str, amount_fen: int, description: str, expires_at: datetime) -> Charge | Failure:
        """Opens an order for `amount_fen`. The same call again gives a fresh code, so `expires_at` must be journalled with the intent.
        expires_at: aware, at least a minute ahead; it stops payment but closes nothing, so every order must be closed."""

    async def query(self, order_no: str, *, case_id: str | None = None, amount_fen: int | None = None) -> ChargeState | Failure:
        """Give what the journal knows of the order: an answer that says otherwise is a contradiction, not a payment."""

    async def close(self, order_no: str) -> Failure | None:
        """None: nobody can pay it any more, and nobody has. Closing a closed order is None too. `payment.already_paid`: deliver or refund."""

    async def refund(self, order_no: str, refund_no: str, amount_fen: int, total_fen: int, reason: str) -> RefundState | Failure:
        """Asks for `amount_fen` of the order's `total_fen` back. Accepted is not yet refunded: ask `query_refund`."""

    async def query_refund(self, refund_no: str, order_no: str, *, amount_fen: int | None = None) -> RefundState | Failure:
        """order_no: Alipay cannot find a refund without it. amount_fen: what the journal knows, as in `query`."""

    async def probe(self) -> Failure | None:
        """None where the provider answers and both sides' keys are right; asks about an order that does not exist."""

    async def aclose(self) -> None:
        """Hangs up."""


def refused(provider: str, status: int, code: str, expected: bool = False) -> Failure:
    """expected: an everyday answer to a question, which the log need not keep."""
    failure = Failure("payment.refused", detail={"provider": provider, "status": str(status), "code": plain_word(code)})
    return failure if expected else logged(failure)


def unclear(provider: str, reason: str) -> Failure:
    return logged(Failure("payment.unclear", detail={"provider": provider, "reason": reason}))


def contradiction(provider: str, what: str) -> Failure:
    """what: the member of the answer that differs."""
    return logged(Failure("payment.contradiction", detail={"provider": provider, "what": what}))


def unknown_word(provider: str, what: str, word: str | None) -> None:
    """A state that this machine has no name for is kept in the log as the provider wrote it; the case treats it as not known."""
    log.warning("unknown word provider=%s what=%s word=%s", provider, what, plain_word(word or "-"))


def plain_word(word: str) -> str:
    """A provider's word as it may stand in a log and on a screen."""
    return re.sub(r"[^A-Za-z0-9_.\-]", "?", word)[:64]


def already_paid(provider: str) -> Failure:
    return Failure("payment.already_paid", detail={"provider": provider})


def not_answered(provider: str, how: NoAnswer) -> Failure:
    if how is NoAnswer.UNREACHABLE:
        return logged(Failure("payment.unreachable", detail={"provider": provider}))
    return unclear(provider, "no_answer")


def believed(provider: str, said: ChargeState, case_id: str | None, amount_fen: int | None) -> ChargeState | Failure:
    """What the provider says, unless it is not what the journal knows. A payment must name its amount and, where the journal's is given, its case."""
    if said.amount_fen is not None and amount_fen is not None and said.amount_fen != amount_fen:
        return contradiction(provider, "amount")
    if said.case_id is not None and case_id is not None and said.case_id != case_id:
        return contradiction(provider, "case_id")
    if said.state in (OrderState.PAID, OrderState.REFUNDED) and (said.amount_fen is None or (case_id is not None and said.case_id is None)):
        return unclear(provider, "incomplete")
    return said


def terminal(machine: str) -> str:
    """The machine's number as both providers take it for a terminal (32 characters at most); "" where it holds others: then orders name none."""
    return machine if TERMINAL.fullmatch(machine) else ""


def check_order(order_no: str, amount_fen: int) -> None:
    """Raises ValueError for a number or amount that no provider takes: the caller's bug."""
    if not ORDER_NO.fullmatch(order_no):
        raise ValueError(f"not an order number: {order_no!r}")
    if amount_fen < 1:
        raise ValueError(f"not an amount to charge: {amount_fen} fen")
