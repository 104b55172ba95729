"""The world's own eye for a card's back: it draws what a persona's card shows at first, and reads what a printer burned.

A second witness: it shares nothing with the machine's layout but the public text of each block's QR, `HKG G 1Y1 2027-11-21 <number>`.
"""

import io
from collections.abc import Iterable
from typing import Any, Protocol

import numpy as np
import qrcode
import zxingcpp
from PIL import Image, ImageDraw, ImageFont

from drivers.world.card_path import Back

WIDTH, HEIGHT = 480, 320
MODULE_DOTS = 3
SLOT_TOP = {"HKG": 8, "MAC": 166, "TWN": 8}
FIELDS = 5


class Shown(Protocol):
    """An endorsement as a persona's file has it. Dates may be dates or `YYYY-MM-DD`; their text is the same."""

    @property
    def destination(self) -> Any: ...

    @property
    def kind(self) -> Any: ...

    @property
    def validity(self) -> Any: ...

    @property
    def valid_until(self) -> Any: ...

    @property
    def number(self) -> str | None: ...


def decode_back(back: Back) -> list[dict[str, str | None]]:
    """The blocks on a back, by destination: {destination, kind, validity, valid_until, number}. What no reader could make out is not there."""
    return decode_dots(back.dots)


def decode_dots(dots: bytes) -> list[dict[str, str | None]]:
    """As `decode_back`, of 480 × 320 bytes, 1 = black."""
    picture = (1 - np.frombuffer(dots, np.uint8).reshape(HEIGHT, WIDTH)) * np.uint8(255)
    rows = []
    for found in zxingcpp.read_barcodes(np.pad(picture, 20, constant_values=255), formats=zxingcpp.BarcodeFormat.QRCode):
        fields = found.text.split(" ")
        if len(fields) in (FIELDS - 1, FIELDS) and fields[0] in SLOT_TOP:
            destination, kind, validity, valid_until, *number = fields
            rows.append(
                {"destination": destination, "kind": kind, "validity": validity, "valid_until": valid_until, "number": number[0] if number else None}
            )
    return sorted(rows, key=lambda row: str(row["destination"]))


def initial_back(endorsements: Iterable[Shown]) -> Back:
    """A back as an office printed it earlier: for each destination the last endorsement given. White without any."""
    image = Image.new("L", (WIDTH, HEIGHT), 255)
    pen = ImageDraw.Draw(image)
    latest = {str(shown.destination): shown for shown in endorsements}
    for destination, shown in latest.items():
        _block(image, pen, destination, shown)
    dots = (np.asarray(image) < 128).astype(np.uint8)
    return Back(dots.tobytes())


def _block(image: Image.Image, pen: ImageDraw.ImageDraw, destination: str, shown: Shown) -> None:
    top = SLOT_TOP[destination]
    text = f"{destination} {shown.kind} {shown.validity} {shown.valid_until} {shown.number or ''}".rstrip()
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, box_size=1, border=4)
    code.add_data(text)
    code.make(fit=True)
    modules = np.array(code.get_matrix(), dtype=bool)
    square = Image.fromarray(np.where(np.kron(modules, np.ones((MODULE_DOTS, MODULE_DOTS), bool)), 0, 255).astype(np.uint8))
    pen.rectangle((6, top, WIDTH - 7, top + 145), outline=0)
    image.paste(square, (16, top + (146 - square.height) // 2))
    lines = [(f"{destination}   {shown.kind}   {shown.validity}", 26), (f"until {shown.valid_until}", 20), (f"No. {shown.number or '-'}", 16)]
    y = top + 22
    for line, size in lines:
        pen.text((150, y), line, 0, ImageFont.load_default(size))
        y += size + 14
    pen.text((WIDTH - 90, top + 122), "SPECIMEN", 0, ImageFont.load_default(14))


def back_png(back: Back) -> bytes:
    """The back as a picture for people, every dot as it was burned."""
    picture = (1 - np.frombuffer(back.dots, np.uint8).reshape(HEIGHT, WIDTH)) * np.uint8(255)
    data = io.BytesIO()
    Image.fromarray(picture).resize((WIDTH * 2, HEIGHT * 2), Image.Resampling.NEAREST).save(data, "PNG")
    return data.getvalue()
