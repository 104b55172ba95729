"""Two-key triple DES as ICAO 9303-11 uses it: CBC with a zero vector, and the retail MAC (ISO 9797-1 algorithm 3)."""

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, modes

BLOCK = 8


def encrypt(key: bytes, plain: bytes) -> bytes:
    """key: 16 bytes; plain: whole blocks."""
    return Cipher(TripleDES(key + key[:8]), modes.CBC(bytes(BLOCK))).encryptor().update(plain)


def decrypt(key: bytes, cryptogram: bytes) -> bytes:
    return Cipher(TripleDES(key + key[:8]), modes.CBC(bytes(BLOCK))).decryptor().update(cryptogram)


def retail_mac(key: bytes, padded: bytes) -> bytes:
    """Single DES with the first half over all blocks but the last, triple DES over the last. Single DES is triple DES with one key thrice."""
    chained = bytes(BLOCK)
    if len(padded) > BLOCK:
        single = Cipher(TripleDES(key[:8] * 3), modes.CBC(bytes(BLOCK))).encryptor()
        chained = single.update(padded[:-BLOCK])[-BLOCK:]
    last = bytes(left ^ right for left, right in zip(chained, padded[-BLOCK:], strict=True))
    return encrypt(key, last)


def pad(data: bytes) -> bytes:
    """80, then zeros to whole blocks (ISO 9797-1 method 2)."""
    return data + b"\x80" + bytes(-(len(data) + 1) % BLOCK)


def unpad(data: bytes) -> bytes | None:
    """None where the padding is not there."""
    bare = data.rstrip(b"\0")
    return bare[:-1] if bare.endswith(b"\x80") and len(data) - len(bare) < BLOCK else None


def with_odd_parity(key: bytes) -> bytes:
    return bytes((byte & 0xFE) | (1 - (byte >> 1).bit_count() % 2) for byte in key)
