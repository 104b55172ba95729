from datetime import date

import pytest

from kiosk.domain import numbers
from kiosk.domain.money import yuan
from kiosk.domain.numbers import MachineLine
from kiosk.domain.permit import PermitKind


@pytest.mark.parametrize(
    "number",
    [
        "11010519491231002X",
        "440301199003070019",
        "35020319850615002X",
        "110101201006011236",
        "310101197512124514",
        "932682198501010017",
        "911124198108030024",
    ],
)
def test_published_resident_numbers_are_right(number: str) -> None:
    assert numbers.is_resident_id(number)


@pytest.mark.parametrize(
    "number",
    [
        "110105194912310021",  # wrong check character
        "11010519491231002x",
        "110105194902300020",  # 30 February
        "11010519491231002",
        "11010519491231002X ",
        "11010519491231002X\n",
        "",
        "１１０１０５１９４９１２３１００２X",
    ],
)
def test_wrong_resident_numbers_are_refused(number: str) -> None:
    assert not numbers.is_resident_id(number)


def test_a_wrong_date_is_refused_although_its_check_character_is_right() -> None:
    first_17 = "11010519490230002"
    assert not numbers.is_resident_id(first_17 + numbers.resident_id_check(first_17))


@pytest.mark.parametrize(
    ("kind", "number", "right"),
    [
        (PermitKind.HKMO, "C12345678", True),
        (PermitKind.HKMO, "CA0000001", True),
        (PermitKind.HKMO, "CI0000001", False),
        (PermitKind.HKMO, "CO0000001", False),
        (PermitKind.HKMO, "C1234567", False),
        (PermitKind.HKMO, "L12345678", False),
        (PermitKind.TAIWAN, "L00000000", True),
        (PermitKind.TAIWAN, "LA0000001", False),
        (PermitKind.TAIWAN, "T12345678", False),
    ],
)
def test_card_permit_numbers(kind: PermitKind, number: str, right: bool) -> None:
    assert numbers.is_card_permit_number(kind, number) is right


def test_booklet_numbers_are_known_as_such() -> None:
    assert numbers.is_booklet_permit_number(PermitKind.HKMO, "W12345678")
    assert numbers.is_booklet_permit_number(PermitKind.TAIWAN, "T12345678")
    assert not numbers.is_booklet_permit_number(PermitKind.HKMO, "C12345678")


@pytest.mark.parametrize(("code", "right"), [("440100", True), ("440106", True), ("44010", False), ("4401000", False), ("044010", False)])
def test_region_codes(code: str, right: bool) -> None:
    assert numbers.is_region(code) is right


@pytest.mark.parametrize(
    ("line", "kind", "number"),
    [
        ("CSC000000004<2404200<8108038<6", PermitKind.HKMO, "C00000000"),
        ("CDL000000007<2508197<8208031<6", PermitKind.TAIWAN, "L00000000"),
        ("CSCA00000015<3001019<9003071<0", PermitKind.HKMO, "CA0000001"),
        ("CSC123456788<3001019<9003071<4", PermitKind.HKMO, "C12345678"),
    ],
)
def test_machine_lines_read_and_rebuild(line: str, kind: PermitKind, number: str) -> None:
    parsed = MachineLine.parse(line)
    assert (parsed.kind, parsed.number) == (kind, number)
    assert parsed.text() == line


def test_a_machine_line_is_built_from_dates() -> None:
    built = MachineLine.of(PermitKind.HKMO, "CA0000001", date(2030, 1, 1), date(1990, 3, 7))
    assert built.text() == "CSCA00000015<3001019<9003071<0"


@pytest.mark.parametrize(
    "line",
    [
        "CSC886084772<2800800<8200000<6",  # anonymised sample: dates and total are wrong
        "CSCA00000014<3001019<9003071<0",
        "CSCA00000015<3001018<9003071<0",
        "CSCA00000015<3001019<9003072<0",
        "CSCA00000015<3001019<9003071<1",
        "CTCA00000015<3001019<9003071<0",
        "CSCA00000015<3001019<9003071<",
        "",
    ],
)
def test_altered_machine_lines_are_refused(line: str) -> None:
    with pytest.raises(ValueError):
        MachineLine.parse(line)


def test_a_machine_line_with_an_impossible_date_is_refused_although_its_digits_add_up() -> None:
    line = MachineLine(PermitKind.HKMO, "CA0000001", "301301", "900307").text()
    with pytest.raises(ValueError):
        MachineLine.parse(line)


@pytest.mark.parametrize(
    ("number", "birth", "expiry", "key"),
    [
        ("L898902C<", "690806", "940623", "L898902C<369080619406236"),
        ("L898902C", "690806", "940623", "L898902C<369080619406236"),
        ("CA0000001", "900307", "300101", "CA0000001590030713001019"),
    ],
)
def test_access_key_text(number: str, birth: str, expiry: str, key: str) -> None:
    assert numbers.access_key_text(number, birth, expiry) == key


def test_the_passport_specimen_s_five_digits_come_out_of_the_same_rule() -> None:
    line = "E000000008CHN8310291F2202059NGKELMPONBPJB972"
    parts = [(line[:9], line[9]), (line[13:19], line[19]), (line[21:27], line[27]), (line[28:42], line[42])]
    parts.append((line[:10] + line[13:20] + line[21:43], line[43]))
    assert [numbers.check_digit(text) for text, _ in parts] == [digit for _, digit in parts]


def test_a_check_digit_of_anything_else_is_a_mistake_of_the_caller() -> None:
    for text in ("a", "é", "１", " "):
        with pytest.raises(ValueError):
            numbers.check_digit(text)


def test_chinese_name_code_both_ways() -> None:
    assert numbers.chinese_name_code("证件样本") == "NGKELMPONBPJLBLO"
    assert numbers.chinese_name_of_code("NGKELMPONBPJLBLO<<<<") == "证件样本"
    for wrong in ("NGK", "QQ", "1234"):
        with pytest.raises(ValueError):
            numbers.chinese_name_of_code(wrong)
    with pytest.raises(ValueError):
        numbers.chinese_name_code("😀")


def test_yuan() -> None:
    assert [yuan(fen) for fen in (1500, 0, 5, 12345)] == ["15.00", "0.00", "0.05", "123.45"]
