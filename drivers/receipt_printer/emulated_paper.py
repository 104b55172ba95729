"""The paper that comes out of the simulated printer: 576 dots wide, as long as what was printed on it."""

import io
from functools import cache

from PIL import Image, ImageDraw, ImageFont

from drivers.receipt_printer.emulated_stream import Command

DOTS_PER_MM = 8
_WIDTH_DOTS = 576
_PAPER_DOTS = 640  # 80 mm: the head is narrower than the paper
_MARGIN_DOTS = 24  # above the first and below the last dot
_LINE_DOTS = 30
_FONT_DOTS = 24
_FONTS = ("DroidSansFallbackFull.ttf", "NotoSansCJK-Regular.ttc")


class Paper:
    """Commands put dots on it from the top; `apply` says how many rows it moved. Not thread-safe."""

    def __init__(self) -> None:
        self._strips: list[Image.Image] = []
        self._text = b""
        self._reset()

    def _reset(self) -> None:
        self._align = 0
        self._size = (1, 1)
        self._bold = False
        self._chinese = True  # Chinese printers start in Chinese mode

    def apply(self, command: Command, only_half: bool = False) -> int:
        """Rows of paper used. only_half: the head stops in the middle of a picture."""
        match command.name:
            case "initialise":
                self._reset()
                self._text = b""
                return 0
            case "align" | "bold" | "size" | "chinese_on" | "chinese_off":
                self._set(command)
                return 0
            case "raster":
                return self._end_line() + self._raster(command, only_half)
            case "text":
                self._text += command.data
                return 0
            case "line_end":
                return self._end_line(always=True)
            case "feed_dots":
                return self._end_line() + self._blank(command.numbers[0])
            case "feed_lines":
                return self._end_line() + self._blank(command.numbers[0] * _LINE_DOTS)
            case "cut":
                return self._end_line()
        return 0

    def png(self) -> bytes:
        """The cut paper: what hangs below the last dot is trimmed to a margin."""
        height = sum(strip.height for strip in self._strips)
        sheet = Image.new("L", (_PAPER_DOTS, height + 2 * _MARGIN_DOTS), 255)
        top = _MARGIN_DOTS
        for strip in self._strips:
            sheet.paste(strip, ((_PAPER_DOTS - _WIDTH_DOTS) // 2, top))
            top += strip.height
        box = sheet.point(lambda grey: 255 - grey).getbbox()
        sheet = sheet.crop((0, 0, _PAPER_DOTS, (box[3] if box else 0) + _MARGIN_DOTS))
        out = io.BytesIO()
        sheet.save(out, "PNG")
        return out.getvalue()

    def _set(self, command: Command) -> None:
        if command.name == "align":
            self._align = command.numbers[0] & 3
        elif command.name == "bold":
            self._bold = bool(command.numbers[0] & 1)
        elif command.name == "size":
            self._size = ((command.numbers[0] >> 4 & 7) + 1, (command.numbers[0] & 7) + 1)
        else:
            self._chinese = command.name == "chinese_on"

    def _raster(self, command: Command, only_half: bool) -> int:
        stride, rows = command.numbers
        if not stride or not rows:
            return 0
        rows = max(rows // 2, 1) if only_half else rows
        white_on_black = Image.frombytes("1", (stride * 8, rows), command.data[: stride * rows])
        strip = Image.new("L", (_WIDTH_DOTS, rows), 255)
        strip.paste(white_on_black.convert("L").point(lambda grey: 255 - grey), (0, 0))
        self._strips.append(strip)
        return rows

    def _blank(self, rows: int) -> int:
        if rows:
            self._strips.append(Image.new("L", (_WIDTH_DOTS, rows), 255))
        return rows

    def _end_line(self, always: bool = False) -> int:
        """Prints the text gathered so far as one line (what does not fit is cut off)."""
        if not self._text:
            return self._blank(_LINE_DOTS) if always else 0
        text = self._text.decode("gb18030" if self._chinese else "cp437", errors="replace")
        self._text = b""
        wide, high = self._size
        font = _font()
        length = max(int(font.getlength(text)), 1)
        drawn = Image.new("L", (length, _LINE_DOTS), 255)
        ImageDraw.Draw(drawn).text((0, 0), text, fill=0, font=font, stroke_width=int(self._bold))
        drawn = drawn.resize((length * wide, _LINE_DOTS * high)).point(lambda grey: 0 if grey < 128 else 255)
        strip = Image.new("L", (_WIDTH_DOTS, drawn.height), 255)
        strip.paste(drawn, (max(_WIDTH_DOTS - drawn.width, 0) * self._align // 2, 0))
        self._strips.append(strip)
        return strip.height


@cache
def _font() -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    for name in _FONTS:
        try:
            return ImageFont.truetype(name, _FONT_DOTS)
        except OSError:
            continue
    return ImageFont.load_default(_FONT_DOTS)
