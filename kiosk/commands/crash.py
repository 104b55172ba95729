"""A fault nobody foresaw: one clear sentence for the person, types and lines (no values) into a file of the system's temporary folder."""

import os
import tempfile
import traceback
from pathlib import Path

from kiosk.commands.said import fail, talk
from kiosk.domain.failure import Failure
from kiosk.store.transaction import StoreFailed


def report(error: Exception, as_json: bool) -> int:
    """A disk that refuses is said as such. Of anything else the traceback (types and lines, no values) is written beside the system's temporary
    files, and where it lies is said."""
    if isinstance(error, StoreFailed):
        return fail(error.failure, as_json)
    lines = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
    text = "\n".join([type(error).__name__, *lines]) + "\n"
    descriptor, name = tempfile.mkstemp(prefix="kiosk-fault-", suffix=".log")
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    code = fail(Failure("machine.fault"), as_json)
    talk(f"see {Path(name)}")
    return code
