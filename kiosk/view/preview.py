"""A one-slot window on the camera: the newest frame wins, nothing is queued, nothing is kept. Each frame is written over the one before."""

import threading


class Preview:
    """Frames as packed BGR bytes with their width and height. Thread-safe; `serial` grows with each frame, 0 = nothing to show."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._frame: tuple[int, int, bytearray] | None = None
        self._serial = 0

    def put(self, width: int, height: int, bgr: bytes | memoryview) -> None:
        """Copies the frame in, over the one before it where they are equally large; a screen that is drawing then mixes the two."""
        with self._lock:
            if self._frame is not None and len(self._frame[2]) == len(bgr):
                self._frame[2][:] = bgr
                self._frame = (width, height, self._frame[2])
            else:
                self._overwrite()
                self._frame = (width, height, bytearray(bgr))
            self._serial += 1

    def clear(self) -> None:
        """Overwrites the frame and lets it go; a screen that still holds it draws black."""
        with self._lock:
            self._overwrite()
            self._frame = None
            self._serial = 0

    def _overwrite(self) -> None:
        if self._frame is not None:
            self._frame[2][:] = bytes(len(self._frame[2]))

    def newest(self) -> tuple[int, tuple[int, int, bytearray] | None]:
        """(serial, (width, height, BGR bytes)) or (0, None)."""
        with self._lock:
            return (self._serial, self._frame) if self._frame else (0, None)
