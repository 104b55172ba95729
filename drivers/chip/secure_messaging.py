"""Secure messaging with 3DES: every APDU encrypted and authenticated. Source: ICAO 9303-11, §9.8.

Command: `87` encrypted data, `97` expected length, `8E` MAC. Answer: `87` encrypted data, `99` status word, `8E` MAC.
"""

import hmac

from drivers.chip import des, tlv
from drivers.chip.tlv import Malformed

PROTECTED_CLASS = 0x0C


class SecureChannel:
    """One session. `protect` and `open` must alternate: both advance the send sequence counter."""

    def __init__(self, key_enc: bytes, key_mac: bytes, send_sequence: bytes) -> None:
        self.key_enc = key_enc
        self.key_mac = key_mac
        self._counter = int.from_bytes(send_sequence, "big")

    @property
    def send_sequence(self) -> bytes:
        return self._counter.to_bytes(8, "big")

    def _step(self) -> bytes:
        self._counter = (self._counter + 1) % 2**64
        return self.send_sequence

    def protect(self, instruction: int, p1: int, p2: int, data: bytes = b"", expected: int | None = None) -> bytes:
        """The protected command APDU. `expected`: how many bytes the plain answer shall have (1–256), None for none."""
        header = bytes((PROTECTED_CLASS, instruction, p1, p2))
        objects = tlv.encode(0x87, b"\x01" + des.encrypt(self.key_enc, des.pad(data))) if data else b""
        if expected is not None:
            objects += tlv.encode(0x97, bytes((expected % 256,)))
        authenticated = self._step() + des.pad(header) + objects
        mac = des.retail_mac(self.key_mac, des.pad(authenticated) if objects else authenticated)
        body = objects + tlv.encode(0x8E, mac)
        return header + bytes((len(body),)) + body + b"\0"

    def open(self, answer: bytes) -> tuple[bytes, int]:
        """Plain data and status word. Raises Malformed where the answer is not authentic.

        A chip that broke the session off answers with a bare status word; that is passed on, except for "all is well".
        """
        sequence = self._step()
        outer_status = int.from_bytes(answer[-2:], "big")
        if len(answer) == 2 and outer_status != 0x9000:
            return b"", outer_status
        encrypted, status, mac = b"", None, None
        authenticated = b""
        for tag, value in tlv.items(answer[:-2]):
            if tag == 0x87 and not authenticated:
                encrypted = value
                authenticated += tlv.encode(tag, value)
            elif tag == 0x99 and status is None and len(value) == 2:
                status = int.from_bytes(value, "big")
                authenticated += tlv.encode(tag, value)
            elif tag == 0x8E:
                mac = value
            else:
                raise Malformed("secure messaging object")
        expected = des.retail_mac(self.key_mac, des.pad(sequence + authenticated))
        if mac is None or status is None or status != outer_status or not hmac.compare_digest(expected, mac):
            raise Malformed("answer is not authentic")
        return self._decrypt(encrypted) if encrypted else b"", status

    def _decrypt(self, value: bytes) -> bytes:
        if value[:1] != b"\x01" or len(value) % 8 != 1 or len(value) == 1:
            raise Malformed("encrypted object")
        plain = des.unpad(des.decrypt(self.key_enc, value[1:]))
        if plain is None:
            raise Malformed("padding")
        return plain
