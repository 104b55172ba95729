"""A traveller who is easy to recognise, and the search for traces of them in everything that the machine wrote."""

import base64
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from drivers.world.portraits import chip_picture, id_photo

NAME, PINYIN, ID_NUMBER = "金丝雀", "JIN,SIQUE", "440106197603284418"
ADDRESS, PERMIT, ENDORSEMENT, PHONE = "广州市天河区雀舌巷77号3207房", "CA7310924", "D7CANARY8", "13977260418"
FACES = Path(__file__).parents[2] / "assets" / "faces"

PERSONA = f"""
[person]
id_number = "{ID_NUMBER}"
name = "{NAME}"
pinyin = "{PINYIN}"
sex = "M"
ethnic = "01"
birth = "1976-03-28"
address = "{ADDRESS}"
issuer = "广州市公安局天河分局"
valid_from = "today-1100d"
valid_to = "today+6200d"
[registry]
hukou = "440106"
residence_permit = ""
functionary = false
military = false
business = false
fingerprints = true
[[permits]]
kind = "hkmo"
number = "{PERMIT}"
issued_on = "today-1400d"
expires_on = "today+2250d"
issue_place = "440000"
rewrites = 2
[[permits.endorsements]]
destination = "MAC"
kind = "G"
validity = "3M1"
issued_on = "today-520d"
valid_until = "today-430d"
used = 1
number = "{ENDORSEMENT}"
[face]
enrolled = "faces:obama.jpg"
live = "faces:obama2.jpg"
"""


def personas_in(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "canary.toml").write_text(PERSONA, encoding="utf-8")
    return folder


@dataclass(frozen=True, slots=True)
class Trace:
    """Something that must not be found. what: for whoever reads a failing test."""

    what: str
    data: bytes


def _written(what: str, text: str) -> Iterable[Trace]:
    """A text as a program might write it."""
    for encoding in ("utf-8", "gb18030", "utf-16-le", "utf-16-be"):
        plain = text.encode(encoding)
        yield Trace(f"{what} ({encoding})", plain)
        yield from _wrapped(f"{what} ({encoding})", plain)
    yield Trace(f"{what} (JSON)", json.dumps(text).strip('"').encode())


def _wrapped(what: str, plain: bytes) -> Iterable[Trace]:
    """Hexadecimal, and base64 at each of its three alignments (without the outer letters, which depend on the neighbours)."""
    yield Trace(f"{what} as hex", plain.hex().encode())
    yield Trace(f"{what} as hex", plain.hex().upper().encode())
    for shift in range(3):
        letters = base64.b64encode(b"\0" * shift + plain)
        yield Trace(f"{what} as base64", letters[-(-8 * shift // 6) : 8 * (shift + len(plain)) // 6])


def _pictured() -> Iterable[Trace]:
    """The portraits as they lie in the chips, a piece out of the middle of each, and rows of their pixels."""
    for what, picture in (("the permit's portrait", chip_picture(FACES / "obama.jpg")), ("the ID card's photo", id_photo(FACES / "obama.jpg"))):
        piece = picture[len(picture) // 2 : len(picture) // 2 + 24]
        yield Trace(what, piece)
        yield from _wrapped(what, piece)
        pixels = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_COLOR)
        row = np.asarray(pixels[pixels.shape[0] // 2, 20:52])
        yield Trace(f"a row of {what}, blue first", row.tobytes())
        yield Trace(f"a row of {what}, red first", row[:, ::-1].tobytes())


# the machine keeps no picture whatever, so the beginning of any is one too many
HEADS = [
    Trace("a JPEG", b"\xff\xd8\xff\xe0"),
    Trace("a PNG", b"\x89PNG\r\n\x1a\n"),
    Trace("a JPEG 2000", b"jP  \r\n\x87\n"),
    Trace("a JPEG 2000 stream", b"\xff\x4f\xff\x51"),
]
TEXTS = {
    "the name": NAME,
    "the surname in letters": PINYIN,
    "the ID number": ID_NUMBER,
    "the address": ADDRESS,
    "the permit's number": PERMIT,
    "an endorsement's number": ENDORSEMENT,
    "the telephone": PHONE,
}


def traces() -> list[Trace]:
    words = [trace for what, text in TEXTS.items() for trace in _written(what, text)]
    given = _written("the given name in letters", PINYIN.split(",")[1])
    return [*words, *given, *_pictured(), *HEADS]


def found(places: Iterable[Path], said: Iterable[bytes], looked_for: Iterable[Trace]) -> list[str]:
    """What was found where: in the name or the bytes of any file under `places`, and in what commands said."""
    files = [file for place in places for file in ([place] if place.is_file() else sorted(place.rglob("*"))) if file.is_file()]
    written = [(str(file), file.read_bytes() + str(file).encode()) for file in files] + [(f"output {n}", text) for n, text in enumerate(said)]
    return [f"{trace.what} in {where}" for trace in looked_for for where, text in written if trace.data in text]
