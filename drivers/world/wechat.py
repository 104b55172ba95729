"""A simulated WeChat Pay: APIv3 Native with its real paths, bodies and signatures (order, query, close, refund, the day's bill).

It checks the machine's signature with the merchant's public key and signs every answer, refusals too, with the platform's key, as the real
platform does in public-key mode (pay.weixin.qq.com, API v3). The code is written against the published interface, not against the machine's
client: it is the second witness.
"""

import hashlib
import json
import re
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from drivers.world.bills import Bills, day_of, with_wrong_amount
from drivers.world.faults import Fault, FaultBoard
from drivers.world.merchant_keys import fingerprint, private_key_at, sign, verified, write_public_key
from drivers.world.pace import Pace
from drivers.world.payment_faults import GARBAGE, BrokenAnswer, be_late, hold_silent, is_kind
from drivers.world.payments import Order, PaymentsBook, Refund, Refusal
from drivers.world.wechat_bill import wechat_bill

METHOD = "wechat"
_SCHEME = "WECHATPAY2-SHA256-RSA2048 "
_CREDENTIAL = re.compile(r'(\w+)="([^"]*)"')
_ORDER_NO = re.compile(r"[0-9A-Za-z_\-|*]{6,32}")
_REFUND_NO = re.compile(r"[0-9A-Za-z_\-|*@]{1,64}")
_FRESH_S = 300
_SHORTEST_ORDER_S = 60
_REFUND_S = 3.0
_BEIJING = timezone(timedelta(hours=8))

Reply = tuple[int, dict[str, Any] | None]

_REFUSALS: Mapping[Refusal, tuple[int, str, str]] = {
    Refusal.NUMBER_USED: (403, "OUT_TRADE_NO_USED", "商户订单号重复"),
    Refusal.ALREADY_PAID: (400, "ORDERPAID", "该订单已支付"),
    Refusal.ALREADY_CLOSED: (400, "ORDER_CLOSED", "该订单已关闭"),
    Refusal.UNKNOWN: (404, "ORDER_NOT_EXIST", "订单不存在"),
    Refusal.NOT_PAID: (400, "INVALID_REQUEST", "订单未支付或已关闭"),
    Refusal.TOO_MUCH: (400, "INVALID_REQUEST", "退款金额大于可退金额"),
}


@dataclass(frozen=True, slots=True)
class WechatKeys:
    """The merchant (the machine's side) and the platform. `at` makes them at the first start and loads them afterwards."""

    directory: Path
    merchant: rsa.RSAPrivateKey
    platform: rsa.RSAPrivateKey
    mchid: str = "1900000109"
    appid: str = "wx8888888888888888"

    @classmethod
    def at(cls, directory: Path) -> "WechatKeys":
        """Writes wechat_merchant.pem (private), wechat_platform.pem (private, the world's own) and wechat_platform_public.pem."""
        keys = cls(directory, private_key_at(directory / "wechat_merchant.pem"), private_key_at(directory / "wechat_platform.pem"))
        write_public_key(directory / "wechat_platform_public.pem", keys.platform)
        return keys

    @property
    def serial_no(self) -> str:
        return fingerprint(self.merchant)

    @property
    def platform_public_key_id(self) -> str:
        return f"PUB_KEY_ID_01{int(fingerprint(self.platform), 16) % 10**32:032d}"

    def profile(self, url: str) -> dict[str, str]:
        """The keys of `[payment.wechat]`, the PEM files relative to the folder above `directory`."""
        return {
            "url": url,
            "mchid": self.mchid,
            "appid": self.appid,
            "serial_no": self.serial_no,
            "private_key": f"{self.directory.name}/wechat_merchant.pem",
            "platform_public_key": f"{self.directory.name}/wechat_platform_public.pem",
            "platform_public_key_id": self.platform_public_key_id,
        }


def wechat_app(
    book: PaymentsBook, keys: WechatKeys, faults: FaultBoard, clock: Callable[[], float] = time.time, pace: Pace | None = None
) -> Starlette:
    """The server as an ASGI application. clock: real Unix seconds. pace: divides the three seconds a refund takes to arrive."""
    return _Platform(book, keys, faults, clock, pace or Pace()).app()


