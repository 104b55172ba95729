"""One table of a persona's file, read key by key: each reader checks type and form and names the key and what is allowed."""

import importlib.util
import os
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

# as the machine itself finds its data: `KIOSK_ASSETS` where it is installed, else `assets/` beside the packages
ASSETS = Path(os.environ.get("KIOSK_ASSETS") or Path(__file__).resolve().parents[2] / "assets")
FACES = ASSETS / "faces"
_DAY = re.compile(r"^today(?:([+-])(\d{1,5})d)?$")
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_PICTURE_MAGIC = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"BM", b"RIFF")


class Malformed(Exception):
    """A key that is missing, unknown or holds what it may not; caught by the loader and nowhere else."""

    def __init__(self, key: str, allowed: str) -> None:
        super().__init__(f"{key}: {allowed}")
        self.key = key
        self.allowed = allowed


def id_check_character(first_17: str) -> str:
    """Check character of a citizen's number: ISO 7064 MOD 11-2 (GB 11643)."""
    total = sum(int(digit) * weight for digit, weight in zip(first_17, _ID_WEIGHTS, strict=True))
    return "10X98765432"[total % 11]


class Table:
    """A TOML table at `key` in the file; `today` resolves relative dates, `beside` is the file's folder."""

    def __init__(self, value: object, key: str, allowed: tuple[str, ...], today: date, beside: Path) -> None:
        if not isinstance(value, dict):
            raise Malformed(key, f"a table with: {', '.join(allowed)}")
        for name in value:
            if name not in allowed:
                raise Malformed(f"{key}.{name}" if key else name, ", ".join(allowed))
        self._values: dict[str, Any] = value
        self._key = key
        self._today = today
        self._beside = beside

    def text(self, name: str, allowed: str = "text", pattern: str = r".+", default: str | None = None, longest: int = 200) -> str:
        """A string that the whole pattern fits."""
        value = self._value(name, allowed, default)
        if not isinstance(value, str) or re.fullmatch(pattern, value) is None or len(value) > longest:
            raise Malformed(self._name(name), allowed)
        return value

    def choice(self, name: str, *allowed: str) -> str:
        words = ", ".join(allowed)
        value = self._value(name, words, None)
        if value not in allowed:
            raise Malformed(self._name(name), words)
        return str(value)

    def flag(self, name: str, default: bool | None = None) -> bool:
        value = self._value(name, "true, false", default)
        if not isinstance(value, bool):
            raise Malformed(self._name(name), "true, false")
        return value

    def count(self, name: str) -> int:
        allowed = "a whole number, 0 or more"
        value = self._value(name, allowed, None)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise Malformed(self._name(name), allowed)
        return value

    def day(self, name: str) -> date:
        """`YYYY-MM-DD` or a day counted from the date in force."""
        allowed = '"YYYY-MM-DD", "today", "today-30d", "today+100d"'
        value = self._value(name, allowed, None)
        relative = _DAY.match(value) if isinstance(value, str) else None
        try:
            if relative is not None:
                days = int(relative[2] or 0)
                return self._today + timedelta(days=-days if relative[1] == "-" else days)
            if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
                return date.fromisoformat(value)
        except (ValueError, OverflowError):
            pass  # no such day: refused below
        raise Malformed(self._name(name), allowed)

    def day_or_forever(self, name: str) -> date | None:
        """None for `长期`."""
        return None if self._values.get(name) == "长期" else self.day(name)

    def id_number(self, name: str) -> str:
        value = self.text(name, "18 characters: 17 digits and a check character", r"\d{17}[\dX]")
        right = id_check_character(value[:17])
        if value[17] != right:
            raise Malformed(self._name(name), f"check character {right}")
        return value

    def picture(self, name: str) -> Path:
        """`faces:NAME`, `package:PKG/path/in/it` or a path beside the file; the picture must be there."""
        allowed = "a JPEG, PNG, BMP or WebP picture that exists: faces:NAME, package:PACKAGE/PATH or a path beside the file"
        value = self.text(name, allowed)
        file = _picture_file(value, self._beside)
        try:
            with file.open("rb") as opened:
                if opened.read(8).startswith(_PICTURE_MAGIC):
                    return file
        except OSError:
            pass  # not there: refused below
        raise Malformed(self._name(name), f"{allowed} ({value})")

    def tables(self, name: str) -> list[object]:
        """An array of tables; none where it is absent."""
        value = self._values.get(name, [])
        if not isinstance(value, list):
            raise Malformed(self._name(name), f"tables written as [[{self._name(name)}]]")
        return value

    def has(self, name: str) -> bool:
        return name in self._values

    def raw(self, name: str) -> object:
        return self._values.get(name)

    def _value(self, name: str, allowed: str, default: object) -> Any:
        if name in self._values:
            return self._values[name]
        if default is None:
            raise Malformed(self._name(name), f"required: {allowed}")
        return default

    def _name(self, name: str) -> str:
        return f"{self._key}.{name}" if self._key else name


def _picture_file(value: str, beside: Path) -> Path:
    kind, colon, rest = value.partition(":")
    if colon and kind == "faces":
        return FACES / rest
    if colon and kind == "package":
        package, _, path = rest.partition("/")
        # find_spec of a top-level name looks for the package without running it
        spec = importlib.util.find_spec(package) if package.isidentifier() else None
        places = list(spec.submodule_search_locations or ()) if spec is not None else []
        return Path(places[0]) / path if places and path else Path("/nonexistent")
    return beside / value
