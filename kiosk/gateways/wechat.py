"""WeChat Pay, APIv3 Native (pay.weixin.qq.com, API v3), public-key mode: the QR code on the screen is paid with the traveller's phone.

Every request is signed with the merchant's key; every answer, refusals too, must carry the platform's signature, made within five minutes. Only a
bill's file comes without one: its hash stands in the signed answer that names its address.
"""

import hashlib
import hmac
import secrets
from datetime import date, datetime
from pathlib import Path
from urllib.parse import quote, urlsplit

import msgspec

from kiosk.domain.clock import SHANGHAI, Clock
from kiosk.domain.failure import Failure
from kiosk.gateways.bills import LONGEST_FILE_BYTES, Bill, is_ready, not_ready, wrong_bill
from kiosk.gateways.http import Answer, Line, NoAnswer, decoded, wrong_address, wrong_word
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
    terminal,
    unclear,
    unknown_word,
)
from kiosk.gateways.signing import Signer, Verifier, read_signer, read_verifier
from kiosk.gateways.wechat_bill import read_wechat_bill

_PROVIDER = "wechat"
_SCHEME = "WECHATPAY2-SHA256-RSA2048"
_ORDERS = "/v3/pay/transactions/out-trade-no/"
_REFUNDS = "/v3/refund/domestic/refunds"
_BILL_FILE = "/v3/billdownload/file"
_FILE_S = 60.0
_FRESH_S = 300
_LONGEST_ATTACH_BYTES = 128
_LONGEST_DESCRIPTION = 127
_LONGEST_REASON_BYTES = 80
# told to come back later: nothing was said about the act
_LATER = (408, 425, 429)

_ORDER_STATES = {
    "SUCCESS": OrderState.PAID,
    "REFUND": OrderState.REFUNDED,
    "NOTPAY": OrderState.OPEN,
    "USERPAYING": OrderState.OPEN,
    # a failed attempt to pay leaves the order payable until it is closed
    "PAYERROR": OrderState.OPEN,
    "CLOSED": OrderState.CLOSED,
    "REVOKED": OrderState.CLOSED,
}
_REFUND_STATES = {
    "SUCCESS": RefundProgress.REFUNDED,
    "PROCESSING": RefundProgress.PROCESSING,
    "CLOSED": RefundProgress.CLOSED,
    "ABNORMAL": RefundProgress.ABNORMAL,
}


class _Opened(msgspec.Struct):
    code_url: str


class _OrderAmount(msgspec.Struct):
    total: int
    currency: str = "CNY"


class _Order(msgspec.Struct):
    appid: str
    mchid: str
    out_trade_no: str
    trade_state: str
    amount: _OrderAmount | None = None
    attach: str | None = None
    success_time: str | None = None


class _RefundAmount(msgspec.Struct):
    total: int
    refund: int
    currency: str = "CNY"


class _Refund(msgspec.Struct):
    out_refund_no: str
    out_trade_no: str
    status: str
    amount: _RefundAmount
    create_time: str | None = None


class _BillFile(msgspec.Struct):
    hash_type: str
    hash_value: str
    download_url: str


class _Error(msgspec.Struct):
    code: str


