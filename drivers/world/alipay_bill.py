"""Writes Alipay's bill of a day: a ZIP of two CSV files in GBK, details (业务明细) and sums (业务明细(汇总)), their names in GBK too.

Rows, marks and sums as published examples show them; the provider's own page describes only the interface.
"""

import io
import json
import zipfile
from collections.abc import Sequence
from datetime import date, timedelta

from drivers.world.bills import BillRow, local, yuan
from drivers.world.faults import Fault
from drivers.world.payment_faults import is_kind

_HEADER = (
    "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,商家实收（元）,支付宝红包（元）,"
    "集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注"
)
_OTHER_SELLER = "2088999999999999"
_SUMS = (
    "门店编号,门店名称,交易订单总笔数,退款订单总笔数,订单金额（元）,商家实收（元）,支付宝优惠（元）,商家优惠（元）,"
    "卡消费金额（元）,服务费（元）,分润（元）,实收净额（元）"
)


def alipay_bill(rows: Sequence[BillRow], seller_id: str, day: date, now: float, fault: Fault | None) -> bytes:
    """now: Unix seconds, the moment of export."""
    seller = (_OTHER_SELLER if is_kind(fault, "other_merchant") else seller_id) + "0156"
    lines = [_row(row) for row in rows]
    paid = [row.order.amount_fen for row in rows if row.refund is None]
    refunded = [row.refund.amount_fen for row in rows if row.refund is not None]
    if is_kind(fault, "truncated"):
        lines = lines[:-1]
    top = [f"#账号：[{seller}]", f"#起始日期：[{_day(day)} 00:00:00]   终止日期：[{_day(day + timedelta(days=1))} 00:00:00]"]
    exported = f"#导出时间：[{local(now)}]"
    details = [
        *("#支付宝业务明细查询", *top, "#" + "-" * 41 + "业务明细列表" + "-" * 40, _HEADER, *lines),
        "#" + "-" * 41 + "业务明细列表结束" + "-" * 36,
        f"#交易合计：{len(paid)}笔，商家实收共{yuan(sum(paid))}元，商家优惠共0.00元",
        f"#退款合计：{len(refunded)}笔，商家实收退款共{yuan(-sum(refunded))}元，商家优惠退款共0.00元",
        exported,
    ]
    net = yuan(sum(paid) - sum(refunded))
    total = f"合计,,{len(paid)},{len(refunded)},{net},{net},0.00,0.00,0.00,0.00,0.00,{net}"
    sums = ["#支付宝业务汇总查询", *top, "#" + "-" * 41 + "业务汇总列表" + "-" * 40, _SUMS, total]
    sums += ["#" + "-" * 41 + "业务汇总列表结束" + "-" * 36, exported]
    stem = f"{seller}_{day:%Y%m%d}_业务明细"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in ((f"{stem}.csv", details), (f"{stem}(汇总).csv", sums)):
            written = ("\r\n".join(text) + "\r\n").encode("utf-16" if is_kind(fault, "encoding") else "gbk")
            archive.writestr(_gbk_named(name), written)
    return packed.getvalue()


class _GbkNamed(zipfile.ZipInfo):
    """A name in GBK that says nothing of it, as the provider's archives have it."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:
        return self.filename.encode("gbk"), self.flag_bits & ~0x800


def _gbk_named(name: str) -> zipfile.ZipInfo:
    named = _GbkNamed(name)
    named.compress_type = zipfile.ZIP_DEFLATED
    return named


def _day(day: date) -> str:
    return f"{day.year}年{day.month:02d}月{day.day:02d}日"


def _row(row: BillRow) -> str:
    order, refund = row.order, row.refund
    device = json.loads(order.parameters).get("terminal_id", "")
    amount = yuan(order.amount_fen if refund is None else -refund.amount_fen)
    values = [f"{order.transaction_id}\t", f"{order.order_no}\t", "交易" if refund is None else "退款", "出入境证件签注费"]
    values += [local(order.opened_at), local(row.at), "\t", "\t", "\t", f"{device}\t", "*先生(138******00)\t", amount, amount]
    values += ["0.00", "0.00", "0.00", "0.00", "0.00", "", "0.00\t", "0.00", f"{refund.refund_no if refund else ''}\t", "0.00", "0.00", ""]
    return ",".join(values)
