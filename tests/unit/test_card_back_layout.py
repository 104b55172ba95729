"""The card's back as drawn: every dot black or white, each code readable, nothing outside its place."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
import zxingcpp

from kiosk.domain.endorsement import Destination, Kind, Validity
from kiosk.services.card_back.inspection import meant_dots
from kiosk.services.card_back.layout import Block, draw, entries_phrase, measures, picture

HONG_KONG = Block(Destination.HKG, Kind.INDIVIDUAL, Validity.parse("1Y1"), date(2027, 11, 21), 7, date(2026, 11, 22), "广东", "HK2611220001")
MACAU = Block(Destination.MAC, Kind.BUSINESS, Validity.parse("3M*"), date(2027, 2, 21), 14, date(2026, 11, 22), "广东", "MO2611220002", "琴澳旅游")
TAIWAN = Block(Destination.TWN, Kind.GROUP, Validity.parse("6M1"), date(2027, 5, 21), None, date(2026, 11, 22), "福建", "TW2611220001")


def codes(*blocks: Block) -> list[str]:
    image = np.pad(np.asarray(picture(draw(blocks))), 10, constant_values=255)
    return sorted(code.text for code in zxingcpp.read_barcodes(image))


def test_both_blocks_carry_their_code() -> None:
    assert codes(HONG_KONG, MACAU) == ["HKG G 1Y1 2027-11-21 HK2611220001", "MAC S 3M* 2027-02-21 MO2611220002"]


@pytest.mark.parametrize("block", [HONG_KONG, MACAU, TAIWAN, replace(HONG_KONG, number=None), replace(HONG_KONG, number="A" * 39)])
def test_one_block_alone_carries_its_code(block: Block) -> None:
    assert codes(block) == [block.code]


def test_a_code_has_at_least_three_dots_a_module_and_its_quiet_zone() -> None:
    dots = meant_dots(draw([replace(HONG_KONG, number="A" * 39)]))
    own = measures()["qr"]
    left = 480 - own["right_margin"] - own["box"]
    square = dots[28:172, left:476]
    xs, ys = np.where(square.any(axis=0))[0], np.where(square.any(axis=1))[0]
    assert xs[0] >= 4 * 3
    finder = square[ys[0], xs[0] :]  # the upper edge of the finder pattern: seven modules of black
    assert int(np.argmin(finder)) >= 7 * 3


def test_a_code_too_long_for_its_square_is_a_bug() -> None:
    with pytest.raises(ValueError, match="too long"):
        draw([replace(HONG_KONG, number="A" * 120)])


def test_two_blocks_for_one_place_are_a_bug() -> None:
    with pytest.raises(ValueError, match="one place"):
        draw([HONG_KONG, replace(HONG_KONG, number="HK2")])


def test_no_blocks_draw_a_white_back() -> None:
    assert not any(draw([]).rows)


def test_a_block_keeps_its_place_without_the_other() -> None:
    both, alone = meant_dots(draw([HONG_KONG, MACAU])), meant_dots(draw([MACAU]))
    assert np.array_equal(both[174:], alone[174:])
    assert not alone[30:170, 4:476].any()


def test_the_order_of_the_blocks_does_not_matter() -> None:
    assert draw([MACAU, HONG_KONG]) == draw([HONG_KONG, MACAU])


def test_every_field_shows_on_the_card() -> None:
    base = draw([MACAU])
    for change in (
        {"kind": Kind.FAMILY},
        {"validity": Validity.parse("1Y*")},
        {"valid_until": date(2027, 2, 22)},
        {"stay_days": 7},
        {"issued_on": date(2026, 11, 23)},
        {"issuer": "广西"},
        {"number": "MO2611220003"},
        {"remark": ""},
    ):
        assert draw([replace(MACAU, **change)]) != base, change


def test_a_long_issuer_and_remark_stay_inside_the_fields() -> None:
    own = measures()["block"]
    long = draw([replace(MACAU, issuer="中华人民共和国出入境管理局广东省广州市分局", remark="备注" * 40)])
    column = meant_dots(long)[:, own["right"] + 1 : own["right"] + 5]
    assert not column[174:316].any()
    assert codes(replace(MACAU, remark="备注" * 40)) == [MACAU.code]


def test_every_kind_of_every_destination_has_a_name() -> None:
    kinds = measures()["kinds"]
    assert set(kinds["hkmo"]) == set("GLTSDQR")
    assert set(kinds["taiwan"]) == set("GLTDYFXCQ")


@pytest.mark.parametrize(
    ("code", "phrase"),
    [
        ("3M1", "3个月一次"),
        ("3M2", "3个月二次"),
        ("3M*", "3个月多次"),
        ("1Y1", "1年一次"),
        ("1Y2", "1年二次"),
        ("1Y*", "1年多次"),
        ("1YW", "1年每周一次"),
        ("6M1", "6个月一次"),
    ],
)
def test_entries_are_said_as_the_form_says_them(code: str, phrase: str) -> None:
    assert entries_phrase(Validity.parse(code)) == phrase
