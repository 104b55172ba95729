"""A sound card for the bench: a pipe at the end of ALSA's `file` device, which says when the first sound came out."""

import fcntl
import os
import threading
import time
from pathlib import Path

import numpy as np

WAIT_S = 10.0
BYTES_A_S = 2 * 22050  # espeak-ng's rate
QUIET = 100  # of 32767: what is less is not heard
PIPE_BYTES = 4096  # the least there is: what a card holds back itself is in aplay's buffer already


class Card:
    """A sound card that is a pipe, emptied as fast as it would sound."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._heard = threading.Event()
        self._heard_at = 0.0
        self._unplugged = threading.Event()

    def listen(self) -> None:
        """To what is played from now on; what is under way sounds on until its player is stopped."""
        self._path.unlink(missing_ok=True)
        os.mkfifo(self._path)
        pipe = os.open(self._path, os.O_RDONLY | os.O_NONBLOCK)
        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
        self._heard = threading.Event()
        threading.Thread(target=self._sound, args=(pipe, self._heard), daemon=True).start()

    def heard_at(self) -> float | None:
        """Waits for the first sound; monotonic seconds, None where none comes."""
        return self._heard_at if self._heard.wait(WAIT_S) else None

    def unplug(self) -> None:
        self._unplugged.set()

    def _sound(self, pipe: int, heard: threading.Event) -> None:
        began, taken = 0.0, 0
        while not self._unplugged.is_set():
            due = int((time.monotonic() - began) * BYTES_A_S) if taken else BYTES_A_S // 100
            try:
                piece = os.read(pipe, (due - taken) // 2 * 2) if due - taken > 1 else None
            except BlockingIOError:
                piece = None
            if piece == b"" and taken:
                break  # the player has gone
            if piece:
                began, taken = began if taken else time.monotonic(), taken + len(piece)
                if not heard.is_set() and np.abs(np.frombuffer(piece[: len(piece) // 2 * 2], "<i2").astype(int)).max(initial=0) > QUIET:
                    self._heard_at = time.monotonic()
                    heard.set()
            time.sleep(0.0005)
        os.close(pipe)
