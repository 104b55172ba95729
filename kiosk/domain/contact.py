"""Whom the authority can turn to besides the traveller, and where letters reach them: all of it the traveller's own choice."""

import unicodedata
from dataclasses import dataclass, field

from kiosk.domain.sensitive import Sensitive

NAME_LENGTH = (2, 30)
ADDRESS_LENGTH = (5, 60)
MOBILE_LENGTH = 11
_IN_NAMES = " ·.'-"  # 阿卜杜拉·买买提, O'Neil, Anne-Marie
_IN_ADDRESSES = _IN_NAMES + ",，。、#/()（）"


def _nothing() -> Sensitive[str]:
    return Sensitive("")


@dataclass(frozen=True, slots=True)
class Contact:
    """name, phone: of the person to turn to in an emergency. address: where mail reaches the traveller. Each may be empty."""

    name: Sensitive[str] = field(default_factory=_nothing)
    phone: Sensitive[str] = field(default_factory=_nothing)
    address: Sensitive[str] = field(default_factory=_nothing)

    @property
    def empty(self) -> bool:
        return self == Contact()


def is_name(text: str) -> bool:
    """Letters of any script with what stands between them; it begins with a letter. Not whether anybody is called so."""
    return _fits(text, NAME_LENGTH) and _is_letter(text[0]) and all(_is_letter(each) or each in _IN_NAMES for each in text)


def is_address(text: str) -> bool:
    """Letters, digits and marks, with a letter among them. Not whether there is such a place."""
    return (
        _fits(text, ADDRESS_LENGTH)
        and any(_is_letter(each) for each in text)
        and all(_is_letter(each) or each.isdecimal() or each in _IN_ADDRESSES for each in text)
    )


def is_mobile(text: str) -> bool:
    """Eleven digits beginning with 1: a number of the mainland's networks, which alone take the authority's messages."""
    return len(text) == MOBILE_LENGTH and text.startswith("1") and text.isascii() and text.isdigit()


def _fits(text: str, length: tuple[int, int]) -> bool:
    return length[0] <= len(text) <= length[1] and text == text.strip()


def _is_letter(character: str) -> bool:
    return unicodedata.category(character) in ("Lu", "Ll", "Lo", "Lm")
