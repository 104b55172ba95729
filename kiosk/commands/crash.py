"""A fault nobody foresaw: one clear sentence for the person, types and lines (no values) into a file of the system's temporary folder."""

import os
import tempfile
import traceback
from pathlib import Path

from kiosk.commands.said import fail, talk
from kiosk.domain.failure import Failure


def report(error: Exception, as_json: bool) -> int:
    """Writes the traceback (types and lines, no values) beside the system's temporary files and says where."""
    lines = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
    text = "\n".join([type(error).__name__, *lines]) + "\n"
    descriptor, name = tempfile.mkstemp(prefix="kiosk-fault-", suffix=".log")
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    code = fail(Failure("machine.fault"), as_json)
    talk(f"see {Path(name)}")
    return code
