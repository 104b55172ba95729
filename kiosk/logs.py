"""The machine's log file: what happened, never to whom. Faults are written with their type and lines; values stay out."""

import logging
import logging.handlers
import traceback
from pathlib import Path
from types import TracebackType

LOG_BYTES, LOG_FILES = 2_000_000, 5
_ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class WithoutValues(logging.Formatter):
    """An exception's message may quote what it choked on: only its type and where it happened are kept."""

    def formatException(self, ei: _ExcInfo) -> str:
        kind, _, trace = ei
        frames = [f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]
        return "\n".join([kind.__name__ if kind else "-", *frames])


def log_to(directory: Path) -> None:
    """Warnings and faults go to `directory`/machine.log, five files of 2 MB; nothing where the folder cannot be written."""
    try:
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        handler = logging.handlers.RotatingFileHandler(directory / "machine.log", maxBytes=LOG_BYTES, backupCount=LOG_FILES, encoding="utf-8")
    except OSError:
        return
    handler.setFormatter(WithoutValues("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
