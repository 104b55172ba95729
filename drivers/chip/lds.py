"""The logical data structure: what the chip's files say. Source: ICAO 9303-10; DG1 as the card permits fill it.

DG1 holds 90 characters: the 30 of the printed machine line (`CS`/`CD`, number, check, `<`, expiry, check, `<`, birth, check, `<`, overall
check), 12 of the Chinese name (GBK, each nibble 0–F as A–P, so at most three characters), 18 of the pinyin (`SURNAME<<GIVEN`), sex, then flags
(2), place of birth (3) and `<` to the end. Where the flags end is not published; nothing here reads behind the sex.

Every function here raises Malformed for data that is not so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from drivers.chip import tlv
from drivers.chip.bac import check_digit
from drivers.chip.tlv import Malformed
from drivers.contract.chip import AccessKey

COM, SOD = 0x011E, 0x011D
DATA_GROUPS: Mapping[int, int] = {1: 0x0101, 2: 0x0102, 11: 0x010B, 12: 0x010C}
"""Data group → file identifier, of those that are read."""

FILE_TAGS: Mapping[int, int] = {COM: 0x60, SOD: 0x77, 0x0101: 0x61, 0x0102: 0x75, 0x010B: 0x6B, 0x010C: 0x6C}
GROUP_OF_TAG: Mapping[int, int] = {0x61: 1, 0x75: 2, 0x63: 3, 0x76: 4, 0x65: 5, 0x66: 6, 0x67: 7, 0x68: 8, 0x69: 9, 0x6A: 10, 0x6B: 11,
                                   0x6C: 12, 0x6D: 13, 0x6E: 14, 0x6F: 15, 0x70: 16}  # fmt: skip

JPEG = b"\xff\xd8\xff"
JPEG_2000 = (bytes.fromhex("0000000C6A5020200D0A870A"), bytes.fromhex("FF4FFF51"))


@dataclass(frozen=True, slots=True)
class MachineLine:
    """DG1. name: at most three characters; pinyin: `SURNAME,GIVEN`, cut at 18 characters."""

    document_type: str
    document_number: str
    birth: date
    expires_on: date
    sex: str
    name: str | None
    pinyin: str | None


def listed_groups(com: bytes) -> frozenset[int]:
    """EF.COM: which data groups the chip says it has."""
    tags = tlv.only(tlv.only(com, 0x60), 0x5C)
    return frozenset(GROUP_OF_TAG[tag] for tag in tags if tag in GROUP_OF_TAG)


def machine_line(data_group_1: bytes, key: AccessKey) -> MachineLine:
    """key: settles the century of two-digit years wherever it fits what the chip says."""
    raw = tlv.only(tlv.only(data_group_1, 0x61), 0x5F1F)
    try:
        text = raw.decode("ascii")
    except UnicodeDecodeError as error:
        raise Malformed("DG1 is not ASCII") from error
    if len(text) != 90:
        raise Malformed("DG1 has not 90 characters")
    number, expiry, birth = text[2:11], text[13:19], text[21:27]
    checks = (text[11], text[19], text[27], text[29])
    try:
        wanted = (*(check_digit(part) for part in (number, expiry, birth)), check_digit(text[2:12] + text[13:20] + text[21:28]))
    except ValueError as error:
        raise Malformed("DG1 has a foreign character") from error
    if checks != wanted:
        raise Malformed("DG1's check digits")
    sex = text[60]
    return MachineLine(
        document_type=text[:2],
        document_number=number.rstrip("<"),
        birth=_date(birth, key.birth, past=True),
        expires_on=_date(expiry, key.expires_on, past=False),
        sex=sex if sex in "MF" else "",
        name=_chinese(text[30:42]),
        pinyin=text[42:60].rstrip("<").replace("<<", ",", 1).replace("<", " ") or None,
    )


def _date(digits: str, known: date, past: bool) -> date:
    if f"{known:%y%m%d}" == digits:
        return known
    try:
        found = datetime.strptime("20" + digits, "%Y%m%d").date()
        return found.replace(year=found.year - 100) if past and found > date.today() else found
    except ValueError as error:
        raise Malformed("date") from error


def _chinese(letters: str) -> str | None:
    """`NGKELMPONBPJ` → 证件样. None where the letters are no GBK text: the full name stands in DG11."""
    nibbles = [ord(letter) - ord("A") for letter in letters.rstrip("<")]
    if not nibbles or len(nibbles) % 2 or not all(0 <= nibble < 16 for nibble in nibbles):
        return None
    try:
        return bytes(high << 4 | low for high, low in zip(nibbles[::2], nibbles[1::2], strict=True)).decode("gbk")
    except UnicodeDecodeError:
        return None


def face_image(data_group_2: bytes) -> bytes:
    """The first face's JPEG 2000 or JPEG, out of its ISO 19794-5 record."""
    group = tlv.only(tlv.only(data_group_2, 0x75), 0x7F61)
    template = tlv.only(group, 0x7F60)
    block = tlv.optional(template, 0x5F2E) or tlv.optional(template, 0x7F2E)
    if block is None or block[:8] != b"FAC\x00010\x00" or len(block) < 46:
        raise Malformed("no facial record")
    if int.from_bytes(block[8:12], "big") > len(block) or int.from_bytes(block[12:14], "big") < 1:
        raise Malformed("facial record's length")
    record_length = int.from_bytes(block[14:18], "big")  # counts itself, the features, the image's own head and the image
    points = int.from_bytes(block[18:20], "big")
    start = 14 + 20 + 8 * points + 12
    end = 14 + record_length
    if not start < end <= len(block):
        raise Malformed("image's length")
    image = block[start:end]
    if not image.startswith((JPEG, *JPEG_2000)):
        raise Malformed("image is neither JPEG nor JPEG 2000")
    return image


def personal_details(data_group_11: bytes) -> tuple[str | None, str | None]:
    """DG11: full name (5F0E) and personal number (5F10)."""
    group = tlv.only(data_group_11, 0x6B)
    return _text(tlv.optional(group, 0x5F0E)), _text(tlv.optional(group, 0x5F10))


def document_details(data_group_12: bytes) -> tuple[str | None, date | None]:
    """DG12: issuer (5F19) and date of issue (5F26), which stands as eight digits or as four packed bytes."""
    group = tlv.only(data_group_12, 0x6C)
    raw = tlv.optional(group, 0x5F26)
    issuer = _text(tlv.optional(group, 0x5F19))
    if raw is None:
        return issuer, None
    digits = raw.hex() if len(raw) == 4 else raw.decode("ascii", "replace")
    if len(digits) != 8 or not digits.isdecimal():
        raise Malformed("date of issue")
    try:
        return issuer, datetime.strptime(digits, "%Y%m%d").date()
    except ValueError as error:
        raise Malformed("date of issue") from error


def _text(value: bytes | None) -> str | None:
    if value is None:
        return None
    try:
        return value.decode("utf-8") or None
    except UnicodeDecodeError as error:
        raise Malformed("text is not UTF-8") from error
