"""A paper set as one A5 page of PDF: the same sections as the roll, in type instead of dots."""

import io
import re
from collections.abc import Sequence
from functools import cache
from typing import Any

import qrcode
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont
from reportlab.pdfgen.canvas import Canvas

from kiosk.services.papers.contents import Amount, Closing, Endorsement, Endorsements, Heading, Notes, Number, Row, Rows, Section, Sentence
from kiosk.services.papers.measures import FontMissing, font_file
from kiosk.services.papers.wrapping import wrapped

LATIN, LATIN_BOLD, CHINESE = "PaperLatin", "PaperLatinBold", "PaperChinese"
_RUNS = re.compile(r"[\u2e80-\uffef]+|[^\u2e80-\uffef]+")
_SMALLER = (1.0, 0.94, 0.88, 0.82)
_HTML_LANGUAGE = {"zh-Hans": "zh-CN", "zh-Hant": "zh-TW", "en": "en"}


def draw(sections: Sequence[Section], measures: dict[str, Any], language: str) -> bytes:
    """One page; type and gaps shrink by steps where the contents are long. Raises FontMissing, and ValueError where no step is small enough."""
    _register(font_file(measures["fonts"]["pdf_chinese"]), measures["fonts"]["pdf_latin"], measures["fonts"]["pdf_latin_bold"])
    for scale in _SMALLER:
        file = io.BytesIO()
        pen = PagePen(file, measures["page"], scale, language)
        pen.sections(sections)
        if pen.fits:
            pen.save()
            return file.getvalue()
    raise ValueError("the paper does not fit its page")


@cache
def _register(chinese: str, latin: str, latin_bold: str) -> None:
    """Makes the fonts known to ReportLab, once for the process."""
    for name, path in ((CHINESE, chinese), (LATIN, latin), (LATIN_BOLD, latin_bold)):
        try:
            pdfmetrics.registerFont(TTFont(name, path))
        except TTFError as error:
            raise FontMissing(path) from error


