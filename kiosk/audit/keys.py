"""The key that signs the audit's head and checkpoints: Ed25519, made at the first start, private half for the machine's user only."""

import os
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from kiosk.store.files import AUDIT_KEY, AUDIT_PUBLIC_KEY, write_whole

_BYTES = 32


class PublicKey:
    """Checks signatures."""

    def __init__(self, raw: bytes) -> None:
        """Raises ValueError for anything but 32 bytes."""
        self.raw = raw
        self._key = Ed25519PublicKey.from_public_bytes(raw)

    @property
    def fingerprint(self) -> str:
        return sha256(self.raw).hexdigest()

    def signed(self, text: bytes, signature: object) -> bool:
        try:
            self._key.verify(signature if isinstance(signature, bytes) else b"", text)
        except InvalidSignature:
            return False
        return True

    @classmethod
    def at(cls, directory: Path) -> "PublicKey":
        """Raises OSError where there is none, ValueError where it is damaged."""
        return cls(bytes.fromhex((directory / AUDIT_PUBLIC_KEY).read_text(encoding="ascii").strip()))

    def keep(self, directory: Path) -> None:
        write_whole(directory / AUDIT_PUBLIC_KEY, self.raw.hex().encode() + b"\n", 0o644)


class PrivateKey:
    def __init__(self, raw: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(raw)
        self.public = PublicKey(self._key.public_key().public_bytes_raw())

    def sign(self, text: bytes) -> bytes:
        return self._key.sign(text)

    @classmethod
    def at(cls, directory: Path) -> "PrivateKey":
        """Raises OSError where there is none, ValueError where it is damaged."""
        return cls((directory / AUDIT_KEY).read_bytes())

    @classmethod
    def make(cls, directory: Path) -> "PrivateKey":
        raw = os.urandom(_BYTES)
        write_whole(directory / AUDIT_KEY, raw, 0o600)
        return cls(raw)
