"""Fields with personal data are encrypted in the store: AES-256-GCM. Where the key comes from says `kiosk.store.keys`."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE_BYTES = 12
KEY_BYTES = 32


def new_key() -> bytes:
    return AESGCM.generate_key(8 * KEY_BYTES)


class FieldCipher:
    """Encrypts and decrypts one field, bound to its row (`context`) so that fields cannot be swapped between rows."""

    def __init__(self, key: bytes) -> None:
        """Raises ValueError for a key that is no AES key."""
        self._cipher = AESGCM(key)

    def seal(self, plain: bytes, context: str) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, plain, context.encode())

    def open(self, sealed: bytes, context: str) -> bytes | None:
        """None where the field was altered, belongs to another row, or the key is another."""
        try:
            return self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], context.encode())
        except (InvalidTag, ValueError):
            return None
