"""How written signs are said: sums, dates, days, long numbers and the stars of masked ones, in each language."""

import re

_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
_DAYS = {
    "Mon": ("周一", "Monday"),
    "Tue": ("周二", "Tuesday"),
    "Wed": ("周三", "Wednesday"),
    "Thu": ("周四", "Thursday"),
    "Fri": ("周五", "Friday"),
    "Sat": ("周六", "Saturday"),
    "Sun": ("周日", "Sunday"),
}
_DATE = re.compile(r"(?<!\d)(\d{4})-(\d\d)-(\d\d)(?!\d)")
_SUM = re.compile(r"¥(\d+)(?:\.00|(\.\d\d))?")
_DAY = re.compile(r"(?<![A-Za-z])(Mon|Tue|Wed|Thu|Fri|Sat|Sun)(?![A-Za-z])")
_DAYS_SPAN = re.compile(r"(?<=[A-Z][a-z]{2})-(?=[A-Z][a-z]{2})")
_TIMES = re.compile(r"(\d\d:\d\d)[-–](\d\d:\d\d)")
_LONG = re.compile(r"\d{5,}|(?<=[A-Z])\d+|\d+(?=\*)|(?<=\*)\d+")
_STARS = re.compile(r"\*+")


def spoken(text: str, language: str) -> str:
    """The text as it is handed to a voice. `440***1234` becomes its digits one by one with a pause between, `¥15.00` becomes 15 yuan."""
    chinese = language != "en"

    def date(found: re.Match[str]) -> str:
        year, month, day = found.group(1), int(found.group(2)), int(found.group(3))
        if chinese:
            return f"{' '.join(year)} 年{month}月{day}日"
        return f"{day} {_MONTHS[month - 1]} {year}" if 1 <= month <= 12 else found.group()

    text = _DATE.sub(date, text)
    text = _SUM.sub(lambda found: f"{found.group(1)}{found.group(2) or ''}{'元' if chinese else ' yuan'}", text)
    text = _TIMES.sub(r"\1至\2" if chinese else r"\1 to \2", text)
    text = _DAYS_SPAN.sub("至" if chinese else " to ", text)
    text = _DAY.sub(lambda found: _DAYS[found.group()][0 if chinese else 1], text)
    text = _LONG.sub(lambda found: " ".join(found.group()), text)
    return _STARS.sub(" , ", text).replace("·", "，" if chinese else ", ").strip()
