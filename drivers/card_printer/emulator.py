"""The printer's other end: speaks the TCP300II's bytes and keeps the physical truth of card, film and print buffer.

Knows nothing of the driver's codec. Faults, device `card_printer`: at `status`, `load`, `arm`, `cancel` and `finish` the kinds silence, late, nak,
dle, bad_checksum, garbage, split, disconnect; at `status`, `arm`, `draw_in`, `print` and `finish` the kinds jam, cover_open, head_temperature
and code (parameter `code`); at `arm`, `draw_in` and `print` also half_print and faint, which the unit itself does not notice.
"""

import threading
import time

import numpy as np
from numpy.typing import NDArray

from drivers.world.card_path import Card, CardPath, Place
from drivers.world.faults import Fault, FaultBoard
from drivers.world.pace import Pace
from drivers.world.pty_port import PtyPort

DEVICE = "card_printer"
WIDTH, HEIGHT = 480, 320
DRAW_IN_S, ERASE_S, PRINT_S, OUT_S = 3.0, 12.0, 17.0, 3.0
SLICES = 16  # the head passes over the card in so many steps; a fault between two leaves the card as it is then
LATE_MS = 1000
REPLUG_S = 1.0
FAINT_SHARE = 0.5  # of the dots take heat from a weak head

STATUS_OF = {"jam": 0x38, "cover_open": 0x40, "head_temperature": 0x43}
MOMENT_OF = {0x59: "status", 0x40: "load", 0x49: "load", 0x43: "load", 0x4D: "load", 0x46: "arm", 0x47: "arm", 0x48: "arm", 0x54: "cancel"}
PLAIN = {0x50, 0x51, 0x52, 0x53}


def packed(command: int, status: int, data: bytes = b"") -> bytes:
    """02 CMD STATUS data 03 BCC; BCC over everything between STX and itself."""
    inner = bytes((command, status)) + data + b"\x03"
    bcc = 0
    for value in inner:
        bcc ^= value
    return b"\x02" + inner + bytes((bcc,))


def status_of(fault: Fault) -> int | None:
    """The status byte that a fault of the unit itself shows; None for faults of the line."""
    if fault.kind == "code":
        code = fault.parameters.get("code", 0x7E)
        return int(code, 16) if isinstance(code, str) else code
    return STATUS_OF.get(fault.kind)


