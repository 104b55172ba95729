"""Draws the card's back at the printer's own 480 × 320 dots. Measures and words: assets/documents/card_back.toml."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import qrcode
from PIL import Image, ImageDraw, ImageFont

from drivers.contract.bitmap import Bitmap
from drivers.contract.card_printer import HEIGHT_DOTS, WIDTH_DOTS
from kiosk.domain.endorsement import Destination, Kind, Validity

LAYOUT_FILE = Path(__file__).parents[3] / "assets" / "documents" / "card_back.toml"
BLACK, WHITE = 0, 255
SLOTS = {Destination.HKG: 0, Destination.MAC: 1, Destination.TWN: 0}
"""Hong Kong always stands above Macau; a block keeps its place when the other one is missing."""


@dataclass(frozen=True, slots=True)
class Block:
    """One endorsement as printed. stay_days and number are None, issuer and remark "" where the registry gives none."""

    destination: Destination
    kind: Kind
    validity: Validity
    valid_until: date
    stay_days: int | None
    issued_on: date
    issuer: str
    number: str | None
    remark: str = ""

    @property
    def code(self) -> str:
        """The text of the block's QR: `HKG G 1Y1 2027-11-21 <number>`, all of it in the QR's alphanumeric set."""
        parts = [self.destination, self.kind, self.validity.code, self.valid_until.isoformat(), self.number or ""]
        return " ".join(parts).rstrip()


@cache
def measures() -> dict[str, Any]:
    return tomllib.loads(LAYOUT_FILE.read_text(encoding="utf-8"))


@cache
def font(weight: str, size: int) -> ImageFont.FreeTypeFont:
    """Raises FileNotFoundError where the system has no Noto Sans CJK: set-up installs it."""
    fonts = measures()["fonts"]
    for path in fonts[weight]:
        if Path(path).exists():
            return ImageFont.truetype(path, size, index=fonts["face_index"])
    raise FileNotFoundError(f"Noto Sans CJK ({weight}) is not installed: fonts-noto-cjk")


def draw(blocks: Sequence[Block]) -> Bitmap:
    """The whole back; without blocks it is white. Raises ValueError for two blocks in one place and for a code too long for its square."""
    image = Image.new("L", (WIDTH_DOTS, HEIGHT_DOTS), WHITE)
    if blocks:
        if len({SLOTS[block.destination] for block in blocks}) != len(blocks):
            raise ValueError("two blocks for one place")
        pen = ImageDraw.Draw(image)
        _draw_page(pen, taiwan=blocks[0].destination is Destination.TWN)
        for block in blocks:
            _draw_block(image, pen, block)
    threshold = measures()["fonts"]["ink_threshold"]
    inked = image.point(lambda grey: 255 if WHITE - grey >= threshold else 0, mode="1")  # 1 = black, as the printer counts
    return Bitmap(WIDTH_DOTS, HEIGHT_DOTS, inked.tobytes())


def picture(bitmap: Bitmap) -> Image.Image:
    """Black on white, for people and for the camera's comparison."""
    return Image.frombytes("1", (bitmap.width, bitmap.height), bytes(byte ^ 0xFF for byte in bitmap.rows)).convert("L")


def _draw_page(pen: ImageDraw.ImageDraw, taiwan: bool) -> None:
    page, header = measures()["page"], measures()["header"]
    height = page["header_height"]
    pen.rectangle((0, 0, WIDTH_DOTS - 1, HEIGHT_DOTS - 1), outline=BLACK, width=page["frame_dots"])
    title, latin = (header["taiwan"], header["taiwan_latin"]) if taiwan else (header["hkmo"], header["hkmo_latin"])
    baseline = 20
    pen.text((11, baseline), title, BLACK, font("bold", header["size"]), anchor="ls")
    title_width = pen.textlength(title, font("bold", header["size"]))
    pen.text((11 + title_width + 9, baseline), latin, BLACK, font("regular", header["latin_size"]), anchor="ls")
    width = int(pen.textlength(page["specimen"], font("bold", 13)))
    pen.rectangle((WIDTH_DOTS - width - 20, 5, WIDTH_DOTS - 6, height - 5), outline=BLACK)
    pen.text((WIDTH_DOTS - 13, baseline - 2), page["specimen"], BLACK, font("bold", 13), anchor="rs")
    pen.line((0, height, WIDTH_DOTS, height), BLACK)
    pen.line((0, height + page["block_height"], WIDTH_DOTS, height + page["block_height"]), BLACK)


