"""Both providers' bills of a day: over loopback HTTP against the world's own books, and every way in which one is not to be believed."""

import asyncio
import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.world.alipay import AlipayKeys, alipay_app
from drivers.world.bills import BillRow, Bills
from drivers.world.faults import Fault, FaultBoard
from drivers.world.merchant_keys import sign
from drivers.world.payments import PaymentsBook
from drivers.world.wechat import WechatKeys, wechat_app
from drivers.world.wechat_bill import wechat_bill
from kiosk.domain.failure import Failure
from kiosk.gateways.alipay import Alipay
from kiosk.gateways.alipay_bill import read_alipay_bill
from kiosk.gateways.bills import Bill, BillPayment, BillRefund, fen_of
from kiosk.gateways.http import Answer, NoAnswer
from kiosk.gateways.signing import Signer, Verifier
from kiosk.gateways.wechat import WechatPay
from kiosk.gateways.wechat_bill import read_wechat_bill
from tests.contracts.loopback import ScriptedLine, Switch, TickingClock, run

NOON = 1795320000.0  # 2026-11-22 12:00:00 +08:00
DAY = date(2026, 11, 22)
FEE_FEN = 1500


@dataclass
class Provider:
    name: str
    book: PaymentsBook
    faults: FaultBoard
    clock: TickingClock
    make: Callable[..., Any]
    runner: asyncio.Runner

    def bill(self, day: date = DAY, **other: object) -> Bill | Failure:
        async def exchange() -> Any:
            gateway = self.make(**other)
            try:
                return await gateway.bill(day)
            finally:
                await gateway.aclose()

        return self.runner.run(exchange())  # type: ignore[no-any-return]

    def pay(self, order_no: str, case_id: str = "case") -> None:
        """An order of this terminal, scanned and paid."""
        parameters = {"terminal_id": "GZ-1", "scene_info": {"device_id": "GZ-1"}}
        self.book.open_order(self.name, order_no, case_id, FEE_FEN, json.dumps(parameters), self.clock.seconds() + 600, "code")
        assert self.book.pay_newest(self.name) == order_no

    def refund(self, order_no: str, refund_no: str) -> None:
        self.book.refund(self.name, order_no, refund_no, FEE_FEN)

    def fault(self, moment: str, kind: str, **parameters: str | int) -> None:
        self.faults.put(self.name, moment, Fault(kind, parameters=parameters))


@pytest.fixture(params=["wechat", "alipay"])
def provider(
    request: pytest.FixtureRequest, tmp_path: Path, switch: tuple[Switch, str], hall: tuple[Path, WechatKeys, AlipayKeys]
) -> Iterator[Provider]:
    (inside, url), (directory, wechat_keys, alipay_keys) = switch, hall
    clock, faults = TickingClock(NOON), FaultBoard()
    book = PaymentsBook(tmp_path / "ledger.sqlite", clock.seconds)
    of_wechat = request.param == "wechat"
    inside.inside = wechat_app(book, wechat_keys, faults, clock.seconds) if of_wechat else alipay_app(book, alipay_keys, faults, clock.seconds)

    def make(**other: object) -> Any:
        settings: dict[str, Any] = {**(wechat_keys if of_wechat else alipay_keys).profile(url), **other}
        for name in ("private_key", "platform_public_key"):
            settings[name] = directory / settings[name]
        opened = (WechatPay if of_wechat else Alipay).open(clock=clock, timeout_s=1.0, **settings)
        assert not isinstance(opened, Failure), opened
        return opened

    with asyncio.Runner() as runner:
        yield Provider(request.param, book, faults, clock, make, runner)
    book.close_book()


def failed(said: Bill | Failure) -> tuple[str, str]:
    assert isinstance(said, Failure), said
    return said.code, said.detail.get("what") or said.detail.get("reason") or "-"


