"""Fields with personal data are encrypted in the store: AES-256-GCM, the key in a file that only the machine's user can read."""

import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE_BYTES = 12


class FieldCipher:
    """Encrypts and decrypts one field, bound to its row (`context`) so that fields cannot be swapped between rows."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    @classmethod
    def at(cls, key_file: Path) -> "FieldCipher":
        """Reads the key, or makes one at the first start. Raises OSError where the folder cannot be written, ValueError for a damaged key."""
        try:
            descriptor = os.open(key_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return cls(key_file.read_bytes())
        with os.fdopen(descriptor, "wb") as file:
            key = AESGCM.generate_key(256)
            file.write(key)
            file.flush()
            os.fsync(file.fileno())
        return cls(key)

    def seal(self, plain: bytes, context: str) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, plain, context.encode())

    def open(self, sealed: bytes, context: str) -> bytes | None:
        """None where the field was altered, belongs to another row, or the key is another."""
        try:
            return self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], context.encode())
        except (InvalidTag, ValueError):
            return None
