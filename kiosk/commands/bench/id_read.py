"""A full read of an ID card over a line paced to 115200 baud, beside the wire time of the bytes that went both ways."""

import tempfile
from pathlib import Path

from drivers.id_reader.emulator import IdCardData, SamvEmulator, photo_block, resident_text
from drivers.id_reader.samv import SamvReader
from drivers.world.faults import FaultBoard
from drivers.world.pace import Pace
from drivers.world.pty_port import PtyPort
from kiosk.commands.bench.measure import Line, line
from kiosk.domain.failure import Failure

RUNS, BAUD, LIMIT = 15, 115200, 1.15
NO_MECHANICS = 1e6  # the radio's own time is not the wire's


class CountingPort(PtyPort):
    """Counts what goes over the line, both ways."""

    bytes_both_ways = 0

    def read(self, timeout_s: float) -> bytes:
        data = super().read(timeout_s)
        self.bytes_both_ways += len(data)
        return data

    def write(self, data: bytes, paced: bool = True) -> None:
        self.bytes_both_ways += len(data)
        super().write(data, paced)


def measure() -> list[Line] | Failure:
    text = resident_text("陈明远", "M", "01", "1990-03-07", "广州市天河区体育东路1号", "440103199003071234", "广州市公安局", "2016-03-01", "长期")
    card = IdCardData(text, photo_block(b""), bytes(1024), ("广州市越秀区", "广州市荔湾区"))
    times, wires = [], []
    with tempfile.TemporaryDirectory() as folder:
        port, pace = CountingPort(Path(folder) / "id_reader", BAUD), Pace(NO_MECHANICS)
        emulator = SamvEmulator(port, FaultBoard(), pace)
        emulator.start()
        reader = SamvReader(f"{folder}/id_reader?baud={BAUD}")
        try:
            failure = reader.open()
            for _run in range(RUNS):
                emulator.place(card)
                port.bytes_both_ways = 0
                read = reader.read(5.0)
                if isinstance(read, Failure) or failure is not None or not hasattr(read, "ms"):
                    return Failure("bench.not_completed", detail={"outcome": "id_reader"})
                times.append(read.ms)
                wires.append(port.bytes_both_ways * 10 / BAUD * 1000)
                emulator.lift()
        finally:
            reader.close()
            pace.stop()
            emulator.stop()
            port.close()
    return [line("id-read.full", "ms", times, wires, limit=LIMIT, limits_ratio=True)]
