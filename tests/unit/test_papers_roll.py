"""The receipt and the window ticket as dots, and how they reach the printer."""

import asyncio
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import msgspec
import pytest

from drivers.contract.failure import Failure as DeviceFailure
from kiosk.domain.failure import Failure
from kiosk.services.papers import FontMissing, IssuedLine, ReceiptData
from kiosk.view import LANGUAGES, Message
from tests.unit import papers_bench as bench

LONG_NAMES = {
    "hall_zh": "某某某某某某自治州公安局出入境管理支队第一出入境接待大厅自助服务区",
    "hall_en": "First exit-entry reception hall of the immigration division, public security bureau of a long-named prefecture",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_receipt_carries_the_code_that_a_phone_can_keep(language: str) -> None:
    papers = bench.papers()
    assert bench.codes(bench.ink(papers.receipt_picture(bench.receipt(), language))) == [papers.receipt_code(bench.receipt())]


def test_the_codes_dots_are_half_a_millimetre_with_white_around_it() -> None:
    """Four dots a module at least, or worn paper and old phones cannot read it."""
    ink = bench.ink(bench.papers().receipt_picture(bench.receipt(), "zh-Hans"))
    left, right, top, bottom = bench.code_edges(ink)
    modules = 41  # version 6, as long as this receipt's text is
    assert (right - left) / modules >= 4 and (bottom - top) / modules >= 4
    assert not ink[top - 14 : top - 2, left:right].any() and not ink[top:bottom, left - 16 : left - 2].any()
    assert not ink[bottom + 3 : bottom + 16, left:right].any() and not ink[top:bottom, right + 3 : right + 16].any()


def test_code_says_case_amount_and_endorsements_and_nothing_of_the_person() -> None:
    code = bench.papers().receipt_code(bench.receipt())
    assert code == (
        "SIMULATED / RECEIPT 2611221430K7WQ3M / HKG G 1Y1 2027-11-21 / MAC L 3M1 2027-02-21 / CNY 30.00 WECHAT / ORDER *Q3M-1 / 2026-11-22 14:30:05"
    )
    assert bench.papers(simulated=False).receipt_code(bench.receipt()).startswith("RECEIPT")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("names", [{}, LONG_NAMES], ids=["short", "long"])
def test_nothing_is_clipped(language: str, names: dict[str, str]) -> None:
    papers = bench.papers(machine=msgspec.structs.replace(bench.MACHINE, **names))
    long_order = bench.receipt(amount_fen=123456789, order_no="W" * 32)
    for picture in (
        papers.receipt_picture(bench.receipt(), language),
        papers.receipt_picture(long_order, language),
        papers.ticket_picture(bench.ticket(), language),
    ):
        ink = bench.ink(picture)
        assert picture.width == 576
        assert not ink[:, :20].any() and not ink[:, -20:].any() and not ink[:8].any() and not ink[-8:].any()
        assert 0.03 < ink.mean() < 0.25


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_endorsement_makes_the_receipt_longer(language: str) -> None:
    papers = bench.papers()
    one, two = (papers.receipt_picture(bench.receipt(lines), language).height for lines in ((bench.HONG_KONG,), (bench.HONG_KONG, bench.MACAU)))
    bare = papers.receipt_picture(bench.receipt((replace(bench.HONG_KONG, number=None, stay_days=None),)), language).height
    assert bare < one < two


def test_only_a_simulated_machine_has_the_black_band() -> None:
    def black_rows(simulated: bool) -> int:
        ink = bench.ink(bench.papers(simulated=simulated).ticket_picture(bench.ticket(), "en"))
        return int((ink[:, 20:-20].mean(axis=1) > 0.95).sum())

    assert black_rows(simulated=True) >= black_rows(simulated=False) + 20


def test_the_same_receipt_is_the_same_picture() -> None:
    assert bench.papers().receipt_picture(bench.receipt(), "zh-Hans") == bench.papers().receipt_picture(bench.receipt(), "zh-Hans")


@pytest.mark.parametrize("field", ["holder", "permit"])
def test_an_unmasked_name_or_number_is_refused_without_saying_it(field: str) -> None:
    values = {"holder": "**明", "permit": "C***12345", field: "欧阳小明"}
    with pytest.raises(ValueError, match="not masked") as caught:
        ReceiptData("2611221430K7WQ3M", "o", "wechat", 1500, (bench.HONG_KONG,), at=bench.AT, **values)
    assert "欧阳小明" not in str(caught.value)


def test_a_validity_without_a_word_is_printed_as_its_code() -> None:
    odd = IssuedLine("HKG", "G", "7M2", date(2027, 6, 21), None, None)
    assert bench.papers().receipt_picture(bench.receipt((odd,)), "en").height > 1000


# printing


def test_receipt_and_ticket_go_to_the_receipt_printer() -> None:
    printer = bench.Printer()
    papers = bench.papers(printer)
    assert asyncio.run(papers.print_receipt(bench.receipt(), "zh-Hans")) is None
    assert asyncio.run(papers.print_ticket(bench.ticket(), "en")) is None
    assert printer.printed == [papers.receipt_picture(bench.receipt(), "zh-Hans"), papers.ticket_picture(bench.ticket(), "en")]


def test_the_printers_failure_is_passed_on() -> None:
    papers = bench.papers(bench.Printer(DeviceFailure("receipt_printer.paper_end", 0x60)))
    assert asyncio.run(papers.print_receipt(bench.receipt(), "zh-Hans")) == Failure("receipt_printer.paper_end", 0x60)
    assert asyncio.run(papers.print_ticket(bench.ticket(), "zh-Hans")) == Failure("receipt_printer.paper_end", 0x60)


def test_the_loop_goes_on_while_a_paper_is_drawn() -> None:
    async def beats_during_print() -> int:
        beats = 0
        printing = asyncio.ensure_future(bench.papers().print_receipt(bench.receipt(), "zh-Hans"))
        while not printing.done():
            await asyncio.sleep(0)
            beats += 1
        return beats

    assert asyncio.run(beats_during_print()) > 3


@pytest.mark.parametrize("spoilt", ["absent", "not a font"])
@pytest.mark.parametrize("list_name", ["regular", "bold", "pdf_chinese"])
def test_a_missing_font_is_a_failure_and_nothing_is_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spoilt: str, list_name: str) -> None:
    font = tmp_path / "font.ttc"
    if spoilt == "not a font":
        font.write_bytes(b"no font at all")
    layout = (bench.ASSETS / "documents" / "receipt.toml").read_text(encoding="utf-8")
    layout, replaced = re.subn(rf"(?m)^{list_name} = \[.*\]$", f'{list_name} = ["{font}"]', layout)
    assert replaced == 1
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "receipt.toml").write_text(layout, encoding="utf-8")
    monkeypatch.setenv("KIOSK_ASSETS", str(tmp_path))
    printer = bench.Printer()
    papers = bench.papers(printer)
    if list_name == "pdf_chinese":
        with pytest.raises(FontMissing):
            papers.receipt_pdf(bench.receipt(), "zh-Hans")
        return
    failure = Failure("papers.font_missing", detail={"font": str(font)})
    assert asyncio.run(papers.print_receipt(bench.receipt(), "zh-Hans")) == failure
    assert asyncio.run(papers.print_ticket(bench.ticket(), "zh-Hans")) == failure
    assert printer.printed == []
    assert "failure.papers.font_missing" in bench.CATALOGUE


def test_the_ticket_says_its_four_sentences() -> None:
    """Each sentence changes the picture: none is left out."""
    papers, plain = bench.papers(), bench.ticket()
    pictures = {papers.ticket_picture(plain, "en")}
    for name in ("happened", "money", "card", "next"):
        pictures.add(papers.ticket_picture(replace(plain, **{name: Message("refusal.policy.no_permit")}), "en"))
    assert len(pictures) == 5
