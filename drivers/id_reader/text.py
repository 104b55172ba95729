"""The 256-byte text block of a card, in its four layouts (GA 490-2013; the 2017 and 2023 forms of the foreigner's card).

UTF-16LE, padded with spaces. The character at offset 248 says which layout it is. What cannot be read as the layout says is refused, never
guessed. Check digits are not judged here: the reader's own module has authenticated the card, and the journey compares the number anyway.
"""

import unicodedata
from dataclasses import dataclass
from datetime import date

from drivers.contract.id_reader import Layout

LONG_TERM = "长期"
_FLAG_AT = 248
_LAYOUTS = {"": Layout.RESIDENT, "J": Layout.HMT_RESIDENT, "I": Layout.FOREIGNER_2017, "Y": Layout.FOREIGNER_2023}
_SEXES = {"1": "M", "2": "F", "0": None, "9": None, "": None}


class BadContent(Exception):
    """The text does not read as its layout says. Stays inside this room: the reader turns it into a failure."""


class UnknownLayout(Exception):
    """The flag is none of the four."""


@dataclass(frozen=True, slots=True)
class CardText:
    """The fields as text; None where the layout has no such field or the card leaves it blank. Dates are `YYYY-MM-DD`."""

    layout: Layout
    id_number: str
    name: str | None
    english_name: str | None = None
    sex: str | None = None
    ethnic: str | None = None
    birth: str | None = None
    address: str | None = None
    issuer: str | None = None
    valid_from: str | None = None
    valid_to: str | None = None
    nationality: str | None = None
    permit_number: str | None = None
    issue_count: str | None = None

    def __repr__(self) -> str:
        return f"CardText(layout={self.layout!r}, ***)"


def field_text(raw: bytes) -> str | None:
    """One field without its padding (spaces and U+0000), None where nothing is left. Raises BadContent for what is no UTF-16 text."""
    try:
        text = raw.decode("utf-16-le").strip(" \0")
    except UnicodeDecodeError as error:
        raise BadContent("not UTF-16") from error
    # private-use and newly assigned characters stay: rare names are written with them
    if any(unicodedata.category(character) == "Cc" or ord(character) & 0xFFFE == 0xFFFE for character in text):
        raise BadContent("control character or none at all")
    return text or None


def parse_text(block: bytes) -> CardText:
    """Raises BadContent or UnknownLayout."""
    if len(block) != 256:
        raise BadContent("not 256 bytes")
    try:
        flag = block[_FLAG_AT : _FLAG_AT + 2].decode("utf-16-le").strip(" \0")
    except UnicodeDecodeError as error:
        raise BadContent("flag is no character") from error
    if flag not in _LAYOUTS:
        raise UnknownLayout(flag)
    layout = _LAYOUTS[flag]
    if layout is Layout.FOREIGNER_2017:
        return _foreigner_2017(block)
    if layout is Layout.FOREIGNER_2023:
        return _foreigner_2023(block)
    return _resident(block, layout)


def _resident(block: bytes, layout: Layout) -> CardText:
    """Resident card and `J`, which differ in the nation code and in what follows the dates."""
    hmt = layout is Layout.HMT_RESIDENT
    return CardText(
        layout=layout,
        name=_required(block, 0, 30),
        sex=_sex(block, 30),
        ethnic=None if hmt else _ethnic(block, 32),
        birth=_day(block, 36),
        address=_field(block, 52, 70),
        id_number=_number(block, 122, 36),
        issuer=_field(block, 158, 30),
        valid_from=_day(block, 188),
        valid_to=_day(block, 204, open_ended=True),
        permit_number=_field(block, 220, 18) if hmt else None,
        issue_count=_field(block, 238, 4) if hmt else None,
    )


def _foreigner_2017(block: bytes) -> CardText:
    """`I`. Its one number is both the holder's and the permit's, so it stands in both fields; the issuer is a four-character code."""
    number = _number(block, 122, 30)
    return CardText(
        layout=Layout.FOREIGNER_2017,
        english_name=_field(block, 0, 120),
        sex=_sex(block, 120),
        id_number=number,
        permit_number=number,
        nationality=_field(block, 152, 6),
        name=_field(block, 158, 30),
        valid_from=_day(block, 188),
        valid_to=_day(block, 204, open_ended=True),
        birth=_day(block, 220),
        issuer=_field(block, 240, 8),
    )


def _foreigner_2023(block: bytes) -> CardText:
    """`Y`. The English name runs over two fields. The three characters at 250 that link to an older permit are no number of one: not reported."""
    return CardText(
        layout=Layout.FOREIGNER_2023,
        name=_field(block, 0, 30),
        sex=_sex(block, 30),
        issue_count=_field(block, 32, 4),
        birth=_day(block, 36),
        english_name=field_text(block[52:122] + block[220:242]),
        id_number=_number(block, 122, 36),
        valid_from=_day(block, 188),
        valid_to=_day(block, 204, open_ended=True),
        nationality=_field(block, 242, 6),
    )


def _field(block: bytes, offset: int, length: int) -> str | None:
    return field_text(block[offset : offset + length])


def _required(block: bytes, offset: int, length: int) -> str:
    text = _field(block, offset, length)
    if text is None:
        raise BadContent(f"nothing at {offset}")
    return text


def _number(block: bytes, offset: int, length: int) -> str:
    text = _required(block, offset, length)
    if not (text.isascii() and text.isalnum()):
        raise BadContent("number is not letters and digits")
    return text


def _sex(block: bytes, offset: int) -> str | None:
    text = _field(block, offset, 2) or ""
    if text not in _SEXES:
        raise BadContent("sex is none of 0 1 2 9")
    return _SEXES[text]


def _ethnic(block: bytes, offset: int) -> str | None:
    text = _field(block, offset, 4)
    if text is not None and not (len(text) == 2 and text.isascii() and text.isdigit()):
        raise BadContent("ethnic code is not two digits")
    return text


def _day(block: bytes, offset: int, open_ended: bool = False) -> str | None:
    text = _field(block, offset, 16)
    if text is None or (open_ended and text == LONG_TERM):
        return text
    if not (len(text) == 8 and text.isascii() and text.isdigit()):
        raise BadContent(f"no date at {offset}")
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:])).isoformat()
    except ValueError as error:
        raise BadContent(f"no date at {offset}") from error
