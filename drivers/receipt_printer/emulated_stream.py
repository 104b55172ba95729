"""The simulated printer's reading of ESC/POS: a stream of bytes becomes commands. Shares nothing with the driver."""

from dataclasses import dataclass

_GS, _ESC, _FS, _DLE = 0x1D, 0x1B, 0x1C, 0x10

# (first byte, second byte) → how many parameter bytes follow
_FIXED = {
    (_DLE, 0x04): 1,
    (_DLE, 0x05): 1,
    (_DLE, 0x14): 3,
    (_ESC, 0x40): 0,
    (_ESC, 0x32): 0,
    (_ESC, 0x24): 2,
    (_ESC, 0x70): 3,
    (_ESC, 0x63): 2,
    (_FS, 0x26): 0,
    (_FS, 0x2E): 0,
    (_GS, 0x4C): 2,
    (_GS, 0x57): 2,
}
_NAMES = {
    (_DLE, 0x04): "real_time_status",
    (_DLE, 0x05): "real_time_recover",
    (_ESC, 0x40): "initialise",
    (_ESC, 0x61): "align",
    (_ESC, 0x64): "feed_lines",
    (_ESC, 0x4A): "feed_dots",
    (_ESC, 0x45): "bold",
    (_FS, 0x26): "chinese_on",
    (_FS, 0x2E): "chinese_off",
    (_GS, 0x21): "size",
    (_GS, 0x72): "buffered_status",
}


@dataclass(frozen=True, slots=True)
class Command:
    """One command or run of text. numbers: its parameters (raster: bytes a row, rows; cut: dots to feed before). data: dots or text."""

    name: str
    numbers: tuple[int, ...] = ()
    data: bytes = b""


class CommandStream:
    """Feed bytes, get the commands that are complete. Unknown commands are swallowed with one parameter byte, as cheap printers do."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    def feed(self, data: bytes) -> list[Command]:
        self._bytes += data
        commands = []
        while self._bytes:
            taken = self._take()
            if taken is None:
                break
            command, length = taken
            del self._bytes[:length]
            if command is not None:
                commands.append(command)
        return commands

    def _take(self) -> tuple[Command | None, int] | None:
        """The first command and its length, None where it is not complete."""
        lead = self._bytes[0]
        if lead not in (_GS, _ESC, _FS, _DLE):
            return self._plain()
        if len(self._bytes) < 2:
            return None
        key = (lead, self._bytes[1])
        if key == (_GS, 0x76):
            return self._raster()
        if key == (_GS, 0x56):
            return self._cut()
        if key == (_GS, 0x28):
            if len(self._bytes) < 5:
                return None
            return self._complete(None, 5 + int.from_bytes(self._bytes[3:5], "little"))
        count = _FIXED.get(key, 1)
        if len(self._bytes) < 2 + count:
            return None
        name = _NAMES.get(key)
        return (Command(name, tuple(self._bytes[2 : 2 + count])) if name else None), 2 + count

    def _complete(self, command: Command | None, length: int) -> tuple[Command | None, int] | None:
        return (command, length) if len(self._bytes) >= length else None

    def _plain(self) -> tuple[Command | None, int]:
        if self._bytes[0] == 0x0A:
            return Command("line_end"), 1
        if self._bytes[0] < 0x20:
            return None, 1
        end = next((at for at, byte in enumerate(self._bytes) if byte < 0x20), len(self._bytes))
        return Command("text", data=bytes(self._bytes[:end])), end

    def _raster(self) -> tuple[Command | None, int] | None:
        if len(self._bytes) < 8:
            return None
        stride, rows = int.from_bytes(self._bytes[4:6], "little"), int.from_bytes(self._bytes[6:8], "little")
        length = 8 + stride * rows
        if len(self._bytes) < length:
            return None
        return Command("raster", (stride, rows), bytes(self._bytes[8:length])), length

    def _cut(self) -> tuple[Command | None, int] | None:
        if len(self._bytes) < 3:
            return None
        if self._bytes[2] in (0x41, 0x42):
            return self._complete(Command("cut", (self._bytes[3],)) if len(self._bytes) > 3 else None, 4)
        return Command("cut", (0,)), 3
