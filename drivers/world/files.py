"""Files that others read while the hall writes them."""

import os
from pathlib import Path


def write_whole(file: Path, content: bytes, mode: int = 0o644) -> None:
    """Replaces the file atomically: a reader sees the old content or the new one, never a half."""
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(file.name + ".new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(content)
    os.replace(fresh, file)
