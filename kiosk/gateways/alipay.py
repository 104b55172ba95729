"""Alipay, payment in person by a code on the screen (当面付: alipay.trade.precreate, query, close, cancel, refund), gateway.do with RSA2.

Two things are unlike WeChat Pay. A trade comes into being only when the code is scanned: until then the provider knows of none, and such an order
counts as open. And an answer carries no time of its own, so only TLS and the order's number protect it from being an old one.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import msgspec

from kiosk.domain.clock import SHANGHAI, Clock
from kiosk.domain.failure import Failure
from kiosk.domain.money import yuan
from kiosk.gateways.alipay_bill import read_alipay_bill
from kiosk.gateways.bills import LONGEST_FILE_BYTES, Bill, fen_of, is_ready, not_ready
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
    plain_word,
    refused,
    terminal,
    unclear,
    unknown_word,
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
_NO_BILL = ("isp.bill_not_exist", "BILL_NOT_EXIST")
"""What the gateway says, and what its published list of codes says."""
_LONGEST_PASSBACK = 512
_FILE_S = 60.0


class _Reply(msgspec.Struct):
    """The members that the calls below look at; each call asks for those that it needs."""

    code: str
    sub_code: str = ""
    out_trade_no: str | None = None
    qr_code: str | None = None
    trade_status: str | None = None
    total_amount: str | None = None
    send_pay_date: str | None = None
    passback_params: str | None = None
    action: str | None = None
    fund_change: str | None = None
    refund_status: str | None = None
    out_request_no: str | None = None
    refund_amount: str | None = None
    refund_fee: str | None = None
    gmt_refund_pay: str | None = None
    bill_download_url: str | None = None


class Alipay:
    """A BillGateway. Make it with `open`."""

    def __init__(
        self,
        line: Line,
        clock: Clock,
        signer: Signer,
        verifier: Verifier,
        app_id: str,
        seller_id: str | None = None,
        device: str = "",
        open_line: Callable[[str, float], Line] = Line,
    ) -> None:
        self._line = line
        self._clock = clock
        self._signer = signer
        self._verifier = verifier
        self._app_id = app_id
        self._seller_id = seller_id
        self._device = device
        self._open_line = open_line

    @classmethod
    def open(
        cls,
        *,
        clock: Clock,
        url: str,
        app_id: str,
        private_key: Path,
        platform_public_key: Path,
        seller_id: str | None = None,
        # the terminal's number in the merchant's bill, "" for none
        device: str = "",
        timeout_s: float = 5.0,
    ) -> "Alipay | Failure":
        """`[payment.alipay]` of the profile. No network. `gateway.address`, `gateway.setting`, `gateway.key_unreadable`."""
        wrong = wrong_address(url) or wrong_word(app_id=app_id, **({} if seller_id is None else {"seller_id": seller_id}))
        signer = read_signer(private_key)
        verifier = read_verifier(platform_public_key)
        if wrong is not None:
            return wrong
        if isinstance(signer, Failure):
            return signer
        if isinstance(verifier, Failure):
            return verifier
        return cls(Line(url, timeout_s), clock, signer, verifier, app_id, seller_id, terminal(device))

    async def aclose(self) -> None:
        await self._line.aclose()

    async def open_charge(self, order_no: str, case_id: str, amount_fen: int, description: str, expires_at: datetime) -> Charge | Failure:
        check_order(order_no, amount_fen)
        if len(case_id) > _LONGEST_PASSBACK:
            raise ValueError("a case number longer than the order can carry")
        reply = await self._ask(
            "alipay.trade.precreate",
            {
                **({"terminal_id": self._device} if self._device else {}),
                "out_trade_no": order_no,
                "total_amount": yuan(amount_fen),
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
            return ChargeState(order_no, OrderState.OPEN, known=False) if reply.detail.get("code") == _NO_TRADE else reply
        if reply.out_trade_no != order_no:
            return contradiction(_PROVIDER, "order_no")
        total = None if reply.total_amount is None else _fen(reply.total_amount)
        if reply.total_amount is not None and total is None:
            return unclear(_PROVIDER, "not_understood")
        said = ChargeState(order_no, _order_state(reply), total, reply.passback_params, _instant(reply.send_pay_date))
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
            {"out_trade_no": order_no, "out_request_no": refund_no, "refund_amount": yuan(amount_fen), "refund_reason": reason[:256]},
        )
        if isinstance(reply, Failure):
            return reply
        if reply.out_trade_no != order_no:
            return contradiction(_PROVIDER, "order_no")
        given_back_fen = amount_fen if reply.refund_fee is None else _fen(reply.refund_fee)  # of this order altogether
        if given_back_fen is None:
            return unclear(_PROVIDER, "not_understood")
        if not amount_fen <= given_back_fen <= total_fen:
            return contradiction(_PROVIDER, "amount")
        if reply.fund_change not in ("Y", "N"):
            unknown_word(_PROVIDER, "fund_change", reply.fund_change)
        done = reply.fund_change == "Y"
        return RefundState(refund_no, order_no, RefundProgress.REFUNDED if done else RefundProgress.PROCESSING, amount_fen)

    async def query_refund(self, refund_no: str, order_no: str, *, amount_fen: int | None = None) -> RefundState | Failure:
        question = {"out_trade_no": order_no, "out_request_no": refund_no, "query_options": ["gmt_refund_pay"]}
        reply = await self._ask("alipay.trade.fastpay.refund.query", question)
        if isinstance(reply, Failure):
            if reply.detail.get("code") == _NO_TRADE:
                return RefundState(refund_no, order_no, RefundProgress.NOT_FOUND)
            return reply
        if reply.out_request_no is None and reply.refund_status is None and reply.refund_amount is None:
            # a yes without a refund in it; an order that it names all the same must be this one
            if reply.out_trade_no not in (None, order_no):
                return contradiction(_PROVIDER, "order_no")
            return await self._given_back_otherwise(refund_no, order_no, amount_fen)
        if (reply.out_request_no, reply.out_trade_no) != (refund_no, order_no):
            return contradiction(_PROVIDER, "refund_no")
        said_fen = None if reply.refund_amount is None else _fen(reply.refund_amount)
        if said_fen is None:
            return unclear(_PROVIDER, "not_understood")
        if amount_fen not in (None, said_fen):
            return contradiction(_PROVIDER, "amount")
        return RefundState(refund_no, order_no, _progress(reply.refund_status), said_fen, _instant(reply.gmt_refund_pay))

    async def _given_back_otherwise(self, refund_no: str, order_no: str, amount_fen: int | None) -> RefundState | Failure:
        """A cancel that met a payment gave all of it back under no number of ours: the trade is closed then, and was paid."""
        trade = await self.query(order_no, amount_fen=amount_fen)
        if isinstance(trade, Failure):
            return trade
        if trade.state is OrderState.REFUNDED:
            return RefundState(refund_no, order_no, RefundProgress.REFUNDED, trade.amount_fen)
        return RefundState(refund_no, order_no, RefundProgress.NOT_FOUND)

    async def bill(self, day: date) -> Bill | Failure:
        """Two steps: the signed answer with the file's address, which lasts half a minute, then the file. Only an address at Alipay is followed."""
        reply = await self._ask("alipay.data.dataservice.bill.downloadurl.query", {"bill_type": "trade", "bill_date": day.isoformat()})
        if isinstance(reply, Failure):
            if reply.detail.get("code") not in _NO_BILL:
                return reply
            return Bill(_PROVIDER, day) if is_ready(day, self._clock.now()) else not_ready(_PROVIDER, day)
        place = self._file_place(reply.bill_download_url or "")
        if place is None:
            return contradiction(_PROVIDER, "download_url")
        line = self._open_line(place[0], _FILE_S)
        try:
            file = await line.get_file(place[1], LONGEST_FILE_BYTES, _FILE_S)
        finally:
            await line.aclose()
        if isinstance(file, NoAnswer):
            return not_answered(_PROVIDER, file)
        if file.status != 200:
            return unclear(_PROVIDER, f"status_{file.status}")
        return read_alipay_bill(file.body, self._seller_id, day)

    def _file_place(self, url: str) -> tuple[str, str] | None:
        """Server and target of a bill's address: at Alipay (always by https, though its addresses still begin with http), or at this gateway's own
        server (the simulated hall, a proxy)."""
        try:
            parts = urlsplit(url)
            host, own = parts.hostname or "", urlsplit(self._line.url)
            target = f"{parts.path or '/'}?{parts.query}"
            if parts.username or not target.isascii() or any(letter <= " " for letter in target):
                return None
            if (parts.scheme, host, parts.port) == (own.scheme, own.hostname, own.port):
                return self._line.url, target
            plain = parts.scheme in ("http", "https") and parts.port in (None, 80, 443)
        except ValueError:
            return None
        return (f"https://{host}", target) if plain and host.endswith(".alipay.com") else None

    async def probe(self) -> Failure | None:
        state = await self.query("PROBE-NO-ORDER")
        return state if isinstance(state, Failure) else None

    async def _ask(self, method: str, content: Mapping[str, object]) -> _Reply | Failure:
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
            return refused(_PROVIDER, 200, reply.sub_code or reply.code, expected=reply.sub_code in (_NO_TRADE, *_NO_BILL))
        return unclear(_PROVIDER, f"code_{plain_word(reply.sub_code or reply.code)}")


