"""Where the key of the encrypted fields comes from, and whether it is the right one for this store.

`[store] key` of the profile says where:
* `file`: `field.key` in the store's folder, made at the first start. For the simulated hall and for machines whose disk is encrypted.
* `credential:NAME`: the file NAME in $CREDENTIALS_DIRECTORY, where systemd puts it for the unit (`LoadCredentialEncrypted=`); `systemd-creds encrypt`
  can seal it with the TPM. The machine never makes or writes this one.

Beside the store lies `field.check`: a known word sealed with the key. A store whose check does not open is never written to with another key, and its
cases are never settled by guess. Exchanging the key of a store that has cases is not provided for.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from kiosk.config import CREDENTIAL
from kiosk.domain.failure import Failure
from kiosk.store.cases import CaseStore
from kiosk.store.encryption import KEY_BYTES, FieldCipher, new_key
from kiosk.store.files import FIELD_CHECK, FIELD_KEY, write_whole
from kiosk.store.transaction import StoreFailed, reading

_CHECK = b"kiosk field key"
_CASES_TRIED = 20
"""How many cases of a store that has no check yet are tried: one that opens proves the key; a single one may have been altered."""


@dataclass(frozen=True, slots=True)
class OpenedKey:
    """created: the key was made at this start."""

    cipher: FieldCipher
    created: bool = False


def open_key(setting: str, directory: Path, engine: Engine) -> OpenedKey | Failure:
    """The store's cipher; blocks for a few file operations.

    `store.key_missing` (the credential is not there; or the key file is gone although the store was used with one), `store.key_malformed` (not 32
    bytes), `store.key_exposed` (other users may read the file), `store.key_wrong` (not the key of this store), `store.unwritable`.
    """
    check = directory / FIELD_CHECK
    try:
        key = _credential(setting.removeprefix(CREDENTIAL)) if setting.startswith(CREDENTIAL) else _own_file(directory / FIELD_KEY)
        if isinstance(key, Failure):
            return key
        created = key is None
        if key is None:
            if check.exists() or _case_ids(engine):
                return Failure("store.key_missing", detail={"file": FIELD_KEY})
            key = new_key()
            write_whole(directory / FIELD_KEY, key, 0o600)
        cipher = FieldCipher(key)
        if not check.exists():
            if not _opens_a_case(cipher, engine):
                return Failure("store.key_wrong")
            write_whole(check, cipher.seal(_CHECK, FIELD_CHECK), 0o600)
        elif cipher.open(check.read_bytes(), FIELD_CHECK) != _CHECK:
            return Failure("store.key_wrong")
    except StoreFailed as failed:
        return failed.failure
    except OSError:
        return Failure("store.unwritable", detail={"file": str(directory)})
    return OpenedKey(cipher, created)


def _credential(name: str) -> bytes | Failure:
    """systemd itself keeps the folder to the unit's user, so only presence and size are asked."""
    folder = os.environ.get("CREDENTIALS_DIRECTORY", "")
    file = Path(folder) / name
    if not folder or not file.is_file():
        return Failure("store.key_missing", detail={"file": f"{CREDENTIAL}{name}"})
    return _right_size(file.read_bytes(), f"{CREDENTIAL}{name}")


def _own_file(file: Path) -> bytes | Failure | None:
    """None where there is none yet. A file that others may read is refused, not mended: whoever runs the machine must know that it was open."""
    try:
        found = file.stat()
    except FileNotFoundError:
        return None
    if found.st_mode & 0o077 or found.st_uid != os.geteuid():
        return Failure("store.key_exposed", detail={"file": file.name})
    return _right_size(file.read_bytes(), file.name)


def _right_size(key: bytes, name: str) -> bytes | Failure:
    return key if len(key) == KEY_BYTES else Failure("store.key_malformed", detail={"file": name, "bytes": str(len(key))})


def _case_ids(engine: Engine) -> list[str]:
    with reading(engine) as read:
        return [row[0] for row in read.run("SELECT case_id FROM cases ORDER BY rowid DESC LIMIT :most", {"most": _CASES_TRIED})]


def _opens_a_case(cipher: FieldCipher, engine: Engine) -> bool:
    """For a store from before there was a check. True where it has no case, too."""
    store = CaseStore(engine, cipher)
    cases = [store.case(case_id) for case_id in _case_ids(engine)]
    return not cases or any(case is not None and case.file is not None for case in cases)
