"""A simulated hall of its own for a measurement."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from drivers.contract.failure import Failure as DeviceFailure
from drivers.world import process
from drivers.world.process import WorldProcess
from kiosk.domain.failure import Failure
from kiosk.health.desk import in_our_words


@contextmanager
def hall(speed: str = "fast") -> Iterator[WorldProcess | Failure]:
    with tempfile.TemporaryDirectory(prefix="kiosk-bench-") as state:
        started = process.start(Path(state), None, speed)
        if isinstance(started, DeviceFailure):
            yield in_our_words(started)
            return
        try:
            yield started
        finally:
            started.stop()
