"""A serial line (RS-232, USB serial, or an emulator's pty): opened by path, read with deadlines."""

import termios
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs

import serial


class PortLost(Exception):
    """The port is gone or cannot be opened; drivers turn it into their `<family>.port_lost` or `<family>.port_absent`."""


def split_port(port: str, default_baud: int) -> tuple[str, int]:
    """`/dev/ttyS0?baud=57600` → path and baud rate. Raises ValueError for a baud rate that is no positive number."""
    path, _, query = port.partition("?")
    given = parse_qs(query, keep_blank_values=True)
    if set(given) - {"baud"}:
        raise ValueError(f"unknown port option: {', '.join(sorted(set(given) - {'baud'}))}")
    baud = int(given["baud"][0]) if "baud" in given else default_baud
    if baud <= 0:
        raise ValueError("baud must be positive")
    return path, baud


class SerialLine:
    """Bytes in and out of one serial device, 8N1, opened for this process alone (`exclusive`)."""

    def __init__(self, port: str, default_baud: int) -> None:
        self.path, self.baud = split_port(port, default_baud)
        self._line: serial.Serial | None = None

    @property
    def is_open(self) -> bool:
        return self._line is not None

    def open(self) -> None:
        """Raises PortLost where the path is absent, busy or not a serial line."""
        self.close()
        try:
            self._line = serial.Serial(self.path, self.baud, timeout=0, write_timeout=5, exclusive=True)
        except (OSError, ValueError, serial.SerialException) as error:
            raise PortLost(self._reason(error)) from error

    def _reason(self, error: Exception) -> str:
        return "absent" if not Path(self.path).exists() else str(error)

    def close(self) -> None:
        if self._line is not None:
            try:
                self._line.close()
            except OSError:
                pass  # the device was pulled out: there is nothing left to close
            self._line = None

    def flush_input(self) -> None:
        """Drops whatever came in before, so that an answer is the answer to the next command."""
        self._use(lambda line: line.reset_input_buffer())

    def write(self, data: bytes) -> None:
        self._use(lambda line: line.write(data))

    def read_some(self, limit: int, deadline: float) -> bytes:
        """At least one byte, at most `limit`, or b"" when the monotonic `deadline` passes first."""
        remaining = max(deadline - time.monotonic(), 0.0)

        def read(line: serial.Serial) -> bytes:
            line.timeout = remaining
            first: bytes = line.read(1)
            if not first or limit == 1:
                return first
            waiting = min(line.in_waiting, limit - 1)
            rest: bytes = line.read(waiting) if waiting else b""
            return first + rest

        result = self._use(read)
        return result if isinstance(result, bytes) else b""

    def read_exactly(self, count: int, deadline: float) -> bytes:
        """`count` bytes, or fewer when the deadline passed."""
        data = bytearray()
        while len(data) < count:
            some = self.read_some(count - len(data), deadline)
            if not some:
                break
            data += some
        return bytes(data)

    def _use(self, action: Callable[[serial.Serial], object]) -> object:
        if self._line is None:
            raise PortLost("not open")
        try:
            return action(self._line)
        except (OSError, serial.SerialException, termios.error, TypeError) as error:
            self.close()
            raise PortLost(str(error)) from error
