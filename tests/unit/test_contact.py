"""What is taken for a name, an address and a mobile number; and how they are shown."""

import pytest

from kiosk.domain.contact import Contact, is_address, is_mobile, is_name
from kiosk.domain.sensitive import Sensitive, masked_address


@pytest.mark.parametrize("name", ["张伟", "欧阳小明", "阿卜杜拉·买买提", "CHEN MINGYUAN", "Anne-Marie O'Neil", "Łukasz", "㐀㐁", "𠮷野"])
def test_names_of_many_peoples_are_names(name: str) -> None:
    assert is_name(name)


@pytest.mark.parametrize("text", ["", "张", "张3", "123", "·张伟", " 张伟", "张伟 ", "张\n伟", "张😀", "a" * 31, "<b>张</b>", "张，伟", "\u200b张伟"])
def test_what_is_no_name_is_not_taken_for_one(text: str) -> None:
    assert not is_name(text)


@pytest.mark.parametrize("address", ["广州市天河区体育西路1号", "体育西路109号#28-01", "Room 5, 12/F, Tianhe Rd. (North)"])
def test_addresses_have_letters_digits_and_marks(address: str) -> None:
    assert is_address(address)


@pytest.mark.parametrize("text", ["", "广州市", "12345", "-----", "广州市天河区\n1号", "广州市天河区@1号", "路" * 61, " 广州市天河区1号"])
def test_what_no_letter_could_reach_is_no_address(text: str) -> None:
    assert not is_address(text)


@pytest.mark.parametrize(("number", "right"), [("13800138000", True), ("23800138000", False), ("1380013800", False), ("1３800138000", False)])
def test_a_mobile_number_has_eleven_digits_and_begins_with_one(number: str, right: bool) -> None:
    assert is_mobile(number) is right


def test_an_address_is_shown_without_house_and_street() -> None:
    assert masked_address("广东省广州市天河区体育西路1号") == "广东省广州市" + "*" * 9
    assert masked_address("天河路1号") == "天河***"


def test_a_contact_is_empty_until_something_is_said() -> None:
    assert Contact().empty and not Contact(phone=Sensitive("13800138000")).empty
    assert "张" not in repr(Contact(Sensitive("张伟")))
