"""RSA keys of the simulated payment providers and of the machine as their merchant, kept as PEM files."""

import base64
import hashlib
import os
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa


def private_key_at(path: Path) -> rsa.RSAPrivateKey:
    """Loads the key, or makes a new one (2048 bits, PKCS#8, readable by its owner only). Raises ValueError where the file holds something else."""
    if not path.exists():
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        text = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        _write(path, text, 0o600)
    loaded = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(loaded, rsa.RSAPrivateKey):
        raise ValueError(f"not an RSA key: {path.name}")
    return loaded


def write_public_key(path: Path, key: rsa.RSAPrivateKey) -> None:
    """Writes the public half (SubjectPublicKeyInfo) beside it."""
    _write(path, key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo), 0o644)


def fingerprint(key: rsa.RSAPrivateKey) -> str:
    """40 upper-case hex digits that stay the same for the same key; they serve as a certificate's serial number."""
    der = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(der).hexdigest()[:40].upper()


def sign(key: rsa.RSAPrivateKey, text: bytes) -> str:
    """SHA256 with RSA (PKCS#1 v1.5), Base64."""
    return base64.b64encode(key.sign(text, padding.PKCS1v15(), hashes.SHA256())).decode("ascii")


def verified(key: rsa.RSAPublicKey, text: bytes, signature: str) -> bool:
    try:
        key.verify(base64.b64decode(signature, validate=True), text, padding.PKCS1v15(), hashes.SHA256())
    except (InvalidSignature, ValueError):
        return False
    return True


def _write(path: Path, text: bytes, mode: int) -> None:
    """Whole or not at all: a killed world must not leave half a key."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(path.name + ".new")
    half.unlink(missing_ok=True)
    descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(text)
    half.replace(path)
