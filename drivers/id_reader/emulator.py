"""A simulated SAM-V identity card reader at the far end of a pty. It speaks the module's bytes and knows where the card lies.

It shares no code with the driver: frames are built and taken apart here a second time, after the same public protocol.

Faults (device `id_reader`): moments `status`, `find`, `select`, `read`, `address`; kinds
    silence · late (`ms`) · bad_checksum · wrong_length · garbage (noise first) · split (a byte at a time) · stale (the previous answer first) ·
    code (`code`: 0..255 or two hex digits) · nak (the module says the command arrived damaged) ·
    disconnect (the cable is pulled within the answer; `replug_after_ms`, 0 = it stays out).
"""

import threading
import time

from drivers.id_reader.simulated_card import (
    IdCardData,
    address_bytes,
    foreigner_2017_text,
    foreigner_2023_text,
    hmt_text,
    photo_block,
    resident_text,
)
from drivers.world.faults import Fault, FaultBoard
from drivers.world.pace import Pace
from drivers.world.pty_port import PtyPort

__all__ = ["IdCardData", "SamvEmulator", "foreigner_2017_text", "foreigner_2023_text", "hmt_text", "photo_block", "resident_text"]

_DEVICE = "id_reader"
_HEAD = b"\xaa\xaa\xaa\x96\x69"
_NOISE = b"\x00\xff\xaa\xaa\x96\x69\xaa\x55\xaa\xaa"  # parts of a preamble on purpose
_SAM_ID = bytes.fromhex("0500 0100 C9B13401 87D61200 B168DE3A")
_BAUDS = {0: 115200, 1: 57600, 2: 38400, 3: 19200, 4: 9600}
_FIND_S, _SELECT_S, _READ_S, _ADDRESS_S = 0.02, 0.03, 0.3, 0.02  # radio and card


def frame(sw3: int, data: bytes = b"") -> bytes:
    """An answer: head, length of what follows it, SW1 SW2 SW3, data, XOR of everything behind the head."""
    tail = (4 + len(data)).to_bytes(2, "big") + bytes([0, 0, sw3]) + data
    check = 0
    for byte in tail:
        check ^= byte
    return _HEAD + tail + bytes([check])


