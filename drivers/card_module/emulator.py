"""A Creator CRT-591-M as the host and the traveller meet it: gate, RF position, hand-over, retain bin, contactless chip.

Fault device `card_module`. Moments: `command` (any), `init`, `status`, `move`, `entry`, `activate`, `apdu`, `insert`. Kinds at any command:
`silence`, `no_answer` (done, but never answered), `late` and `late_ack` (`after_ms`), `nak`, `bad_checksum`, `wrong_length`, `garbage`,
`stale`, `wrong_echo`, `short`, `short_apdu`, `split`, `disconnect` (`for_ms`, 0 = until the world plugs the port), `code` (`code`: two
digits of the vendor's table), `emt45` (the same with the other negative head), `jam`, `power_cycle`. Kinds at `insert`: `refuse`, `jam`.
"""

import threading
from collections import deque
from collections.abc import Callable
from itertools import pairwise

from drivers.card_module.emulator_line import ACK, EOT, NAK, Incoming, Request, seal, spoil
from drivers.world.card_path import EDGES, Card, CardPath, Place
from drivers.world.faults import Fault, FaultBoard
from drivers.world.pace import Pace
from drivers.world.pty_port import PtyPort

VERSION = b"CRT-591-M001"
SERIAL = b"SIM5910001"

INIT_S, STEP_S, DRAW_IN_S, CHIP_S = 0.5, 1.0, 1.0, 0.008
"""Seconds that the mechanics (and a chip) take at real speed."""

MOVES = {"32 30": Place.HAND_OVER, "32 32": Place.READER, "32 33": Place.BIN, "32 39": Place.GATE}
SENSORS = {Place.GATE: b"11000000", Place.READER: b"00110000", Place.HAND_OVER: b"00000110"}


class Refused(Exception):
    """A negative answer; its text is e1e0."""


