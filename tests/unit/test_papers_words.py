"""The words of endorsements, opening hours, and where lines break."""

import tomllib

import msgspec
import pytest

from kiosk.domain.endorsement import Destination, Kind
from kiosk.domain.failure import Failure
from kiosk.services.papers import IssuedLine
from kiosk.services.papers.wording import Words
from kiosk.services.papers.wrapping import quotable, wrapped
from kiosk.view import LANGUAGES
from tests.unit import papers_bench as bench


def words(language: str = "zh-Hans", **machine: str) -> Words:
    return Words(bench.CATALOGUE, msgspec.structs.replace(bench.MACHINE, **machine), language)


def test_every_place_kind_and_validity_the_policy_sells_has_its_word() -> None:
    options = tomllib.loads((bench.ASSETS / "policy" / "options.toml").read_text(encoding="utf-8"))
    validities = {validity for way in options["ways"] for validity in way["validities"]} | {"3M1", "3M2", "3M*", "1Y1", "1Y2", "1Y*", "1YW", "6M1"}
    keys = {f"word.validity.{code}" for code in validities}
    keys |= {f"word.kind.{kind}" for kind in Kind} | {f"word.destination.{place}" for place in Destination}
    assert keys - bench.CATALOGUE.keys() == set()


@pytest.mark.parametrize(("destination", "word"), [("HKG", "逗留"), ("TWN", "定居")])
def test_letter_d_means_stay_for_hong_kong_and_settlement_for_taiwan(destination: str, word: str) -> None:
    assert words().kind(IssuedLine(destination, "D", "1Y1", bench.AT.date(), None, None)) == word


@pytest.mark.parametrize(
    ("hours", "language", "shown"),
    [
        ("Mon-Fri 09:00-17:00", "zh-Hans", "周一至周五 09:00-17:00"),
        ("Mon-Fri 09:00-12:00, Sat 09:00-12:00", "zh-Hant", "週一至週五 09:00-12:00, 週六 09:00-12:00"),
        ("Mon-Fri 09:00-17:00", "en", "Mon–Fri 09:00-17:00"),
        ("24小时", "en", "24小时"),
        ("Monday", "zh-Hans", "Monday"),
    ],
)
def test_opening_hours_name_the_days_in_the_travellers_language(hours: str, language: str, shown: str) -> None:
    assert words(language, hours=hours).hours == shown


def test_a_machine_without_window_number_sends_to_the_window() -> None:
    assert words("en", window="").window == "the staffed window"
    assert words("en").window == "window 3"


@pytest.mark.parametrize(("language", "hall"), [("en", "只有中文"), ("zh-Hans", "只有中文")])
def test_a_hall_with_one_name_goes_by_it_in_every_language(language: str, hall: str) -> None:
    assert words(language, hall_zh="只有中文", hall_en="").hall == hall


def test_long_numbers_are_grouped_as_people_read_them_out() -> None:
    assert [quotable(number) for number in ("2611221430K7WQ3M", "W-0012", "12345678", "2611221430K7WQ3M-1")] == [
        "2611 2214 30K7 WQ3M",
        "W-0012",
        "12345678",
        "2611221430K7WQ3M-1",
    ]


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("请到窗口办理，谢谢。", 6, ["请到窗口办", "理，谢谢。"]),
        ("一二三四（五六）", 5, ["一二三四", "（五六）"]),
        ("call staff now", 10, ["call staff", "now"]),
        ("拨打 12367 热线", 6, ["拨打", "12367", "热线"]),
        ("ABCDEFGHIJ", 4, ["ABCD", "EFGH", "IJ"]),
        ("one\u2003two", 7, ["one\u2003two"]),
        ("", 5, []),
        ("  ", 5, []),
    ],
)
def test_lines_break_where_a_reader_expects_it(text: str, width: int, lines: list[str]) -> None:
    assert wrapped(text, len, width) == lines


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_loses_a_letter_by_wrapping(language: str) -> None:
    for key in sorted(bench.CATALOGUE.keys()):
        text = bench.CATALOGUE.text(key, language)
        for width in (1, 7, 30):
            lines = wrapped(text, len, width)
            assert "".join("".join(lines).split()) == "".join(text.split())
            assert max((len(line) for line in lines), default=0) <= width


def test_a_failure_of_the_papers_says_what_to_do() -> None:
    assert "call staff" in bench.CATALOGUE.text(f"failure.{Failure('papers.font_missing').code}", "en")
