"""The simulated hall: people and cards, devices at the far ends of their lines, authority and payment providers, and what a tester may do to them.

Everything a tester asks for is a method here; control.py only carries it over HTTP. What cannot be done comes back as a Failure.
"""

import contextlib
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from drivers.camera.back import BackScene
from drivers.camera.emulator import MjpegServer
from drivers.camera.scenes import FaceScene
from drivers.card_module.emulator import Crt591mEmulator
from drivers.card_printer.emulator import Tcp300iiEmulator
from drivers.chip.issuer import TestAuthority
from drivers.contract.failure import Failure
from drivers.id_reader.emulator import SamvEmulator
from drivers.lights.emulator import ModbusLightsEmulator
from drivers.receipt_printer.emulator import EscposEmulator
from drivers.world import authority, fault_table, registry
from drivers.world.alipay import AlipayKeys, alipay_app
from drivers.world.backs import back_png
from drivers.world.card_path import Card, CardPath, Place
from drivers.world.cards import CardBox, Held
from drivers.world.dates import HallClock
from drivers.world.documents import chip_of, id_card_of
from drivers.world.faults import FaultBoard
from drivers.world.files import write_whole
from drivers.world.ledger import Ledger
from drivers.world.notices import NoticeBook
from drivers.world.pace import Pace
from drivers.world.payments import PaymentsBook
from drivers.world.personas import Persona, known_ids, load
from drivers.world.portraits import scene_picture
from drivers.world.ports import HOST
from drivers.world.provinces import PROVINCES
from drivers.world.pty_port import PtyPort
from drivers.world.wechat import WechatKeys, wechat_app

BAUDS = {"id_reader": 115200, "card_module": 57600, "card_printer": 115200, "receipt_printer": 115200, "lights": 19200}
FAST = 50.0
"""How many times faster mechanics go in a fast world: erase and print, 32 s in life, take well under a second."""

FAST_WIRE = 8.0
"""How many times faster bytes go over the serial lines of a fast world: a chip's portrait, 2.9 s at 57,600 baud, takes a third of a second."""

METHODS = ("wechat", "alipay")
_SAVE_S = 0.2
_PATIENCE_S = 2.0


class Eye(NamedTuple):
    """The face camera, and how many times faster people act before it."""

    width: int
    height: int
    fps: float
    haste: float


REAL_EYE = Eye(1280, 720, 30, 1.0)
FAST_EYE = Eye(640, 480, 15, 3.0)


