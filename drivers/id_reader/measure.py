"""How long a full reading takes beside the time its bytes need on the wire: the ground of the `id-read` benchmark."""

import time
from pathlib import Path

from drivers.contract.failure import Failure
from drivers.id_reader.emulator import IdCardData, SamvEmulator, photo_block, resident_text
from drivers.id_reader.samv import SamvReader
from drivers.world.faults import FaultBoard
from drivers.world.pace import Pace
from drivers.world.pty_port import PtyPort

_BITS_A_BYTE = 10  # 8N1
_NO_CARD_TIME = 1e9  # divides radio and card time away: only the line is measured


def wire_time_s(byte_count: int, baud: int) -> float:
    """How long so many bytes take on a serial line, 8N1."""
    return byte_count * _BITS_A_BYTE / baud


def full_reads(directory: Path, runs: int, baud: int = 115200) -> list[tuple[float, float]]:
    """Reads a full card (2321-byte answer) `runs` times over a paced pty in `directory`: (seconds taken, seconds of all its bytes both ways).

    Raises RuntimeError where a reading fails: a benchmark of failures would say nothing.
    """
    port, pace = PtyPort(directory / "id_reader", baud), Pace(_NO_CARD_TIME)
    emulator = SamvEmulator(port, FaultBoard(), pace)
    emulator.start()
    reader = SamvReader(f"{port.link}?baud={baud}")
    text = resident_text("样本", "F", "01", "1990-03-07", "广州市", "11010519491231002X", "广州市公安局", "2020-01-01", "2040-01-01")
    card = IdCardData(text, photo_block(b""), bytes(1024))
    samples = []
    try:
        for _ in range(runs):
            emulator.place(card)
            bytes_before = emulator.bytes_in + emulator.bytes_out
            started = time.perf_counter()
            read = reader.read(1.0)
            taken_s = time.perf_counter() - started
            if isinstance(read, Failure):
                raise RuntimeError(read.code)
            samples.append((taken_s, wire_time_s(emulator.bytes_in + emulator.bytes_out - bytes_before, baud)))
    finally:
        reader.close()
        emulator.stop()
        port.close()
    return samples
