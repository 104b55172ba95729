"""Alipay, payment in person by a code on the screen (当面付: alipay.trade.precreate, query, close, cancel, refund), gateway.do with RSA2.

Two things are unlike WeChat Pay. A trade comes into being only when the code is scanned: until then the provider knows of none, and such an order
counts as open. And an answer carries no time of its own, so only TLS and the order's number protect it from being an old one.
"""

import re
from datetime import datetime
from pathlib import Path
from urllib.parse import urlencode

import msgspec

from kiosk.domain.clock import SHANGHAI, Clock
from kiosk.domain.failure import Failure
from kiosk.gateways.http import Line, NoAnswer, decoded, wrong_address, wrong_word
from kiosk.gateways.payment import (
    REFUND_NO,
    Charge,
    ChargeState,
    OrderState,
    RefundProgress,
    RefundState,
    already_paid,
    believed,
    check_order,
    contradiction,
    not_answered,
    refused,
    unclear,
)
from kiosk.gateways.signing import Signer, Verifier, read_signer, read_verifier

_PROVIDER = "alipay"
_DONE = "10000"
_REFUSED = "40004"
# gateway-level refusals before any trade is touched: permissions, missing or wrong parameters, signature
_NOT_TAKEN = ("40001", "40002", "40006", _REFUSED)
_TROUBLE = ("ACQ.SYSTEM_ERROR", "AOP.SYSTEM_ERROR", "AQC.SYSTEM_ERROR")
_NO_TRADE = "ACQ.TRADE_NOT_EXIST"
_NOT_WAITING = ("ACQ.TRADE_STATUS_ERROR", "ACQ.REASON_TRADE_STATUS_INVALID", "ACQ.REASON_ILLEGAL_STATUS")
_LONGEST_PASSBACK = 512
_YUAN = re.compile(r"(0|[1-9][0-9]{0,9})(?:\.([0-9]{1,2}))?")


class _Reply(msgspec.Struct):
    """The members that the calls below look at; each call asks for those that it needs."""

    code: str
    sub_code: str = ""
    out_trade_no: str | None = None
    qr_code: str | None = None
    trade_no: str | None = None
    trade_status: str | None = None
    total_amount: str | None = None
    send_pay_date: str | None = None
    passback_params: str | None = None
    action: str | None = None
    fund_change: str | None = None
    refund_status: str | None = None
    out_request_no: str | None = None
    refund_amount: str | None = None