class Tcp300iiEmulator:
    def __init__(self, port: PtyPort, path: CardPath, faults: FaultBoard, pace: Pace) -> None:
        self.port, self.path, self.faults, self.pace = port, path, faults, pace
        self.cover_open = False
        self.prints = 0
        self.transports = 0
        self._dots = bytearray(WIDTH * HEIGHT // 8)  # column by column, 40 bytes each, least significant bit on top
        self._released = True  # nothing waits for removal
        self._stop = threading.Event()
        self._cancel = threading.Event()  # ends the wait for a card
        self._abort = threading.Event()  # ends the job itself
        self._drawing = threading.Lock()  # a wait is either cancelled or has drawn the card in, never both
        self._job: threading.Thread | None = None
        self.busy = False
        self._drawn_in = False
        self._last: tuple[str | None, bytes] | None = None  # the response that a NAK asks for again
        self._writing = threading.Lock()
        self._reader = threading.Thread(target=self._run, name="card-printer-emulator", daemon=True)

    def start(self) -> None:
        self._reader.start()

    def stop(self) -> None:
        self._stop.set()
        self._cancel.set()
        self._reader.join(2)

    def reset(self) -> None:
        """The hall is put back to its beginning: no job, empty buffer, cover closed."""
        self._end_job(abort=True)
        self._dots = bytearray(len(self._dots))
        self.cover_open, self._released = False, True

    # --- bytes in

    def _run(self) -> None:
        buffer = bytearray()
        began = 0.0
        while not self._stop.is_set():
            some = self.port.read(0.1)
            if some and not buffer:
                began = time.monotonic()
            buffer += some
            while buffer:
                if buffer[0] != 0x02:
                    if buffer[0] == 0x15:
                        self._again()
                    del buffer[0]
                    continue
                end = buffer.find(0x03, 1)
                if end < 0 or end + 1 >= len(buffer):
                    break
                received, buffer = bytes(buffer[: end + 2]), buffer[end + 2 :]
                if self.port.baud:  # a pty is faster than the wire
                    time.sleep(max(began + len(received) * 10 / self.port.baud - time.monotonic(), 0.0))
                self._command(received)
                began = time.monotonic()

    def _command(self, received: bytes) -> None:
        bcc = 0
        for value in received[1:-1]:
            bcc ^= value
        if bcc != received[-1]:
            self._put(b"\x15")
            return
        code, data = received[1], received[2:-2]
        moment = MOMENT_OF.get(code)
        fault = self.faults.take(DEVICE, moment) if moment else None
        if fault is not None and self._spoiled_in_line(fault):
            return
        if (self.busy and code not in (0x54, 0x5F)) or len(data) > 1024:
            self._put(b"\x10")
            return
        shown = status_of(fault) if fault else None
        if shown is not None:
            self._taken(code, shown, self._sensors(cover=shown == 0x40) if code == 0x59 else b"", fault, moment)
        elif code == 0x59:
            self._taken(code, 0x40 if self.cover_open else 0x20, self._sensors(self.cover_open), fault, moment)
        elif code in (0x46, 0x47, 0x48):
            self._begin_job(code, data, fault)
        elif code in (0x43, 0x4D):
            if self._image(code, data):
                self._taken(code, 0x20, b"", fault, moment)
            else:
                self._put(b"\x10")
        else:
            status, answer = self._small(code, data)
            self._taken(code, status, answer, fault, moment)

    def _small(self, code: int, data: bytes) -> tuple[int, bytes]:
        if code in (0x40, 0x49):
            self._dots = bytearray(len(self._dots))
        elif code == 0x54:
            self._end_job(abort=False)
        elif code == 0x55:
            self._released = True
        elif code == 0x58:
            return 0x20, b"TCP300-2 SIM 1.00"
        elif code in (0x95, 0x96):
            return 0x20, str(self.transports if code == 0x95 else self.prints).encode()
        elif code == 0x5F:
            self._end_job(abort=True)
            self._dots = bytearray(len(self._dots))
            self._released = True
            self.path.move(Place.PRINTER, Place.INLET)
        elif code == 0x50:
            if not self.path.move(Place.PRINTER, Place.INLET):
                return (0x38 if self.path.at(Place.PRINTER) else 0x22), b""
        elif code not in PLAIN:
            return 0x41, b""
        return 0x20, b""

    def _image(self, code: int, data: bytes) -> bool:
        """Puts a line (`X,Y,hex`) or a block (`X,Y,len,hex`, running on column by column) into the buffer; False for wrong parameters."""
        try:
            fields = data.decode("ascii").split(",")
            pixels = bytes.fromhex(fields[-1])
            numbers = [int(field) for field in fields[:-1]]
        except ValueError:
            return False
        if len(numbers) != (2 if code == 0x43 else 3):
            return False
        x, y = numbers[0], numbers[1]
        start = x * 40 + y
        fits = 0 <= x < WIDTH and 0 <= y < 40 and start + len(pixels) <= len(self._dots)
        if not fits or (len(numbers) == 3 and numbers[2] != len(pixels)) or (code == 0x43 and y + len(pixels) > 40):
            return False
        self._dots[start : start + len(pixels)] = pixels
        return True

    def _sensors(self, cover: bool) -> bytes:
        inlet = "0"
        if self.path.at(Place.INLET):
            inlet = "1" if self._released else "2"
        return f"{inlet}{int(self.path.at(Place.PRINTER) is not None)}00{int(cover)}0".encode()

    # --- bytes out

    def _spoiled_in_line(self, fault: Fault) -> bool:
        """Faults that keep a command from being carried out; lateness is waited here."""
        if fault.kind == "late":
            time.sleep(int(fault.parameters.get("ms", LATE_MS)) / 1000)
            return False
        if fault.kind == "disconnect":
            self._disconnect(fault)
            return True
        if fault.kind in ("nak", "dle"):
            self._put(b"\x15" if fault.kind == "nak" else b"\x10")
        return fault.kind in ("silence", "nak", "dle")

    def _disconnect(self, fault: Fault) -> None:
        self.port.unplug()
        self._stop.wait(float(fault.parameters.get("seconds", REPLUG_S)))
        self.port.plug()

    def _taken(self, code: int, status: int, data: bytes, fault: Fault | None, moment: str | None) -> None:
        """ACK, then the response."""
        self._put(b"\x06")
        self._respond(packed(code, status, data), fault, moment)

    def _respond(self, response: bytes, fault: Fault | None, moment: str | None) -> None:
        self._last = (moment, response)
        kind = fault.kind if fault else ""
        if kind == "bad_checksum":
            self._put(response[:-1] + bytes((response[-1] ^ 0x5A,)))
        elif kind == "garbage":
            self._put(b"\xff\x00\x41\x02\x7f" + response)
        elif kind == "split":
            for value in response:
                self._put(bytes((value,)))
                time.sleep(0.003)
        else:
            self._put(response)

    def _again(self) -> None:
        if self._last is not None:
            moment, response = self._last
            fault = self.faults.take(DEVICE, moment) if moment else None
            if fault is None or not self._spoiled_in_line(fault):
                self._respond(response, fault, moment)

    def _put(self, data: bytes) -> None:
        with self._writing:
            self.port.write(data)

    # --- the job

    def _begin_job(self, code: int, data: bytes, fault: Fault | None) -> None:
        wishes = data.decode("ascii", errors="replace").split(",") if data else ["1"]
        if any(wish not in ("0", "1") for wish in wishes) or len(wishes) not in ((1, 3) if code == 0x46 else (1,)):
            self._put(b"\x10")
            return
        erase, burn = (wishes[1] == "1", wishes[2] == "1") if len(wishes) == 3 else (code != 0x47, code != 0x48)
        if self.cover_open:
            self._taken(code, 0x40, b"", fault, "arm")
            return
        self._cancel.clear()
        self._abort.clear()
        self._drawn_in = False
        self.busy = True
        self._put(b"\x06")
        self._job = threading.Thread(target=self._work, args=(code, erase, burn, fault), name="card-printer-job", daemon=True)
        self._job.start()

    def _end_job(self, abort: bool) -> None:
        """Ends the wait for a card; with `abort` also a job that has the card inside."""
        with self._drawing:
            waiting = not self._drawn_in
            self._cancel.set()
        if abort:
            self._abort.set()
        if self._job is not None and (waiting or abort):
            self._job.join(2)

    def _work(self, code: int, erase: bool, burn: bool, armed_fault: Fault | None) -> None:
        status = self._carry_out(erase, burn, armed_fault)
        self.busy = False  # before the answer: whoever reads it may ask the status at once
        if self._stop.is_set() or self._abort.is_set():
            return
        fault = self.faults.take(DEVICE, "finish")
        if fault is not None:
            shown = status_of(fault)
            if fault.kind == "jam" and self.path.at(Place.INLET):
                with self.path.lock:
                    self.path.place = Place.PRINTER  # it got stuck on its way out
            status = shown if shown is not None else status
            if self._spoiled_in_line(fault):
                self._last = ("finish", packed(code, status))
                return
        self._respond(packed(code, status), fault, "finish")

    def _carry_out(self, erase: bool, burn: bool, armed_fault: Fault | None) -> int:
        """Waits for a card, draws it in, heats it, brings it back to the inlet; the status byte the unit then shows."""
        origin = self._wait_for_card()
        if origin is None:
            return 0x22
        drawing = self.faults.take(DEVICE, "draw_in")
        refused = status_of(drawing) if drawing else None
        if refused is not None:
            return refused
        with self._drawing:
            if self._cancel.is_set():
                return 0x22
            self._drawn_in = True
        if not self.path.move(origin, Place.PRINTER):
            return 0x38
        self.transports += 1
        self.pace.work(DRAW_IN_S)
        card = self.path.at(Place.PRINTER)
        heating = self.faults.take(DEVICE, "print")
        faults = [fault for fault in (armed_fault, drawing, heating) if fault is not None]
        status = self._heat(card, erase, burn, faults) if card else 0x38
        if status == 0x38 or self._stop.is_set() or self._abort.is_set():
            return status  # the card stays inside
        self.pace.work(OUT_S)
        self._released = False
        return status if self.path.move(Place.PRINTER, Place.INLET) else 0x38

    def _wait_for_card(self) -> Place | None:
        while not (self._cancel.is_set() or self._stop.is_set()):
            for place in (Place.HAND_OVER, Place.INLET):
                if self.path.at(place):
                    return place
            self._cancel.wait(0.005)
        return None

    def _heat(self, card: Card, erase: bool, burn: bool, faults: list[Fault]) -> int:
        """Erases, then burns, slice by slice along the card. A fault of the unit stops the pass half-way, in whichever heat it belongs to."""
        stopping = next((code for fault in faults if (code := status_of(fault)) is not None), None)
        card.rewrites += 1
        card.back.burned = True
        if erase:
            erase_head_failed = stopping == 0x43
            self._pass(card, SLICES // 2 if erase_head_failed else SLICES, ERASE_S, None)
            if erase_head_failed:
                return 0x43
        if burn:
            bits = np.unpackbits(np.frombuffer(bytes(self._dots), np.uint8), bitorder="little")
            picture = bits.reshape(WIDTH, HEIGHT).T.copy()
            if any(fault.kind == "faint" for fault in faults):
                picture &= np.random.default_rng(card.rewrites).random(picture.shape) < FAINT_SHARE
            half = stopping is not None or any(fault.kind == "half_print" for fault in faults)
            self._pass(card, SLICES // 2 if half else SLICES, PRINT_S, picture)
            self.prints += 1
        return 0x20 if stopping is None else stopping

    def _pass(self, card: Card, slices: int, duration_s: float, picture: NDArray[np.uint8] | None) -> None:
        """One head over the card: whitens (no picture), or adds the picture's dots to what is there."""
        width = WIDTH // SLICES
        for index in range(slices):
            if self._stop.is_set() or self._abort.is_set():
                return
            self.pace.work(duration_s / SLICES)
            dots = np.frombuffer(card.back.dots, np.uint8).reshape(HEIGHT, WIDTH).copy()
            here = slice(index * width, (index + 1) * width)
            dots[:, here] = 0 if picture is None else dots[:, here] | picture[:, here]
            card.back.dots = dots.tobytes()
