"""Reads the catalogue of events, strictly, and makes the code of `events.py` from it. Used when the manual is made, not while the machine runs."""

import re
import textwrap
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kiosk.audit.kinds import KINDS

FILE = Path(__file__).with_name("catalogue.toml")
CODE = Path(__file__).with_name("events.py")
TYPES = ("audit", "machine", "case", "money", "card", "staff", "privacy")
_ID = re.compile(r"[a-z]+\.[a-z_]+")
_NAME = re.compile(r"[a-z][a-z_]*")
_WORD = re.compile(r"[a-z][a-z_]*[0-9]{0,3}")


class WrongCatalogue(Exception):
    """The catalogue says something that has no meaning; the message says where."""


@dataclass(frozen=True, slots=True)
class Field:
    kind: str
    optional: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """One event of the catalogue."""

    id: str
    type: str
    meaning: str
    fields: Mapping[str, Field]

    @property
    def class_name(self) -> str:
        """`card.retained` → `CardRetained`."""
        return "".join(part.capitalize() for part in re.split(r"[._]", self.id))


@dataclass(frozen=True, slots=True)
class Events:
    words: Mapping[str, tuple[str, ...]]
    entries: tuple[Entry, ...]


def load(text: str | None = None) -> Events:
    """The catalogue, in the order of the file. Raises WrongCatalogue: an unknown kind, type or key, a missing meaning, a doubled word."""
    raw = tomllib.loads(FILE.read_text(encoding="utf-8") if text is None else text)
    words = {name: tuple(listed) for name, listed in raw.pop("words", {}).items()}
    for name, listed in words.items():
        _require(_NAME.fullmatch(name) is not None and name not in KINDS, name, "a word list has a name of its own")
        right = bool(listed) and all(isinstance(word, str) and _WORD.fullmatch(word) for word in listed)
        _require(right and len(set(listed)) == len(listed), name, "words are lower case, each once")
    return Events(words, tuple(_entry(event, row, words) for event, row in raw.items()))


def _entry(event: str, row: Mapping[str, Any], words: Mapping[str, tuple[str, ...]]) -> Entry:
    _require(_ID.fullmatch(event) is not None, event, "an event is called `room.what_happened`")
    _require(set(row) == {"type", "meaning", "fields"}, event, "type, meaning and fields, nothing else")
    _require(row["type"] in TYPES, event, f"its type is one of {', '.join(TYPES)}")
    meaning = row["meaning"]
    _require(isinstance(meaning, str) and meaning.endswith(".") and '"' not in meaning, event, "its meaning is a sentence")
    fields = {}
    for name, kind in row["fields"].items():
        bare = str(kind).removesuffix("?")
        _require(_NAME.fullmatch(name) is not None, f"{event}.{name}", "a field's name is lower case")
        _require(bare in KINDS or bare in words, f"{event}.{name}", f"{bare!r} is no kind: {', '.join([*KINDS, *words])}")
        fields[name] = Field(bare, str(kind).endswith("?"))
    return Entry(event, row["type"], meaning, fields)


def _require(holds: bool, where: str, what: str) -> None:
    if not holds:
        raise WrongCatalogue(f"{where}: {what}")


def code(events: Events) -> str:
    """The text of `events.py`."""
    lines = [
        '"""Made by `make manual` from catalogue.toml. Do not edit: change the catalogue and make it again."""',
        "",
        "from collections.abc import Mapping",
        "from dataclasses import dataclass",
        "from typing import ClassVar",
        "",
        "from kiosk.audit import kinds",
        "from kiosk.audit.event import Event",
        "from kiosk.audit.kinds import Check",
        "",
    ]
    for name, words in events.words.items():
        lines += [f"{name.upper()} = frozenset(", "    {", *(f'        "{word}",' for word in words), "    }", ")"]
    for entry in events.entries:
        lines += ["", "", *_class(entry)]
    return "\n".join(lines) + "\n"


def _class(entry: Entry) -> list[str]:
    checks = [f'        "{name}": {_check(field)},' for name, field in entry.fields.items()]
    return [
        "@dataclass(frozen=True, slots=True, kw_only=True)",
        f"class {entry.class_name}(Event):",
        *_docstring(entry.meaning),
        "",
        f'    EVENT: ClassVar[str] = "{entry.id}"',
        *(["    CHECKS: ClassVar[Mapping[str, Check]] = {", *checks, "    }"] if checks else ["    CHECKS: ClassVar[Mapping[str, Check]] = {}"]),
        *([""] if checks else []),
        *(f"    {name}: {_type(field)}" for name, field in entry.fields.items()),
    ]


def _docstring(text: str) -> list[str]:
    lines = textwrap.wrap(text, 140)
    if len(lines) == 1:
        return [f'    """{text}"""']
    return [f'    """{lines[0]}', *(f"    {line}" for line in lines[1:]), '    """']


def _check(field: Field) -> str:
    check = KINDS[field.kind][0] if field.kind in KINDS else f"kinds.one_of({field.kind.upper()})"
    return f"kinds.optional({check})" if field.optional else check


def _type(field: Field) -> str:
    plain = KINDS[field.kind][1] if field.kind in KINDS else "str"
    return f"{plain} | None = None" if field.optional else plain
