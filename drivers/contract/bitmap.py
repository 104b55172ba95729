"""A one-bit picture as printers take it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bitmap:
    """Rows from the top, each padded to whole bytes, most significant bit leftmost, 1 = black."""

    width: int
    height: int
    rows: bytes

    def __post_init__(self) -> None:
        if len(self.rows) != (self.width + 7) // 8 * self.height:
            raise ValueError("rows do not fit width and height")

    @property
    def stride(self) -> int:
        return (self.width + 7) // 8

    def black(self, x: int, y: int) -> bool:
        return bool(self.rows[y * self.stride + x // 8] >> (7 - x % 8) & 1)
