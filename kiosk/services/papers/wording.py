"""Words of the papers in one language."""

import re

from kiosk.config import Machine
from kiosk.i18n import Catalogue
from kiosk.services.papers.data import IssuedLine
from kiosk.view import Message

_DAY = "(Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
_DAYS = re.compile(rf"\b{_DAY}(?:-{_DAY})?\b")
OTHER_LANGUAGE = {"zh-Hans": "en", "zh-Hant": "en", "en": "zh-Hans"}
"""The second language of a paper's title."""


class Words:
    """The catalogue in one language, with the machine's own names."""

    def __init__(self, catalogue: Catalogue, machine: Machine, language: str) -> None:
        self.language = language
        self._catalogue = catalogue
        self._machine = machine

    def __call__(self, key: str, **params: str | int) -> str:
        return self._catalogue.text(key, self.language, params)

    def say(self, message: Message) -> str:
        return self._catalogue.say(message, self.language)

    def title(self, key: str) -> tuple[str, str]:
        """In the traveller's language and, for the clerk, in the other one."""
        return self(key), self._catalogue.text(key, OTHER_LANGUAGE[self.language])

    @property
    def hall(self) -> str:
        first, second = (self._machine.hall_en, self._machine.hall_zh) if self.language == "en" else (self._machine.hall_zh, self._machine.hall_en)
        return first or second

    @property
    def hours(self) -> str:
        """`Mon-Fri 09:00-17:00` with the days in the traveller's language."""
        return _DAYS.sub(lambda days: self._days(days[1], days[2]), self._machine.hours)

    def _days(self, first: str, last: str | None) -> str:
        begin = self(f"word.day.{first.lower()}")
        return self("word.days", first=begin, last=self(f"word.day.{last.lower()}")) if last else begin

    @property
    def window(self) -> str:
        return self("paper.window_numbered", window=self._machine.window) if self._machine.window else self("paper.window_any")

    def place(self, line: IssuedLine) -> str:
        return self(f"word.destination.{line.destination}")

    def kind(self, line: IssuedLine) -> str:
        own = f"word.kind.{line.destination}.{line.kind}"
        return self(own if own in self._catalogue else f"word.kind.{line.kind}")

    def validity(self, line: IssuedLine) -> str:
        """The code itself where there is no word for it: after the money nothing may fail for want of a word."""
        key = f"word.validity.{line.validity}"
        return self(key) if key in self._catalogue else line.validity
