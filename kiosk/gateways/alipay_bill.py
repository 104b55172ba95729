"""Reads Alipay's bill of a day (业务明细, bill_type trade): a ZIP with two CSV files in GBK, of which the details are read.

Around the rows stand lines with a `#`: the account, the days, the list's beginning and end, how many trades and refunds there were and what the
merchant received. Amounts of refunds carry a minus; long numbers end with a tab. Alipay gives no hash: the file is believed because its address
came signed, the ZIP checks out, the account and the day are the ones asked for, and its sums agree with its rows.
The layout is read from published examples (opendocs.alipay.com names the interface, not the columns): our own reading.
"""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Sequence
from datetime import date, timedelta

from kiosk.domain.failure import Failure
from kiosk.gateways.bills import LONGEST_FILE_BYTES, Bill, BillPayment, BillRefund, columns, fen_of, wrong_bill

_PROVIDER = "alipay"
_ORDER, _KIND, _DEVICE, _REFUND, _AMOUNT, _RECEIVED = "商户订单号", "业务类型", "终端号", "退款批次号/请求号", "订单金额（元）", "商家实收（元）"
_NEEDED = (_ORDER, _KIND, _DEVICE, _REFUND, _AMOUNT, _RECEIVED)
_DETAILS = ("业务明细.csv", "_DETAILS.csv")
_ACCOUNT = re.compile(r"#账号：\[([0-9]{16,24})\]")
_DAYS = re.compile(r"#起始日期：\[(.+?) 00:00:00\]\s+终止日期：\[(.+?) 00:00:00\]")
_BEGIN, _END = re.compile(r"#-+业务明细列表-+"), re.compile(r"#-+业务明细列表结束-+")
_TRADES = re.compile(r"#交易合计：([0-9]+)笔，商家实收共(-?[0-9.]+)元.*")
_REFUNDS = re.compile(r"#退款合计：([0-9]+)笔，商家实收退款共(-?[0-9.]+)元.*")


def read_alipay_bill(body: bytes, seller_id: str | None, day: date) -> Bill | Failure:
    """seller_id: the merchant's account (16 digits), None where the profile does not give it: then any account is taken."""
    text = _details(body)
    if isinstance(text, Failure):
        return text
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    begin = next((place for place, line in enumerate(lines) if _BEGIN.fullmatch(line)), None)
    end = next((place for place, line in enumerate(lines) if _END.fullmatch(line)), None)
    account, days = _found(_ACCOUNT, lines), _found(_DAYS, lines)
    trades, refunds = _found(_TRADES, lines), _found(_REFUNDS, lines)
    if begin is None or end is None or end <= begin + 1 or account is None or days is None or trades is None or refunds is None:
        return wrong_bill(_PROVIDER, "format")
    if seller_id is not None and account[1][:16] != seller_id:
        return wrong_bill(_PROVIDER, "merchant")
    if days[1] != _named(day) or days[2] not in (days[1], _named(day + timedelta(days=1))):
        return wrong_bill(_PROVIDER, "day")
    bill = _bill(lines[begin + 1 : end], day)
    if isinstance(bill, Failure):
        return bill
    read, received_fen, given_back_fen = bill
    if (int(trades[1]), fen_of(trades[2]), int(refunds[1]), abs(fen_of(refunds[2]) or 0)) != (
        *(len(read.payments), received_fen),
        *(len(read.refunds), given_back_fen),
    ):
        return wrong_bill(_PROVIDER, "sums")
    return read


def _named(day: date) -> str:
    return f"{day.year}年{day.month:02d}月{day.day:02d}日"


def _details(body: bytes) -> str | Failure:
    """The text of the one file of details; the file names are GBK without saying so."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            found = [member for member in archive.infolist() if _name(member).endswith(_DETAILS)]
            if len(found) != 1 or found[0].file_size > LONGEST_FILE_BYTES:
                return wrong_bill(_PROVIDER, "zip")
            return archive.read(found[0]).decode("gbk")
    except UnicodeDecodeError:
        return wrong_bill(_PROVIDER, "encoding")
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError):
        # RuntimeError: the archive asks for a password; NotImplementedError: packed in a way that nobody announced
        return wrong_bill(_PROVIDER, "zip")


def _name(member: zipfile.ZipInfo) -> str:
    if member.flag_bits & 0x800:
        return member.filename
    return member.filename.encode("cp437", "replace").decode("gbk", "replace")


def _found(pattern: re.Pattern[str], lines: Sequence[str]) -> re.Match[str] | None:
    """The one line that says so; two would contradict each other."""
    found = [match for match in map(pattern.fullmatch, lines) if match]
    return found[0] if len(found) == 1 else None


def _bill(lines: Sequence[str], day: date) -> tuple[Bill, int, int] | Failure:
    """The bill, what the merchant received and what it gave back."""
    try:
        header, *rows = [[value.strip() for value in row] for row in csv.reader(lines, strict=True)]
    except csv.Error:
        return wrong_bill(_PROVIDER, "format")
    at = columns(header, _NEEDED)
    if at is None or any(len(row) != len(header) for row in rows):
        return wrong_bill(_PROVIDER, "format")
    payments: list[BillPayment] = []
    refunds: list[BillRefund] = []
    received_fen = given_back_fen = 0
    for row in rows:
        said = {name: row[place] for name, place in at.items()}
        amount_fen, merchant_fen = fen_of(said[_AMOUNT]), fen_of(said[_RECEIVED])
        if amount_fen is None or merchant_fen is None or not said[_ORDER]:
            return wrong_bill(_PROVIDER, "amount")
        if said[_KIND] == "交易" and amount_fen >= 0:
            payments.append(BillPayment(said[_ORDER], amount_fen, said[_DEVICE]))
            received_fen += merchant_fen
        elif said[_KIND] == "退款":
            refunds.append(BillRefund(said[_ORDER], said[_REFUND], abs(amount_fen), said[_DEVICE]))
            given_back_fen += abs(merchant_fen)
        else:
            return wrong_bill(_PROVIDER, "state")
    return Bill(_PROVIDER, day, tuple(payments), tuple(refunds)), received_fen, given_back_fen
