"""Reads WeChat Pay's trade bill (交易账单, type ALL, today's layout with 订单金额 and 申请退款金额; pay.weixin.qq.com, 交易账单详细说明).

UTF-8 text: a row of column names, rows of details, a row of names of sums, a row of sums; every value stands behind a `, so that a comma in a
product's name does not part it. A refund's row carries the original order's number; its day is the day on which the refund was accepted.
The older layout without those two columns is refused: the provider changes a merchant over on request.
"""

from collections.abc import Sequence
from datetime import date

from kiosk.domain.failure import Failure
from kiosk.gateways.bills import Bill, BillPayment, BillRefund, columns, fen_of, wrong_bill

_PROVIDER = "wechat"
_TIME, _MERCHANT, _ORDER, _STATE, _CURRENCY = "交易时间", "商户号", "商户订单号", "交易状态", "货币种类"
_REFUND, _REFUND_STATE, _DEVICE, _AMOUNT, _REFUND_AMOUNT = "商户退款单号", "退款状态", "设备号", "订单金额", "申请退款金额"
_NEEDED = (_TIME, _MERCHANT, _ORDER, _STATE, _CURRENCY, _REFUND, _REFUND_STATE, _DEVICE, _AMOUNT, _REFUND_AMOUNT)
_COUNT, _SUM, _REFUND_SUM = "总交易单数", "订单总金额", "申请退款总金额"
_PAID, _GIVEN_BACK, _NOT_GIVEN_BACK = "SUCCESS", ("REFUND", "REVOKED"), "FAIL"


def read_wechat_bill(body: bytes, mchid: str, day: date) -> Bill | Failure:
    """The rows, once merchant, day and sums are right; otherwise `payment.bill_wrong`."""
    try:
        lines = body.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        return wrong_bill(_PROVIDER, "encoding")
    lines = [line for line in lines if line]
    summary = next((place for place, line in enumerate(lines) if line.startswith(_COUNT)), None)
    if summary is None or summary < 1 or len(lines) != summary + 2:
        return wrong_bill(_PROVIDER, "format")
    at, sums_at = columns(lines[0].split(","), _NEEDED), columns(lines[summary].split(","), (_COUNT, _SUM, _REFUND_SUM))
    rows, sums = [_values(line) for line in lines[1:summary]], _values(lines[summary + 1])
    width = lines[0].count(",") + 1
    if at is None or sums_at is None or any(len(row) != width for row in rows) or len(sums) != lines[summary].count(",") + 1:
        return wrong_bill(_PROVIDER, "format")
    read = _rows(rows, at, mchid, day)
    if isinstance(read, Failure):
        return read
    bill, paid_fen, refunded_fen = read
    said = [sums[sums_at[name]] for name in (_COUNT, _SUM, _REFUND_SUM)]
    if (said[0], fen_of(said[1]), fen_of(said[2])) != (str(len(rows)), paid_fen, refunded_fen):
        return wrong_bill(_PROVIDER, "sums")
    return bill


def _values(line: str) -> list[str]:
    return line.removeprefix("`").split(",`") if line.startswith("`") else []


def _rows(rows: Sequence[Sequence[str]], at: dict[str, int], mchid: str, day: date) -> tuple[Bill, int, int] | Failure:
    """The bill, and the sums of its two columns of money over all rows (a failed refund's too, which is no refund)."""
    payments: list[BillPayment] = []
    refunds: list[BillRefund] = []
    paid_fen = refunded_fen = 0
    for row in rows:
        said = {name: row[place] for name, place in at.items()}
        amount_fen, refund_fen = fen_of(said[_AMOUNT]), fen_of(said[_REFUND_AMOUNT])
        if said[_MERCHANT] != mchid:
            return wrong_bill(_PROVIDER, "merchant")
        if said[_TIME][:10] != day.isoformat():
            return wrong_bill(_PROVIDER, "day")
        if said[_CURRENCY] != "CNY":
            return wrong_bill(_PROVIDER, "currency")
        if amount_fen is None or refund_fen is None or amount_fen < 0 or refund_fen < 0 or not said[_ORDER]:
            return wrong_bill(_PROVIDER, "amount")
        paid_fen, refunded_fen = paid_fen + amount_fen, refunded_fen + refund_fen
        if said[_STATE] == _PAID:
            payments.append(BillPayment(said[_ORDER], amount_fen, said[_DEVICE]))
        elif said[_STATE] not in _GIVEN_BACK:
            return wrong_bill(_PROVIDER, "state")
        elif said[_REFUND_STATE] != _NOT_GIVEN_BACK:
            refunds.append(BillRefund(said[_ORDER], said[_REFUND], refund_fen, said[_DEVICE]))
    return Bill(_PROVIDER, day, tuple(payments), tuple(refunds)), paid_fen, refunded_fen
