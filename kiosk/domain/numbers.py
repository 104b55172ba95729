"""Numbers printed on people's documents: their patterns, check digits and codes.

Sources: GB 11643 (resident ID), ICAO 9303 (check digit), the card permits' 30-character machine line as on their published specimens.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime

from kiosk.domain.permit import PermitKind

_RESIDENT_ID = re.compile(r"[1-9][0-9]{16}[0-9X]")
_RESIDENT_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_RESIDENT_CHECKS = "10X98765432"

# After 100 million cards (December 2018) the number went on with a letter in second place, never I or O: CA0000001.
_CARD_NUMBERS = {PermitKind.HKMO: re.compile(r"C([0-9]{8}|[A-HJ-NP-Z][0-9]{7})"), PermitKind.TAIWAN: re.compile(r"L[0-9]{8}")}
_BOOKLET_NUMBERS = {PermitKind.HKMO: re.compile(r"W[0-9]{8}"), PermitKind.TAIWAN: re.compile(r"T[0-9]{8}")}

_LINE_PREFIX = {PermitKind.HKMO: "CS", PermitKind.TAIWAN: "CD"}
_MACHINE_LINE = re.compile(r"(CS|CD)([A-Z0-9<]{9})([0-9])<([0-9]{6})([0-9])<([0-9]{6})([0-9])<([0-9])")
_REGION = re.compile(r"[1-9][0-9]{5}")


def resident_id_check(first_17: str) -> str:
    """The last character of a resident ID (ISO 7064 MOD 11-2) for its first 17 digits."""
    return _RESIDENT_CHECKS[sum(int(digit) * weight for digit, weight in zip(first_17, _RESIDENT_WEIGHTS, strict=True)) % 11]


def resident_id_birth(number: str) -> date | None:
    """The birth date inside the number, None where it is no calendar date."""
    try:
        return datetime.strptime(number[6:14], "%Y%m%d").date()
    except ValueError:
        return None


def is_resident_id(number: str) -> bool:
    """18 characters, a real birth date, the right check character. The first six digits are not looked up: they may be a region of long ago."""
    return _RESIDENT_ID.fullmatch(number) is not None and resident_id_birth(number) is not None and resident_id_check(number[:17]) == number[17]


def is_card_permit_number(kind: PermitKind, number: str) -> bool:
    return _CARD_NUMBERS[kind].fullmatch(number) is not None


def is_booklet_permit_number(kind: PermitKind, number: str) -> bool:
    """The obsolete booklets (`W`, `T`): a machine cannot print on them."""
    return _BOOKLET_NUMBERS[kind].fullmatch(number) is not None


def is_region(code: str) -> bool:
    """Six digits as in GB/T 2260; whether the place exists is not looked up."""
    return _REGION.fullmatch(code) is not None


def check_digit(text: str) -> str:
    """ICAO 9303: weights 7-3-1, digits as they are, A-Z = 10-35, `<` = 0, modulo 10. Raises ValueError for any other character."""
    total = 0
    for position, character in enumerate(text):
        if character == "<":
            continue
        if not (character.isascii() and (character.isdigit() or character.isupper())):
            raise ValueError(f"not a machine-line character: {character!r}")
        total += int(character, 36) * (7, 3, 1)[position % 3]
    return str(total % 10)


def six_digits(day: date) -> str:
    """YYMMDD, as machine lines carry dates."""
    return f"{day:%y%m%d}"


def access_key_text(number: str, birth: str, expiry: str) -> str:
    """What a chip's basic access key is derived from: number, birth, expiry, each with its check digit (24 characters).

    birth and expiry are YYMMDD; a number shorter than nine characters is filled with `<`.
    """
    padded = number.ljust(9, "<")
    return padded + check_digit(padded) + birth + check_digit(birth) + expiry + check_digit(expiry)


@dataclass(frozen=True, slots=True)
class MachineLine:
    """The one line of 30 characters on a card permit's front, also the start of its chip's DG1.

    expiry and birth stay YYMMDD: the line does not say the century, and whoever compares has the full date to shorten.
    """

    kind: PermitKind
    number: str
    expiry: str
    birth: str

    @classmethod
    def of(cls, kind: PermitKind, number: str, expires_on: date, birth: date) -> "MachineLine":
        return cls(kind, number, six_digits(expires_on), six_digits(birth))

    @classmethod
    def parse(cls, line: str) -> "MachineLine":
        """Raises ValueError where the form, a date or any of the four check digits is wrong."""
        match = _MACHINE_LINE.fullmatch(line)
        if match is None:
            raise ValueError("not a 30-character machine line of a card permit")
        kind = PermitKind.HKMO if match[1] == "CS" else PermitKind.TAIWAN
        parsed = cls(kind, match[2].rstrip("<"), match[4], match[6])
        for day in (parsed.expiry, parsed.birth):
            datetime.strptime(day, "%y%m%d")
        if parsed.text() != line:
            raise ValueError("a check digit of the machine line is wrong")
        return parsed

    def text(self) -> str:
        """The 30 characters. Expiry stands before birth, unlike in a passport."""
        number = self.number.ljust(9, "<")
        number += check_digit(number)
        expiry = self.expiry + check_digit(self.expiry)
        birth = self.birth + check_digit(self.birth)
        return f"{_LINE_PREFIX[self.kind]}{number}<{expiry}<{birth}<{check_digit(number + expiry + birth)}"


def chinese_name_code(name: str) -> str:
    """A Chinese name as machine lines carry it: GBK bytes, each half-byte 0-F written A-P. Raises ValueError outside GBK."""
    return "".join(chr(ord("A") + (byte >> shift & 0xF)) for byte in name.encode("gbk") for shift in (4, 0))


def chinese_name_of_code(code: str) -> str:
    """The reverse; trailing `<` are filling. Raises ValueError for anything else than such a code."""
    halves = [ord(character) - ord("A") for character in code.rstrip("<")]
    if len(halves) % 2 or any(not 0 <= half <= 15 for half in halves):
        raise ValueError("not a Chinese name code")
    return bytes(high << 4 | low for high, low in zip(halves[::2], halves[1::2], strict=True)).decode("gbk")
