"""The text block in its four layouts, written by the simulation's card and read by the driver."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.contract.id_reader import Layout
from drivers.id_reader.emulator import foreigner_2017_text, foreigner_2023_text, hmt_text, resident_text
from drivers.id_reader.text import BadContent, CardText, UnknownLayout, parse_text
from tests.golden import golden


def resident_block(**changes: str) -> bytes:
    fields = {
        "name": "张三",
        "sex": "M",
        "ethnic": "01",
        "birth": "1990-01-01",
        "address": "广东省广州市天河区",
        "id_number": "11010519491231002X",
        "issuer": "广州市公安局",
        "valid_from": "2016-03-01",
        "valid_to": "2036-03-01",
    }
    return resident_text(**(fields | changes))


def with_bytes(block: bytes, offset: int, data: bytes) -> bytes:
    return block[:offset] + data + block[offset + len(data) :]


def test_a_resident_card() -> None:
    assert parse_text(resident_block()) == CardText(
        layout=Layout.RESIDENT,
        id_number="11010519491231002X",
        name="张三",
        sex="M",
        ethnic="01",
        birth="1990-01-01",
        address="广东省广州市天河区",
        issuer="广州市公安局",
        valid_from="2016-03-01",
        valid_to="2036-03-01",
    )


def test_the_golden_text_is_what_the_simulated_card_holds_and_what_the_driver_reads() -> None:
    start = golden("samv", "text.start")
    block = resident_block(address="测试市测试区测试路1号")
    assert block[: len(start)] == start
    text = parse_text(block)
    assert (text.name, text.sex, text.ethnic, text.birth) == ("张三", "M", "01", "1990-01-01")


def test_a_residence_permit_of_hong_kong_macau_and_taiwan() -> None:
    block = hmt_text("陈大文", "F", "1985-05-06", "广州市越秀区", "810000198505060023", "广州市公安局", "2020-01-02", "2025-01-02", "H12345678", "01")
    assert parse_text(block) == CardText(
        layout=Layout.HMT_RESIDENT,
        id_number="810000198505060023",
        name="陈大文",
        sex="F",
        birth="1985-05-06",
        address="广州市越秀区",
        issuer="广州市公安局",
        valid_from="2020-01-02",
        valid_to="2025-01-02",
        permit_number="H12345678",
        issue_count="01",
    )


def test_a_foreigners_card_of_2017_whose_one_number_stands_in_both_fields() -> None:
    block = foreigner_2017_text("SMITH, JOHN", "M", "USA310062038901", "USA", "史密斯", "2018-01-01", "2028-01-01", "1962-03-08", "01", "1500")
    assert parse_text(block) == CardText(
        layout=Layout.FOREIGNER_2017,
        id_number="USA310062038901",
        name="史密斯",
        english_name="SMITH, JOHN",
        sex="M",
        birth="1962-03-08",
        issuer="1500",
        valid_from="2018-01-01",
        valid_to="2028-01-01",
        nationality="USA",
        permit_number="USA310062038901",
    )


def test_a_foreigners_card_of_2023_whose_english_name_runs_over_two_fields() -> None:
    name = "VERYLONGFAMILYNAME, MARIA ANTOINETTE JOSEPHIN"  # 45 characters: a space falls on neither side of the seam
    number = golden("resident_id", "number_1").decode()
    block = foreigner_2023_text("玛丽亚", "F", "02", "1985-01-01", name, number, "2023-12-01", "2033-12-01", "CAN")
    assert parse_text(block) == CardText(
        layout=Layout.FOREIGNER_2023,
        id_number="932682198501010017",
        name="玛丽亚",
        english_name=name,
        sex="F",
        birth="1985-01-01",
        valid_from="2023-12-01",
        valid_to="2033-12-01",
        nationality="CAN",
        issue_count="02",
    )


def test_an_english_name_keeps_a_space_at_the_seam() -> None:
    name = "A" * 34 + " " + "BERT"
    block = foreigner_2023_text("", "M", "01", "1985-01-01", name, "911124198108030024", "2023-12-01", "2033-12-01", "FRA")
    assert parse_text(block).english_name == name
    assert parse_text(block).name is None


@pytest.mark.parametrize(("code", "sex"), [("1", "M"), ("2", "F"), ("0", None), ("9", None), (" ", None)])
def test_sex_codes(code: str, sex: str | None) -> None:
    assert parse_text(with_bytes(resident_block(), 30, code.encode("utf-16-le"))).sex == sex


def test_long_term_validity_is_no_date_and_stays_as_written() -> None:
    assert parse_text(resident_block(valid_to="长期")).valid_to == "长期"


def test_padding_with_zeros_is_stripped_like_padding_with_spaces() -> None:
    block = with_bytes(resident_block(), 0, "李四".encode("utf-16-le") + bytes(26))
    assert parse_text(block).name == "李四"
    assert parse_text(with_bytes(resident_block(), 248, bytes(2))).layout is Layout.RESIDENT


def test_a_rare_name_outside_the_basic_plane_is_kept() -> None:
    assert parse_text(resident_block(name="王𠮷")).name == "王𠮷"


@pytest.mark.parametrize(
    ("offset", "data"),
    [
        (36, "19901301".encode("utf-16-le")),
        (36, "1990022X".encode("utf-16-le")),
        (36, "199001  ".encode("utf-16-le")),
        (36, "１９９００１０１".encode("utf-16-le")),
        (188, "20210229".encode("utf-16-le")),
        (188, "长期".encode("utf-16-le")),
        (204, "长长".encode("utf-16-le")),
        (0, b"\x00\xd8\x20\x00"),  # a lone surrogate
        (0, "张\x07三".encode("utf-16-le")),
        (0, b"\xff\xff" * 15),
        (0, " ".encode("utf-16-le") * 15),  # no name
        (30, "3".encode("utf-16-le")),
        (32, "A1".encode("utf-16-le")),
        (122, " ".encode("utf-16-le") * 18),  # no number
        (122, "110105 9491231002X".encode("utf-16-le")),
    ],
)
def test_text_that_does_not_read_as_its_layout_is_refused(offset: int, data: bytes) -> None:
    changed = with_bytes(resident_block(), offset, data)
    if data.startswith("长".encode("utf-16-le")) and offset == 188:
        changed = with_bytes(changed, 188 + len(data), " ".encode("utf-16-le") * 6)
    with pytest.raises(BadContent):
        parse_text(changed)


def test_an_unknown_flag_is_an_unknown_layout() -> None:
    with pytest.raises(UnknownLayout):
        parse_text(with_bytes(resident_block(), 248, "Q".encode("utf-16-le")))


def test_a_repr_shows_nobody() -> None:
    assert "张三" not in repr(parse_text(resident_block()))


@given(st.binary(min_size=256, max_size=256))
def test_random_blocks_are_refused_or_read_but_never_crash(block: bytes) -> None:
    try:
        parse_text(block)
    except (BadContent, UnknownLayout):
        pass


@given(st.text(alphabet=st.characters(min_codepoint=0x20, max_codepoint=0xFFFD, blacklist_categories=("Cs",)), min_size=128, max_size=128))
def test_random_characters_are_refused_or_read_but_never_crash(text: str) -> None:
    try:
        parse_text(text.encode("utf-16-le"))
    except (BadContent, UnknownLayout):
        pass
