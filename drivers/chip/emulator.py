"""The chip of a simulated permit: application, BAC, secure messaging and files, answering APDUs as ICAO 9303-11 asks a chip to.

Written apart from the driver's code: each is the other's witness.
Fault device `chip`. Moments: `select` (the application), `bac` (EXTERNAL AUTHENTICATE), `read` (READ BINARY of a data group, behind its
head). Kinds: `silence`, `wrong_sw` (`sw`, four hex digits), `unreadable` (nonsense where data should be), `altered` (one bit of the data
turned over, the channel's own MAC still right).
"""

import hashlib
import os
from collections.abc import Callable

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, modes

from drivers.world.card_path import ChipApplet
from drivers.world.faults import Fault, FaultBoard

APPLICATION = bytes.fromhex("A0000002471001")
FILES = {"COM": 0x011E, "SOD": 0x011D, "DG1": 0x0101, "DG2": 0x0102, "DG11": 0x010B, "DG12": 0x010C}

OK, NOT_AUTHENTIC, NO_SESSION, NOT_SATISFIED = b"\x90\x00", b"\x69\x88", b"\x69\x87", b"\x69\x82"
NO_FILE, NO_INSTRUCTION, WRONG_LENGTH, BEYOND_END, SHORTER = b"\x6a\x82", b"\x6d\x00", b"\x67\x00", b"\x6b\x00", b"\x62\x82"
REFUSED = b"\x63\x00"


def _des3(key: bytes, data: bytes, backwards: bool = False) -> bytes:
    cipher = Cipher(TripleDES(key + key[:8]), modes.CBC(b"\0" * 8))
    return (cipher.decryptor() if backwards else cipher.encryptor()).update(data)


def _padded(data: bytes) -> bytes:
    data += b"\x80"
    while len(data) % 8:
        data += b"\0"
    return data


def _mac(key: bytes, message: bytes) -> bytes:
    """ISO 9797-1 algorithm 3 over the padded message, block by block as the standard draws it."""
    left = Cipher(TripleDES(key[:8] * 3), modes.ECB())
    right = Cipher(TripleDES(key[8:] * 3), modes.ECB())
    state = b"\0" * 8
    message = _padded(message)
    forwards = left.encryptor()
    for start in range(0, len(message), 8):
        state = forwards.update(bytes(a ^ b for a, b in zip(state, message[start : start + 8], strict=True)))
    return left.encryptor().update(right.decryptor().update(state))


def _key(seed: bytes, number: int) -> bytes:
    raw = hashlib.sha1(seed + bytes([0, 0, 0, number])).digest()[:16]
    return bytes(octet if bin(octet).count("1") % 2 else octet ^ 1 for octet in raw)


def _object(tag: int, value: bytes) -> bytes:
    size = len(value)
    prefix = b"" if size < 128 else b"\x81"
    return bytes([tag]) + prefix + bytes([size]) + value