def _order_state(reply: _Reply) -> OrderState:
    if reply.trade_status == "TRADE_CLOSED":
        # one word for two ends: never paid, or paid and wholly refunded
        return OrderState.REFUNDED if reply.send_pay_date else OrderState.CLOSED
    if reply.trade_status == "WAIT_BUYER_PAY" and reply.send_pay_date:
        return OrderState.UNKNOWN  # waits to be paid, and was paid then: it contradicts itself
    states = {"WAIT_BUYER_PAY": OrderState.OPEN, "TRADE_SUCCESS": OrderState.PAID, "TRADE_FINISHED": OrderState.PAID}
    state = states.get(reply.trade_status or "", OrderState.UNKNOWN)
    if state is OrderState.UNKNOWN:
        unknown_word(_PROVIDER, "trade_status", reply.trade_status)
    return state


def _progress(status: str | None) -> RefundProgress:
    """A refund without a status is one that has not succeeded yet; any other word is not known."""
    if status == "REFUND_SUCCESS":
        return RefundProgress.REFUNDED
    if status:
        unknown_word(_PROVIDER, "refund_status", status)
        return RefundProgress.UNKNOWN
    return RefundProgress.PROCESSING


def _fen(amount_yuan: str) -> int | None:
    """An amount of an answer, which is never negative."""
    amount_fen = fen_of(amount_yuan)
    return None if amount_fen is None or amount_yuan.startswith("-") else amount_fen


def _instant(local: str | None) -> datetime | None:
    """`2026-11-22 10:00:00` in Shanghai; None where it is anything else."""
    try:
        return datetime.strptime(local, "%Y-%m-%d %H:%M:%S").replace(tzinfo=SHANGHAI) if local else None
    except ValueError:
        return None


def _local_time(instant: datetime) -> str:
    return instant.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
