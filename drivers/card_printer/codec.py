"""Bytes of the Star TCP300II: commands going out, answers coming in.

Command `02 CMD data 03 BCC`, response `02 CMD STATUS data 03 BCC`, BCC = XOR of CMD … 03 (STX excluded). The unit takes a command with ACK, asks for
it again with NAK, or rejects it with DLE; the host ACKs or NAKs every response. Source: the maker's programmers' manual.

Image data is column by column: X 0–479 along the card, Y 0–39 a byte of eight dots, least significant bit = top dot. `43` carries one column's bytes.
The public text names the block command's fields (`X,Y,len,hex`) and not how a block runs on, so this project reads it thus: `len` bytes follow from
(X, Y) downwards, and after a column's last byte the run goes on at the top of the next column.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from drivers.contract.bitmap import Bitmap
from drivers.contract.card_printer import HEIGHT_DOTS, WIDTH_DOTS

STX = 0x02
ETX = 0x03
ACK = 0x06
DLE = 0x10
NAK = 0x15

DATA_LIMIT = 1024
COLUMN_BYTES = HEIGHT_DOTS // 8
BLOCK_BYTES = 500  # as hex digits with the longest prefix ("479,39,500,") this stays below DATA_LIMIT
GAP_BYTES = 12  # a white run this long costs more on the wire (two digits a byte) than the frame of another block


class Command(IntEnum):
    CLEAR_PRINT = 0x40
    IMAGE_LINE = 0x43
    ERASE_AND_PRINT = 0x46
    PRINT = 0x47
    ERASE = 0x48
    CLEAR_ALL = 0x49
    IMAGE_BLOCK = 0x4D
    DISCHARGE = 0x50
    REAR_IDLE = 0x51
    CLEANING = 0x52
    FRONT_IDLE = 0x53
    CANCEL_INSERTION = 0x54
    CANCEL_REMOVAL = 0x55
    ROM_VERSION = 0x58
    STATUS = 0x59
    RESET = 0x5F
    TRANSPORT_COUNT = 0x95
    PRINT_COUNT = 0x96


@dataclass(frozen=True, slots=True)
class Control:
    """A one-byte answer: ACK, NAK or DLE."""

    byte: int


@dataclass(frozen=True, slots=True)
class Response:
    command: int
    status: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Damaged:
    """A frame with a wrong check byte, or one that cannot be a response."""


Answer = Control | Response | Damaged


def check_byte(body: bytes) -> int:
    """XOR over command, data and ETX."""
    result = 0
    for byte in body:
        result ^= byte
    return result


def frame(command: int, data: bytes = b"") -> bytes:
    """Raises ValueError where the data is longer than the unit takes."""
    if len(data) > DATA_LIMIT:
        raise ValueError(f"{len(data)} bytes of data, at most {DATA_LIMIT}")
    body = bytes([command]) + data + bytes([ETX])
    return bytes([STX]) + body + bytes([check_byte(body)])


class AnswerParser:
    """Bytes in any portions → answers. Never raises; noise between frames is dropped."""

    def __init__(self) -> None:
        self._body: bytearray | None = None  # of the frame that has begun: CMD … ETX

    def feed(self, data: bytes) -> list[Answer]:
        answers: list[Answer] = []
        for byte in data:
            if self._body is None:
                if byte == STX:
                    self._body = bytearray()
                elif byte in (ACK, NAK, DLE):
                    answers.append(Control(byte))
            elif self._body and self._body[-1] == ETX:  # this is the check byte, whatever its value
                answers.append(_finished(bytes(self._body), byte))
                self._body = None
            elif byte == STX:  # data is text, so another frame begins here: the first was cut off, or was noise
                self._body = bytearray()
            elif byte in (ACK, NAK, DLE):  # likewise
                answers += [Damaged(), Control(byte)]
                self._body = None
            else:
                self._body.append(byte)
                if len(self._body) > DATA_LIMIT + 3:
                    answers.append(Damaged())
                    self._body = None
        return answers


def _finished(body: bytes, check: int) -> Answer:
    if check_byte(body) != check or len(body) < 3:
        return Damaged()
    return Response(command=body[0], status=body[1], data=body[2:-1])


@dataclass(frozen=True, slots=True)
class Sensors:
    """The sensor string of `59`: S1 the inlet ('0' none, '1' card, '2' waiting for removal), S2–S4 the path, then the cover."""

    inlet: str
    inside: bool
    cover_open: bool

    @classmethod
    def parse(cls, data: bytes) -> "Sensors | None":
        """None for anything but six or seven characters of the known values (the seventh exists only with a dispenser)."""
        text = data.decode("ascii", errors="replace")
        if len(text) not in (6, 7) or text[0] not in "012" or set(text[1:]) - {"0", "1"}:
            return None
        return cls(inlet=text[0], inside="1" in text[1:4], cover_open=text[4] == "1")


def columns(image: Bitmap) -> bytes:
    """The picture as the unit holds it: 480 columns of 40 bytes, least significant bit = top dot. Raises ValueError for another size."""
    if (image.width, image.height) != (WIDTH_DOTS, HEIGHT_DOTS):
        raise ValueError(f"the printer takes {WIDTH_DOTS} × {HEIGHT_DOTS} dots, not {image.width} × {image.height}")
    result = bytearray(WIDTH_DOTS * COLUMN_BYTES)
    for y in range(HEIGHT_DOTS):
        row = image.rows[y * image.stride : (y + 1) * image.stride]
        if not any(row):
            continue
        place, bit = y // 8, 1 << (y % 8)
        for index, byte in enumerate(row):
            while byte:
                left = 8 - byte.bit_length()
                result[(index * 8 + left) * COLUMN_BYTES + place] |= bit
                byte &= ~(0x80 >> left)
    return bytes(result)


def image_line(x: int, y_byte: int, data: bytes) -> bytes:
    """Frame of one column's bytes from (x, y_byte) downwards."""
    return frame(Command.IMAGE_LINE, f"{x},{y_byte},{data.hex().upper()}".encode("ascii"))


def image_block(start: int, data: bytes) -> bytes:
    """Frame of a run of bytes; `start` counts bytes column by column."""
    x, y_byte = divmod(start, COLUMN_BYTES)
    return frame(Command.IMAGE_BLOCK, f"{x},{y_byte},{len(data)},{data.hex().upper()}".encode("ascii"))


def image_blocks(image: Bitmap) -> Iterator[bytes]:
    """Frames for the runs that hold black dots, in order; white stretches are left out because the cleared buffer is white."""
    data = columns(image)
    position = 0
    while position < len(data):
        if data[position] == 0:
            position += 1
            continue
        end = position + 1  # behind the last byte that holds a dot
        look = end
        while look < len(data) and look - position < BLOCK_BYTES and look - end < GAP_BYTES:
            if data[look]:
                end = look + 1
            look += 1
        yield image_block(position, data[position:end])
        position = end