class SamvEmulator:
    """One reader with at most one card on it. All methods may be called from any thread."""

    def __init__(self, port: PtyPort, faults: FaultBoard, pace: Pace) -> None:
        self._port = port
        self._faults = faults
        self._pace = pace
        self._lock = threading.Lock()
        self._card: IdCardData | None = None
        self._chosen = "nothing"  # nothing, found, selected
        self._read_already = False
        self._next_address = 0
        self._previous = frame(0x90)
        self._input = bytearray()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="samv-emulator", daemon=True)
        self.bytes_in = 0
        self.bytes_out = 0

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join(timeout=5)

    def place(self, card: IdCardData) -> None:
        """The traveller puts a card on the reader (another one is lifted first)."""
        with self._lock:
            self._card, self._chosen, self._read_already, self._next_address = card, "nothing", False, 0

    def lift(self) -> None:
        with self._lock:
            self._card, self._chosen, self._read_already = None, "nothing", False

    @property
    def placed(self) -> bool:
        with self._lock:
            return self._card is not None

    def _run(self) -> None:
        while not self._stopped.is_set():
            self._input += self._port.read(0.1)
            while (command := self._next_command()) is not None:
                self._serve(command)

    def _next_command(self) -> bytes | None:
        """What stands between length and checksum of the next command; b"" for one that arrived damaged."""
        at = self._input.find(_HEAD)
        if at < 0:
            del self._input[: max(len(self._input) - len(_HEAD) + 1, 0)]
            return None
        del self._input[:at]
        if len(self._input) < 7:
            return None
        length = self._input[5] << 8 | self._input[6]
        if not 3 <= length <= 64:
            del self._input[:7]
            self._send(frame(0x11))
            return None
        if len(self._input) < 7 + length:
            return None
        whole = bytes(self._input[: 7 + length])
        del self._input[: 7 + length]
        self.bytes_in += len(whole)
        if self._port.baud:
            time.sleep(len(whole) * 10 / self._port.baud)  # the command has its own time on the wire
        check = 0
        for byte in whole[5:-1]:
            check ^= byte
        return whole[7:-1] if check == whole[-1] else b""

    def _serve(self, command: bytes) -> None:
        if not command:
            self._send(frame(0x10))
            return
        moment = self._moment(command)
        fault = self._faults.take(_DEVICE, moment) if moment else None
        if fault is None:
            self._previous = self._sent(self._answer(command))
        elif fault.kind == "code":
            self._send(frame(_code(fault)))
        elif fault.kind == "nak":
            self._send(frame(0x10))
        elif fault.kind != "silence":
            self._spoil(fault, self._answer(command, spoilt=fault.kind in ("bad_checksum", "wrong_length", "disconnect")))

    @staticmethod
    def _moment(command: bytes) -> str | None:
        names = {b"\x20\x01": "find", b"\x20\x02": "select", b"\x30\x01": "read", b"\x30\x10": "read", b"\x30\x03": "address", b"\x11\xff": "status"}
        return names.get(command[:2])

    def _answer(self, command: bytes, spoilt: bool = False) -> bytes:
        """What the module does and says. spoilt: the answer will not arrive whole, so the reading does not count as done."""
        match command[:2]:
            case b"\x20\x01":
                return self._find()
            case b"\x20\x02":
                return self._select()
            case b"\x30\x01":
                return self._read(with_prints=False, spoilt=spoilt)
            case b"\x30\x10":
                return self._read(with_prints=True, spoilt=spoilt)
            case b"\x30\x03":
                return self._address(spoilt)
            case b"\x30\x05":
                return frame(0x91)
            case b"\x11\xff" | b"\x61\xff":
                return frame(0x90)
            case b"\x12\xff":
                return frame(0x90, _SAM_ID)
            case b"\x10\xff":
                with self._lock:
                    self._chosen, self._read_already = "nothing", False
                return frame(0x90)
        if command[0] == 0x60 and command[1] in _BAUDS:
            return frame(0x90)  # this reader keeps the line's speed: a pty has none
        return frame(0x21)

    def _find(self) -> bytes:
        self._pace.work(_FIND_S)
        with self._lock:
            if self._card is None or self._read_already:
                return frame(0x80)
            self._chosen = "found"
            return frame(0x9F, bytes(4))

    def _select(self) -> bytes:
        self._pace.work(_SELECT_S)
        with self._lock:
            if self._card is None or self._chosen == "nothing":
                return frame(0x81)
            self._chosen, self._next_address = "selected", 0
            return frame(0x90, bytes(8))

    def _read(self, with_prints: bool, spoilt: bool) -> bytes:
        self._pace.work(_READ_S)
        with self._lock:
            card = self._card
            if card is None or self._chosen != "selected":
                return frame(0x41)
            self._read_already = not spoilt
            sizes = [len(card.text), len(card.photo)] + ([len(card.fingerprints)] if with_prints else [])
            head = b"".join(size.to_bytes(2, "big") for size in sizes)
            return frame(0x90, head + card.text + card.photo + (card.fingerprints if with_prints else b""))

    def _address(self, spoilt: bool) -> bytes:
        self._pace.work(_ADDRESS_S)
        with self._lock:
            if self._card is None or self._chosen != "selected":
                return frame(0x41)
            if spoilt:
                self._read_already = False
            if self._next_address >= len(self._card.additional):
                return frame(0x91)
            self._next_address += 1
            return frame(0x90, address_bytes(self._card.additional[self._next_address - 1]))

    def _spoil(self, fault: Fault, answer: bytes) -> None:
        """Sends an answer in the way the fault says."""
        match fault.kind:
            case "late":
                self._stopped.wait(int(fault.parameters.get("ms", 1500)) / 1000)
                self._send(answer)
            case "bad_checksum":
                self._send(answer[:-1] + bytes([answer[-1] ^ 0xFF]))
            case "wrong_length":
                self._send(answer[:5] + (int.from_bytes(answer[5:7], "big") + 9).to_bytes(2, "big") + answer[7:])
            case "garbage":
                self._send(_NOISE + answer)
            case "stale":
                self._send(self._previous + answer)
            case "split":
                for byte in answer:
                    self._send(bytes([byte]))
                    self._stopped.wait(0.001)
            case "disconnect":
                self._send(answer[: len(answer) // 2])
                self._port.unplug()
                if back_ms := int(fault.parameters.get("replug_after_ms", 0)):
                    self._stopped.wait(back_ms / 1000)
                    self._port.plug()
            case _:
                self._send(answer)
        self._previous = answer

    def _sent(self, answer: bytes) -> bytes:
        self._send(answer)
        return answer

    def _send(self, data: bytes) -> None:
        self.bytes_out += len(data)
        self._port.write(data)


def _code(fault: Fault) -> int:
    code = fault.parameters.get("code", 0x41)
    return code if isinstance(code, int) else int(code, 16)