class Hall:
    """One hall over one state directory. `start` runs everything but the HTTP servers, whose applications `apps` gives.

    Methods may be called from any thread; placing and inserting block for the making of a chip the first time (about 0.3 s).
    """

    def __init__(self, state: Path, personas: Path, speed: str, region: str, as_of: date | None = None) -> None:
        self.state, self.directory, self.speed, self.region = state, personas, speed, region
        self.lock = threading.RLock()
        self.clock = HallClock(state / "clock.json", as_of)
        self.faults = FaultBoard()
        self.pace = Pace(FAST if speed == "fast" else 1.0)
        self.path = CardPath()
        self.personas: dict[str, Persona] = {}
        self.malformed: dict[str, Failure] = {}
        self._load_personas()
        self._placed: str | None = None
        self.keys = state / "keys"
        self.token = _token(self.keys / "authority.token")
        self.ledger = Ledger(state / "ledger.sqlite")
        self.payments = PaymentsBook(state / "ledger.sqlite")
        self.notices = NoticeBook(state / "ledger.sqlite")
        self.wechat_keys = WechatKeys.at(self.keys)
        self.alipay_keys = AlipayKeys.at(self.keys)
        self.cards = CardBox(state / "cards.json", self.path, partial(chip_of, TestAuthority.at(self.keys), self.faults))
        self.cards.restore(self.personas)
        wire = FAST_WIRE if speed == "fast" else 1.0
        self.ports = {name: PtyPort(state / "ports" / name, int(baud * wire)) for name, baud in BAUDS.items()}
        self.id_reader = SamvEmulator(self.ports["id_reader"], self.faults, self.pace)
        self.card_module = Crt591mEmulator(self.ports["card_module"], self.path, self.faults, self.pace)
        self.card_printer = Tcp300iiEmulator(self.ports["card_printer"], self.path, self.faults, self.pace)
        self.receipt_printer = EscposEmulator(self.ports["receipt_printer"], state / "papers", self.faults, self.pace)
        self.lights = ModbusLightsEmulator(self.ports["lights"], self.faults)
        eye = FAST_EYE if speed == "fast" else REAL_EYE
        self.face = FaceScene(eye.width, eye.height, lambda: self.lights.colour, haste=eye.haste)
        self._face_fps = eye.fps
        self.cameras: MjpegServer | None = None
        self._stopped = threading.Event()
        self._saver = threading.Thread(target=self._keep_saved, name="cards", daemon=True)
        self._started: list[Any] = []

    def start(self, camera: socket.socket) -> Failure | None:
        """`camera` holds the cameras' port until they take it over."""
        port = int(camera.getsockname()[1])
        camera.close()
        try:
            scenes: dict[str, Callable[[], bytes]] = {"/face.mjpg": self.face, "/back.mjpg": BackScene(self.path)}
            self.cameras = MjpegServer(HOST, port, scenes, faults=self.faults, rates={"/face.mjpg": self._face_fps})
        except OSError:
            return Failure("world.port_in_use", None, {"port": str(port), "server": "camera", "file": str(self.state / "ports.json")})
        for device in (self.id_reader, self.card_module, self.card_printer, self.receipt_printer, self.lights, self.cameras):
            device.start()
            self._started.append(device)
        self._saver.start()
        return None

    def stop(self) -> None:
        """Ends every thread, saves the cards, takes the links of the serial ports away."""
        self._stopped.set()
        self.pace.stop()
        for device in reversed(self._started):
            device.stop()
        for port in self.ports.values():
            port.close()
        self.cards.save()
        self.ledger.close()
        self.payments.close_book()
        self.notices.close()

    def apps(self) -> dict[str, Any]:
        """The ASGI applications of authority and payment providers by the name of their port."""
        return {
            "authority": authority.Authority(self, self.ledger, self.faults, self.token).app(),
            "wechat": wechat_app(self.payments, self.wechat_keys, self.faults, pace=self.pace),
            "alipay": alipay_app(self.payments, self.alipay_keys, self.faults),
        }

    def _keep_saved(self) -> None:
        while not self._stopped.wait(_SAVE_S):
            self.cards.save()

    # ---- people

    def _load_personas(self) -> None:
        """A malformed file makes its own persona unusable, not the hall: whoever asks for that persona is told."""
        self.personas, self.malformed = {}, {}
        for persona_id in known_ids(self.directory):
            persona = load(self.directory, persona_id, self.clock.today())
            if isinstance(persona, Failure):
                self.malformed[persona_id] = persona
            else:
                self.personas[persona_id] = persona

    def persona(self, persona_id: str) -> Persona | Failure:
        if persona_id in self.malformed:
            return self.malformed[persona_id]
        if persona_id not in self.personas:
            known = ", ".join(known_ids(self.directory)) or "-"
            return Failure("persona.unknown", None, {"persona": persona_id, "directory": str(self.directory), "allowed": known})
        return self.personas[persona_id]

    def person(self, id_number: str) -> Persona | None:
        """By ID number. Files may be copies of each other: then the one whose ID card was placed last is meant."""
        same = [persona for persona in self.personas.values() if persona.id_number == id_number]
        return next((persona for persona in same if persona.persona_id == self._placed), same[0] if same else None)

    def registry_entry(self, persona: Persona) -> dict[str, Any]:
        shown = self.ledger.shown_in_registry()
        return registry.entry(persona, shown, lambda number: self.cards.rewrites(persona.persona_id, number))

    def today_iso(self) -> str:
        return self.clock.today().isoformat()

    def issuer(self) -> str:
        return PROVINCES.get(self.region[:2], "中国")

    def noticed(self, notice: Any) -> bool:
        """A machine tells the hall something; False where it is no notice."""
        return self.notices.accept(notice)

    def people(self) -> list[dict[str, Any]]:
        """`personas` of GET /personas."""
        return [
            {
                "id": persona.persona_id,
                "name": persona.name,
                "permits": [{"kind": permit.kind, "number": permit.number} for permit in persona.permits],
                "face": persona.live is not None,
            }
            for persona in self.personas.values()
        ]

    # ---- what a person does

    def place_id_card(self, persona_id: str) -> Failure | None:
        persona = self._with_face(persona_id)
        if isinstance(persona, Failure):
            return persona
        with _usable_picture(persona) as wrong:
            card = id_card_of(persona)
        if wrong:
            return wrong[0]
        with self.lock:
            self._placed = persona_id
            self.id_reader.place(card)
        return None

    def lift_id_card(self) -> None:
        self.id_reader.lift()

    def insert_permit(self, persona_id: str, number: str | None) -> Held | Failure | None:
        """The card that was drawn in, None where the gate refused it; a shut gate is tried for two seconds."""
        persona = self._with_face(persona_id)
        if isinstance(persona, Failure):
            return persona
        numbers = [permit.number for permit in persona.permits]
        if number is None and len(numbers) == 1:
            number = numbers[0]
        held = self.cards.find(persona_id, number) if number in numbers and number is not None else None
        if held is None:
            return Failure("permit.unknown", None, {"number": number or "-", "persona": persona_id, "allowed": ", ".join(numbers) or "-"})
        where = self.cards.where(held)
        if where != "traveller":
            return Failure("permit.not_with_traveller", None, {"number": held.key[1], "where": where})
        with _usable_picture(persona) as wrong:
            self.cards.ready_chip(persona, held)
        if wrong:
            return wrong[0]
        self._wait_at_gate()
        return held if self.card_module.insert(held.card) else None

    def _wait_at_gate(self) -> None:
        """A person whose card is not drawn in at once holds it there a moment longer: the screen may be ahead of the gate."""
        deadline = time.monotonic() + _PATIENCE_S
        while not self.card_module.entry_allowed and time.monotonic() < deadline:
            time.sleep(0.01)

    def take_permit(self) -> Card | None:
        return self.card_module.take()

    def pull_permit(self) -> Card | None:
        return self.card_module.pull()

    def stand_before_camera(self, name: str, persona_id: str | None) -> Failure | None:
        """Without a persona the one whose ID card was placed last. `other` and `two` add somebody who is neither enrolled nor live."""
        if name == "nobody":
            self.face.set("nobody", None, None)
            return None
        chosen = persona_id or self._placed
        if chosen is None:
            return Failure("persona.unknown", None, {"persona": "-", "directory": str(self.directory), "allowed": ", ".join(self.personas)})
        persona = self._with_face(chosen)
        if isinstance(persona, Failure):
            return persona
        with _usable_picture(persona) as wrong:
            live = scene_picture(persona.live) if persona.live else None
            self.face.set(name, live, self._somebody_else(persona))
        return wrong[0] if wrong else None

    def gesture(self, action: str) -> None:
        """The machine asked for a turn or a blink; whoever stands there does what they can. Raises ValueError for anything else."""
        self.face.gesture(action)

    def _with_face(self, persona_id: str) -> Persona | Failure:
        persona = self.persona(persona_id)
        if isinstance(persona, Persona) and persona.live is None:
            return Failure("persona.no_face", None, {"persona": persona_id})
        return persona

    def _somebody_else(self, persona: Persona) -> Any:
        mine = {_stem(persona.live), _stem(persona.enrolled)}
        strangers = [each.live for each in self.personas.values() if each.live is not None and _stem(each.live) not in mine]
        return scene_picture(strangers[0]) if strangers else None

    def use_phone(self, action: str, method: str) -> str | None:
        """Pays or declines the newest open order; its number, None where none is open. Nothing is remembered for later."""
        if action == "pay":
            return self.payments.pay_newest(method)
        return self.payments.decline(method) if action == "decline" else None

    # ---- what a tester does

    def reset(self) -> None:
        with self.lock:
            self.faults.clear()
            for port in self.ports.values():
                port.plug()
            self._load_personas()
            self.ledger.forget_registry_entries()
            self.id_reader.lift()
            self._placed = None
            self.card_printer.reset()
            self.card_module.pull()  # whatever was just being drawn in
            self.card_module.empty_bin()
            self.cards.lay_out(self.personas)
            self.receipt_printer.load_paper()
            self.face.set("nobody", None, None)
            self.cards.save()

    def set_as_of(self, day: date | None) -> None:
        """Moves the date in force; relative dates in the personas' files are counted from it. Cards stay where they are."""
        with self.lock:
            self.clock.set_as_of(day)
            self._load_personas()
            self.cards.refer_to(self.personas)

    def put_fault(self, device: str, moment: str, kind: str, times: int, parameters: dict[str, str | int]) -> Failure | None:
        wrong = fault_table.wrong(device, moment, kind)
        if wrong is not None:
            return wrong
        if kind == "unplug":
            self.ports[device].unplug()
        self.faults.put(device, moment, fault_table.fault_of(kind, times, parameters))
        return None

    def delete_fault(self, device: str, moment: str) -> bool | Failure:
        """False where none was set."""
        wrong = fault_table.wrong(device, moment, None)
        if wrong is not None:
            return wrong
        if device in self.ports:
            self.ports[device].plug()  # the cable may be out by `unplug` or by `disconnect`
        return self.faults.delete(device, moment)

    def supply(self, device: str, levels: dict[str, int | bool]) -> Failure | None:
        """receipt_printer: paper_mm, cover_open · card_module: empty_bin, bin_capacity · card_printer: cover_open."""
        allowed = SUPPLIES.get(device)
        if allowed is None or not set(levels) <= set(allowed):
            keys = ", ".join(allowed or SUPPLIES)
            return Failure("supplies.unknown", None, {"device": device, "given": ", ".join(levels) or "-", "allowed": keys})
        if device == "receipt_printer":
            if "paper_mm" in levels:
                self.receipt_printer.load_paper(float(levels["paper_mm"]))
            if "cover_open" in levels:
                (self.receipt_printer.open_cover if levels["cover_open"] else self.receipt_printer.close_cover)()
        if device == "card_printer" and "cover_open" in levels:
            self.card_printer.cover_open = bool(levels["cover_open"])
        if device == "card_module":
            if "bin_capacity" in levels:
                self.path.bin_capacity = int(levels["bin_capacity"])
            if levels.get("empty_bin"):
                with self.path.lock:
                    self.cards.taken_by_staff(list(self.path.bin))
                    self.card_module.empty_bin()
        return None

    # ---- what a tester sees

    def devices(self) -> dict[str, Any]:
        """`GET /devices`."""
        with self.path.lock:
            card, place, bin_count = self.path.card, self.path.place, len(self.path.bin)
        return {
            "id_reader": {"card_placed": self.id_reader.placed, "persona": self._placed if self.id_reader.placed else None},
            "card_module": {
                "card": card.number if card else None,
                "place": str(place) if card else str(Place.TRAVELLER),
                "entry_allowed": self.card_module.entry_allowed,
                "bin": bin_count,
                "bin_capacity": self.path.bin_capacity,
            },
            "card_printer": {"cover_open": self.card_printer.cover_open, "busy": self.card_printer.busy, "prints": self.card_printer.prints},
            "receipt_printer": {"paper_mm": round(self.receipt_printer.paper_mm), "papers": len(self.receipt_printer.papers())},
            "lights": {"colour": "#" + "".join("FF" if channel else "00" for channel in self.lights.colour)},
            "face_camera": {"scene": self.face.name},
            "plugged": {name: port.link.is_symlink() for name, port in self.ports.items()},
            "clock": {"advance_s": self.clock.advance_s, "as_of": self.clock.as_of.isoformat() if self.clock.as_of else None},
            "faults": self.faults.listed(),
        }

    def ledgers(self) -> dict[str, Any]:
        """`GET /ledger`."""
        return {
            "authority": authority.ledger_rows(self.ledger),
            "payments": self.payments.rows(),
            "permits": self.cards.rows(),
            "notices": self.notices.rows(),
        }

    def back_png(self, number: str) -> bytes | None:
        held = self.cards.find(None, number)
        return back_png(held.card.back) if held else None


SUPPLIES = {
    "receipt_printer": ("paper_mm", "cover_open"),
    "card_printer": ("cover_open",),
    "card_module": ("empty_bin", "bin_capacity"),
}


@contextlib.contextmanager
def _usable_picture(persona: Persona) -> Iterator[list[Failure]]:
    """Collects the failure of a picture that cannot be decoded or drawn."""
    wrong: list[Failure] = []
    try:
        yield wrong
    except ValueError as error:
        wrong.append(Failure("persona.malformed", None, {"file": persona.persona_id, "key": "face", "allowed": str(error)}))


def _stem(file: Path | None) -> str:
    """obama.jpg and obama2.jpg show the same person."""
    return "".join(letter for letter in file.stem.split("_")[0] if not letter.isdigit()) if file else ""


def _token(file: Path) -> str:
    if not file.exists():
        write_whole(file, secrets.token_urlsafe(24).encode(), 0o600)
    return file.read_text("ascii").strip()
