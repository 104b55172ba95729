"""A simulated reader on a pty with a card at hand, and a scripted one that answers exactly what a test says."""

import os
import threading
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from drivers.id_reader.emulator import IdCardData, SamvEmulator, photo_block, resident_text
from drivers.world.faults import FaultBoard
from drivers.world.pace import Pace
from drivers.world.pty_port import PtyPort

NAME, ADDRESS, NUMBER = "张三", "广东省广州市天河区体育东路1号", "11010519491231002X"


def resident(fingerprints: bytes = bytes(1024), additional: tuple[str, ...] = (), name: str = NAME) -> IdCardData:
    text = resident_text(name, "M", "01", "1949-12-31", ADDRESS, NUMBER, "广州市公安局天河分局", "2016-03-01", "长期")
    return IdCardData(text, photo_block(b""), fingerprints, additional)


@contextmanager
def simulated_reader(directory: Path) -> Iterator[tuple[SamvEmulator, PtyPort, FaultBoard]]:
    port, faults, pace = PtyPort(directory / "id_reader", None), FaultBoard(), Pace(1e6)
    emulator = SamvEmulator(port, faults, pace)
    emulator.start()
    try:
        yield emulator, port, faults
    finally:
        pace.stop()
        emulator.stop()
        port.close()


class ScriptedReader:
    """Answers each command as `answer(command frame, how often this command came before)` says; `asked` keeps the commands (CMD, PARA)."""

    def __init__(self, answer: Callable[[bytes, int], bytes]) -> None:
        self._answer = answer
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        self.path = os.ttyname(self._slave)
        self.asked: list[bytes] = []
        self._stop_read, self._stop_write = os.pipe()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> "ScriptedReader":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        os.write(self._stop_write, b"x")
        self._thread.join(timeout=5)
        for descriptor in (self._master, self._slave, self._stop_read, self._stop_write):
            os.close(descriptor)

    def _run(self) -> None:
        import select

        pending = b""
        while True:
            ready, _, _ = select.select([self._master, self._stop_read], [], [])
            if self._stop_read in ready:
                return
            pending += os.read(self._master, 4096)
            while len(pending) >= 10:  # every command that a reading sends has ten bytes
                frame, pending = pending[:10], pending[10:]
                before = self.asked.count(frame[7:9])
                self.asked.append(frame[7:9])
                os.write(self._master, self._answer(frame, before))
