"""The page that proves a receipt printer: full width, every dot column, and a sentence."""

from PIL import Image, ImageDraw, ImageFont

from drivers.contract.bitmap import Bitmap
from drivers.contract.receipt_printer import WIDTH_DOTS

_HEIGHT_DOTS = 320


def sample_page(line: str) -> Bitmap:
    """A frame over the whole width, a ramp of fine lines, and one line of plain text."""
    page = Image.new("1", (WIDTH_DOTS, _HEIGHT_DOTS), 1)
    draw = ImageDraw.Draw(page)
    draw.rectangle((0, 0, WIDTH_DOTS - 1, _HEIGHT_DOTS - 1), outline=0, width=4)
    draw.text((24, 24), "RECEIPT PRINTER TEST", fill=0, font=ImageFont.load_default(36))
    draw.text((24, 80), line, fill=0, font=ImageFont.load_default(22))
    for column in range(24, WIDTH_DOTS - 24):
        if column % (2 + (column - 24) // 96 * 2) == 0:
            draw.line((column, 140, column, 220), fill=0)
    draw.rectangle((24, 240, WIDTH_DOTS - 25, 296), fill=0)
    rows = bytes(byte ^ 0xFF for byte in page.tobytes())
    return Bitmap(WIDTH_DOTS, _HEIGHT_DOTS, rows)
