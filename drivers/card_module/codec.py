"""Frames of the Creator CRT-591-M, host side. Source: vendor's "CRT-591-M001 communication protocol" v1.0.

Command `F2 ADDR LenH LenL 43 CM PM data 03 BCC`, positive answer `… 50 CM PM st0 st1 st2 data 03 BCC`, negative answer
`… 4E CM PM e1 e0 data 03 BCC` (code in the wild has 45 for 4E). Len counts from 43/50/4E to the end of data; BCC is the XOR of F2…03.
Outside frames stand the control bytes ACK 06, NAK 15, EOT 04.
"""

from dataclasses import dataclass
from enum import IntEnum

START = 0xF2
END = 0x03
LONGEST_TEXT = 1024 - 6
LONGEST_DATA = 512

POSITIVE = 0x50
NEGATIVE = (0x4E, 0x45)


class Control(IntEnum):
    ACK = 0x06
    NAK = 0x15
    EOT = 0x04


@dataclass(frozen=True, slots=True)
class Command:
    """CM and PM of one command."""

    cm: int
    pm: int


INITIALISE = Command(0x30, 0x33)  # without moving a card
STATUS = Command(0x31, 0x30)
SENSORS = Command(0x31, 0x31)
MOVE_TO_HOLD = Command(0x32, 0x30)  # our coupling: the hand-over to the printer
MOVE_TO_READER = Command(0x32, 0x32)
MOVE_TO_BIN = Command(0x32, 0x33)
MOVE_TO_GATE = Command(0x32, 0x39)
ALLOW_ENTRY = Command(0x33, 0x30)
REFUSE_ENTRY = Command(0x33, 0x31)
RF_ACTIVATE = Command(0x60, 0x30)
RF_OFF = Command(0x60, 0x31)
APDU_TYPE_A = Command(0x60, 0x34)
APDU_TYPE_B = Command(0x60, 0x35)
VERSION = Command(0xA4, 0x30)
BIN_COUNT = Command(0xA5, 0x30)


@dataclass(frozen=True, slots=True)
class Positive:
    """status: st0 st1 st2 as ASCII bytes."""

    command: Command
    status: bytes
    data: bytes


@dataclass(frozen=True, slots=True)
class Negative:
    """code: e1e0 as it is printed in the vendor's table, read as hexadecimal ("A1" = 0xA1); None where it is no hexadecimal number."""

    command: Command
    code: int | None


@dataclass(frozen=True, slots=True)
class Damaged:
    """A frame whose checksum, length or content does not hold: ask for it again."""


Event = Positive | Negative | Damaged | Control


def checksum(data: bytes) -> int:
    result = 0
    for byte in data:
        result ^= byte
    return result


def frame(address: int, command: Command, data: bytes = b"") -> bytes:
    """The bytes of one command. Raises ValueError for data beyond the protocol's 512 bytes."""
    if len(data) > LONGEST_DATA:
        raise ValueError("data longer than the protocol's 512 bytes")
    text = bytes((0x43, command.cm, command.pm)) + data
    head = bytes((START, address)) + len(text).to_bytes(2, "big")
    whole = head + text + bytes((END,))
    return whole + bytes((checksum(whole),))


def _answer(text: bytes) -> Positive | Negative | Damaged:
    """What stands between Len and ETX."""
    if len(text) >= 6 and text[0] == POSITIVE:
        return Positive(Command(text[1], text[2]), text[3:6], text[6:])
    if len(text) >= 5 and text[0] in NEGATIVE:
        try:
            code: int | None = int(text[3:5].decode("ascii"), 16)
        except ValueError:
            code = None
        return Negative(Command(text[1], text[2]), code)
    return Damaged()


class FrameParser:
    """Finds answers in a stream of bytes. Never raises; memory is bounded by the longest frame.

    Frames are measured by Len, because ETX may stand inside data. After a frame that does not hold the search goes on at the next F2, so that a
    good frame behind garbage is still found.
    """

    def __init__(self, address: int) -> None:
        self._address = address
        self._buffer = bytearray()

    def clear(self) -> None:
        self._buffer.clear()

    @property
    def inside_frame(self) -> bool:
        """Whether a frame has begun that is not complete."""
        return bool(self._buffer)

    def give_up_frame(self) -> list[Event]:
        """The rest of the begun frame does not come: Damaged, and what good frames stand behind its false start."""
        if not self._buffer:
            return []
        events: list[Event] = []
        self._skip(events)
        return events + self.feed(b"")

    def feed(self, data: bytes) -> list[Event]:
        self._buffer += data
        events: list[Event] = []
        while self._buffer:
            if self._buffer[0] != START:
                control = self._buffer.pop(0)
                if control in (Control.ACK, Control.NAK, Control.EOT):
                    events.append(Control(control))
                continue
            if len(self._buffer) < 4:
                break
            length = int.from_bytes(self._buffer[2:4], "big")
            if self._buffer[1] != self._address or not 5 <= length <= LONGEST_TEXT:
                self._skip(events)
                continue
            if len(self._buffer) < length + 6:
                break
            whole = bytes(self._buffer[: length + 6])
            if whole[-2] != END or checksum(whole[:-1]) != whole[-1]:
                self._skip(events)
                continue
            events.append(_answer(whole[4:-2]))
            del self._buffer[: length + 6]
        return events

    def _skip(self, events: list[Event]) -> None:
        """Drops a false start up to the next F2: control bytes inside a broken frame are data, not controls."""
        following = self._buffer.find(START, 1)
        del self._buffer[: following if following > 0 else len(self._buffer)]
        if not events or not isinstance(events[-1], Damaged):
            events.append(Damaged())