def test_the_bill_has_each_payment_and_each_refund_of_its_day_and_no_other(provider: Provider) -> None:
    provider.pay("CASE-A-1")
    provider.clock.ahead_s = 60
    provider.pay("CASE-B-1")
    provider.refund("CASE-A-1", "CASE-A-1-R")
    provider.book.open_order(provider.name, "CASE-C-1", "case", FEE_FEN, "{}", provider.clock.seconds() + 600, "code")
    provider.clock.ahead_s = 86400
    provider.pay("CASE-D-1")
    provider.refund("CASE-B-1", "CASE-B-1-R")
    today, tomorrow = provider.bill(), provider.bill(DAY + timedelta(days=1))
    assert isinstance(today, Bill) and isinstance(tomorrow, Bill)
    assert today == Bill(
        provider.name,
        DAY,
        (BillPayment("CASE-A-1", FEE_FEN, "GZ-1"), BillPayment("CASE-B-1", FEE_FEN, "GZ-1")),
        (BillRefund("CASE-A-1", "CASE-A-1-R", FEE_FEN, "GZ-1"),),
    )
    assert [row.order_no for row in tomorrow.payments] == ["CASE-D-1"]
    assert tomorrow.refunds == (BillRefund("CASE-B-1", "CASE-B-1-R", FEE_FEN, "GZ-1"),)


def test_a_day_without_payments_has_none_and_only_once_its_bill_is_out(provider: Provider) -> None:
    assert provider.bill() == Bill(provider.name, DAY)
    assert provider.bill(DAY - timedelta(days=5)) == Bill(provider.name, DAY - timedelta(days=5))
    assert failed(provider.bill(DAY + timedelta(days=1)))[0] == "payment.bill_not_ready"


@pytest.mark.parametrize(
    ("moment", "kind", "code"),
    [
        ("bill", "silence", "payment.unclear"),
        ("bill", "garbage", "payment.unclear"),
        ("bill", "bad_signature", "payment.unclear"),
        ("bill", "lost_answer", "payment.unclear"),
        ("bill", "refuse", "payment.refused"),
        ("bill", "truncated", "payment.bill_wrong"),
        ("bill", "encoding", "payment.bill_wrong"),
        ("bill", "other_merchant", "payment.bill_wrong"),
        ("bill_file", "silence", "payment.unclear"),
        ("bill_file", "refuse", "payment.unclear"),
        ("bill_file", "lost_answer", "payment.unclear"),
        ("bill_file", "garbage", "payment.bill_wrong"),
    ],
)
def test_a_bill_that_is_not_whole_and_ours_is_a_coded_failure(provider: Provider, moment: str, kind: str, code: str) -> None:
    provider.pay("CASE-A-1")
    provider.fault(moment, kind, **({"seconds": 2} if kind == "silence" else {}))
    what = {"truncated": "sums", "encoding": "encoding", "other_merchant": "merchant", "garbage": {"wechat": "hash", "alipay": "zip"}[provider.name]}
    said = failed(provider.bill())
    assert said[0] == code
    if code == "payment.bill_wrong":
        assert said[1] == what[kind]
    assert isinstance(provider.bill(), Bill)


def test_a_late_bill_is_waited_for_and_a_dearer_row_is_read_as_it_stands(provider: Provider) -> None:
    provider.pay("CASE-A-1")
    provider.fault("bill_file", "late", seconds=0)
    assert isinstance(provider.bill(), Bill)
    provider.fault("bill", "wrong_amount")
    said = provider.bill()
    assert isinstance(said, Bill) and said.payments[0].amount_fen == FEE_FEN + 1


def test_nobody_there_is_unreachable(provider: Provider) -> None:
    assert failed(provider.bill(url="http://127.0.0.1:9"))[0] == "payment.unreachable"


# -- WeChat Pay: scripted answers


def file_of(*rows: BillRow) -> bytes:
    return wechat_bill(rows, "1900000109", "wx8888888888888888", None)


def one_day_file(tmp_path: Path) -> bytes:
    clock = TickingClock(NOON)
    book = PaymentsBook(tmp_path / "ledger.sqlite", clock.seconds)
    book.open_order("wechat", "CASE-A-1", "case", FEE_FEN, "{}", clock.seconds() + 600, "code")
    book.pay_newest("wechat")
    book.refund("wechat", "CASE-A-1", "CASE-A-1-R", FEE_FEN)
    rows = Bills(book, "wechat", clock.seconds).rows(DAY)
    book.close_book()
    assert rows is not None
    return file_of(*rows)