class _Platform:
    def __init__(self, book: PaymentsBook, keys: WechatKeys, faults: FaultBoard, clock: Callable[[], float], pace: Pace) -> None:
        self._book = book
        self._keys = keys
        self._faults = faults
        self._clock = clock
        self._pace = pace
        self._bills = Bills(book, METHOD, clock)

    def app(self) -> Starlette:
        orders = "/v3/pay/transactions/out-trade-no/{number}"
        return Starlette(
            routes=[
                Route("/v3/pay/transactions/native", self._served("order", self._open), methods=["POST"]),
                Route(orders, self._served("query", self._query), methods=["GET"]),
                Route(orders + "/close", self._served("close", self._close), methods=["POST"]),
                Route("/v3/refund/domestic/refunds", self._served("refund", self._refund), methods=["POST"]),
                Route("/v3/refund/domestic/refunds/{number}", self._served("refund_query", self._query_refund), methods=["GET"]),
                Route("/v3/bill/tradebill", self._served("bill", self._bill), methods=["GET"]),
                Route("/v3/billdownload/file", self._file, methods=["GET"]),
            ]
        )

    def _served(self, moment: str, act: Callable[[Request, dict[str, Any]], Reply]) -> Callable[[Request], Any]:
        async def endpoint(request: Request) -> Response:
            body = await request.body()
            if not self._signed_by_merchant(request, body):
                return self._answer(_error(401, "SIGN_ERROR", "签名错误"))
            fault = self._faults.take(METHOD, moment)
            if fault is not None and fault.kind == "silence":
                return await hold_silent(request, fault)
            if fault is not None and fault.kind == "refuse":
                return self._answer(_error(403, str(fault.parameters.get("code", "RULE_LIMIT")), "业务规则限制"))
            request.state.fault = fault
            reply = self._acted(request, body, act)
            if fault is not None and fault.kind == "late":
                await be_late(fault)
            if is_kind(fault, "lost_answer"):
                return BrokenAnswer()
            if is_kind(fault, "wrong_amount"):
                reply = _with_wrong_amount(reply)
            if is_kind(fault, "other_order"):
                reply = _of_other_order(reply)
            return self._answer(reply, garbage=is_kind(fault, "garbage"), bad_signature=is_kind(fault, "bad_signature"))

        return endpoint

    def _acted(self, request: Request, body: bytes, act: Callable[[Request, dict[str, Any]], Reply]) -> Reply:
        if "application/json" not in request.headers.get("accept", "") or not request.headers.get("user-agent"):
            return _error(400, "PARAM_ERROR", "Accept 或 User-Agent 不正确")
        if request.method == "GET":
            return act(request, {})
        try:
            document = json.loads(body)
        except ValueError:
            return _error(400, "PARAM_ERROR", "请求体不是合法的 JSON")
        if not isinstance(document, dict):
            return _error(400, "PARAM_ERROR", "请求体不是 JSON 对象")
        return act(request, document)

    def _signed_by_merchant(self, request: Request, body: bytes) -> bool:
        header = request.headers.get("authorization", "")
        if not header.startswith(_SCHEME):
            return False
        said = dict(_CREDENTIAL.findall(header))
        stamp = said.get("timestamp", "")
        if said.get("mchid") != self._keys.mchid or said.get("serial_no") != self._keys.serial_no or not stamp.isascii() or not stamp.isdigit():
            return False
        if abs(self._clock() - int(stamp)) > _FRESH_S:
            return False
        target = request.scope["raw_path"].decode("ascii")
        if request.scope["query_string"]:
            target += "?" + request.scope["query_string"].decode("ascii")
        signed = f"{request.method}\n{target}\n{stamp}\n{said.get('nonce_str', '')}\n".encode() + body + b"\n"
        return verified(self._keys.merchant.public_key(), signed, said.get("signature", ""))

    def _answer(self, reply: Reply, garbage: bool = False, bad_signature: bool = False) -> Response:
        status, document = reply
        body = b"" if document is None else json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
        if garbage:
            status, body = 200, GARBAGE
        stamp, nonce = str(int(self._clock())), secrets.token_hex(16)
        signed = f"{stamp}\n{nonce}\n".encode() + body + b"\n"
        headers = {
            "Wechatpay-Timestamp": stamp,
            "Wechatpay-Nonce": nonce,
            "Wechatpay-Serial": self._keys.platform_public_key_id,
            "Wechatpay-Signature": sign(self._keys.platform, b"forged" + signed if bad_signature else signed),
            "Wechatpay-Signature-Type": "WECHATPAY2-SHA256-RSA2048",
            "Request-ID": nonce,
        }
        return Response(body, status, headers, media_type=None if status == 204 else "application/json")

    def _open(self, _: Request, asked: dict[str, Any]) -> Reply:
        wrong = self._wrong_order(asked)
        if wrong:
            return _error(400, "PARAM_ERROR", f"参数错误: {wrong}")
        if (asked["mchid"], asked["appid"]) != (self._keys.mchid, self._keys.appid):
            return _error(400, "APPID_MCHID_NOT_MATCH", "appid 和 mchid 不匹配")
        expires_at = datetime.fromisoformat(asked["time_expire"]).timestamp()
        if self._book.order(METHOD, asked["out_trade_no"]) is None and expires_at < self._clock() + _SHORTEST_ORDER_S:
            return _error(400, "PARAM_ERROR", "time_expire 至少晚于下单时间 1 分钟")
        opened = self._book.open_order(
            METHOD,
            asked["out_trade_no"],
            asked.get("attach", ""),
            asked["amount"]["total"],
            json.dumps(asked, sort_keys=True, ensure_ascii=False),
            expires_at,
            f"weixin://wxpay/bizpayurl?pr={secrets.token_urlsafe(9)}",
        )
        return _refused(opened) if isinstance(opened, Refusal) else (200, {"code_url": opened.code_url})

    def _wrong_order(self, asked: dict[str, Any]) -> str | None:
        """The name of the first parameter that the platform would not take."""
        for name, longest in (("appid", 32), ("mchid", 32), ("description", 127), ("notify_url", 255)):
            if not isinstance(asked.get(name), str) or not 1 <= len(asked[name]) <= longest:
                return name
        if not isinstance(asked.get("out_trade_no"), str) or not _ORDER_NO.fullmatch(asked["out_trade_no"]):
            return "out_trade_no"
        if not isinstance(asked.get("attach", ""), str) or len(asked.get("attach", "").encode()) > 128:
            return "attach"
        if not _is_expiry(asked.get("time_expire")):
            return "time_expire"
        amount = asked.get("amount")
        if not isinstance(amount, dict) or type(amount.get("total")) is not int or amount["total"] < 1 or amount.get("currency", "CNY") != "CNY":
            return "amount"
        return None

    def _query(self, request: Request, _: dict[str, Any]) -> Reply:
        order = self._book.order(METHOD, request.path_params["number"])
        if request.query_params.get("mchid") != self._keys.mchid:
            return _error(400, "PARAM_ERROR", "mchid 不正确")
        if order is None:
            return _refused(Refusal.UNKNOWN)
        answer: dict[str, Any] = {
            "appid": self._keys.appid,
            "mchid": self._keys.mchid,
            "out_trade_no": order.order_no,
            "attach": order.case_id,
            "amount": {"total": order.amount_fen, "currency": "CNY"},
            "trade_state": self._trade_state(order),
            "trade_state_desc": "",
        }
        if order.paid_at is not None:
            answer |= {
                "transaction_id": order.transaction_id,
                "trade_type": "NATIVE",
                "bank_type": "OTHERS",
                "success_time": _rfc3339(order.paid_at),
                "payer": {"openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"},
                "amount": {"total": order.amount_fen, "payer_total": order.amount_fen, "currency": "CNY", "payer_currency": "CNY"},
            }
        return 200, answer

    def _trade_state(self, order: Order) -> str:
        if order.state == "paid":
            return "REFUND" if self._book.refunded_fen(METHOD, order.order_no) else "SUCCESS"
        return "CLOSED" if order.state == "closed" else "NOTPAY"

    def _close(self, request: Request, asked: dict[str, Any]) -> Reply:
        if asked.get("mchid") != self._keys.mchid:
            return _error(400, "PARAM_ERROR", "mchid 不正确")
        closed = self._book.close(METHOD, request.path_params["number"])
        return _refused(closed) if isinstance(closed, Refusal) else (204, None)

    def _refund(self, _: Request, asked: dict[str, Any]) -> Reply:
        amount = asked.get("amount")
        order_no, refund_no = asked.get("out_trade_no"), asked.get("out_refund_no")
        if not isinstance(order_no, str) or not isinstance(refund_no, str) or not _REFUND_NO.fullmatch(refund_no):
            return _error(400, "PARAM_ERROR", "订单号或退款单号不正确")
        if not isinstance(amount, dict) or type(amount.get("refund")) is not int or amount["refund"] < 1 or amount.get("currency") != "CNY":
            return _error(400, "PARAM_ERROR", "amount 不正确")
        order = self._book.order(METHOD, order_no)
        if order is not None and amount.get("total") != order.amount_fen:
            return _error(400, "INVALID_REQUEST", "订单金额与原订单不一致")
        refund = self._book.refund(METHOD, order_no, refund_no, amount["refund"])
        if order is None or isinstance(refund, Refusal):
            return _refused(refund) if isinstance(refund, Refusal) else _refused(Refusal.UNKNOWN)
        return 200, self._refund_document(refund, order)

    def _query_refund(self, request: Request, _: dict[str, Any]) -> Reply:
        refund = self._book.refund_of(METHOD, request.path_params["number"])
        order = None if refund is None else self._book.order(METHOD, refund.order_no)
        if refund is None or order is None:
            return _error(404, "RESOURCE_NOT_EXISTS", "退款单不存在")
        return 200, self._refund_document(refund, order)

    def _bill(self, request: Request, _: dict[str, Any]) -> Reply:
        day, fault = day_of(request.query_params.get("bill_date")), request.state.fault
        if day is None or request.query_params.get("bill_type", "ALL") != "ALL":
            return _error(400, "PARAM_ERROR", "bill_date 或 bill_type 不正确")
        rows = self._bills.rows(day)
        if rows is None:
            return _error(400, "NO_STATEMENT_EXIST", "请求的账单文件不存在")
        file = wechat_bill(with_wrong_amount(rows, fault), self._keys.mchid, self._keys.appid, fault)
        url = f"{request.base_url}v3/billdownload/file?token={self._bills.keep(file)}"
        return 200, {"hash_type": "SHA1", "hash_value": hashlib.sha1(file).hexdigest(), "download_url": url}

    async def _file(self, request: Request) -> Response:
        """The bill's file. As in life the request is signed and the answer is not."""
        if not self._signed_by_merchant(request, b""):
            return self._answer(_error(401, "SIGN_ERROR", "签名错误"))
        fault: Fault | None = self._faults.take(METHOD, "bill_file")
        if fault is not None and fault.kind == "silence":
            return await hold_silent(request, fault)
        file = self._bills.kept(request.query_params.get("token", ""))
        if file is None or is_kind(fault, "refuse"):
            return self._answer(_error(400, "INVALID_REQUEST", "下载地址已失效"))
        if fault is not None and fault.kind == "late":
            await be_late(fault)
        if is_kind(fault, "lost_answer"):
            return BrokenAnswer()
        return Response(file[: len(file) // 2] if is_kind(fault, "garbage") else file, 200, media_type="text/plain")

    def _refund_document(self, refund: Refund, order: Order) -> dict[str, Any]:
        arrived = self._clock() >= refund.accepted_at + _REFUND_S / self._pace.divisor
        document: dict[str, Any] = {
            "refund_id": refund.refund_id,
            "out_refund_no": refund.refund_no,
            "transaction_id": order.transaction_id,
            "out_trade_no": order.order_no,
            "channel": "ORIGINAL",
            "user_received_account": "支付用户零钱",
            "create_time": _rfc3339(refund.accepted_at),
            "status": "SUCCESS" if arrived else "PROCESSING",
            "amount": {
                "total": order.amount_fen,
                "refund": refund.amount_fen,
                "payer_total": order.amount_fen,
                "payer_refund": refund.amount_fen,
                "settlement_refund": refund.amount_fen,
                "settlement_total": order.amount_fen,
                "discount_refund": 0,
                "currency": "CNY",
            },
        }
        if arrived:
            document["success_time"] = _rfc3339(self._clock())
        return document


def _error(status: int, code: str, message: str) -> Reply:
    return status, {"code": code, "message": message}


def _refused(refusal: Refusal) -> Reply:
    return _error(*_REFUSALS[refusal])


def _is_expiry(text: object) -> bool:
    try:
        return isinstance(text, str) and datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _rfc3339(instant: float) -> str:
    return datetime.fromtimestamp(int(instant), _BEIJING).isoformat()


def _with_wrong_amount(reply: Reply) -> Reply:
    status, document = reply
    if document is not None and isinstance(document.get("amount"), dict):
        amount = {name: value + 1 if isinstance(value, int) else value for name, value in document["amount"].items()}
        document = {**document, "amount": amount}
    return status, document


def _of_other_order(reply: Reply) -> Reply:
    status, document = reply
    if document is not None and "out_trade_no" in document:
        document = {**document, "out_trade_no": "SOMEBODY-ELSES-ORDER"}
    return status, document
