"""SAM-V frames: how a command is built and an answer is found among whatever else the line carries.

Source: GA/T 467-2019 as described in public texts. Both directions start with AA AA AA 96 69 and a two-byte length that counts everything after
itself including the checksum; the checksum is the XOR of the length and all that follows. Answers carry SW1 SW2 SW3, and SW3 is the result.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import reduce
from operator import xor

PREAMBLE = bytes.fromhex("AAAAAA9669")
_HEAD = len(PREAMBLE) + 2
_SHORTEST = _HEAD + 4  # SW1 SW2 SW3 and the checksum
_LONGEST_LENGTH = 4096  # the longest answer known has 0x090A; more is noise that looks like a frame

RESET = (0x10, 0xFF)
STATUS = (0x11, 0xFF)
SAM_ID = (0x12, 0xFF)
FIND = (0x20, 0x01)
SELECT = (0x20, 0x02)
READ_BASE = (0x30, 0x01)
READ_ADDITIONAL = (0x30, 0x03)
READ_WITH_FINGERPRINTS = (0x30, 0x10)

OK = 0x90
FOUND = 0x9F
NO_CONTENT = 0x91
NO_CARD = 0x80


class Damage(StrEnum):
    """Why bytes that came in are no answer."""

    BAD_CHECKSUM = "bad_checksum"
    WRONG_LENGTH = "wrong_length"


@dataclass(frozen=True, slots=True)
class Reply:
    """One healthy answer. frame_bytes: length of the whole frame, preamble included."""

    sw3: int
    data: bytes
    frame_bytes: int

    def __repr__(self) -> str:  # the data of a read is personal
        return f"Reply(sw3=0x{self.sw3:02X}, {len(self.data)} bytes)"


def checksum(body: bytes) -> int:
    """XOR over the length and all that follows it."""
    return reduce(xor, body, 0)


def command(code: tuple[int, int], data: bytes = b"") -> bytes:
    """The whole frame of one command."""
    body = (len(data) + 3).to_bytes(2) + bytes(code) + data
    return PREAMBLE + body + bytes([checksum(body)])


class Scanner:
    """Takes bytes as they come and finds the answers in them.

    It never asks for more bytes than the answer at hand can still need, so that nothing of a following answer is read along. Noise before the
    preamble is skipped, and so is noise that looks like a preamble. Bounded: each possible start is looked at once.
    """

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._start = 0
        self.damage: Damage | None = None
        self.wanted = _SHORTEST
        self.inside = False  # whether an answer has begun and is not complete

    @property
    def received(self) -> int:
        return len(self._bytes)

    def feed(self, data: bytes) -> Reply | None:
        """The next healthy answer, if it is complete now; otherwise `wanted` says how many bytes to wait for."""
        self._bytes += data
        return self._look(line_is_quiet=False)

    def line_went_quiet(self) -> Reply | None:
        """Nothing more comes: what began like an answer and stayed short was none. A later start may still hold one."""
        return self._look(line_is_quiet=True)

    def _look(self, line_is_quiet: bool) -> Reply | None:
        self.inside = False
        while (at := self._bytes.find(PREAMBLE, self._start)) >= 0:
            have = len(self._bytes) - at
            length = int.from_bytes(self._bytes[at + len(PREAMBLE) : at + _HEAD]) if have >= _HEAD else 4
            believable = 4 <= length <= _LONGEST_LENGTH
            if believable and have < _HEAD + length and not line_is_quiet:
                self._start = at
                self.inside = True
                self.wanted = max(_HEAD + length, _SHORTEST) - have
                return None
            body = bytes(self._bytes[at + len(PREAMBLE) : at + _HEAD + length])
            if believable and have >= _HEAD + length and checksum(body[:-1]) == body[-1]:
                self._start = at + _HEAD + length
                return Reply(body[4], body[5:-1], _HEAD + length)
            complete = believable and have >= _HEAD + length
            self.damage = Damage.BAD_CHECKSUM if complete else Damage.WRONG_LENGTH
            self._start = at + 1
        self._start = max(self._start, len(self._bytes) - len(PREAMBLE) + 1)
        tail = bytes(self._bytes[self._start :])
        begun = next((n for n in range(len(tail), 0, -1) if tail.endswith(PREAMBLE[:n])), 0)
        self.wanted = _SHORTEST - begun
        return None


def sam_id_text(data: bytes) -> str | None:
    """The module's number as it is written (`05.01-20230601-0001234567-0987654321`), None where the data are not 16 bytes."""
    if len(data) != 16:
        return None
    first, second = int.from_bytes(data[0:2], "little"), int.from_bytes(data[2:4], "little")
    day, third, fourth = (int.from_bytes(data[at : at + 4], "little") for at in (4, 8, 12))
    return f"{first:02}.{second:02}-{day:08}-{third:010}-{fourth:010}"


@dataclass(frozen=True, slots=True)
class ReadBlocks:
    """What one read answer holds."""

    text: bytes
    photo: bytes
    fingerprints: bytes


def read_blocks(data: bytes, with_fingerprints: bool) -> ReadBlocks | None:
    """Splits the data of `30 01` or `30 10` by the inner lengths; None where they do not fit each other or the data."""
    count = 3 if with_fingerprints else 2
    head = 2 * count
    if len(data) < head:
        return None
    lengths = [int.from_bytes(data[at : at + 2]) for at in range(0, head, 2)]
    text, photo, prints = lengths if with_fingerprints else [*lengths, 0]
    if text != 256 or photo != 1024 or prints > 1024 or len(data) != head + text + photo + prints:
        return None
    return ReadBlocks(data[head : head + text], data[head + text : head + text + photo], data[head + text + photo :])
