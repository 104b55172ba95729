"""The wire of the emulated CRT-591-M: takes commands off the bytes, builds answers, and spoils them where a scripted fault says so.

Written from the vendor's tables, apart from the driver's codec: each is the other's witness.
"""

import time
from dataclasses import dataclass
from functools import reduce
from operator import xor

from drivers.world.faults import Fault

ACK, EOT, NAK = b"\x06", b"\x04", b"\x15"


def seal(address: int, text: bytes) -> bytes:
    """`F2 ADDR Len text 03 BCC`."""
    body = b"\xf2" + bytes([address]) + len(text).to_bytes(2, "big") + text + b"\x03"
    return body + bytes([reduce(xor, body)])


@dataclass(frozen=True, slots=True)
class Request:
    cm: int
    pm: int
    data: bytes

    @property
    def name(self) -> str:
        """Two hexadecimal pairs as in the vendor's table: `31 30`."""
        return f"{self.cm:02X} {self.pm:02X}"


class Incoming:
    """Splits what the host sent into requests and control bytes. A request that does not hold comes out as None."""

    GAP_S = 0.3

    def __init__(self, address: int) -> None:
        self.address = address
        self._bytes = b""
        self._last = 0.0

    def add(self, data: bytes) -> list[Request | bytes | None]:
        now = time.monotonic()
        if self._bytes and not data and now - self._last > self.GAP_S:
            self._bytes = b""  # the rest of a truncated command never came
            return [None]
        if data:
            self._last = now
            self._bytes += data
        found: list[Request | bytes | None] = []
        while self._bytes:
            head = self._bytes[:1]
            if head != b"\xf2":
                if head in (ACK, NAK, EOT):
                    found.append(head)
                self._bytes = self._bytes[1:]
                continue
            if len(self._bytes) < 4:
                break
            length = self._bytes[2] << 8 | self._bytes[3]
            if length > 1018:
                self._bytes = self._bytes[1:]
                continue
            if len(self._bytes) < length + 6:
                break
            packet, self._bytes = self._bytes[: length + 6], self._bytes[length + 6 :]
            whole = packet[4] == 0x43 and length >= 3 and packet[-2] == 3 and reduce(xor, packet) == 0
            if not whole:
                found.append(None)
            elif packet[1] == self.address:
                found.append(Request(packet[5], packet[6], packet[7:-2]))
        return found


def spoil(answer: bytes, fault: Fault, previous: bytes) -> bytes:
    """The answer as a faulty line or module delivers it."""
    match fault.kind:
        case "bad_checksum":
            return answer[:-1] + bytes([answer[-1] ^ 0x55])
        case "wrong_length":
            return answer[:3] + bytes([(answer[3] + int(fault.parameters.get("by", 7))) & 0xFF]) + answer[4:]
        case "garbage":
            return b"\xf2\x00\x01\x20garbage\xf2\xff\x00" + answer
        case "stale":
            return previous + answer
        case "wrong_echo":
            return seal(answer[1], answer[4:5] + bytes([answer[5] ^ 0x01]) + answer[6:-2])
        case "short":
            return answer[: max(len(answer) // 2, 1)]
        case "short_apdu":
            return seal(answer[1], answer[4:10] + answer[10:11])
        case _:
            return answer
