"""The four colour themes and the arithmetic that keeps them readable (contrast as in WCAG 2.2; the thresholds are those of VVSG 2.0 7.1-C/D)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Palette:
    """One theme, colours as `#RRGGBB`. `on_x` is written or drawn upon `x`. `dim` marks what cannot be touched now; `line` only decorates."""

    ink: str
    muted: str
    paper: str
    surface: str
    line: str
    strong: str
    on_strong: str
    pressed: str
    chosen: str
    band: str
    on_band: str
    accent: str
    done: str
    trouble: str
    on_signal: str
    dim: str


PALETTES: dict[str, Palette] = {
    "default": Palette(
        ink="#0F1F38",
        muted="#22314C",
        paper="#F6F7F9",
        surface="#FFFFFF",
        line="#CFD6E0",
        strong="#12376B",
        on_strong="#FFFFFF",
        pressed="#0B2447",
        chosen="#E9F0FA",
        band="#12376B",
        on_band="#FFFFFF",
        accent="#FFD479",
        done="#00432B",
        trouble="#7A0012",
        on_signal="#FFFFFF",
        dim="#8792A3",
    ),
    "black_on_white": Palette(
        ink="#000000",
        muted="#000000",
        paper="#FFFFFF",
        surface="#FFFFFF",
        line="#000000",
        strong="#000000",
        on_strong="#FFFFFF",
        pressed="#333333",
        chosen="#FFFFFF",
        band="#000000",
        on_band="#FFFFFF",
        accent="#FFFFFF",
        done="#000000",
        trouble="#000000",
        on_signal="#FFFFFF",
        dim="#808080",
    ),
    "white_on_black": Palette(
        ink="#FFFFFF",
        muted="#FFFFFF",
        paper="#000000",
        surface="#000000",
        line="#FFFFFF",
        strong="#FFFFFF",
        on_strong="#000000",
        pressed="#CCCCCC",
        chosen="#000000",
        band="#000000",
        on_band="#FFFFFF",
        accent="#FFFFFF",
        done="#FFFFFF",
        trouble="#FFFFFF",
        on_signal="#000000",
        dim="#808080",
    ),
    "low": Palette(
        ink="#3A4454",
        muted="#3A4454",
        paper="#DEDDD6",
        surface="#E6E5DF",
        line="#B9B8B0",
        strong="#2F4A73",
        on_strong="#E6E5DF",
        pressed="#3F5C88",
        chosen="#DEDDD6",
        band="#2F4A73",
        on_band="#E6E5DF",
        accent="#E8CE94",
        done="#2A5540",
        trouble="#7A3038",
        on_signal="#E6E5DF",
        dim="#8C8F92",
    ),
}

# What is written or drawn on what; every pair has to keep its theme's contrast.
READABLE_PAIRS: tuple[tuple[str, str], ...] = (
    ("ink", "paper"),
    ("ink", "surface"),
    ("ink", "chosen"),
    ("muted", "paper"),
    ("muted", "surface"),
    ("strong", "paper"),
    ("strong", "surface"),
    ("strong", "chosen"),
    ("on_strong", "strong"),
    ("on_band", "band"),
    ("done", "surface"),
    ("done", "paper"),
    ("trouble", "surface"),
    ("trouble", "paper"),
    ("on_signal", "done"),
    ("on_signal", "trouble"),
)


def luminance(colour: str) -> float:
    """Relative luminance 0..1 of `#RRGGBB`."""
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio, 1..21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)
