"""The store's key as the tests use it: beside the database, without the check that a machine keeps with it."""

from pathlib import Path

from kiosk.store.encryption import FieldCipher, new_key
from kiosk.store.files import FIELD_KEY


def cipher_in(directory: Path) -> FieldCipher:
    """Of the key that lies there; makes one where none does."""
    file = directory / FIELD_KEY
    if not file.exists():
        file.write_bytes(new_key())
        file.chmod(0o600)
    return FieldCipher(file.read_bytes())