def asked_of_wechat(keys: WechatKeys, told: object, *files: Answer | NoAnswer) -> Bill | Failure:
    body = json.dumps(told).encode()
    stamp, nonce = str(int(NOON)), "n"
    signature = sign(keys.platform, f"{stamp}\n{nonce}\n".encode() + body + b"\n")
    headers = {"Timestamp": stamp, "Nonce": nonce, "Serial": keys.platform_public_key_id, "Signature": signature}
    answer = Answer(200, httpx.Headers({f"Wechatpay-{name}": value for name, value in headers.items()}), body)
    line = ScriptedLine(answer, *files)
    signer, verifier = Signer(keys.merchant), Verifier(keys.platform.public_key())
    gateway = WechatPay(
        line, TickingClock(NOON), signer, verifier, keys.mchid, keys.appid, keys.serial_no, keys.platform_public_key_id, "https://n.invalid/n"
    )
    said = run(gateway.bill(DAY))
    assert all(request.url.host == "127.0.0.1" for request in line.requests)
    return said


def test_the_files_hash_decides_and_its_address_is_followed_on_the_gateways_own_line(
    hall: tuple[Path, WechatKeys, AlipayKeys], tmp_path: Path
) -> None:
    file = one_day_file(tmp_path)
    sent = Answer(200, httpx.Headers(), file)
    digest = hashlib.sha1(file).hexdigest()
    told = {"hash_type": "SHA1", "hash_value": digest, "download_url": "https://api.mch.weixin.qq.com/v3/billdownload/file?token=a"}
    assert isinstance(asked_of_wechat(hall[1], told, sent), Bill)
    assert isinstance(asked_of_wechat(hall[1], {**told, "hash_value": digest.upper()}, sent), Bill)
    assert failed(asked_of_wechat(hall[1], {**told, "hash_value": "0" * 40}, sent)) == ("payment.bill_wrong", "hash")
    assert failed(asked_of_wechat(hall[1], {**told, "hash_value": "零"}, sent)) == ("payment.bill_wrong", "hash")
    assert failed(asked_of_wechat(hall[1], {**told, "hash_type": "MD5"})) == ("payment.unclear", "not_understood")
    for url in (
        "https://api.mch.weixin.qq.com/v3/other?token=a",
        "/etc/passwd",
        "https://[",
        "https://x/v3/billdownload/file?a=1 HTTP/1.1\r\nx: y",
        "",
    ):
        assert failed(asked_of_wechat(hall[1], {**told, "download_url": url})) == ("payment.contradiction", "download_url")
    assert failed(asked_of_wechat(hall[1], {**told, "download_url": 7})) == ("payment.unclear", "not_understood")
    assert failed(asked_of_wechat(hall[1], told, NoAnswer.UNREACHABLE))[0] == "payment.unreachable"
    assert failed(asked_of_wechat(hall[1], told, Answer(500, httpx.Headers(), b"")))[0] == "payment.unclear"


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("`1900000109", "`1900000110", "merchant"),
        ("`2026-11-22", "`2026-11-21", "day"),
        ("`CNY", "`USD", "currency"),
        ("`SUCCESS,`OTHERS", "`PAID,`OTHERS", "state"),
        ("`15.00,`0.00,`\r\n", "`15.001,`0.00,`\r\n", "amount"),
        ("`15.00,`0.00,`\r\n", "`1.5e1,`0.00,`\r\n", "amount"),
        ("`15.00,`0.00,`\r\n", "`16.00,`0.00,`\r\n", "sums"),
        ("总交易单数", "总单数", "format"),
        ("申请退款金额,", "申请退款金额(元),", "format"),
        (",`NATIVE", "", "format"),
        ("`2,`15.00", "`3,`15.00", "sums"),
        ("\r\n`2,", "\r\n2,", "format"),
    ],
)
def test_a_trade_bill_that_says_anything_else_is_wrong(tmp_path: Path, old: str, new: str, what: str) -> None:
    text = one_day_file(tmp_path).decode("utf-8-sig")
    assert isinstance(read_wechat_bill(text.encode(), "1900000109", DAY), Bill)
    assert old in text
    assert failed(read_wechat_bill(text.replace(old, new).encode(), "1900000109", DAY)) == ("payment.bill_wrong", what)