class Crt591mEmulator:
    """Thread-safe. `received`: the last commands' names (`32 32`), newest last. `stacker`: st1; this machine fills no stacker."""

    def __init__(self, port: PtyPort, path: CardPath, faults: FaultBoard, pace: Pace, address: int = 0) -> None:
        self.port, self.path, self.faults, self.pace = port, path, faults, pace
        self.stacker = "0"
        self.uid = bytes.fromhex("11223344")
        self.received: deque[str] = deque(maxlen=1000)
        self._address = address
        self._incoming = Incoming(address)
        self._answer = self._previous = b""
        self._moment = "command"
        self._mechanics = threading.Lock()
        self._stopped = threading.Event()
        self._threads: list[threading.Thread] = []
        self._entering = False
        self._captured = 0
        self.power_cycle()

    # ---- power

    def power_cycle(self) -> None:
        """As after a mains failure: nothing works before INITIALIZE, entry is shut, the field is off."""
        self._ready = False
        self._entry = False
        self._field = ""

    def start(self) -> None:
        self._run_thread(self._serve)

    def stop(self) -> None:
        self._stopped.set()
        for thread in self._threads:
            thread.join(timeout=5)

    def _run_thread(self, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, name="crt591m", daemon=True)
        self._threads = [*(known for known in self._threads if known.is_alive()), thread]
        thread.start()

    # ---- the traveller's hand

    @property
    def entry_allowed(self) -> bool:
        return self._entry

    @property
    def bin(self) -> list[Card]:
        with self.path.lock:
            return list(self.path.bin)

    def empty_bin(self) -> list[Card]:
        """The technician takes the retained cards out and sets the counter to zero."""
        with self.path.lock:
            cards, self.path.bin[:] = list(self.path.bin), []
            self._captured = 0
            return cards

    def insert(self, card: Card) -> bool:
        """Pushes a card in at the gate. False where entry is refused or another card is inside; else it is drawn to the reader meanwhile."""
        fault = self.faults.take("card_module", "insert")
        if not (self._ready and self._entry) or (fault and fault.kind == "refuse"):
            return False
        with self.path.lock:
            if not self.path.insert(card, Place.GATE):
                return False
            if fault and fault.kind == "jam":
                self.path.jams.add((Place.GATE, Place.READER))
            self._entering = True
        self._run_thread(self._draw_in)
        return True

    def _draw_in(self) -> None:
        with self._mechanics:
            self.pace.work(DRAW_IN_S)
            with self.path.lock:
                if self._entering:
                    self._entering = False
                    self.path.move(Place.GATE, Place.READER)

    def take(self) -> Card | None:
        """Takes the card that stands out of the gate; not one that is being drawn in."""
        with self.path.lock:
            return None if self._entering else self.path.take()

    def pull(self) -> Card | None:
        """Yanks the card out of the gate, drawn in or not."""
        with self.path.lock:
            self._entering = False
            return self.path.take()

    # ---- the line

    def _serve(self) -> None:
        while not self._stopped.is_set():
            for item in self._incoming.add(self.port.read(0.05)):
                if item is None:
                    self.port.write(NAK)
                elif isinstance(item, Request):
                    self._serve_request(item)
                elif item == EOT:
                    self.port.write(EOT)
                elif item == NAK and self._answer:
                    self._send(self.faults.take("card_module", self._moment))

    def _serve_request(self, request: Request) -> None:
        self._moment = _moment(request)
        fault = self.faults.take("card_module", self._moment)
        if fault is None:
            fault = self.faults.take("card_module", "command")
        kind = fault.kind if fault else ""
        if kind == "silence":
            return
        if kind == "nak":
            self.port.write(NAK)
            return
        if kind == "disconnect":
            self._disconnect(fault)
            return
        if kind == "power_cycle":
            self.power_cycle()
        if kind == "late_ack":
            self._wait(fault, 400)
        self.port.write(ACK)
        self.received.append(request.name)
        head = b"\x45" if kind == "emt45" else b"\x4e"
        command = bytes([request.cm, request.pm])
        try:
            if fault and kind in ("code", "emt45", "jam"):
                raise Refused(str(fault.parameters.get("code", "10")))
            text = b"\x50" + command
            data = self._obey(request)
            text += self._state() + data
        except Refused as refused:
            text = head + command + str(refused).encode("ascii")
        self._previous, self._answer = self._answer, seal(self._address, text)
        if kind == "late":
            self._wait(fault, 1000)
        if kind != "no_answer":
            self._send(fault)

    def _send(self, fault: Fault | None) -> None:
        answer = spoil(self._answer, fault, self._previous) if fault else self._answer
        if fault and fault.kind == "split":
            for byte in answer:
                self.port.write(bytes([byte]))
                self._stopped.wait(0.002)
        else:
            self.port.write(answer)

    def _wait(self, fault: Fault | None, default_ms: int) -> None:
        after_ms = fault.parameters.get("after_ms", default_ms) if fault else default_ms
        self._stopped.wait(int(after_ms) / 1000)

    def _disconnect(self, fault: Fault | None) -> None:
        self.port.unplug()
        for_ms = int(fault.parameters.get("for_ms", 0)) if fault else 0
        if for_ms:
            self._stopped.wait(for_ms / 1000)
            self.port.plug()

    # ---- what the module does

    def _state(self) -> bytes:
        with self.path.lock:
            position = {Place.GATE: "1", Place.READER: "2"}.get(self.path.place, "0")
            full = "1" if len(self.path.bin) >= self.path.bin_capacity else "0"
        return (position + self.stacker + full).encode("ascii")

    def _obey(self, request: Request) -> bytes:
        """The answer's data. Raises Refused with e1e0."""
        name = request.name
        if not self._ready and request.cm not in (0x30, 0xA2, 0xA4):
            raise Refused("B0")
        if name in MOVES:
            self._move(MOVES[name])
            return b""
        match name:
            case "30 30" | "30 31" | "30 33":
                return self._initialise(name)
            case "31 30":
                return b""
            case "31 31":
                with self.path.lock:
                    return SENSORS.get(self.path.place, b"00000000")
            case "32 31":
                raise Refused("43" if self.path.at(Place.READER) else "A0")
            case "33 30" | "33 31":
                self._entry = name == "33 30"
                return b""
            case "60 30":
                return self._activate(request.data)
            case "60 31":
                self._field = ""
                return b""
            case "60 32":
                return {"A": b"20", "B": b"30", "M": b"10"}.get(self._field, b"00")
            case "60 34" | "60 35":
                return self._apdu(request)
            case "A2 30":
                return bytes([len(SERIAL)]) + SERIAL
            case "A4 30":
                return VERSION
            case "A5 30":
                return f"{self._captured:03d}".encode("ascii")
            case "A5 31":
                self._captured = 0
                return b""
            case _:
                raise Refused("00")

    def _initialise(self, name: str) -> bytes:
        with self._mechanics:
            self.pace.work(INIT_S)
            self.power_cycle()
            self._ready = True
        with self.path.lock:
            inside = self.path.place in SENSORS
        if inside and name != "30 33":
            self._move(Place.GATE if name == "30 30" else Place.BIN)
        return VERSION

    def _move(self, target: Place) -> None:
        """Along the ways of the card path. With no card to be had, the module turns to its stacker, which is empty."""
        with self._mechanics:
            with self.path.lock:
                origin = self.path.place
            if origin not in (*SENSORS, Place.INLET):
                raise Refused("A0")
            if origin is target:
                return
            if target is Place.BIN and len(self.path.bin) >= self.path.bin_capacity:
                raise Refused("A1")
            stops = [origin, target] if (origin, target) in EDGES else [origin, Place.READER, target]
            for start, end in pairwise(stops):
                self.pace.work(STEP_S)
                if not self.path.move(start, end):
                    raise Refused("10" if self.path.at(start) else "45")
            if target is not Place.READER:
                self._field = ""
            if target is Place.BIN:
                self._captured = min(self._captured + 1, 999)

    def _activate(self, order: bytes) -> bytes:
        card = self.path.at(Place.READER)
        self._field = ""
        if card is None or card.contactless_type.encode("ascii") not in (order or b"A") + b"M":
            raise Refused("61")
        if card.contactless_type != "M" and card.chip is None:
            raise Refused("61")
        if card.chip is not None:
            card.chip.power_on()
        self._field = card.contactless_type
        if self._field == "B":
            return b"B\x50" + self.uid + bytes(4) + bytes.fromhex("008171")
        sak = b"\x20" if self._field == "A" else b"\x08"
        return self._field.encode("ascii") + b"\x04\x00" + bytes([len(self.uid)]) + self.uid + sak

    def _apdu(self, request: Request) -> bytes:
        card = self.path.at(Place.READER)
        if card is None or card.chip is None or not self._field:
            raise Refused("65")
        if self._field != ("A" if request.pm == 0x34 else "B"):
            raise Refused("66")
        if not 4 <= len(request.data) <= 261:
            raise Refused("04")
        self.pace.work(CHIP_S)
        response = card.chip.transmit(request.data)
        if len(response) < 2:
            raise Refused("68")
        return response[:258]


def _moment(request: Request) -> str:
    match request.cm, request.pm:
        case 0x30, _:
            return "init"
        case 0x31, _:
            return "status"
        case 0x32, _:
            return "move"
        case 0x33, _:
            return "entry"
        case 0x60, 0x30:
            return "activate"
        case 0x60, (0x34 | 0x35):
            return "apdu"
        case _:
            return "command"
