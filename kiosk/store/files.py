"""Small files of the store's folder: their names, and the way in which each is written."""

import os
from pathlib import Path

FIELD_KEY, FIELD_CHECK, AUDIT_KEY, AUDIT_PUBLIC_KEY = "field.key", "field.check", "audit.key", "audit.pub"


def write_whole(file: Path, content: bytes, mode: int) -> None:
    """Whole or not at all, and on the disk on return; blocks for that. mode: who may read it, less the process's umask. Raises OSError."""
    fresh = file.with_name(file.name + ".new")
    fresh.unlink(missing_ok=True)  # what a power cut left: opened again it would keep its old mode
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
