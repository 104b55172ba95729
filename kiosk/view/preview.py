"""A one-slot window on the camera: the newest frame wins, nothing is queued, nothing is kept."""

import threading


class Preview:
    """Frames as packed BGR bytes with their width and height. Thread-safe; `serial` grows with each frame, 0 = nothing to show."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._frame: tuple[int, int, bytes] | None = None
        self._serial = 0

    def put(self, width: int, height: int, bgr: bytes) -> None:
        with self._lock:
            self._frame = (width, height, bgr)
            self._serial += 1

    def clear(self) -> None:
        with self._lock:
            self._frame = None
            self._serial = 0

    def newest(self) -> tuple[int, tuple[int, int, bytes] | None]:
        """(serial, (width, height, BGR bytes)) or (0, None)."""
        with self._lock:
            return (self._serial, self._frame) if self._frame else (0, None)