class PermitApplet(ChipApplet):
    """One chip. key_text: the 24 characters of number, birth and expiry with check digits. files: identifier → content."""

    def __init__(self, key_text: str, files: dict[int, bytes], randomness: Callable[[int], bytes] = os.urandom) -> None:
        self.files = files
        self.faults: FaultBoard | None = None
        self._randomness = randomness
        seed = hashlib.sha1(key_text.encode("ascii")).digest()[:16]
        self._enc, self._mac_key = _key(seed, 1), _key(seed, 2)
        self.power_on()

    def power_on(self) -> None:
        self._selected = False
        self._file: int | None = None
        self._challenge: bytes | None = None
        self._session: tuple[bytes, bytes] | None = None
        self._counter = 0

    # ---- a forger's or the years' doing

    def alter(self, name: str) -> None:
        """Turns one bit over in the last eighth of a file, `DG2` or `SOD` (there it lies in the signature)."""
        content = bytearray(self.files[FILES[name]])
        content[len(content) - max(len(content) // 8, 1) if name != "SOD" else -3] ^= 0x01
        self.files[FILES[name]] = bytes(content)

    def spoil(self, name: str) -> None:
        """Makes a file's head claim more than there is."""
        self.files[FILES[name]] = self.files[FILES[name]][:1] + b"\x82\x7f\xf0" + self.files[FILES[name]][4:]

    def remove(self, name: str) -> None:
        del self.files[FILES[name]]

    # ---- the chip's side of the wire

    def transmit(self, apdu: bytes) -> bytes:
        """b"" where the chip does not answer."""
        if len(apdu) < 4:
            return WRONG_LENGTH
        if self._session is not None:
            if apdu[0] == 0x0C:
                return self._protected(apdu)
            self._session = None  # a plain command ends the session
        head, body = apdu[:4], apdu[5:]
        if head == b"\x00\xa4\x04\x0c":
            fault = self._fault("select")
            if fault:
                return self._answer_faulty(fault, b"")
            self._selected = body[:7] == APPLICATION
            return OK if self._selected else NO_FILE
        if not self._selected:
            return NO_INSTRUCTION
        if head == b"\x00\x84\x00\x00":
            self._challenge = self._randomness(8)
            return self._challenge + OK
        if head == b"\x00\x82\x00\x00":
            return self._authenticate(body)
        return NOT_SATISFIED

    def _fault(self, moment: str) -> Fault | None:
        return self.faults.take("chip", moment) if self.faults else None

    def _answer_faulty(self, fault: Fault, data: bytes) -> bytes:
        if fault.kind == "silence":
            return b""
        if fault.kind == "unreadable":
            return b"\xff" * 5 + OK
        if fault.kind == "altered" and data:
            return data[:-1] + bytes([data[-1] ^ 1]) + OK
        return bytes.fromhex(str(fault.parameters.get("sw", "6F00")))

    def _authenticate(self, body: bytes) -> bytes:
        challenge, self._challenge = self._challenge, None
        if challenge is None or len(body) < 40:
            return NOT_SATISFIED
        cryptogram, mac = body[:32], body[32:40]
        if _mac(self._mac_key, cryptogram) != mac:
            return REFUSED
        plain = _des3(self._enc, cryptogram, backwards=True)
        terminal, echoed, terminal_key = plain[:8], plain[8:16], plain[16:]
        if echoed != challenge:
            return REFUSED
        own_key = self._randomness(16)
        answer = _des3(self._enc, challenge + terminal + own_key)
        answer += _mac(self._mac_key, answer)
        fault = self._fault("bac")
        if fault:
            return self._answer_faulty(fault, answer)
        seed = bytes(a ^ b for a, b in zip(terminal_key, own_key, strict=True))
        self._session = (_key(seed, 1), _key(seed, 2))
        self._counter = int.from_bytes(challenge[4:] + terminal[4:], "big")
        return answer + OK

    def _next(self) -> bytes:
        self._counter += 1
        return self._counter.to_bytes(8, "big")

    def _protected(self, apdu: bytes) -> bytes:
        """Checks and opens a protected command, obeys it, seals the answer."""
        key_enc, key_mac = self._session or (b"", b"")
        objects: dict[int, bytes] = {}
        seen, at, end = b"", 5, 5 + (apdu[4] if len(apdu) > 4 else 0)
        while at + 2 <= end:
            tag, size, start = apdu[at], apdu[at + 1], at + 2
            if size == 0x81:
                size, start = apdu[at + 2], at + 3
            objects[tag] = apdu[start : start + size]
            if tag != 0x8E:
                seen += apdu[at : start + size]
            at = start + size
        message = self._next() + _padded(apdu[:4]) + seen
        # without objects the padded header already ends on a block, and nothing is added behind it
        right = _mac(key_mac, message) if seen else _mac(key_mac, self._counter.to_bytes(8, "big") + apdu[:4])
        if objects.get(0x8E) != right:
            self._session = None
            return NOT_AUTHENTIC
        data = _des3(key_enc, objects[0x87][1:], backwards=True).rstrip(b"\0")[:-1] if 0x87 in objects else b""
        expected = (objects[0x97][0] or 256) if 0x97 in objects else 0
        fault, plain, status = self._obey(apdu[1], apdu[2], apdu[3], data, expected)
        if fault and fault.kind != "altered":
            self._session = None
            return self._answer_faulty(fault, plain)
        if fault and plain:
            plain = plain[:-1] + bytes([plain[-1] ^ 1])
        answer = _object(0x87, b"\x01" + _des3(key_enc, _padded(plain))) if plain else b""
        answer += _object(0x99, status)
        return answer + _object(0x8E, _mac(key_mac, self._next() + answer)) + status

    def _obey(self, instruction: int, p1: int, p2: int, data: bytes, expected: int) -> tuple[Fault | None, bytes, bytes]:
        if (instruction, p1, p2) == (0xA4, 0x02, 0x0C):
            found = int.from_bytes(data, "big")
            self._file = found if found in self.files else None
            return None, b"", OK if self._file else NO_FILE
        if instruction != 0xB0:
            return None, b"", NO_INSTRUCTION
        if self._file is None:
            return None, b"", b"\x69\x86"
        offset = p1 << 8 | p2
        content = self.files[self._file]
        if offset >= len(content):
            return None, b"", BEYOND_END
        behind_head = offset > 0 and self._file not in (FILES["COM"], FILES["SOD"])
        piece = content[offset : offset + expected]
        return self._fault("read") if behind_head else None, piece, OK if len(piece) == expected else SHORTER
