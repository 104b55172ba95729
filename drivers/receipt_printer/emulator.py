"""A simulated ESC/POS receipt printer at the far end of a pty: it answers while it prints, uses up paper, and cuts papers into PNG files.

One thread takes the line apart and answers real-time requests at once; another prints. Requests are seen between commands and after a pause:
the bytes of DLE EOT within a picture are dots.

Faults (device `receipt_printer`): moments `status` (each DLE EOT), `print` (each picture band), `cut`; kinds
    silence (status only) · garbage (status only) · disconnect (`replug_after_ms`, 0 = the cable stays out) ·
    paper_end · near_end · cover_open · cutter · jam · hot: the printer is then really in that state until `load_paper()`.
"""

import queue
import threading
import time
from pathlib import Path

from drivers.receipt_printer.emulated_paper import DOTS_PER_MM, Paper
from drivers.receipt_printer.emulated_stream import Command, CommandStream
from drivers.world.faults import FaultBoard
from drivers.world.pace import Pace
from drivers.world.pty_port import PtyPort

_DEVICE = "receipt_printer"
_ROLL_MM = 80_000.0
_NEAR_END_MM = 5_000.0
_SPEED_MM_PER_S = 150.0
_CUT_S = 0.3
_PAUSE_S = 0.2  # a sender within a picture never pauses that long
_STOPPING = ("paper_end", "cover_open", "cutter", "jam", "hot", "disconnect")
_HEAD_TO_CUTTER_DOTS = 80  # what lies between the print head and the knife