class WechatPay:
    """A BillGateway. Make it with `open`."""

    def __init__(
        self,
        line: Line,
        clock: Clock,
        signer: Signer,
        verifier: Verifier,
        mchid: str,
        appid: str,
        serial_no: str,
        key_id: str,
        notify_url: str,
        device: str = "",
    ) -> None:
        self._line = line
        self._clock = clock
        self._signer = signer
        self._verifier = verifier
        self._mchid = mchid
        self._appid = appid
        self._serial_no = serial_no
        self._key_id = key_id
        self._notify_url = notify_url
        self._device = device

    @classmethod
    def open(
        cls,
        *,
        clock: Clock,
        url: str,
        mchid: str,
        appid: str,
        serial_no: str,
        private_key: Path,
        platform_public_key: Path,
        platform_public_key_id: str,
        # the provider insists on one; the machine never waits for notices, it asks
        notify_url: str = "https://notify.invalid/wechat",
        # the terminal's number in the merchant's bill, "" for none
        device: str = "",
        timeout_s: float = 5.0,
    ) -> "WechatPay | Failure":
        """`[payment.wechat]` of the profile. No network. `gateway.address`, `gateway.setting`, `gateway.key_unreadable`."""
        wrong = wrong_address(url) or wrong_word(mchid=mchid, appid=appid, serial_no=serial_no, platform_public_key_id=platform_public_key_id)
        signer = read_signer(private_key)
        verifier = read_verifier(platform_public_key)
        if wrong is not None:
            return wrong
        if isinstance(signer, Failure):
            return signer
        if isinstance(verifier, Failure):
            return verifier
        return cls(Line(url, timeout_s), clock, signer, verifier, mchid, appid, serial_no, platform_public_key_id, notify_url, terminal(device))

    async def aclose(self) -> None:
        await self._line.aclose()

    async def open_charge(self, order_no: str, case_id: str, amount_fen: int, description: str, expires_at: datetime) -> Charge | Failure:
        check_order(order_no, amount_fen)
        if len(case_id.encode()) > _LONGEST_ATTACH_BYTES:
            raise ValueError("a case number longer than the order can carry")
        # the provider wants the payer's address with the terminal's number; the payer's phone is not known here
        scene = {"scene_info": {"payer_client_ip": "127.0.0.1", "device_id": self._device}} if self._device else {}
        answer = await self._ask(
            "POST",
            "/v3/pay/transactions/native",
            {
                **scene,
                "appid": self._appid,
                "mchid": self._mchid,
                "description": description[:_LONGEST_DESCRIPTION],
                "out_trade_no": order_no,
                "time_expire": expires_at.astimezone(SHANGHAI).isoformat(timespec="seconds"),
                "attach": case_id,
                "notify_url": self._notify_url,
                "amount": {"total": amount_fen, "currency": "CNY"},
            },
        )
        if isinstance(answer, Failure):
            return answer
        if answer.status != 200:
            return already_paid(_PROVIDER) if _code(answer) == "ORDERPAID" else _no(answer)
        opened = decoded(answer.body, _Opened)
        if opened is None or not opened.code_url.startswith("weixin://") or len(opened.code_url) > 512:
            return unclear(_PROVIDER, "not_understood")
        return Charge(order_no, opened.code_url)

    async def query(self, order_no: str, *, case_id: str | None = None, amount_fen: int | None = None) -> ChargeState | Failure:
        answer = await self._ask("GET", f"{_ORDERS}{quote(order_no, safe='')}?mchid={quote(self._mchid, safe='')}")
        if isinstance(answer, Failure):
            return answer
        if answer.status != 200:
            return ChargeState(order_no, OrderState.NOT_FOUND) if _code(answer) == "ORDERNOTEXIST" else _no(answer)
        order = decoded(answer.body, _Order)
        if order is None:
            return unclear(_PROVIDER, "not_understood")
        if (order.mchid, order.appid) != (self._mchid, self._appid):
            return contradiction(_PROVIDER, "merchant")
        if order.out_trade_no != order_no:
            return contradiction(_PROVIDER, "order_no")
        if order.amount is not None and order.amount.currency != "CNY":
            return contradiction(_PROVIDER, "amount")
        total = None if order.amount is None else order.amount.total
        state = _ORDER_STATES.get(order.trade_state, OrderState.UNKNOWN)
        if order.success_time and state in (OrderState.OPEN, OrderState.CLOSED):
            state = OrderState.UNKNOWN  # says when it was paid, and that it was not: it contradicts itself
        if state is OrderState.UNKNOWN:
            unknown_word(_PROVIDER, "trade_state", order.trade_state)
        said = ChargeState(order_no, state, total, order.attach, _instant(order.success_time))
        return believed(_PROVIDER, said, case_id, amount_fen)

    async def close(self, order_no: str) -> Failure | None:
        answer = await self._ask("POST", f"{_ORDERS}{quote(order_no, safe='')}/close", {"mchid": self._mchid})
        if isinstance(answer, Failure):
            return answer
        if answer.status == 204 or _code(answer) == "ORDERCLOSED":
            return None
        return already_paid(_PROVIDER) if _code(answer) == "ORDERPAID" else _no(answer)

    async def refund(self, order_no: str, refund_no: str, amount_fen: int, total_fen: int, reason: str) -> RefundState | Failure:
        check_order(order_no, amount_fen)
        if not REFUND_NO.fullmatch(refund_no):
            raise ValueError(f"not a refund number: {refund_no!r}")
        answer = await self._ask(
            "POST",
            _REFUNDS,
            {
                "out_trade_no": order_no,
                "out_refund_no": refund_no,
                "reason": reason.encode()[:_LONGEST_REASON_BYTES].decode(errors="ignore"),
                "amount": {"refund": amount_fen, "total": total_fen, "currency": "CNY"},
            },
        )
        return self._refund_state(answer, refund_no, order_no, amount_fen, total_fen)

    async def query_refund(self, refund_no: str, order_no: str, *, amount_fen: int | None = None) -> RefundState | Failure:
        answer = await self._ask("GET", f"{_REFUNDS}/{quote(refund_no, safe='')}")
        if isinstance(answer, Answer) and _code(answer) in ("RESOURCENOTEXISTS", "REFUNDNOTEXISTS"):
            return RefundState(refund_no, order_no, RefundProgress.NOT_FOUND)
        return self._refund_state(answer, refund_no, order_no, amount_fen)

    def _refund_state(
        self, answer: Answer | Failure, refund_no: str, order_no: str, amount_fen: int | None, total_fen: int | None = None
    ) -> RefundState | Failure:
        if isinstance(answer, Failure):
            return answer
        if answer.status != 200:
            return _no(answer)
        refund = decoded(answer.body, _Refund)
        if refund is None:
            return unclear(_PROVIDER, "not_understood")
        for what, said, known in (("refund_no", refund.out_refund_no, refund_no), ("order_no", refund.out_trade_no, order_no)):
            if said != known:
                return contradiction(_PROVIDER, what)
        if refund.amount.currency != "CNY" or amount_fen not in (None, refund.amount.refund) or total_fen not in (None, refund.amount.total):
            return contradiction(_PROVIDER, "amount")
        if not 0 < refund.amount.refund <= refund.amount.total:
            return contradiction(_PROVIDER, "amount")
        state = _REFUND_STATES.get(refund.status, RefundProgress.UNKNOWN)
        if state in (RefundProgress.UNKNOWN, RefundProgress.ABNORMAL, RefundProgress.CLOSED):
            unknown_word(_PROVIDER, "refund_status", refund.status)
        return RefundState(refund_no, order_no, state, refund.amount.refund, _instant(refund.create_time))

    async def bill(self, day: date) -> Bill | Failure:
        """Two steps: the signed address with the file's SHA1, then the file. The address is followed on this gateway's own line only."""
        answer = await self._ask("GET", f"/v3/bill/tradebill?bill_date={day.isoformat()}&bill_type=ALL")
        if isinstance(answer, Failure):
            return answer
        if answer.status != 200:
            if _code(answer) == "STATEMENTCREATING" or (_code(answer) == "NOSTATEMENTEXIST" and not is_ready(day, self._clock.now())):
                return not_ready(_PROVIDER, day)
            return Bill(_PROVIDER, day) if _code(answer) == "NOSTATEMENTEXIST" else _no(answer)
        file = decoded(answer.body, _BillFile)
        if file is None or file.hash_type != "SHA1":
            return unclear(_PROVIDER, "not_understood")
        try:
            address = urlsplit(file.download_url)
        except ValueError:
            return contradiction(_PROVIDER, "download_url")
        if address.path != _BILL_FILE or not address.query.isascii() or any(letter <= " " for letter in address.query):
            return contradiction(_PROVIDER, "download_url")
        sent = await self._send("GET", f"{address.path}?{address.query}", None, (LONGEST_FILE_BYTES, _FILE_S))
        if isinstance(sent, NoAnswer):
            return not_answered(_PROVIDER, sent)
        if sent.status != 200:
            return unclear(_PROVIDER, f"status_{sent.status}")
        digest = hashlib.sha1(sent.body, usedforsecurity=False).hexdigest()
        if not hmac.compare_digest(digest.encode(), file.hash_value.lower().encode()):
            return wrong_bill(_PROVIDER, "hash")
        return read_wechat_bill(sent.body, self._mchid, day)

    async def probe(self) -> Failure | None:
        state = await self.query("PROBE-NO-ORDER")
        return state if isinstance(state, Failure) else None

    async def _ask(self, method: str, target: str, document: object = None) -> Answer | Failure:
        """One signed exchange; gives only an answer that the platform has signed."""
        answer = await self._send(method, target, None if document is None else msgspec.json.encode(document))
        if isinstance(answer, NoAnswer):
            return not_answered(_PROVIDER, answer)
        if not self._is_signed(answer):
            return unclear(_PROVIDER, "bad_signature")
        return answer

    async def _send(self, method: str, target: str, body: bytes | None, limits: tuple[int, float] | None = None) -> Answer | NoAnswer:
        """Signs and sends. limits: the longest size (bytes) and time (s) where a file is asked for."""
        request = self._line.request(method, target, body)
        stamp, nonce = str(int(self._clock.now().timestamp())), secrets.token_hex(16)
        # what is signed is what is sent: the target as the HTTP client has encoded it
        signed = b"\n".join([method.encode(), request.url.raw_path, stamp.encode(), nonce.encode(), body or b"", b""])
        credential = {
            "mchid": self._mchid,
            "nonce_str": nonce,
            "timestamp": stamp,
            "serial_no": self._serial_no,
            "signature": self._signer.sign(signed),
        }
        request.headers["Authorization"] = f"{_SCHEME} " + ",".join(f'{name}="{value}"' for name, value in credential.items())
        request.headers["Wechatpay-Serial"] = self._key_id
        return await self._line.send(request, *limits) if limits else await self._line.send(request)

    def _is_signed(self, answer: Answer) -> bool:
        headers = answer.headers
        stamp, nonce = headers.get("Wechatpay-Timestamp", ""), headers.get("Wechatpay-Nonce", "")
        if headers.get("Wechatpay-Serial") != self._key_id or not stamp.isascii() or not stamp.isdigit() or len(stamp) > 12:
            return False
        if abs(self._clock.now().timestamp() - int(stamp)) > _FRESH_S:
            return False
        signed = b"\n".join([stamp.encode(), nonce.encode(), answer.body, b""])
        return self._verifier.is_good(signed, headers.get("Wechatpay-Signature", ""))


def _code(answer: Answer) -> str:
    """The error code of a refusal without underscores (the pages spell ORDER_NOT_EXIST and ORDERNOTEXIST), "" where there is none."""
    if not 400 <= answer.status < 500 or answer.status in _LATER:
        return ""
    error = decoded(answer.body, _Error)
    return "" if error is None else error.code.replace("_", "")


def _instant(text: str | None) -> datetime | None:
    """RFC 3339 with its offset; None where it is anything else."""
    try:
        instant = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    return instant if instant is not None and instant.tzinfo is not None else None


def _no(answer: Answer) -> Failure:
    """A signed 4xx with a code is the platform's no; everything else says nothing about what was done."""
    error = decoded(answer.body, _Error)
    if error is not None and _code(answer):
        return refused(_PROVIDER, answer.status, error.code)
    return unclear(_PROVIDER, f"status_{answer.status}")