def _draw_block(image: Image.Image, pen: ImageDraw.ImageDraw, block: Block) -> None:
    page, own, words = measures()["page"], measures()["block"], measures()["words"]
    top = page["header_height"] + 1 + SLOTS[block.destination] * page["block_height"]
    bottom = top + page["block_height"] - 2
    left, right = own["left"], own["right"]
    _draw_panel(pen, block, top, bottom)

    kinds = measures()["kinds"]["taiwan" if block.destination is Destination.TWN else "hkmo"]
    kind = kinds.get(block.kind, "")
    kind_font = font("bold", own["kind_size"])
    pen.text((left, top + 31), kind, BLACK, kind_font, anchor="ls")
    letter_left = left + int(pen.textlength(kind, kind_font)) + 9
    pen.rectangle((letter_left, top + 9, letter_left + 25, top + 33), outline=BLACK, width=2)
    pen.text((letter_left + 13, top + 29), block.kind, BLACK, font("bold", 20), anchor="ms")
    pen.text((right, top + 30), entries_phrase(block.validity), BLACK, font("bold", 18), anchor="rs")
    pen.line((left, top + 41, right, top + 41), BLACK)

    label = font("regular", own["label_size"])
    pen.text((left, top + 65), words["valid_until"], BLACK, font("regular", 15), anchor="ls")
    pen.text((right, top + 67), block.valid_until.strftime("%Y.%m.%d"), BLACK, font("bold", own["date_size"]), anchor="rs")
    _dotted(pen, left, right, top + 75)
    rows = [
        (words["stay_label"], words["stay"].format(days=block.stay_days) if block.stay_days else "", "regular"),
        (words["issued"], f"{block.issuer} {block.issued_on:%Y.%m.%d}".strip(), "regular"),
        (words["remark"], block.remark, "regular"),
        (words["number"], block.number or "", "bold"),
    ]
    written = [row for row in rows if row[1]]
    step = own["row_step_tight"] if len(written) > 3 else own["row_step"]
    y = top + own["rows_top"] + step
    for name, text, weight in written:
        pen.text((left, y), name, BLACK, label, anchor="ls")
        fitted, fitted_font = _fitting(pen, text, weight, right - left - 34)
        pen.text((left + 34, y), fitted, BLACK, fitted_font, anchor="ls")
        y += step
    pen.line((right + 5, top + 9, right + 5, bottom - 9), BLACK)
    _draw_code(image, block.code, top, bottom)


def _draw_panel(pen: ImageDraw.ImageDraw, block: Block, top: int, bottom: int) -> None:
    own = measures()["block"]
    name, latin = measures()["places"][block.destination]
    width = own["panel_width"]
    pen.rectangle((6, top + 5, width, bottom - 5), fill=BLACK)
    middle = (top + bottom) // 2 - 7
    centre = (6 + width) // 2 + 1
    pen.text((centre, middle + 3), name, WHITE, font("bold", own["place_size"]), anchor="ms")
    pen.line((centre - 16, middle + 14, centre + 15, middle + 14), WHITE)
    pen.text((centre, middle + 36), latin, WHITE, font("bold", own["place_latin_size"]), anchor="ms")


def _draw_code(image: Image.Image, text: str, top: int, bottom: int) -> None:
    own = measures()["qr"]
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, box_size=1, border=own["quiet_zone_modules"])
    code.add_data(text)
    code.make(fit=True)
    modules = code.modules_count + 2 * own["quiet_zone_modules"]
    dots = own["box"] // modules
    if dots < own["modules_dots_minimum"]:
        raise ValueError(f"the code is too long for its square: {modules} modules")
    square = code.make_image(image_factory=None).convert("L").resize((modules * dots, modules * dots), Image.Resampling.NEAREST)
    box_left = WIDTH_DOTS - own["right_margin"] - own["box"]
    free = own["box"] - modules * dots
    image.paste(square, (box_left + free // 2, (top + bottom - modules * dots) // 2 + 1))


def _dotted(pen: ImageDraw.ImageDraw, left: int, right: int, y: int) -> None:
    for x in range(left, right + 1, 3):
        pen.point((x, y), BLACK)


def _fitting(pen: ImageDraw.ImageDraw, text: str, weight: str, width: int) -> tuple[str, ImageFont.FreeTypeFont]:
    """Text and font for one line: smaller where it is long, and cut with "…" where even the smallest legible size is too wide."""
    own = measures()["block"]
    for size in range(own["value_size"], own["value_size_minimum"] - 1, -1):
        if pen.textlength(text, font(weight, size)) <= width:
            return text, font(weight, size)
    smallest = font(weight, own["value_size_minimum"])
    while text and pen.textlength(text + "…", smallest) > width:
        text = text[:-1]
    return text + "…", smallest


def entries_phrase(validity: Validity) -> str:
    """`1年一次`, `3个月多次`, `1年每周一次`."""
    words = measures()["words"]
    period = words["years" if validity.unit == "Y" else "months"].format(count=validity.count)
    entries = {"1": words["once"], "2": words["twice"], "*": words["unlimited"], "W": words["weekly"]}[validity.entries]
    return f"{period}{entries}"
