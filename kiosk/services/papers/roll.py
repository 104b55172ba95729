"""A paper drawn for the 80 mm roll: 576 dots wide, as long as its contents."""

from collections.abc import Sequence
from typing import Any

import qrcode
from PIL import Image, ImageDraw, ImageFont

from drivers.contract.bitmap import Bitmap
from drivers.contract.receipt_printer import WIDTH_DOTS
from kiosk.services.papers.contents import Amount, Closing, Code, Endorsement, Endorsements, Heading, Notes, Number, Row, Rows, Section, Sentence
from kiosk.services.papers.measures import font_file, roll_font
from kiosk.services.papers.wrapping import wrapped

BLACK, WHITE = 0, 255
LONGEST_DOTS = 8000  # a metre: no paper is longer


def draw(sections: Sequence[Section], measures: dict[str, Any], language: str) -> Bitmap:
    """Black on white, one bit. Raises FontMissing, and ValueError for contents longer than a metre."""
    pen = RollPen(measures, language)
    for place, section in enumerate(sections):
        if place:
            pen.rule_between(sections[place - 1], section)
        pen.section(section)
    return pen.bitmap()


class RollPen:
    """Writes downwards; `y` is the next free row of dots."""

    def __init__(self, measures: dict[str, Any], language: str) -> None:
        self._m = measures["roll"]
        fonts = measures["fonts"]
        self._files = {weight: font_file(fonts[weight]) for weight in ("regular", "bold")}
        self._face = int(fonts["face"][language])
        self._image = Image.new("L", (WIDTH_DOTS, LONGEST_DOTS), WHITE)
        self._pen = ImageDraw.Draw(self._image)
        self._left, self._right = self._m["margin"], WIDTH_DOTS - self._m["margin"]
        self.y: int = self._m["top"]

    def bitmap(self) -> Bitmap:
        height = self.y + self._m["bottom"]
        if height > LONGEST_DOTS:
            raise ValueError(f"the paper would be {height} dots long")
        threshold = self._m["ink_threshold"]
        inked = self._image.crop((0, 0, WIDTH_DOTS, height)).point(lambda grey: 255 if WHITE - grey >= threshold else 0, mode="1")
        return Bitmap(WIDTH_DOTS, height, inked.tobytes())

    def rule_between(self, above: Section, below: Section) -> None:
        """Heavy around what was issued, a hairline elsewhere; none under the black band, between a sum and its rows, above notes."""
        bare = isinstance(below, Notes) or (isinstance(above, Amount) and isinstance(below, Rows))
        if bare or (isinstance(above, Heading) and above.banner):
            self.y += self._m["gap"] // 2
            return
        thickness = self._m["heavy_rule"] if isinstance(above, Endorsements) or isinstance(below, Endorsements) else self._m["rule"]
        self._rule(thickness)

    def section(self, section: Section) -> None:
        match section:
            case Heading():
                self._heading(section)
            case Number():
                self._line(section.label, "regular", self._m["label_size"])
                self._fitted(section.value, self._m["number_size"], self._m["number_size_minimum"], "la")
            case Rows():
                for row in section.rows:
                    self._row(row)
            case Endorsements():
                for place, item in enumerate(section.items):
                    if place:
                        self._rule(self._m["rule"])
                    self._endorsement(item)
            case Amount():
                self._amount(section)
            case Sentence():
                self._sentence(section)
            case Closing():
                self._sentence(section.sentence)
                self._code(section.code)
            case Notes():
                for text in section.texts:
                    self._paragraph(text, "regular", self._m["note_size"])

    # the sections

    def _heading(self, heading: Heading) -> None:
        for line in wrapped(heading.hall, self._font("regular", self._m["hall_size"]).getlength, self._right - self._left):
            self._line(line, "regular", self._m["hall_size"], "ma")
        self._fitted(heading.title, self._m["title_size"], self._m["title_size_minimum"], "ma")
        self._line(heading.subtitle, "regular", self._m["subtitle_size"], "ma")
        if heading.banner:
            self._banner(heading.banner)

    def _banner(self, text: str) -> None:
        padding = self._m["banner_padding"]
        font = self._fitting(text, self._m["banner_size"], self._m["label_size"], self._right - self._left - 2 * padding)
        self.y += self._m["gap"] // 2
        height = round(font.size * 0.75) + 2 * padding
        self._pen.rectangle((self._left, self.y, self._right - 1, self.y + height), fill=BLACK)
        self._pen.text((WIDTH_DOTS // 2, self.y + height - padding), text, WHITE, font, anchor="ms")
        self.y += height

    def _endorsement(self, item: Endorsement) -> None:
        """Place and kind on one line with the kind's letter in its box, or the kind beneath where that is too wide."""
        size = self._m["endorsement_size"]
        box = size + 8
        together = f"{item.place}\u2003{item.kind}"
        lines = [together] if self._font("bold", size).getlength(together) <= self._right - self._left - box - 12 else [item.place, item.kind]
        self._letter(item.letter, self.y, box)
        for line in lines:
            self._line(line, "bold", size)
        self._paragraph(item.entries, "bold", self._m["strong_size"])
        for row in item.rows:
            self._row(row)

    def _letter(self, letter: str, top: int, box: int) -> None:
        left = self._right - box
        self._pen.rectangle((left, top + 4, self._right - 1, top + 3 + box), outline=BLACK, width=3)
        self._pen.text((left + box // 2, top + 3 + box // 2), letter, BLACK, self._font("bold", box - 14), anchor="mm")

    def _amount(self, amount: Amount) -> None:
        size = self._m["amount_size"]
        baseline = self.y + round(size * 0.9)
        self._pen.text((self._left, baseline), amount.label, BLACK, self._font("bold", self._m["strong_size"]), anchor="ls")
        self._pen.text((self._right, baseline), amount.value, BLACK, self._font("bold", size), anchor="rs")
        self.y = baseline + round(size * 0.3)

    def _sentence(self, sentence: Sentence) -> None:
        self._line(sentence.label, "regular", self._m["label_size"])
        self._paragraph(sentence.text, "bold" if sentence.strong else "regular", self._m["sentence_size"])

    def _code(self, code: Code) -> None:
        box, quiet = self._m["code_box"], self._m["code_quiet_dots"]
        maker = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, box_size=1, border=0)
        maker.add_data(code.text)
        maker.make(fit=True)
        side = max(box // maker.modules_count, 4) * maker.modules_count
        square = maker.make_image().get_image().convert("L").resize((side, side), Image.Resampling.NEAREST)
        top = self.y + quiet
        self._image.paste(square, (self._left + quiet, top))
        left = self._left + side + 3 * quiet
        size = self._m["note_size"]
        lines = wrapped(code.caption, self._font("regular", size).getlength, self._right - left)
        line_height = round(size * self._m["leading"])
        start = top + max((side - line_height * len(lines)) // 2, 0)
        for number, line in enumerate(lines):
            self._pen.text((left, start + number * line_height), line, BLACK, self._font("regular", size), anchor="la")
        self.y = top + max(side, line_height * len(lines)) + quiet

    # lines

    def _row(self, row: Row) -> None:
        """Label left, value right; a value too long for that stands beneath its label."""
        label = self._font("regular", self._m["label_size"])
        size = self._m["strong_size"] if row.strong else self._m["value_size"]
        value = self._font("bold", size)
        height = round(size * self._m["leading"])
        baseline = self.y + round(size * 1.05)
        self._pen.text((self._left, baseline), row.label, BLACK, label, anchor="ls")
        if label.getlength(row.label) + 24 + value.getlength(row.value) > self._right - self._left:
            self.y += height
            for line in wrapped(row.value, value.getlength, self._right - self._left):
                self._pen.text((self._right, self.y + round(size * 1.05)), line, BLACK, value, anchor="rs")
                self.y += height
            return
        self._pen.text((self._right, baseline), row.value, BLACK, value, anchor="rs")
        self.y += height

    def _paragraph(self, text: str, weight: str, size: int) -> None:
        for line in wrapped(text, self._font(weight, size).getlength, self._right - self._left):
            self._line(line, weight, size)

    def _line(self, text: str, weight: str, size: int, anchor: str = "la") -> None:
        x = self._left if anchor == "la" else WIDTH_DOTS // 2
        self._pen.text((x, self.y + round(size * 1.05)), text, BLACK, self._font(weight, size), anchor=anchor[0] + "s")
        self.y += round(size * self._m["leading"])

    def _fitted(self, text: str, size: int, minimum: int, anchor: str) -> None:
        """One bold line, smaller where it is long; several where even the smallest size is too wide."""
        font = self._fitting(text, size, minimum, self._right - self._left)
        for line in wrapped(text, font.getlength, self._right - self._left):
            self._line(line, "bold", int(font.size), anchor)

    def _fitting(self, text: str, size: int, minimum: int, width: int) -> ImageFont.FreeTypeFont:
        while size > minimum and self._font("bold", size).getlength(text) > width:
            size -= 1
        return self._font("bold", size)

    def _rule(self, thickness: int) -> None:
        self.y += self._m["gap"] // 2
        self._pen.rectangle((self._left, self.y, self._right - 1, self.y + thickness - 1), fill=BLACK)
        self.y += thickness + self._m["gap"] // 2

    def _font(self, weight: str, size: int) -> ImageFont.FreeTypeFont:
        return roll_font(self._files[weight], self._face, size)
