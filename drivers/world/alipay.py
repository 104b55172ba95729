"""A simulated Alipay gateway for payment in person (当面付): one address, gateway.do, with RSA2 signatures both ways.

As in life, a trade exists only once the code has been scanned (paid or declined): before that, query and close know of none, and only a cancel
makes the code dead. A cancel of a paid trade gives all the money back. Like the real gateway it answers 200 even to a wrong signature.
"""

import json
import re
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from cryptography.hazmat.primitives.asymmetric import rsa
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from drivers.world.alipay_bill import alipay_bill
from drivers.world.bills import Bills, day_of, local, with_wrong_amount
from drivers.world.faults import Fault, FaultBoard
from drivers.world.merchant_keys import private_key_at, sign, verified, write_public_key
from drivers.world.payment_faults import GARBAGE, BrokenAnswer, be_late, hold_silent, is_kind
from drivers.world.payments import Order, PaymentsBook, Refusal

METHOD = "alipay"
_MONEY = re.compile(r"[0-9]{1,9}\.[0-9]{2}")
_BEIJING = timezone(timedelta(hours=8))

Reply = dict[str, Any]

_MOMENTS = {
    "alipay.trade.precreate": "order",
    "alipay.trade.query": "query",
    "alipay.trade.close": "close",
    "alipay.trade.cancel": "close",
    "alipay.trade.refund": "refund",
    "alipay.trade.fastpay.refund.query": "refund_query",
    "alipay.data.dataservice.bill.downloadurl.query": "bill",
}
_REFUSALS: Mapping[Refusal, str] = {
    Refusal.NUMBER_USED: "ACQ.CONTEXT_INCONSISTENT",
    Refusal.ALREADY_PAID: "ACQ.TRADE_HAS_SUCCESS",
    Refusal.ALREADY_CLOSED: "ACQ.TRADE_HAS_CLOSE",
    Refusal.UNKNOWN: "ACQ.TRADE_NOT_EXIST",
    Refusal.NOT_PAID: "ACQ.TRADE_STATUS_ERROR",
    Refusal.TOO_MUCH: "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL",
}


@dataclass(frozen=True, slots=True)
class AlipayKeys:
    """The application (the machine's side) and the platform. `at` makes them at the first start and loads them afterwards."""

    directory: Path
    merchant: rsa.RSAPrivateKey
    platform: rsa.RSAPrivateKey
    app_id: str = "2021000000000001"
    seller_id: str = "2088000000000001"

    @classmethod
    def at(cls, directory: Path) -> "AlipayKeys":
        """Writes alipay_app.pem (private), alipay_platform.pem (private, the world's own) and alipay_platform_public.pem."""
        keys = cls(directory, private_key_at(directory / "alipay_app.pem"), private_key_at(directory / "alipay_platform.pem"))
        write_public_key(directory / "alipay_platform_public.pem", keys.platform)
        return keys

    def profile(self, url: str) -> dict[str, str]:
        """The keys of `[payment.alipay]`, the PEM files relative to the folder above `directory`."""
        return {
            "url": url,
            "app_id": self.app_id,
            "seller_id": self.seller_id,
            "private_key": f"{self.directory.name}/alipay_app.pem",
            "platform_public_key": f"{self.directory.name}/alipay_platform_public.pem",
        }


def alipay_app(book: PaymentsBook, keys: AlipayKeys, faults: FaultBoard, clock: Callable[[], float] = time.time) -> Starlette:
    """The server as an ASGI application. clock: real Unix seconds."""
    gateway = _Gateway(book, keys, faults, clock)
    return Starlette(
        routes=[Route("/gateway.do", gateway.serve, methods=["POST"]), Route("/downloadBillFile.resource", gateway.serve_file, methods=["GET"])]
    )


