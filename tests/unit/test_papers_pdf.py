"""The receipt as PDF: one page, its fonts embedded, its text to be found, its code to be read, and nobody's name in it."""

import io

import msgspec
import numpy as np
import pytest
from pypdf import PdfReader
from pypdf.generic import ContentStream

from kiosk.view import LANGUAGES
from tests.unit import papers_bench as bench


def read(language: str = "zh-Hans", **receipt: object) -> PdfReader:
    return PdfReader(io.BytesIO(bench.papers().receipt_pdf(bench.receipt(**receipt), language)))  # type: ignore[arg-type]


def text_of(reader: PdfReader) -> str:
    return reader.pages[0].extract_text()


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_page_a5(language: str) -> None:
    reader = read(language)
    assert len(reader.pages) == 1
    box = reader.pages[0].mediabox
    assert (round(float(box.width)), round(float(box.height))) == (420, 595)


@pytest.mark.parametrize(
    ("language", "wanted"),
    [
        (
            "zh-Hans",
            "自助签注受理回执|Endorsement receipt|模拟出入境接待大厅|香港|个人旅游|1年一次|澳门|团队旅游|3个月一次|每次不超过7天|微信支付|3号窗口",
        ),
        ("zh-Hant", "自助簽注受理回執|個人旅遊|3個月一次|澳門|已付金額"),
        ("en", "Endorsement receipt|自助签注受理回执|Hong Kong|Individual travel|1 year, one trip|Amount paid|WeChat Pay|window 3"),
    ],
)
def test_everything_a_traveller_needs_stands_on_it(language: str, wanted: str) -> None:
    text = " ".join(text_of(read(language)).split())
    always = "2611 2214 30K7 WQ3M|2611221430K7WQ3M-1|2026-11-22 14:30:05|GZ-SIM-01|2027-11-21|2027-02-21|TXM123456789|123456780|12367"
    always += "|¥30.00|**明|C***12345|SIMULATED — NOT VALID"
    assert [part for part in f"{always}|{wanted}".split("|") if part not in text] == []


def test_a_real_machine_does_not_say_simulated() -> None:
    data = bench.papers(simulated=False).receipt_pdf(bench.receipt(), "en")
    assert "SIMULATED" not in text_of(PdfReader(io.BytesIO(data)))


def test_every_font_is_embedded_as_a_subset() -> None:
    fonts = read().pages[0]["/Resources"]["/Font"].get_object()
    used = [font.get_object() for font in fonts.values()]
    assert all("/FontFile2" in font["/FontDescriptor"].get_object() for font in used)
    assert all(str(font["/BaseFont"])[7] == "+" for font in used)
    assert any("Droid" in str(font["/BaseFont"]) for font in used)
    assert len(bench.papers().receipt_pdf(bench.receipt(), "zh-Hans")) < 200_000


def drawn(reader: PdfReader) -> np.ndarray:
    """The page's filled rectangles in pure black, at four dots a point: True where dark."""
    dark = np.zeros((round(595.28 * 4), round(419.53 * 4)), bool)
    black, box = False, (0.0,) * 4
    for operands, operator in ContentStream(reader.pages[0].get_contents(), reader).operations:
        if operator == b"rg":
            black = [float(share) for share in operands] == [0, 0, 0]
        if operator == b"re":
            box = tuple(float(value) for value in operands)
        if operator == b"f*" and black:
            x, y, width, height = (round(value * 4) for value in (box[0], 595.28 - box[1] - box[3], box[2], box[3]))
            dark[y : y + height, x : x + width] = True
    return dark


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_code_is_drawn_in_vectors_and_can_be_read(language: str) -> None:
    reader = read(language)
    assert not list(reader.pages[0].images)
    assert bench.codes(drawn(reader)) == [bench.papers().receipt_code(bench.receipt())]


def test_the_files_properties_name_nobody() -> None:
    properties = {str(value) for value in (read().metadata or {}).values()}
    assert "自助签注受理回执" in properties
    assert not any(private in value for value in properties for private in ("明", "12345", "K7WQ3M"))


def test_the_same_receipt_gives_the_same_bytes() -> None:
    first, second = (bench.papers().receipt_pdf(bench.receipt(), "zh-Hans") for _ in range(2))
    assert first == second
    assert first != bench.papers().receipt_pdf(bench.receipt(amount_fen=1500), "zh-Hans")


@pytest.mark.parametrize("language", LANGUAGES)
def test_long_names_and_numbers_stay_on_the_page(language: str) -> None:
    hall_zh, hall_en = "某某自治州公安局出入境管理支队接待大厅" * 3, "Reception hall of the immigration division, " * 4
    machine = msgspec.structs.replace(bench.MACHINE, hall_zh=hall_zh, hall_en=hall_en)
    data = bench.papers(machine=machine).receipt_pdf(bench.receipt(amount_fen=123456789, order_no="W" * 32), language)
    reader = PdfReader(io.BytesIO(data))
    heights: list[float] = []
    reader.pages[0].extract_text(visitor_text=lambda text, cm, tm, font, size: heights.append(tm[5]) if text.strip() else None)
    assert len(reader.pages) == 1
    assert min(heights) > 20
    assert "¥1234567.89" in text_of(reader)
