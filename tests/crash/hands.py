"""The machine's hands in little: card module, printer and inspection camera over one card, with everything that can go wrong with them.

They speak as the drivers do (values of `drivers.contract`), so that the case's real acts run over them at the speed of a test.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from drivers.contract.card_module import CardModuleStatus, CardPosition
from drivers.contract.card_printer import CardPrinterStatus
from drivers.contract.failure import Failure
from drivers.contract.status import Media, Supply
from kiosk.case.casefile import Block
from kiosk.health.desk import in_our_words

MODULE = ("sense", "initialise", "bin_count", "allow_entry", "refuse_entry", "move_to_reader", "hand_over", "eject", "retain")
PRINTER = ("sense", "load", "arm", "finish", "cancel")
DEVICE_FAULTS = [
    *[("card_module", what, how) for what in MODULE for how in ("silent", "mute", "refused", "jam")],
    *[("card_printer", what, how) for what in PRINTER for how in ("silent", "mute", "refused")],
    *[("card_printer", "burn", how) for how in ("spoils", "readable", "nothing", "jams", "takes_not")],
    *[("back_camera", "frame", how) for how in ("silent", "dark", "elsewhere")],
    ("card_module", "retain", "full"),
    ("card_module", "*", "silent"),
    ("card_printer", "*", "silent"),
]


class PowerCut(BaseException):
    """The machine stops here: nothing after this line happens."""


@dataclass(frozen=True)
class Face:
    """What the back shows. how: initial (as another machine drew it), burned, spoiled (nothing can be read), readable (spoiled, its codes read)."""

    how: str
    blocks: tuple[Block, ...]


@dataclass
class Trouble:
    who: str
    what: str
    how: str
    left: int = 0  # 0: until it is mended


@dataclass
class Hall:
    """What is true. place: traveller, gate, reader, handover, inlet, printer, bin. seconds: the hall's clock, moved by the machine's waits."""

    back: Face = field(default_factory=lambda: Face("initial", ()))
    place: str = "traveller"
    gate_open: bool = False
    armed: bool = False
    buffer: tuple[Block, ...] = ()
    jammed: set[str] = field(default_factory=set)
    burns: int = 0
    binned: int = 3
    takes: bool = True
    inserts: bool = True
    troubles: list[Trouble] = field(default_factory=list)
    moment: Callable[[str], None] = lambda _name: None
    seconds: float = 0.0
    met: int = 0
    """How often the fault that was told came true."""

    def trouble(self, who: str, what: str) -> str | None:
        for trouble in self.troubles:
            if trouble.who in (who, "*") and trouble.what in (what, "*"):
                self.met += 1
                if trouble.left == 1:
                    self.troubles.remove(trouble)
                elif trouble.left:
                    trouble.left -= 1
                return trouble.how
        return None

    def mended(self) -> None:
        self.troubles.clear()
        self.jammed.clear()

    def restarted(self, power: bool) -> None:
        """The machine comes up again. power: the devices had none either, so that a job that was under way stopped."""
        self.gate_open = self.armed = False
        if power:
            self.buffer = ()


class Hands:
    """One device. Each call that changes something is a boundary of its own."""

    family = ""

    def __init__(self, hall: Hall) -> None:
        self.hall = hall

    def _done(self, what: str, do: Callable[[], Failure | None]) -> Failure | None:
        hall, family = self.hall, self.family
        hall.moment(f"before {family} {what}")
        how = hall.trouble(family, what)
        failure: Failure | None
        match how:
            case "silent":
                failure = Failure(f"{family}.silent")
            case "refused":
                failure = Failure("card_module.not_moved" if family == "card_module" else "card_printer.cover_open")
            case "full":
                failure = Failure("card_module.bin_full")
            case "jam":
                hall.jammed.add(family)
                failure = Failure(f"{family}.jam")
            case "mute":
                do()
                failure = Failure(f"{family}.timeout")
            case _:
                failure = do()
        hall.moment(f"after {family} {what}")
        return failure


class Module(Hands):
    family = "card_module"

    def sense(self) -> CardModuleStatus | Failure:
        hall = self.hall
        how = hall.trouble(self.family, "sense")
        if how == "jam":
            hall.jammed.add(self.family)
        if how in ("silent", "mute"):
            return Failure("card_module.silent")
        if how == "refused":
            return Failure("card_module.status_unclear")
        if self.family in hall.jammed:
            return Failure("card_module.jam")
        position = {"gate": CardPosition.GATE, "reader": CardPosition.READER, "handover": CardPosition.BETWEEN}.get(hall.place, CardPosition.NONE)
        # what people do shows at the next look
        if hall.gate_open and hall.place == "traveller" and hall.inserts:
            hall.place, hall.inserts = "reader", False
        elif hall.place == "gate" and hall.takes:
            hall.place = "traveller"
        return CardModuleStatus(position, Supply.OK, Supply.UNKNOWN)

    def initialise(self) -> Failure | None:
        """A jam whose cause is gone is forgotten."""

        def clear() -> None:
            if not any(trouble.who == self.family and trouble.how == "jam" for trouble in self.hall.troubles):
                self.hall.jammed.discard(self.family)

        return self._done("initialise", clear)

    def bin_count(self) -> int | Failure:
        how = self.hall.trouble(self.family, "bin_count")
        return self.hall.binned if how is None else Failure("card_module.silent")

    def allow_entry(self) -> Failure | None:
        return self._done("allow_entry", lambda: setattr(self.hall, "gate_open", True))

    def refuse_entry(self) -> Failure | None:
        return self._done("refuse_entry", lambda: setattr(self.hall, "gate_open", False))

    def move_to_reader(self, fetch: bool = False) -> Failure | None:
        return self._done("move_to_reader", lambda: self._move(("inlet",) if fetch else ("gate", "handover", "reader"), "reader"))

    def eject(self) -> Failure | None:
        return self._done("eject", lambda: self._move(("reader", "gate"), "gate"))

    def retain(self) -> Failure | None:
        return self._done("retain", lambda: self._move(("reader", "gate"), "bin"))

    def hand_over(self) -> Failure | None:
        return self._done("hand_over", self._hand_over)

    def _move(self, places: tuple[str, ...], to: str) -> Failure | None:
        if self.family in self.hall.jammed:
            return Failure("card_module.jam")
        if self.hall.place not in places:
            return Failure("card_module.no_card")
        self.hall.place = to
        self.hall.binned += to == "bin"
        return None

    def _hand_over(self) -> Failure | None:
        failure = self._move(("reader", "handover"), "handover")
        hall = self.hall
        if failure is not None or not hall.armed:
            return failure
        how = hall.trouble("card_printer", "burn")
        if how == "takes_not":
            return None
        hall.place, hall.armed = "printer", False
        hall.back = Face("spoiled", hall.buffer)
        hall.burns += 1
        hall.moment("in the middle of card_printer burn")
        match how:
            case "jams":
                hall.jammed.add("card_printer")
                return None
            case "readable" | "spoils":
                hall.back = Face("readable" if how == "readable" else "spoiled", hall.buffer)
            case "nothing":
                hall.back = Face("burned", ())
            case _:
                hall.back = Face("burned", hall.buffer)
        hall.place = "inlet"
        return None


class Printer(Hands):
    family = "card_printer"

    def sense(self) -> CardPrinterStatus | Failure:
        hall = self.hall
        how = hall.trouble(self.family, "sense")
        if how is not None:
            return Failure("card_printer.bad_answer" if how == "refused" else "card_printer.silent")
        if self.family in hall.jammed:
            return CardPrinterStatus(Media.JAMMED, False, Failure("card_printer.jam"))
        if hall.place == "printer":
            hall.place = "inlet"  # a job that was cut off lets its card go
        return CardPrinterStatus(Media.LATCHED if hall.place == "inlet" else Media.NOT_PRESENT, False, None)

    def load(self, image: Any) -> Failure | None:
        return self._done("load", lambda: setattr(self.hall, "buffer", image))

    def arm(self, print_image: bool = True) -> Failure | None:
        return self._done("arm", lambda: setattr(self.hall, "armed", True))

    def finish(self, deadline_s: float) -> Failure | None:
        return self._done("finish", self._finish)

    def _finish(self) -> Failure | None:
        hall = self.hall
        if self.family in hall.jammed:
            return Failure("card_printer.jam")
        if hall.armed:
            hall.armed = False
            return Failure("card_printer.timeout")
        return None if hall.place == "inlet" else Failure("card_printer.not_armed")

    def cancel(self) -> Failure | None:
        return self._done("cancel", lambda: setattr(self.hall, "armed", False))


class BackCamera(Hands):
    family = "back_camera"

    def frame(self) -> Any:
        how = self.hall.trouble(self.family, "frame")
        if how == "silent":
            return Failure("camera.silent")
        if how == "elsewhere" or self.hall.place != "reader":
            return None
        return Face("dark", ()) if how == "dark" else self.hall.back


class Desk:
    """As `kiosk.health.desk.DeviceDesk`, without threads."""

    def __init__(self, hall: Hall) -> None:
        self._devices = {"card_module": Module(hall), "card_printer": Printer(hall), "back_camera": BackCamera(hall)}

    def get(self, family: str) -> Any:
        return self._devices[family]

    async def call(self, family: str, work: Callable[[], Any], deadline_s: float = 10.0) -> Any:
        result = work()
        return in_our_words(result) if isinstance(result, Failure) else result