class EscposEmulator:
    """One printer; each cut paper becomes `papers`/NNNN.png. All methods may be called from any thread."""

    def __init__(self, port: PtyPort, papers: Path, faults: FaultBoard, pace: Pace) -> None:
        self._port = port
        self._papers = papers
        self._faults = faults
        self._pace = pace
        self._lock = threading.Lock()
        self._paper_mm = _ROLL_MM
        self._cover_open = False
        self._troubles: set[str] = set()  # cutter, jam, hot
        self._paper = Paper()
        self._work: queue.Queue[Command | None] = queue.Queue()
        self._healthy = threading.Event()
        self._healthy.set()
        self._stopped = threading.Event()
        self._threads = [
            threading.Thread(target=self._read_line, name="escpos-line", daemon=True),
            threading.Thread(target=self._print_all, name="escpos-print", daemon=True),
        ]

    def start(self) -> None:
        self._papers.mkdir(parents=True, exist_ok=True)
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._work.put(None)
        self._healthy.set()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(timeout=5)

    def papers(self) -> list[Path]:
        """The cut papers, oldest first."""
        return sorted(self._papers.glob("[0-9][0-9][0-9][0-9].png"))

    @property
    def paper_mm(self) -> float:
        """What is left on the roll."""
        with self._lock:
            return self._paper_mm

    def load_paper(self, millimetres: float = _ROLL_MM) -> None:
        """A new roll: whoever puts it in also closes the cover, clears knife and jam, and tears off what hangs out."""
        with self._lock:
            self._paper_mm = millimetres
            self._cover_open = False
            self._troubles.clear()
            self._paper = Paper()
            while not self._work.empty():
                self._work.get_nowait()
            self._healthy.set()

    def open_cover(self) -> None:
        with self._lock:
            self._cover_open = True
            self._healthy.clear()

    def close_cover(self) -> None:
        with self._lock:
            self._cover_open = False
            self._settle()

    def _settle(self) -> None:
        """Held: the lock. Printing goes on only when nothing is wrong."""
        if self._cover_open or self._paper_mm <= 0 or self._troubles:
            self._healthy.clear()
        else:
            self._healthy.set()

    # the line

    def _read_line(self) -> None:
        stream = CommandStream()
        last_byte_at, paused = 0.0, True
        while not self._stopped.is_set():
            data = self._port.read(0.1)
            if not data:
                continue
            paused = paused or time.monotonic() - last_byte_at > _PAUSE_S
            last_byte_at = time.monotonic()
            if paused and len(data) == 3 and data[:2] == b"\x10\x04":
                self._answer_status(data[2])  # after a pause it is a request even where a cut-off picture still waits for its rest
                continue
            paused = False
            for command in stream.feed(data):
                if command.name == "real_time_status":
                    self._answer_status(command.numbers[0])
                elif command.name == "real_time_recover":
                    self._recover()
                else:
                    self._work.put(command)

    def _answer_status(self, subject: int) -> None:
        fault = self._faults.take(_DEVICE, "status")
        if fault is not None:
            if fault.kind == "silence":
                return
            if fault.kind == "garbage":
                self._port.write(b"\xff")
                return
            self._go_wrong(fault.kind, fault.parameters.get("replug_after_ms", 0))
        self._port.write(bytes([self._status(subject)]))

    def _status(self, subject: int) -> int:
        with self._lock:
            out = self._paper_mm <= 0
            offline = self._cover_open or out or bool(self._troubles)
            bits = {
                1: 0x08 * offline,
                2: 0x04 * self._cover_open | 0x20 * out | 0x40 * bool(self._troubles),
                3: 0x04 * ("jam" in self._troubles) | 0x08 * ("cutter" in self._troubles) | 0x40 * ("hot" in self._troubles),
                4: 0x0C * (self._paper_mm < _NEAR_END_MM) | 0x60 * out,
            }
            return 0x12 | bits.get(subject, 0)

    def _recover(self) -> None:
        """DLE ENQ clears what the machine can clear itself."""
        with self._lock:
            self._troubles.discard("hot")
            self._settle()

    def _go_wrong(self, kind: str, replug_after_ms: str | int = 0) -> None:
        with self._lock:
            match kind:
                case "paper_end":
                    self._paper_mm = 0.0
                case "near_end":
                    self._paper_mm = min(self._paper_mm, _NEAR_END_MM - 1)
                case "cover_open":
                    self._cover_open = True
                case "cutter" | "jam" | "hot":
                    self._troubles.add(kind)
            self._settle()
        if kind == "disconnect":
            self._port.unplug()
            if int(replug_after_ms):
                self._stopped.wait(int(replug_after_ms) / 1000)
                self._port.plug()

    # the mechanics

    def _print_all(self) -> None:
        while not self._stopped.is_set():
            command = self._work.get()
            if command is None:
                return
            self._execute(command)

    def _execute(self, command: Command) -> None:
        paper = self._paper
        if not self._goes_on(paper):
            return
        if command.name == "buffered_status":
            self._port.write(bytes([0x0C if self.paper_mm <= 0 else 0x03 if self.paper_mm < _NEAR_END_MM else 0x00]))
            return
        moment = {"raster": "print", "cut": "cut"}.get(command.name)
        fault = self._faults.take(_DEVICE, moment) if moment else None
        rows = paper.apply(command, only_half=fault is not None and fault.kind in _STOPPING)
        self._use_paper(rows)
        if fault is not None:
            self._go_wrong(fault.kind, fault.parameters.get("replug_after_ms", 0))
        if command.name == "cut" and self._goes_on(paper):
            self._cut(feed=command.numbers[0])

    def _goes_on(self, paper: Paper) -> bool:
        """Waits while anything is wrong; False when the paper was torn off meanwhile or the printer stops."""
        self._healthy.wait()
        return self._paper is paper and not self._stopped.is_set()

    def _use_paper(self, rows: int) -> None:
        millimetres = rows / DOTS_PER_MM
        self._pace.work(millimetres / _SPEED_MM_PER_S)
        with self._lock:
            self._paper_mm = max(self._paper_mm - millimetres, 0.0)
            self._settle()

    def _cut(self, feed: int) -> None:
        self._use_paper(feed + _HEAD_TO_CUTTER_DOTS)
        self._pace.work(_CUT_S)
        with self._lock:
            paper, self._paper = self._paper, Paper()
        number = int(self.papers()[-1].stem) + 1 if self.papers() else 1
        fresh = self._papers / f"{number:04}.tmp"
        fresh.write_bytes(paper.png())
        fresh.rename(fresh.with_suffix(".png"))
