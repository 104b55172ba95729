"""What can go wrong between the machine and a payment provider, told to a simulated provider by a tester.

refuse: a definite, signed no; nothing is done. silence: the request is swallowed, nothing is done, nothing is answered. The others do the act
and damage the answer: garbage (signed, but no whole JSON), bad_signature, wrong_amount, other_order, late (whole, after `seconds`),
lost_answer (the connection breaks in the middle of the answer).

Of a day's bill, moment `bill`: also wrong_amount (a fen more in one row and in the sums), other_merchant, truncated (its last row is missing, the
sums stand), encoding (not text). Moment `bill_file` damages the file on its way only, so that its hash or its packing shows it.
"""

import asyncio

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from drivers.world.faults import Fault

MOMENTS = ("order", "query", "close", "refund", "refund_query")
KINDS = ("refuse", "silence", "garbage", "bad_signature", "late", "wrong_amount", "other_order", "lost_answer")

# of a day's bill: the answer that names the file's address and what the file is made of, and the sending of the file
BILL_KINDS = ("refuse", "silence", "garbage", "bad_signature", "late", "lost_answer", *("wrong_amount", "other_merchant", "truncated", "encoding"))
BILL_FILE_KINDS = ("refuse", "silence", "garbage", "late", "lost_answer")

GARBAGE = b'{"code": "100'
_LATE_S = 2.0
# longer than the machine waits, shorter than the world may take to stop
_SILENCE_S = 8.0


class BrokenAnswer(Response):
    """Promises a body and never sends it; the server then breaks the connection."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-type", b"application/json"), (b"content-length", b"100")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})


def is_kind(fault: Fault | None, kind: str) -> bool:
    return fault is not None and fault.kind == kind


async def hold_silent(request: Request, fault: Fault) -> Response:
    """Says nothing until the caller hangs up or the fault's `seconds` are over."""
    try:
        async with asyncio.timeout(seconds_of(fault, _SILENCE_S)):
            while (await request.receive())["type"] != "http.disconnect":
                pass
    except TimeoutError:
        pass
    return BrokenAnswer()


async def be_late(fault: Fault) -> None:
    await asyncio.sleep(seconds_of(fault, _LATE_S))


def seconds_of(fault: Fault, default: float) -> float:
    """The fault's `seconds` parameter; words that are no number count as the default."""
    try:
        return float(fault.parameters.get("seconds", default))
    except ValueError:
        return default
