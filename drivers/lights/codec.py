"""Modbus RTU frames: how coils are read and written, and how an answer is found in what the line carries.

Source: MODBUS over Serial Line 1.02 and MODBUS Application Protocol 1.1b3, both public. A frame is unit, function, data and a CRC-16 (polynomial
A001 reflected, start FFFF) with its low byte first. Only two functions are used: 01 reads coils, 0F writes several at once, so that a colour changes
in one piece. A board refuses with the function's high bit set and an exception code.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

READ_COILS = 0x01
WRITE_COILS = 0x0F
REFUSED = 0x80

_SHORTEST = 5  # unit, function, exception code, CRC
_LONGEST = 256  # what the standard lets a frame have


class Damage(StrEnum):
    """Why bytes that came in are no answer."""

    BAD_CHECKSUM = "bad_checksum"
    WRONG_ANSWER = "wrong_answer"


@dataclass(frozen=True, slots=True)
class Answer:
    """What stands between unit and CRC of a healthy answer. exception: the code with which the board refused, else None."""

    function: int
    data: bytes
    exception: int | None


def crc(body: bytes) -> bytes:
    """The two bytes that end a frame."""
    value = 0xFFFF
    for byte in body:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (0xA001 if value & 1 else 0)
    return value.to_bytes(2, "little")


def frame(unit: int, function: int, data: bytes) -> bytes:
    body = bytes((unit, function)) + data
    return body + crc(body)


def read_coils(unit: int, address: int, count: int) -> bytes:
    return frame(unit, READ_COILS, address.to_bytes(2) + count.to_bytes(2))


def write_coils(unit: int, address: int, coils: Sequence[bool]) -> bytes:
    """`coils` from `address` upwards; the first one is the least significant bit of the first byte."""
    packed = bytes(sum(on << bit for bit, on in enumerate(coils[at : at + 8])) for at in range(0, len(coils), 8))
    return frame(unit, WRITE_COILS, address.to_bytes(2) + len(coils).to_bytes(2) + bytes((len(packed),)) + packed)


def coils_in(answer: Answer, count: int) -> tuple[bool, ...] | None:
    """The coils that an answer to `read_coils` shows; None where it holds another number of bytes."""
    if len(answer.data) != 1 + (count + 7) // 8:
        return None
    return tuple(bool(answer.data[1 + index // 8] >> index % 8 & 1) for index in range(count))


def confirms(answer: Answer, address: int, count: int) -> bool:
    """Whether this is the echo of `write_coils` with that address and number."""
    return answer.data == address.to_bytes(2) + count.to_bytes(2)


def find(received: bytes, unit: int, function: int) -> Answer | None:
    """The first healthy answer of that unit to that function, whatever noise stands before it; None while there is none."""
    for at in range(len(received) - _SHORTEST + 1):
        if received[at] != unit or received[at + 1] & ~REFUSED != function:
            continue
        end = at + _length(received[at:])
        body = received[at : end - 2]
        if end <= len(received) and crc(body) == received[end - 2 : end]:
            refused = bool(body[1] & REFUSED)
            return Answer(function, body[2:], body[2] if refused else None)
    return None


def damage_of(received: bytes, unit: int, function: int) -> Damage:
    """What is wrong with bytes in which there is no answer: it began like one and is damaged, or it is something else altogether."""
    begun = len(received) > 1 and received[0] == unit and received[1] & ~REFUSED == function
    return Damage.BAD_CHECKSUM if begun else Damage.WRONG_ANSWER


def _length(begun: bytes) -> int:
    """How long the frame is that begins here; at least `_SHORTEST` bytes are there."""
    if begun[1] & REFUSED:
        return _SHORTEST
    return min(_SHORTEST + begun[2], _LONGEST) if begun[1] == READ_COILS else 8