def test_a_comma_in_a_products_name_parts_no_value(tmp_path: Path) -> None:
    text = one_day_file(tmp_path).decode("utf-8-sig").replace("出入境证件签注费", "签注,两本,`三")
    said = read_wechat_bill(text.encode(), "1900000109", DAY)
    assert failed(said) == ("payment.bill_wrong", "format")  # a ` behind the comma is one too many for anybody
    said = read_wechat_bill(text.replace(",`三", ",三").encode(), "1900000109", DAY)
    assert isinstance(said, Bill) and said.payments[0].amount_fen == FEE_FEN


# -- Alipay: archives and addresses


def archive(text: str, name: str = "20880000000000010156_20261122_业务明细.csv") -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        made.writestr(name, text.encode("gbk"))
    return packed.getvalue()


DETAILS = """#支付宝业务明细查询
#账号：[20880000000000010156]
#起始日期：[2026年11月22日 00:00:00]   终止日期：[2026年11月23日 00:00:00]
#-----------------------------------------业务明细列表----------------------------------------
支付宝交易号,商户订单号,业务类型,商品名称,终端号,订单金额（元）,商家实收（元）,退款批次号/请求号
42\t,CASE-A-1\t,交易\t,"签注, 一年",GZ-1\t,15.00,15.00,\t
42\t,CASE-A-1\t,退款\t,签注,GZ-1\t,-15.00,-15.00,CASE-A-1-R\t
#-----------------------------------------业务明细列表结束------------------------------------
#交易合计：1笔，商家实收共15.00元，商家优惠共0.00元
#退款合计：1笔，商家实收退款共-15.00元，商家优惠退款共0.00元
#导出时间：[2026年11月23日 05:46:49]
"""
SELLER = "2088000000000001"


def test_the_details_are_read_from_the_archive() -> None:
    said = read_alipay_bill(archive(DETAILS), SELLER, DAY)
    assert said == Bill("alipay", DAY, (BillPayment("CASE-A-1", 1500, "GZ-1"),), (BillRefund("CASE-A-1", "CASE-A-1-R", 1500, "GZ-1"),))
    assert read_alipay_bill(archive(DETAILS.replace("-15.00", "15.00")), None, DAY) == said  # some layouts leave the minus out


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("20880000000000010156", "20880000000000020156", "merchant"),
        ("终止日期：[2026年11月23日", "终止日期：[2026年12月22日", "day"),
        ("起始日期：[2026年11月22日", "起始日期：[2026年11月21日", "day"),
        ("业务明细列表结束", "业务明细列表续", "format"),
        ("#交易合计", "#合计", "format"),
        ("商户订单号", "订单号", "format"),
        ("CASE-A-1\t,交易", "CASE-A-1\t,交易,x", "format"),
        ("\t,交易", "\t,转账", "state"),
        ("15.00,15.00,\t", "1500分,15.00,\t", "amount"),
        ("15.00,15.00,\t", "15.00,14.00,\t", "sums"),
        ("#交易合计：1笔", "#交易合计：2笔", "sums"),
        ("42\t,CASE-A-1\t,退款\t,签注,GZ-1\t,-15.00,-15.00,CASE-A-1-R\t\n", "", "sums"),
        ("42\t,CASE-A-1\t,退款", "42\t,\t,退款", "amount"),
    ],
)
def test_details_that_say_anything_else_are_wrong(old: str, new: str, what: str) -> None:
    assert old in DETAILS
    assert failed(read_alipay_bill(archive(DETAILS.replace(old, new)), SELLER, DAY)) == ("payment.bill_wrong", what)


