"""Identity cards of the simulated hall: the bytes that a card holds, laid out here a second time, apart from the driver's own reading of them."""

import io
from dataclasses import dataclass

from PIL import Image

PHOTO_MARK = b"SIMPHOTO"  # own mark: nobody shall take a simulated photo for a real, coded one
_PHOTO_BYTES = 1024
_TEXT_CHARACTERS = 128
_SEX_CODES = {"M": "1", "F": "2"}


@dataclass(frozen=True, slots=True)
class IdCardData:
    """text: 256 bytes. photo: 1024 bytes. fingerprints: none or 1024 bytes. additional: addresses of at most 35 characters."""

    text: bytes
    photo: bytes
    fingerprints: bytes = b""
    additional: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if len(self.text) != 256 or len(self.photo) != _PHOTO_BYTES or len(self.fingerprints) not in (0, 1024):
            raise ValueError("an identity card holds 256 bytes of text, 1024 of photo, and 0 or 1024 of fingerprints")


def resident_text(name: str, sex: str, ethnic: str, birth: str, address: str, id_number: str, issuer: str, valid_from: str, valid_to: str) -> bytes:
    """Resident identity card. Dates `YYYY-MM-DD`, valid_to may be `长期`; sex M or F. Raises ValueError for what does not fit."""
    fields = {0: (15, name), 15: (1, _SEX_CODES[sex]), 16: (2, ethnic), 18: (8, _digits(birth)), 26: (35, address), 61: (18, id_number)}
    return _filled(fields | {79: (15, issuer), 94: (8, _digits(valid_from)), 102: (8, _digits(valid_to))})


def hmt_text(
    name: str, sex: str, birth: str, address: str, id_number: str, issuer: str, valid_from: str, valid_to: str, permit_number: str, issue_count: str
) -> bytes:
    """Residence permit of Hong Kong, Macau and Taiwan residents (`J`)."""
    fields = {0: (15, name), 15: (1, _SEX_CODES[sex]), 18: (8, _digits(birth)), 26: (35, address), 61: (18, id_number), 79: (15, issuer)}
    fields |= {94: (8, _digits(valid_from)), 102: (8, _digits(valid_to)), 110: (9, permit_number), 119: (2, issue_count), 124: (1, "J")}
    return _filled(fields)


def foreigner_2017_text(
    english_name: str,
    sex: str,
    permit_number: str,
    nationality: str,
    name: str,
    valid_from: str,
    valid_to: str,
    birth: str,
    version: str,
    authority: str,
) -> bytes:
    """Foreigner's permanent residence card of the 2017 form (`I`); authority is a four-character code."""
    fields = {0: (60, english_name), 60: (1, _SEX_CODES[sex]), 61: (15, permit_number), 76: (3, nationality), 79: (15, name)}
    fields |= {94: (8, _digits(valid_from)), 102: (8, _digits(valid_to)), 110: (8, _digits(birth)), 118: (2, version), 120: (4, authority)}
    return _filled(fields | {124: (1, "I")})


def foreigner_2023_text(
    name: str, sex: str, renewals: str, birth: str, english_name: str, id_number: str, valid_from: str, valid_to: str, nationality: str
) -> bytes:
    """Foreigner's permanent residence card of the 2023 form (`Y`); the English name runs over two fields (35 and 11 characters)."""
    if len(english_name) > 46:
        raise ValueError("English name is longer than 46 characters")
    fields = {0: (15, name), 15: (1, _SEX_CODES[sex]), 16: (2, renewals), 18: (8, _digits(birth)), 26: (35, english_name[:35])}
    fields |= {61: (18, id_number), 94: (8, _digits(valid_from)), 102: (8, _digits(valid_to)), 110: (11, english_name[35:])}
    return _filled(fields | {121: (3, nationality), 124: (1, "Y")})


def photo_block(image: bytes) -> bytes:
    """A picture (JPEG, PNG …) as a marked 1024-byte block: mark, two-byte length, a JPEG of at most 102 × 126 pixels, zeros. b"" gives no picture."""
    room = _PHOTO_BYTES - len(PHOTO_MARK) - 2
    small = _small_jpeg(image, room) if image else b""
    return (PHOTO_MARK + len(small).to_bytes(2) + small).ljust(_PHOTO_BYTES, b"\0")


def address_bytes(address: str) -> bytes:
    """An additional address as the card gives it: 70 bytes."""
    return _padded(address, 35).encode("utf-16-le")


def _small_jpeg(image: bytes, most_bytes: int) -> bytes:
    """Smaller and coarser until it fits."""
    with Image.open(io.BytesIO(image)) as picture:
        grey = picture.convert("L")
    for width, height in ((102, 126), (68, 84), (51, 63), (34, 42)):
        for quality in (40, 25, 12):
            out = io.BytesIO()
            grey.resize((width, height)).save(out, "JPEG", quality=quality, optimize=True)
            if out.tell() <= most_bytes:
                return out.getvalue()
    raise ValueError("picture does not fit into the photo block")


def _digits(day: str) -> str:
    return day.replace("-", "")


def _padded(text: str, characters: int) -> str:
    if len(text.encode("utf-16-le")) > 2 * characters:
        raise ValueError(f"longer than {characters} characters")
    return text + " " * (characters - len(text.encode("utf-16-le")) // 2)


def _filled(fields: dict[int, tuple[int, str]]) -> bytes:
    """Fields by their place, counted in characters; everything else is blank."""
    block = bytearray((" " * _TEXT_CHARACTERS).encode("utf-16-le"))
    for place, (characters, text) in fields.items():
        block[2 * place : 2 * (place + characters)] = _padded(text, characters).encode("utf-16-le")
    return bytes(block)
