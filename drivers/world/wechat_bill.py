"""Writes WeChat Pay's trade bill (交易账单, ALL) as pay.weixin.qq.com describes it: 27 columns, every value behind a `, sums at the end."""

import json
from collections.abc import Sequence

from drivers.world.bills import BillRow, local, yuan
from drivers.world.faults import Fault
from drivers.world.payment_faults import is_kind

_HEADER = (
    "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,"
    "微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注"
)
_SUMS = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额"
_OPENID = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"
_OTHER_MERCHANT = "1900009999"


def wechat_bill(rows: Sequence[BillRow], mchid: str, appid: str, fault: Fault | None) -> bytes:
    merchant = _OTHER_MERCHANT if is_kind(fault, "other_merchant") else mchid
    lines = [_row(row, merchant, appid) for row in rows]
    paid_fen = sum(row.order.amount_fen for row in rows if row.refund is None)
    refunded_fen = sum(row.refund.amount_fen for row in rows if row.refund is not None)
    sums = [str(len(rows)), yuan(paid_fen), yuan(refunded_fen), "0.00", "0.00000", yuan(paid_fen), yuan(refunded_fen)]
    if is_kind(fault, "truncated"):
        lines = lines[:-1]
    text = "\r\n".join([_HEADER, *lines, _SUMS, _values(sums)]) + "\r\n"
    return text.encode("utf-16" if is_kind(fault, "encoding") else "utf-8-sig")


def _row(row: BillRow, merchant: str, appid: str) -> str:
    order, refund = row.order, row.refund
    device = str(json.loads(order.parameters).get("scene_info", {}).get("device_id", ""))
    head = [local(row.at), appid, merchant, "0", device, order.transaction_id, order.order_no, _OPENID, "NATIVE"]
    tail = ["出入境证件签注费", order.case_id]
    if refund is None:
        amount = yuan(order.amount_fen)
        paid = ["SUCCESS", "OTHERS", "CNY", amount, "0.00", "0", "0", "0.00", "0.00", "", ""]
        return _values([*head, *paid, *tail, "0.00000", "0.60%", amount, "0.00", ""])
    amount = yuan(refund.amount_fen)
    given_back = ["REFUND", "OTHERS", "CNY", "0.00", "0.00", refund.refund_id, refund.refund_no, amount, "0.00", "ORIGINAL", "SUCCESS"]
    return _values([*head, *given_back, *tail, "0.00000", "0.60%", "0.00", amount, ""])


def _values(values: Sequence[str]) -> str:
    return ",".join("`" + value for value in values)