def test_an_archive_of_anything_else_is_wrong() -> None:
    whole = archive(DETAILS)
    for body in (b"", b"PK", whole[:-30], whole[:40] + b"\xff" * 20 + whole[60:], archive(DETAILS, "业务明细(汇总).csv"), b"<html>404</html>"):
        assert failed(read_alipay_bill(body, SELLER, DAY))[0] == "payment.bill_wrong"


def asked_of_alipay(keys: AlipayKeys, url: object, places: list[str]) -> Bill | Failure:
    inner = json.dumps({"code": "10000", "bill_download_url": url}).encode()
    answer = b'{"alipay_data_dataservice_bill_downloadurl_query_response":' + inner + b',"sign":"' + sign(keys.platform, inner).encode() + b'"}'

    def line_to(place: str, _timeout_s: float) -> ScriptedLine:
        places.append(place)
        return ScriptedLine(Answer(200, httpx.Headers(), archive(DETAILS)))

    gateway = Alipay(
        ScriptedLine(Answer(200, httpx.Headers(), answer)),
        TickingClock(NOON),
        Signer(keys.merchant),
        Verifier(keys.platform.public_key()),
        keys.app_id,
        SELLER,
        open_line=line_to,
    )
    return run(gateway.bill(DAY))


def test_only_an_address_at_alipay_is_followed_and_only_by_https(hall: tuple[Path, WechatKeys, AlipayKeys]) -> None:
    places: list[str] = []
    for url in ("http://dwbillcenter.alipay.com/downloadBillFile.resource?fileId=1", "https://dwbillcenter.alipay.com/x?fileId=1"):
        assert isinstance(asked_of_alipay(hall[2], url, places), Bill)
    assert isinstance(asked_of_alipay(hall[2], "http://127.0.0.1:9/downloadBillFile.resource?fileId=1", places), Bill)
    assert places == ["https://dwbillcenter.alipay.com"] * 2 + ["http://127.0.0.1:9"]
    for url in (
        *("https://alipay.com.evil.example/x?1", "https://evilalipay.com/x", "https://user@bill.alipay.com/x?1", "http://127.0.0.1:8/x?1"),
        *("file:///etc/passwd", "https://bill.alipay.com:8443/x?1", "https://bill.alipay.com/x?a b", "https://[", "", None),
    ):
        assert failed(asked_of_alipay(hall[2], url, places)) == ("payment.contradiction", "download_url")
    assert failed(asked_of_alipay(hall[2], 17, places))[0] == "payment.unclear"
    assert len(places) == 3


# -- whatever comes


@pytest.mark.parametrize(("yuan", "fen"), [("15", 1500), ("15.0", 1500), ("-0.01", -1), ("0.10", 10), ("0", 0)])
def test_yuan_become_fen(yuan: str, fen: int) -> None:
    assert fen_of(yuan) == fen


@pytest.mark.parametrize("yuan", ["", "-", "1.", ".5", "1.234", "1e3", "１５", "15 ", "+1", "015", "1,000.00", "NaN"])
def test_what_is_no_amount_is_none(yuan: str) -> None:
    assert fen_of(yuan) is None


@settings(max_examples=200, deadline=None)
@given(noise=st.binary(max_size=80), at=st.integers(0, 2000), text=st.text(max_size=60))
def test_whatever_the_file_holds_nothing_raises(noise: bytes, at: int, text: str) -> None:
    whole = file_of()
    for body in (noise, whole[: at % len(whole)] + noise + whole[at % len(whole) :], text.encode("utf-8", "replace")):
        assert isinstance(read_wechat_bill(body, "1900000109", DAY), Bill | Failure)
        assert isinstance(read_alipay_bill(body, SELLER, DAY), Bill | Failure)
    packed = archive(DETAILS)
    assert isinstance(read_alipay_bill(packed[: at % len(packed)] + noise + packed[at % len(packed) + len(noise) :], SELLER, DAY), Bill | Failure)
    place = at % len(DETAILS)
    other = DETAILS[:place] + text.encode("gbk", "ignore").decode("gbk") + DETAILS[place:]
    assert isinstance(read_alipay_bill(archive(other), None, DAY), Bill | Failure)
