"""SHA256 with RSA (PKCS#1 v1.5), as both payment providers ask for it, with keys from PEM files."""

import base64
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from kiosk.domain.failure import Failure


class Signer:
    """The merchant's private key: about a third of a millisecond a signature."""

    def __init__(self, key: rsa.RSAPrivateKey) -> None:
        self._key = key

    def sign(self, text: bytes) -> str:
        """Base64."""
        return base64.b64encode(self._key.sign(text, padding.PKCS1v15(), hashes.SHA256())).decode("ascii")


class Verifier:
    """The provider's public key."""

    def __init__(self, key: rsa.RSAPublicKey) -> None:
        self._key = key

    def is_good(self, text: bytes, signature: str) -> bool:
        try:
            self._key.verify(base64.b64decode(signature, validate=True), text, padding.PKCS1v15(), hashes.SHA256())
        except (InvalidSignature, ValueError):
            return False
        return True


def read_signer(path: Path) -> Signer | Failure:
    """`gateway.key_unreadable` where the file is missing or holds no RSA private key of at least 2048 bits."""
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, rsa.RSAPrivateKey) or key.key_size < 2048:
        return Failure("gateway.key_unreadable", detail={"file": path.name})
    return Signer(key)


def read_verifier(path: Path) -> Verifier | Failure:
    """`gateway.key_unreadable` where the file is missing or holds no RSA public key of at least 2048 bits."""
    try:
        key = serialization.load_pem_public_key(path.read_bytes())
    except (OSError, ValueError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, rsa.RSAPublicKey) or key.key_size < 2048:
        return Failure("gateway.key_unreadable", detail={"file": path.name})
    return Verifier(key)