class Alipay:
    """A PaymentGateway. Make it with `open`."""

    def __init__(self, line: Line, clock: Clock, signer: Signer, verifier: Verifier, app_id: str) -> None:
        self._line = line
        self._clock = clock
        self._signer = signer
        self._verifier = verifier
        self._app_id = app_id

    @classmethod
    def open(cls, *, clock: Clock, url: str, app_id: str, private_key: Path, platform_public_key: Path, timeout_s: float = 5.0) -> "Alipay | Failure":
        """`[payment.alipay]` of the profile. No network. `gateway.address`, `gateway.setting`, `gateway.key_unreadable`."""
        wrong = wrong_address(url) or wrong_word(app_id=app_id)
        signer = read_signer(private_key)
        verifier = read_verifier(platform_public_key)
        if wrong is not None:
            return wrong
        if isinstance(signer, Failure):
            return signer
        if isinstance(verifier, Failure):
            return verifier
        return cls(Line(url, timeout_s), clock, signer, verifier, app_id)

    async def aclose(self) -> None:
        await self._line.aclose()

    async def open_charge(self, order_no: str, case_id: str, amount_fen: int, description: str, expires_at: datetime) -> Charge | Failure:
        check_order(order_no, amount_fen)
        if len(case_id) > _LONGEST_PASSBACK:
            raise ValueError("a case number longer than the order can carry")
        reply = await self._ask(
            "alipay.trade.precreate",
            {
                "out_trade_no": order_no,
                "total_amount": _yuan(amount_fen),
                "subject": description[:256],
                "passback_params": case_id,
                # absolute, because a relative time-out starts only with the scan
                "time_expire": _local_time(expires_at),
            },
        )
        if isinstance(reply, Failure):
            return already_paid(_PROVIDER) if reply.detail.get("code") == "ACQ.TRADE_HAS_SUCCESS" else reply
        if reply.out_trade_no != order_no:
            return contradiction(_PROVIDER, "order_no")
        if reply.qr_code is None or not reply.qr_code.startswith("https://qr.alipay.com/") or len(reply.qr_code) > 512:
            return unclear(_PROVIDER, "not_understood")
        return Charge(order_no, reply.qr_code)

    async def query(self, order_no: str, *, case_id: str | None = None, amount_fen: int | None = None) -> ChargeState | Failure:
        """OPEN also where the provider knows of no trade: the code may be on the screen still. NOT_FOUND is never said."""
        reply = await self._ask("alipay.trade.query", {"out_trade_no": order_no})
        if isinstance(reply, Failure):
            return ChargeState(order_no, OrderState.OPEN) if reply.detail.get("code") == _NO_TRADE else reply
        if reply.out_trade_no != order_no:
            return contradiction(_PROVIDER, "order_no")
        total = None if reply.total_amount is None else _fen(reply.total_amount)
        if reply.total_amount is not None and total is None:
            return unclear(_PROVIDER, "not_understood")
        said = ChargeState(order_no, _order_state(reply), total, reply.passback_params, reply.trade_no)
        # the provider need not give the passed-back words back
        return believed(_PROVIDER, said, case_id if reply.passback_params is not None else None, amount_fen)

    async def close(self, order_no: str) -> Failure | None:
        """Closes the trade; where nobody has scanned the code yet there is none, and only a cancel makes the code dead."""
        reply = await self._ask("alipay.trade.close", {"out_trade_no": order_no})
        if not isinstance(reply, Failure):
            return None if reply.out_trade_no == order_no else contradiction(_PROVIDER, "order_no")
        if reply.detail.get("code") == _NO_TRADE:
            return await self._cancel(order_no)
        if reply.detail.get("code") in _NOT_WAITING:
            return await self._why_not_waiting(order_no, reply)
        return reply

    async def _cancel(self, order_no: str) -> Failure | None:
        reply = await self._ask("alipay.trade.cancel", {"out_trade_no": order_no})
        if isinstance(reply, Failure):
            return reply
        if reply.out_trade_no != order_no:
            return contradiction(_PROVIDER, "order_no")
        # paid in the very moment between the two calls: the cancel gave the money back, and a query will say REFUNDED
        return None if reply.action in (None, "", "close") else unclear(_PROVIDER, "refunded_by_cancel")

    async def _why_not_waiting(self, order_no: str, no: Failure) -> Failure | None:
        state = await self.query(order_no)
        if isinstance(state, Failure):
            return state
        if state.state is OrderState.CLOSED:
            return None
        return already_paid(_PROVIDER) if state.state in (OrderState.PAID, OrderState.REFUNDED) else no

    async def refund(self, order_no: str, refund_no: str, amount_fen: int, total_fen: int, reason: str) -> RefundState | Failure:
        """REFUNDED where this call moved the money; PROCESSING where the provider had done it before (`query_refund` tells)."""
        check_order(order_no, amount_fen)
        if not REFUND_NO.fullmatch(refund_no) or amount_fen > total_fen:
            raise ValueError(f"not a refund of {total_fen} fen: {refund_no!r}, {amount_fen} fen")
        reply = await self._ask(
            "alipay.trade.refund",
            {"out_trade_no": order_no, "out_request_no": refund_no, "refund_amount": _yuan(amount_fen), "refund_reason": reason[:256]},
        )
        if isinstance(reply, Failure):
            return reply
        if reply.out_trade_no != order_no:
            return contradiction(_PROVIDER, "order_no")
        done = reply.fund_change == "Y"
        return RefundState(refund_no, order_no, RefundProgress.REFUNDED if done else RefundProgress.PROCESSING, amount_fen)

    async def query_refund(self, refund_no: str, order_no: str, *, amount_fen: int | None = None) -> RefundState | Failure:
        reply = await self._ask("alipay.trade.fastpay.refund.query", {"out_trade_no": order_no, "out_request_no": refund_no})
        if isinstance(reply, Failure):
            if reply.detail.get("code") == _NO_TRADE:
                return RefundState(refund_no, order_no, RefundProgress.NOT_FOUND)
            return reply
        if reply.out_request_no is None and reply.refund_status is None:
            return RefundState(refund_no, order_no, RefundProgress.NOT_FOUND)
        if (reply.out_request_no, reply.out_trade_no) != (refund_no, order_no):
            return contradiction(_PROVIDER, "refund_no")
        said_fen = None if reply.refund_amount is None else _fen(reply.refund_amount)
        if said_fen is None:
            return unclear(_PROVIDER, "not_understood")
        if amount_fen not in (None, said_fen):
            return contradiction(_PROVIDER, "amount")
        # a refund without a status is one that has not succeeded yet
        progress = RefundProgress.REFUNDED if reply.refund_status == "REFUND_SUCCESS" else RefundProgress.PROCESSING
        return RefundState(refund_no, order_no, progress, said_fen)

    async def probe(self) -> Failure | None:
        state = await self.query("PROBE-NO-ORDER")
        return state if isinstance(state, Failure) else None

    async def _ask(self, method: str, content: dict[str, str]) -> _Reply | Failure:
        """One signed exchange. A signed no is `payment.refused` with Alipay's sub_code as its code."""
        parameters = {
            "app_id": self._app_id,
            "method": method,
            "format": "JSON",
            "charset": "utf-8",
            "sign_type": "RSA2",
            "timestamp": _local_time(self._clock.now()),
            "version": "1.0",
            "biz_content": msgspec.json.encode(content).decode(),
        }
        parameters["sign"] = self._signer.sign("&".join(f"{name}={parameters[name]}" for name in sorted(parameters)).encode())
        request = self._line.request("POST", "/gateway.do", urlencode(parameters).encode(), "application/x-www-form-urlencoded;charset=utf-8")
        answer = await self._line.send(request)
        if isinstance(answer, NoAnswer):
            return not_answered(_PROVIDER, answer)
        if answer.status != 200:
            return unclear(_PROVIDER, f"status_{answer.status}")
        return self._opened(answer.body, method.replace(".", "_") + "_response")

    def _opened(self, body: bytes, name: str) -> _Reply | Failure:
        """The signature covers the response's own bytes as they stand in the body."""
        envelope = decoded(body, dict[str, msgspec.Raw])
        inner = None if envelope is None else envelope.get(name, envelope.get("error_response"))
        signature = None if envelope is None or "sign" not in envelope else decoded(bytes(envelope["sign"]), str)
        if inner is None:
            return unclear(_PROVIDER, "not_understood")
        if signature is None or not self._verifier.is_good(bytes(inner), signature):
            return unclear(_PROVIDER, "bad_signature")
        reply = decoded(bytes(inner), _Reply)
        if reply is None:
            return unclear(_PROVIDER, "not_understood")
        if reply.code == _DONE:
            return reply
        if reply.code in _NOT_TAKEN and reply.sub_code not in _TROUBLE:
            return refused(_PROVIDER, 200, reply.sub_code or reply.code)
        return unclear(_PROVIDER, f"code_{reply.code[:16]}")


def _order_state(reply: _Reply) -> OrderState:
    if reply.trade_status == "TRADE_CLOSED":
        # one word for two ends: never paid, or paid and wholly refunded
        return OrderState.REFUNDED if reply.send_pay_date else OrderState.CLOSED
    states = {"WAIT_BUYER_PAY": OrderState.OPEN, "TRADE_SUCCESS": OrderState.PAID, "TRADE_FINISHED": OrderState.PAID}
    return states.get(reply.trade_status or "", OrderState.UNKNOWN)


def _yuan(amount_fen: int) -> str:
    return f"{amount_fen // 100}.{amount_fen % 100:02d}"


def _fen(yuan: str) -> int | None:
    """`15`, `15.0`, `15.00` → 1500; None for anything else. No floating point touches money."""
    match = _YUAN.fullmatch(yuan)
    return None if match is None else int(match[1]) * 100 + int((match[2] or "").ljust(2, "0"))


def _local_time(instant: datetime) -> str:
    return instant.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
