"""A simulated Modbus RTU I/O board at the far end of a pty, with eight coils and the fill light on three of them.

Knows nothing of the driver's codec. It serves functions 01, 05 and 0F; it has no inputs, so function 02 finds no such address. As on a real line, a
frame that is damaged or meant for another unit is left without an answer, unit 0 means everybody and is obeyed in silence, and a pause ends whatever
was cut off.

Faults (device `lights`): moments `read` (01, 02) and `write` (05, 0F); kinds
    silence · late (`ms`) · bad_checksum · garbage · split · exception (`code`, default 4: the board failed) ·
    wrong_echo (a well-formed answer to something else) · stuck (`write` only: confirmed, yet nothing is switched) ·
    disconnect (the board loses power, so that its coils fall off; back after `replug_after_ms`, 0 = it stays away).
At silence, exception, wrong_echo, stuck and disconnect nothing is switched; the others spoil or delay only the answer.
"""

import threading
import time

from drivers.world.faults import Fault, FaultBoard
from drivers.world.pty_port import PtyPort

_DEVICE = "lights"
_COILS = 8
_LATE_MS = 1000
_BOARD_FAILED = 4
_PAUSE_S = 0.1  # nobody pauses that long within a frame
_MOMENTS = {0x01: "read", 0x02: "read", 0x05: "write", 0x0F: "write"}


def sealed(body: bytes) -> bytes:
    """With its CRC-16, low byte first: worked bit by bit along the whole message, a division by the polynomial."""
    register = 0xFFFF
    for bit in (byte >> place & 1 for byte in body for place in range(8)):
        odd = (register ^ bit) & 1
        register >>= 1
        if odd:
            register ^= 0xA001
    return body + bytes((register & 0xFF, register >> 8))


class ModbusLightsEmulator:
    """unit: the board's number; first_coil: what switches red, green and blue follow. All methods may be called from any thread."""

    def __init__(self, port: PtyPort, faults: FaultBoard, unit: int = 1, first_coil: int = 0) -> None:
        self._port, self._faults = port, faults
        self._unit, self._first = unit, first_coil
        self._lock = threading.Lock()
        self._coils = [False] * _COILS
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="lights-emulator", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join(timeout=5)

    @property
    def colour(self) -> tuple[bool, bool, bool]:
        """Whether red, green and blue shine now."""
        with self._lock:
            red, green, blue = self._coils[self._first : self._first + 3]
            return red, green, blue

    def lose_power(self) -> None:
        """The coils fall off; the line stays where it is."""
        with self._lock:
            self._coils = [False] * _COILS

    # the line

    def _run(self) -> None:
        waiting = b""
        while not self._stopped.is_set():
            some = self._port.read(_PAUSE_S)
            waiting += some
            while (length := self._length(waiting, paused=not some)) is not None:
                received, waiting = waiting[:length], waiting[length:]
                self._serve(received)

    def _length(self, waiting: bytes, paused: bool) -> int | None:
        """How many bytes are a frame, or its remains; None while more is to come."""
        if not waiting:
            return None
        if paused:
            return len(waiting)
        if len(waiting) < 2 or waiting[1] not in _MOMENTS:
            return None  # where such a frame ends, only the pause says
        if waiting[1] != 0x0F:
            return 8 if len(waiting) >= 8 else None
        return 9 + waiting[6] if len(waiting) >= 7 and len(waiting) >= 9 + waiting[6] else None

    def _serve(self, received: bytes) -> None:
        if self._port.baud:
            time.sleep(len(received) * 10 / self._port.baud)  # a pty is faster than the wire
        if len(received) < 4 or sealed(received[:-2]) != received or received[0] not in (0, self._unit):
            return
        request = received[1:-2]
        moment = _MOMENTS.get(request[0])
        fault = self._faults.take(_DEVICE, moment) if moment else None
        answer = self._answer_or_fault(request, fault)
        if answer is not None and received[0] != 0:
            self._send(sealed(bytes((self._unit,)) + answer), fault.kind if fault else "")

    def _answer_or_fault(self, request: bytes, fault: Fault | None) -> bytes | None:
        match fault.kind if fault else "":
            case "silence":
                return None
            case "disconnect" if fault:
                self._disconnect(int(fault.parameters.get("replug_after_ms", 0)))
                return None
            case "exception" if fault:
                return _refusal(request, int(fault.parameters.get("code", _BOARD_FAILED)))
            case "wrong_echo":
                answer = self._answer(request, dry=True)
                return answer[:1] + bytes((answer[1] ^ 0x02,)) + answer[2:] + (b"\x00\x00" if request[0] == 0x01 else b"")
            case "stuck":
                return self._answer(request, dry=True)
            case "late" if fault:
                self._stopped.wait(int(fault.parameters.get("ms", _LATE_MS)) / 1000)
        return self._answer(request)

    def _disconnect(self, replug_after_ms: int) -> None:
        self.lose_power()
        self._port.unplug()
        if replug_after_ms:
            self._stopped.wait(replug_after_ms / 1000)
            self._port.plug()

    def _send(self, answer: bytes, kind: str) -> None:
        if kind == "bad_checksum":
            answer = answer[:-1] + bytes((answer[-1] ^ 0x5A,))
        elif kind == "garbage":
            answer = b"\x01\x81\xff\x00\x0f\x7f" + answer
        if kind != "split":
            self._port.write(answer)
            return
        for byte in answer:
            self._port.write(bytes((byte,)))
            time.sleep(0.005)

    # the board

    def _answer(self, request: bytes, dry: bool = False) -> bytes:
        """Function and data of the answer. dry: nothing is switched."""
        function, data = request[0], request[1:]
        if function not in _MOMENTS:
            return _refusal(request, 1)
        if len(data) < 4 or (function == 0x0F and (len(data) < 6 or len(data) != 5 + data[4])):
            return _refusal(request, 3)
        if function == 0x02:
            return _refusal(request, 2)
        address, second = int.from_bytes(data[0:2]), int.from_bytes(data[2:4])
        if function == 0x01:
            return self._read(request, address, second)
        if function == 0x05:
            return self._write(request, address, [second == 0xFF00], dry) if second in (0x0000, 0xFF00) else _refusal(request, 3)
        if data[4] != (second + 7) // 8 or second == 0:
            return _refusal(request, 3)
        return self._write(request, address, [bool(data[5 + at // 8] >> at % 8 & 1) for at in range(second)], dry)

    def _read(self, request: bytes, address: int, count: int) -> bytes:
        if count == 0:
            return _refusal(request, 3)
        if address + count > _COILS:
            return _refusal(request, 2)
        with self._lock:
            wanted = self._coils[address : address + count]
        value = sum(1 << at for at, on in enumerate(wanted) if on)
        return b"\x01" + bytes(((count + 7) // 8,)) + value.to_bytes((count + 7) // 8, "little")

    def _write(self, request: bytes, address: int, values: list[bool], dry: bool) -> bytes:
        if address + len(values) > _COILS:
            return _refusal(request, 2)
        if not dry:
            with self._lock:
                self._coils[address : address + len(values)] = values
        return request[:5]


def _refusal(request: bytes, code: int) -> bytes:
    return bytes((request[0] | 0x80, code))