class PagePen:
    """Writes downwards from the top; `y` is the height in points at which the next line's top stands."""

    def __init__(self, file: io.BytesIO, page: dict[str, Any], scale: float, language: str) -> None:
        self._m = {name: value * scale if name.endswith(("_size", "gap")) else value for name, value in page.items()}
        # without initialFontName every file would name Helvetica, which is never embedded
        self._canvas = Canvas(file, (page["width"], page["height"]), invariant=1, lang=_HTML_LANGUAGE[language], initialFontName=LATIN)
        self._left, self._right = page["margin"], page["width"] - page["margin"]
        self._middle = page["width"] / 2
        self.y: float = page["height"] - page["top"]

    @property
    def fits(self) -> bool:
        return bool(self.y >= self._m["bottom"])

    def save(self) -> None:
        """Closes the file. Its properties name the kind of paper and nobody."""
        self._canvas.setAuthor("")
        self._canvas.setSubject("")
        self._canvas.setCreator("")
        self._canvas.save()

    def sections(self, sections: Sequence[Section]) -> None:
        above: Section | None = None
        for section in sections:
            if above is not None and not isinstance(above, Heading):
                self.y -= self._m["gap"]
            self._section(section)
            above = section

    def _section(self, section: Section) -> None:
        match section:
            case Heading():
                self._heading(section)
            case Number():
                self._panel(section.label, section.value, "number")
            case Rows():
                self._grid(section.rows)
            case Endorsements():
                self._endorsements(section.items)
            case Amount():
                self._panel(section.label, section.value, "amount")
            case Sentence():
                self._hairline()
                self._sentence(section, self._left)
            case Closing():
                self._closing(section)
            case Notes():
                for text in section.texts:
                    self._paragraph(text, self._m["note_size"], colour=self._m["muted"])

    # the sections

    def _heading(self, heading: Heading) -> None:
        self._canvas.setTitle(heading.title)
        self._canvas.setFillColor(self._m["accent"])
        self._canvas.rect(0, self._m["height"] - 8, self._m["width"], 8, stroke=0, fill=1)
        self._paragraph(heading.hall, self._m["hall_size"], centred=True, colour=self._m["muted"])
        self.y -= 2
        size = self._m["title_size"]
        while size > self._m["title_size_minimum"] and width_of(heading.title, size, True, self._m["latin_scale"]) > self._right - self._left:
            size -= 0.5
        self._paragraph(heading.title, size, bold=True, centred=True, colour=self._m["accent"])
        self._paragraph(heading.subtitle, self._m["subtitle_size"], centred=True, colour=self._m["muted"])
        self.y -= self._m["gap"]
        if heading.banner:
            size = self._m["banner_size"]
            height = size * 2
            self._canvas.setStrokeColor(self._m["trouble"])
            self._canvas.setLineWidth(1.2)
            self._canvas.rect(self._left, self.y - height, self._right - self._left, height, stroke=1, fill=0)
            self._text(self._middle, self.y - height / 2 - size * 0.35, heading.banner, size, bold=True, colour=self._m["trouble"], anchor="middle")
            self.y -= height + self._m["gap"]

    def _panel(self, label: str, value: str, name: str) -> None:
        """A tinted band: the label at its left, what must be found at a glance at its right."""
        size = self._m[f"{name}_size"]
        height = size * 1.6
        self._canvas.setFillColor(self._m["tint"])
        self._canvas.rect(self._left, self.y - height, self._right - self._left, height, stroke=0, fill=1)
        self._canvas.setFillColor(self._m["accent"])
        self._canvas.rect(self._left, self.y - height, 3, height, stroke=0, fill=1)
        baseline = self.y - height / 2 - size * 0.34
        room = self._right - self._left - 34 - width_of(label, self._m["strong_size"], True, self._m["latin_scale"])
        while size > self._m["number_size_minimum"] and width_of(value, size, True, self._m["latin_scale"]) > room:
            size -= 0.5
        self._text(self._left + 12, baseline, label, self._m["strong_size"], bold=True)
        self._text(self._right - 10, baseline, value, size, bold=True, anchor="right")
        self.y -= height

    def _grid(self, rows: Sequence[Row]) -> None:
        """Two columns of label and value."""
        gutter = self._m["gutter"]
        width = (self._right - self._left - gutter) / 2
        for start in range(0, len(rows), 2):
            top = self.y
            bottoms = []
            for column, row in enumerate(rows[start : start + 2]):
                self.y = top
                self._row(row, self._left + column * (width + gutter), width)
                bottoms.append(self.y)
            self.y = min(bottoms)

    def _endorsements(self, items: Sequence[Endorsement]) -> None:
        """One takes the whole width, two stand side by side."""
        gutter = self._m["gutter"]
        across = min(len(items), 2)
        width = (self._right - self._left - gutter * (across - 1)) / across
        for start in range(0, len(items), 2):
            top = self.y
            bottoms = []
            for column, item in enumerate(items[start : start + 2]):
                self.y = top
                self._endorsement(item, self._left + column * (width + gutter), width)
                bottoms.append(self.y)
            self.y = min(bottoms) - (self._m["gap"] if start + 2 < len(items) else 0)

    def _endorsement(self, item: Endorsement, left: float, width: float) -> None:
        size, box = self._m["endorsement_size"], self._m["endorsement_size"] * 1.15
        self._canvas.setFillColor(self._m["accent"])
        self._canvas.rect(left, self.y - 2, width, 2, stroke=0, fill=1)
        self.y -= 2 + self._m["gap"] * 0.7
        self._canvas.setStrokeColor(self._m["accent"])
        self._canvas.setLineWidth(1.1)
        self._canvas.rect(left + width - box, self.y - box, box, box, stroke=1, fill=0)
        letter_size = size * 0.85
        self._text(
            left + width - box / 2,
            self.y - box / 2 - letter_size * 0.36,
            item.letter,
            letter_size,
            bold=True,
            colour=self._m["accent"],
            anchor="middle",
        )
        together = f"{item.place}  {item.kind}"
        lines = [together] if width_of(together, size, True, self._m["latin_scale"]) <= width - box - 6 else [item.place, item.kind]
        for line in lines:
            self._line(line, size, bold=True, colour=self._m["accent"], left=left)
        self._paragraph(item.entries, self._m["strong_size"], bold=True, left=left, width=width)
        self.y -= 2
        for row in item.rows:
            self._row(row, left, width)

    def _sentence(self, sentence: Sentence, left: float) -> None:
        width = self._right - left
        self._paragraph(sentence.label, self._m["label_size"], bold=True, colour=self._m["accent"], left=left, width=width)
        self._paragraph(sentence.text, self._m["sentence_size"], bold=sentence.strong, left=left, width=width)

    def _closing(self, closing: Closing) -> None:
        """The QR at the left, what to do with the paper beside it."""
        self._hairline()
        self.y -= self._m["gap"] * 0.3  # with the hairline's own gap about four modules
        top = self.y
        quiet = self._code(closing.code.text)
        left = self._left + self._m["code_box"] + quiet
        self._sentence(closing.sentence, left)
        self.y -= self._m["gap"] / 2
        self._paragraph(closing.code.caption, self._m["note_size"], colour=self._m["muted"], left=left, width=self._right - left)
        self.y = min(top - self._m["code_box"] - quiet / 2, self.y)

    def _code(self, text: str) -> float:
        """The QR in vectors, as the dark runs of each row, below `y`; the width of the four white modules it wants around it."""
        maker = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=0)
        maker.add_data(text)
        maker.make(fit=True)
        side = self._m["code_box"] / maker.modules_count
        self._canvas.setFillColor("#000000")
        for number, modules in enumerate(maker.get_matrix()):
            for run in re.finditer("1+", "".join("1" if dark else "0" for dark in modules)):
                left, run_width = self._left + run.start() * side, (run.end() - run.start()) * side
                self._canvas.rect(left, self.y - (number + 1) * side, run_width, side, stroke=0, fill=1)
        return float(4 * side)

    # lines

    def _hairline(self) -> None:
        self._canvas.setStrokeColor(self._m["muted"])
        self._canvas.setLineWidth(0.5)
        self._canvas.line(self._left, self.y, self._right, self.y)
        self.y -= self._m["gap"] * 0.6

    def _row(self, row: Row, left: float, width: float) -> None:
        """Label left, value right; a value too long for that stands beneath its label."""
        size = self._m["strong_size"] if row.strong else self._m["value_size"]
        label_size, latin = self._m["label_size"], self._m["latin_scale"]
        self._text(left, self.y - self._m["strong_size"], row.label, label_size, colour=self._m["muted"])
        room = width - width_of(row.label, label_size, False, latin) - 8
        if width_of(row.value, size, row.strong, latin) <= room:
            lines = [row.value]
        else:
            self.y -= label_size * self._m["leading"]
            lines = wrapped(row.value, lambda text: width_of(text, size, row.strong, latin), width)
        for line in lines:
            self._text(left + width, self.y - self._m["strong_size"], line, size, bold=row.strong, anchor="right")
            self.y -= self._m["strong_size"] * self._m["leading"]

    def _paragraph(
        self,
        text: str,
        size: float,
        bold: bool = False,
        centred: bool = False,
        colour: str | None = None,
        left: float | None = None,
        width: float | None = None,
    ) -> None:
        for line in wrapped(text, lambda part: width_of(part, size, bold, self._m["latin_scale"]), width or self._right - self._left):
            self._line(line, size, bold, centred, colour, left)

    def _line(self, text: str, size: float, bold: bool = False, centred: bool = False, colour: str | None = None, left: float | None = None) -> None:
        self.y -= size * self._m["leading"]
        baseline = self.y + size * (self._m["leading"] - 1)
        x = self._middle if centred else self._left if left is None else left
        self._text(x, baseline, text, size, bold=bold, colour=colour, anchor="middle" if centred else "left")

    def _text(self, x: float, y: float, text: str, size: float, bold: bool = False, colour: str | None = None, anchor: str = "left") -> None:
        """One line, its Chinese and Latin runs each in its font; Chinese has no bold cut, its outlines are drawn thicker instead."""
        latin_scale = self._m["latin_scale"]
        whole = width_of(text, size, bold, latin_scale)
        pen = self._canvas.beginText(x - {"left": 0.0, "middle": whole / 2, "right": whole}[anchor], y)
        ink = colour or self._m["ink"]
        pen.setFillColor(ink)
        pen.setStrokeColor(ink)
        for name, run_size, run in _in_fonts(text, size, bold, latin_scale):
            pen.setFont(name, run_size)
            pen.setTextRenderMode(2 if bold and name == CHINESE else 0)
            pen.textOut(run)
        pen.setTextRenderMode(0)
        self._canvas.setLineWidth(size * 0.035)
        self._canvas.drawText(pen)


def width_of(text: str, size: float, bold: bool, latin_scale: float) -> float:
    """Points, for `_text`."""
    return sum(float(pdfmetrics.stringWidth(run, name, run_size)) for name, run_size, run in _in_fonts(text, size, bold, latin_scale))


def _in_fonts(text: str, size: float, bold: bool, latin_scale: float) -> list[tuple[str, float, str]]:
    return [(CHINESE, size, run) if run[0] >= "\u2e80" else (LATIN_BOLD if bold else LATIN, size * latin_scale, run) for run in _RUNS.findall(text)]
