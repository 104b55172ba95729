"""The papers' measures, and the system's fonts that they name."""

import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from PIL import ImageFont

LAYOUT_FILE = Path("documents") / "receipt.toml"


class FontMissing(FileNotFoundError):
    """No file of a list is there, or it is no font: set-up installs fonts-noto-cjk and fonts-droid-fallback."""


def load_measures(assets: Path) -> dict[str, Any]:
    return tomllib.loads((assets / LAYOUT_FILE).read_text(encoding="utf-8"))


def font_file(paths: Sequence[str]) -> str:
    """The first of the files that is there. Raises FontMissing."""
    for path in paths:
        if Path(path).is_file():
            return path
    raise FontMissing(", ".join(paths))


@cache
def roll_font(path: str, face: int, size: int) -> ImageFont.FreeTypeFont:
    """A font of the printed paper, size in dots. Raises FontMissing for a file that is no font or has no such face."""
    try:
        return ImageFont.truetype(path, size, index=face)
    except OSError as error:
        raise FontMissing(path) from error
