"""The golden bytes of tests/data/golden_frames.txt, by section and name."""

from pathlib import Path

_FILE = Path(__file__).with_name("data") / "golden_frames.txt"


def section(name: str) -> dict[str, bytes]:
    """Every row of one section: name → bytes. Raises KeyError for an unknown section, ValueError for a malformed row."""
    rows: dict[str, dict[str, bytes]] = {}
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        row_section, row_name, hexadecimal, _note = (part.strip() for part in (line + " ").split("|", 3))
        rows_of_section = rows.setdefault(row_section, {})
        if row_name in rows_of_section:
            raise ValueError(f"{row_section} | {row_name} stands twice")
        rows_of_section[row_name] = bytes.fromhex(hexadecimal)
    return rows[name]


def golden(section_name: str, name: str) -> bytes:
    """One row's bytes."""
    return section(section_name)[name]
