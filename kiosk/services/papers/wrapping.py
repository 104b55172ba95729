"""Where a line may break: between Chinese characters and at spaces, never before a closing mark nor after an opening one."""

import re
from collections.abc import Callable

_OPENING = "（「『《〈【"
_CLOSING = "，。；：！？、）」』》〉】,.;:!?)·…"
_WIDE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef"
_PIECE = re.compile(f"[{_OPENING}]*(?:[{_WIDE}]|[^\\s{_WIDE}]+)[{re.escape(_CLOSING)}]*|\\s+")


def wrapped(text: str, measure: Callable[[str], float], width: float) -> list[str]:
    """Lines that `measure` finds no wider than `width`; a word that alone is wider is cut. An empty text is no line."""
    lines: list[str] = []
    line = ""
    for piece in (part for whole in _PIECE.findall(text) for part in _cut(whole, measure, width)):
        if measure((line + piece).rstrip()) > width:
            lines.append(line.rstrip())
            line = ""
        if line or not piece.isspace():
            line += piece
    return [*lines, line.rstrip()] if line.strip() else lines


def _cut(word: str, measure: Callable[[str], float], width: float) -> list[str]:
    if measure(word.rstrip()) <= width:
        return [word]
    parts = [""]
    for character in word:
        if parts[-1] and measure(parts[-1] + character) > width:
            parts.append("")
        parts[-1] += character
    return parts


def quotable(number: str) -> str:
    """A long number in groups of four, as people read it out; short ones and those with marks of their own stay."""
    if len(number) <= 8 or not number.isalnum():
        return number
    return " ".join(number[start : start + 4] for start in range(0, len(number), 4))