class _Gateway:
    def __init__(self, book: PaymentsBook, keys: AlipayKeys, faults: FaultBoard, clock: Callable[[], float]) -> None:
        self._book = book
        self._keys = keys
        self._faults = faults
        self._clock = clock
        self._bills = Bills(book, METHOD, clock)
        self._acts: dict[str, Callable[[Reply], Reply]] = {
            "alipay.trade.precreate": self._precreate,
            "alipay.trade.query": self._query,
            "alipay.trade.close": self._close,
            "alipay.trade.cancel": self._cancel,
            "alipay.trade.refund": self._refund,
            "alipay.trade.fastpay.refund.query": self._query_refund,
        }

    async def serve(self, request: Request) -> Response:
        said = dict(parse_qsl((await request.body()).decode("utf-8", "replace"), keep_blank_values=True))
        if not self._signed_by_merchant(said):
            return self._answer("error", {"code": "40002", "msg": "Invalid Arguments", "sub_code": "isv.invalid-signature", "sub_msg": "验签出错"})
        method = said.get("method", "")
        if method not in _MOMENTS:
            return self._answer("error", {"code": "40002", "msg": "Invalid Arguments", "sub_code": "isv.invalid-method", "sub_msg": "不存在的方法名"})
        fault = self._faults.take(METHOD, _MOMENTS[method])
        if fault is not None and fault.kind == "silence":
            return await hold_silent(request, fault)
        if fault is not None and fault.kind == "refuse":
            return self._answer(method, _no(str(fault.parameters.get("code", "ACQ.PAYMENT_REQUEST_HAS_RISK"))))
        reply = self._bill(said, str(request.base_url), fault) if _MOMENTS[method] == "bill" else self._acted(method, said)
        if fault is not None and fault.kind == "late":
            await be_late(fault)
        if is_kind(fault, "lost_answer"):
            return BrokenAnswer()
        if is_kind(fault, "wrong_amount"):
            reply = {name: _one_fen_more(value) if name.endswith("_amount") else value for name, value in reply.items()}
        if is_kind(fault, "other_order") and "out_trade_no" in reply:
            reply["out_trade_no"] = "SOMEBODY-ELSES-ORDER"
        return self._answer(method, reply, garbage=is_kind(fault, "garbage"), bad_signature=is_kind(fault, "bad_signature"))

    def _acted(self, method: str, said: Mapping[str, str]) -> Reply:
        try:
            content = json.loads(said.get("biz_content", ""))
        except ValueError:
            return _no("ACQ.INVALID_PARAMETER")
        if not isinstance(content, dict) or not isinstance(content.get("out_trade_no"), str):
            return _no("ACQ.INVALID_PARAMETER")
        return self._acts[method](content)

    def _bill(self, said: Mapping[str, str], base_url: str, fault: Fault | None) -> Reply:
        try:
            content = json.loads(said.get("biz_content", ""))
        except ValueError:
            return _no("invalid_arguments")
        day = day_of(content.get("bill_date")) if isinstance(content, dict) else None
        if day is None or content.get("bill_type") != "trade":
            return _no("invalid_arguments")
        rows = self._bills.rows(day)
        if rows is None:
            return _no("isp.bill_not_exist")
        file = alipay_bill(with_wrong_amount(rows, fault), self._keys.seller_id, day, self._clock(), fault)
        place = f"downloadBillFile.resource?bizType=trade&userId={self._keys.seller_id}0156&fileType=csv.zip&fileId={self._bills.keep(file)}"
        return _yes(bill_download_url=base_url + place)

    async def serve_file(self, request: Request) -> Response:
        """The bill's file: whoever knows the address has it, and nothing is signed."""
        fault = self._faults.take(METHOD, "bill_file")
        if fault is not None and fault.kind == "silence":
            return await hold_silent(request, fault)
        file = self._bills.kept(request.query_params.get("fileId", ""))
        if file is None or is_kind(fault, "refuse"):
            return Response(b"", 404)
        if fault is not None and fault.kind == "late":
            await be_late(fault)
        if is_kind(fault, "lost_answer"):
            return BrokenAnswer()
        return Response(file[: len(file) // 2] if is_kind(fault, "garbage") else file, media_type="application/zip")

    def _signed_by_merchant(self, said: Mapping[str, str]) -> bool:
        """All parameters but the signature, sorted by name, none of them empty."""
        if (said.get("app_id"), said.get("sign_type"), said.get("charset")) != (self._keys.app_id, "RSA2", "utf-8"):
            return False
        text = "&".join(f"{name}={value}" for name, value in sorted(said.items()) if name != "sign" and value)
        return verified(self._keys.merchant.public_key(), text.encode(), said.get("sign", ""))

    def _answer(self, method: str, reply: Reply, garbage: bool = False, bad_signature: bool = False) -> Response:
        inner = GARBAGE.decode() if garbage else json.dumps(reply, ensure_ascii=False, separators=(",", ":"))
        signature = sign(self._keys.platform, ("forged" if bad_signature else "").encode() + inner.encode())
        name = method.replace(".", "_") + "_response"
        return Response(f'{{"{name}":{inner},"sign":"{signature}"}}', media_type="application/json")

    def _trade(self, content: Reply) -> Order | None:
        """The trade, once the code was scanned."""
        order = self._book.order(METHOD, content["out_trade_no"])
        return order if order is not None and order.scanned else None

    def _precreate(self, content: Reply) -> Reply:
        amount, subject, expiry = content.get("total_amount"), content.get("subject"), content.get("time_expire")
        if not isinstance(amount, str) or not _MONEY.fullmatch(amount) or _fen(amount) < 1 or not isinstance(subject, str) or not subject:
            return _no("ACQ.INVALID_PARAMETER")
        try:
            expires_at = datetime.strptime(str(expiry), "%Y-%m-%d %H:%M:%S").replace(tzinfo=_BEIJING).timestamp()
        except ValueError:
            return _no("ACQ.INVALID_PARAMETER")
        if expires_at <= self._clock():
            return _no("ACQ.INVALID_PARAMETER")
        opened = self._book.open_order(
            METHOD,
            content["out_trade_no"],
            str(content.get("passback_params", "")),
            _fen(amount),
            json.dumps(content, sort_keys=True, ensure_ascii=False),
            expires_at,
            f"https://qr.alipay.com/bax{secrets.token_hex(10)}",
        )
        if isinstance(opened, Refusal):
            return _no(_REFUSALS[opened])
        return _yes(out_trade_no=opened.order_no, qr_code=opened.code_url)

    def _query(self, content: Reply) -> Reply:
        order = self._trade(content)
        if order is None:
            return _no("ACQ.TRADE_NOT_EXIST")
        refunded = self._book.refunded_fen(METHOD, order.order_no)
        states = {"open": "WAIT_BUYER_PAY", "closed": "TRADE_CLOSED", "paid": "TRADE_CLOSED" if refunded == order.amount_fen else "TRADE_SUCCESS"}
        reply = _yes(
            out_trade_no=order.order_no,
            trade_no=order.transaction_id,
            trade_status=states[order.state],
            total_amount=_yuan(order.amount_fen),
            passback_params=order.case_id,
        )
        if order.paid_at is not None:
            reply["send_pay_date"] = datetime.fromtimestamp(int(order.paid_at), _BEIJING).strftime("%Y-%m-%d %H:%M:%S")
        return reply

    def _close(self, content: Reply) -> Reply:
        if self._trade(content) is None:
            return _no("ACQ.TRADE_NOT_EXIST")
        closed = self._book.close(METHOD, content["out_trade_no"])
        if isinstance(closed, Refusal):
            return _no("ACQ.TRADE_STATUS_ERROR")
        return _yes(out_trade_no=closed.order_no, trade_no=closed.transaction_id)

    def _cancel(self, content: Reply) -> Reply:
        number = content["out_trade_no"]
        reply = _yes(out_trade_no=number, retry_flag="N")
        closed = self._book.close(METHOD, number)
        if isinstance(closed, Order) and closed.scanned:
            reply["action"] = "close"
        if closed is Refusal.ALREADY_PAID:
            self._give_all_back(number)
            reply["action"] = "refund"
        return reply

    def _give_all_back(self, number: str) -> None:
        order = self._book.order(METHOD, number)
        left = 0 if order is None else order.amount_fen - self._book.refunded_fen(METHOD, number)
        if left:
            self._book.refund(METHOD, number, f"cancel-{number}", left)

    def _refund(self, content: Reply) -> Reply:
        amount, refund_no = content.get("refund_amount"), content.get("out_request_no")
        if not isinstance(amount, str) or not _MONEY.fullmatch(amount) or _fen(amount) < 1 or not isinstance(refund_no, str) or not refund_no:
            return _no("ACQ.INVALID_PARAMETER")
        order = self._trade(content)
        if order is None:
            return _no("ACQ.TRADE_NOT_EXIST")
        known = self._book.refund_of(METHOD, refund_no)
        refund = self._book.refund(METHOD, order.order_no, refund_no, _fen(amount))
        if isinstance(refund, Refusal):
            return _no(_REFUSALS[refund])
        total = self._book.refunded_fen(METHOD, order.order_no)
        return _yes(out_trade_no=order.order_no, trade_no=order.transaction_id, fund_change="N" if known else "Y", refund_fee=_yuan(total))

    def _query_refund(self, content: Reply) -> Reply:
        order = self._trade(content)
        if order is None:
            return _no("ACQ.TRADE_NOT_EXIST")
        refund = self._book.refund_of(METHOD, str(content.get("out_request_no")))
        if refund is None or refund.order_no != order.order_no:
            return _yes()
        return _yes(
            out_trade_no=order.order_no,
            trade_no=order.transaction_id,
            out_request_no=refund.refund_no,
            refund_amount=_yuan(refund.amount_fen),
            total_amount=_yuan(order.amount_fen),
            refund_status="REFUND_SUCCESS",
            **({"gmt_refund_pay": local(refund.accepted_at)} if "gmt_refund_pay" in content.get("query_options", []) else {}),
        )


def _yes(**members: str) -> Reply:
    return {"code": "10000", "msg": "Success", **members}


def _no(sub_code: str) -> Reply:
    return {"code": "40004", "msg": "Business Failed", "sub_code": sub_code, "sub_msg": "业务处理失败"}


def _yuan(amount_fen: int) -> str:
    return f"{amount_fen / 100:.2f}"


def _fen(yuan: str) -> int:
    return int(yuan.replace(".", ""))


def _one_fen_more(yuan: str) -> str:
    return _yuan(_fen(yuan) + 1)
