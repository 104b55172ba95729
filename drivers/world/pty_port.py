"""A serial port of the simulated hall: a pty whose slave side is linked from a fixed path."""

import errno
import os
import select
import threading
import time
import tty
from pathlib import Path


class PtyPort:
    """The emulator's end of a serial line.

    `link` is a symbolic link to the pty's slave and outlives a replug, so that a profile that names it stays valid. Writes are paced to `baud`
    (a pty has no wire time of its own) unless `baud` is None.
    """

    def __init__(self, link: Path, baud: int | None) -> None:
        self.link = link
        self.baud = baud
        self._lock = threading.Lock()
        self._master: int | None = None
        self._slave: int | None = None  # kept open, so that a driver that closes does not end the line
        self.plug()

    def plug(self) -> None:
        """Makes the pty and puts the link in place atomically."""
        with self._lock:
            if self._master is not None:
                return
            self._master, self._slave = os.openpty()
            tty.setraw(self._slave)
            os.set_blocking(self._master, False)
            self.link.parent.mkdir(parents=True, exist_ok=True)
            fresh = self.link.with_name(self.link.name + ".new")
            fresh.unlink(missing_ok=True)
            fresh.symlink_to(os.ttyname(self._slave))
            os.replace(fresh, self.link)

    def unplug(self) -> None:
        """Pulls the cable: the link goes, open descriptors on the other side get an error."""
        with self._lock:
            self.link.unlink(missing_ok=True)
            for descriptor in (self._master, self._slave):
                if descriptor is not None:
                    os.close(descriptor)
            self._master = self._slave = None

    def read(self, timeout_s: float) -> bytes:
        """What the driver sent, b"" when nothing came in time or the cable is out."""
        with self._lock:
            master = self._master
        if master is None:
            time.sleep(min(timeout_s, 0.05))
            return b""
        try:
            ready, _, _ = select.select([master], [], [], timeout_s)
            return os.read(master, 65536) if ready else b""
        except (OSError, ValueError):
            return b""

    def write(self, data: bytes, paced: bool = True) -> None:
        """Sends bytes at the line's speed: 10 bits a byte."""
        started = time.monotonic()
        sent = 0
        step = max(int(self.baud / 10 * 0.004), 1) if self.baud and paced else 4096
        while sent < len(data):
            with self._lock:
                master = self._master
            if master is None:
                return
            try:
                sent += os.write(master, data[sent : sent + step])
            except OSError as error:
                if error.errno != errno.EAGAIN:
                    return
                time.sleep(0.002)
                continue
            if self.baud and paced:
                due = started + sent * 10 / self.baud
                time.sleep(max(due - time.monotonic(), 0.0))

    def close(self) -> None:
        self.unplug()
