"""Where the permit is, and the acts that move it between traveller and machine: take in, present, retain."""

import asyncio
from collections.abc import Callable
from enum import StrEnum
from functools import partial

from drivers.contract.card_module import CardModule, CardModuleStatus, CardPosition
from drivers.contract.card_printer import CardPrinter, CardPrinterStatus
from drivers.contract.status import Media
from kiosk.case.acts import Result, Status
from kiosk.case.casefile import Case
from kiosk.case.moves import Custody
from kiosk.domain.clock import Clock, Window
from kiosk.domain.failure import Failure
from kiosk.health.desk import DeviceDesk
from kiosk.health.stopwatch import Stopwatch

MOVE_DEADLINE_S = 20.0


class Whereabouts(StrEnum):
    """What both modules' sensors say together; UNKNOWN where one of them does not answer."""

    NOWHERE = "nowhere"
    GATE = "gate"
    READER = "reader"
    BETWEEN = "between"  # at the hand-over, or stuck on the way: the module's inner sensors see it
    INLET = "inlet"  # at the printer's inlet, for the card module to fetch
    STUCK = "stuck"  # jammed, in the printer or in the card module
    UNKNOWN = "unknown"


UNSEEN = (Whereabouts.UNKNOWN, Whereabouts.STUCK)
NO_ANSWER = ("port_lost", "port_absent", "deadline", "timeout", "silent", "garbled", "unknown_position")
"""The ends of failure codes that leave open whether a card was moved."""
INSERT = Window(480, 0.25)  # two minutes to put the permit in
SETTLE = Window(60, 1.0)  # a print job that went on while nobody listened ends within this
TAKE = Window(240, 0.25)  # one minute to take it, with the alarm in its second half


class Slot:
    """The card module and the printer's inlet, as one place to ask and move."""

    def __init__(self, desk: DeviceDesk, clock: Clock, stopwatch: Stopwatch) -> None:
        self.desk = desk
        self.clock = clock
        self.stopwatch = stopwatch
        self.given_up = asyncio.Event()
        """Set to stop waiting for a card to be put in."""
        self.alarmed: Callable[[bool], None] = lambda _on: None
        """Called with True when a presented card has been left for too long."""
        self._module: CardModule = desk.get("card_module")
        self._printer: CardPrinter = desk.get("card_printer")

    async def sense(self) -> CardModuleStatus | Failure:
        return await self.desk.call("card_module", self._module.sense)

    async def locate(self) -> Whereabouts:
        status = await self.sense()
        if isinstance(status, Failure):
            return Whereabouts.STUCK if status.code == "card_module.jam" else Whereabouts.UNKNOWN
        if status.position is not CardPosition.NONE:
            return Whereabouts(status.position.value)
        printer: CardPrinterStatus | Failure = await self.desk.call("card_printer", self._printer.sense)
        if isinstance(printer, CardPrinterStatus) and printer.media is Media.JAMMED:
            return Whereabouts.STUCK
        if isinstance(printer, Failure) or printer.media not in (Media.NOT_PRESENT, Media.PRESENT, Media.LATCHED):
            return Whereabouts.UNKNOWN
        return Whereabouts.NOWHERE if printer.media is Media.NOT_PRESENT else Whereabouts.INLET

    async def to_reader(self) -> Failure | None:
        """Brings the card to the chip position from wherever it is; waits while the printer is still at work on it.

        `card_module.no_card` where no sensor sees one. Nothing is moved blindly: with no card inside the module would dispense from its stacker.
        """
        place = Whereabouts.UNKNOWN
        async for _look in self.clock.looks(SETTLE):
            place = await self.locate()
            if place is not Whereabouts.UNKNOWN:
                break
        match place:
            case Whereabouts.READER:
                return None
            case Whereabouts.GATE | Whereabouts.BETWEEN:
                return await self.desk.call("card_module", self._module.move_to_reader, MOVE_DEADLINE_S)
            case Whereabouts.INLET:
                return await self.desk.call("card_module", partial(self._module.move_to_reader, fetch=True), MOVE_DEADLINE_S)
            case Whereabouts.NOWHERE:
                return Failure("card_module.no_card")
            case Whereabouts.STUCK:
                status = await self.sense()
                return status if isinstance(status, Failure) else Failure("card_printer.jam")
            case Whereabouts.UNKNOWN:
                return Failure("card_module.unknown_position")


class TakeIn:
    """Opens the slot and waits for the permit."""

    def __init__(self, slot: Slot) -> None:
        self._slot = slot

    async def do(self, case: Case, key: str) -> Result:
        slot = self._slot
        module: CardModule = slot.desk.get("card_module")
        place = await slot.locate()
        if place is not Whereabouts.NOWHERE:
            return _outside(Failure("card_module.unknown_position" if place is Whereabouts.UNKNOWN else "card_module.occupied"))
        failure = await slot.desk.call("card_module", module.allow_entry)
        if failure is not None:
            return _outside(failure)
        with slot.stopwatch.of("traveller"):
            arrived, failure = await self._wait()
        closed = await slot.desk.call("card_module", module.refuse_entry)
        if not arrived and closed is None:
            # the last look: a card may have come while the slot was being closed
            status = await slot.sense()
            arrived = isinstance(status, CardModuleStatus) and status.position is not CardPosition.NONE
        if arrived:
            return Result(Status.DONE, {"custody": Custody.IN_MACHINE, "began": True})
        if failure is not None or closed is not None:
            return Result(Status.UNKNOWN, failure=failure or closed)
        return _outside(Failure("card_module.not_inserted"))

    async def _wait(self) -> tuple[bool, Failure | None]:
        slot = self._slot
        async for _look in slot.clock.looks(INSERT):
            status = await slot.sense()
            if isinstance(status, Failure):
                return False, status
            if status.position is CardPosition.READER:
                return True, None
            if slot.given_up.is_set():
                return False, None
        return False, None

    async def ask(self, case: Case, key: str) -> Result:
        place = await self._slot.locate()
        if place in UNSEEN:
            return Result(Status.UNKNOWN)
        if place is Whereabouts.NOWHERE:
            return Result(Status.NOT_DONE, {"began": True, "custody": Custody.WITH_TRAVELLER})
        return Result(Status.DONE, {"custody": Custody.IN_MACHINE, "began": True})


def _not_moved(failure: Failure) -> Result:
    """A definite no only where the devices said so; a device that did not answer may have moved the card."""
    silent = failure.code.rpartition(".")[2] in NO_ANSWER
    return Result(Status.UNKNOWN if silent else Status.NOT_DONE, failure=failure)


def _outside(failure: Failure) -> Result:
    return Result(Status.NOT_DONE, {"began": True, "custody": Custody.WITH_TRAVELLER}, failure=failure)


class Present:
    """Puts the card at the gate and watches until the sensor sees it leave."""

    def __init__(self, slot: Slot) -> None:
        self._slot = slot

    async def do(self, case: Case, key: str) -> Result:
        slot = self._slot
        module: CardModule = slot.desk.get("card_module")
        place = await slot.locate()
        if place is Whereabouts.NOWHERE and case.standing.custody is Custody.UNKNOWN:
            return Result(Status.DONE, {"custody": Custody.WITH_TRAVELLER})  # it left while nobody could say so
        if place not in (Whereabouts.READER, Whereabouts.GATE):
            failure = await slot.to_reader()
            if failure is not None:
                return _not_moved(failure)
            place = Whereabouts.READER
        if place is Whereabouts.READER:
            failure = await slot.desk.call("card_module", module.eject, MOVE_DEADLINE_S)
            # a quick hand may have taken it before the module looked: then no sensor sees a card any more
            place = await slot.locate() if failure is not None else Whereabouts.GATE
            if failure is not None and place is Whereabouts.UNKNOWN:
                return Result(Status.UNKNOWN, failure=failure)
            if failure is not None and place not in (Whereabouts.GATE, Whereabouts.NOWHERE):
                return _not_moved(failure)
        with slot.stopwatch.of("traveller"):
            taken = await self._watch()
        slot.alarmed(False)
        if taken is None:
            return Result(Status.UNKNOWN, failure=Failure("card_module.unknown_position"))
        return Result(Status.DONE, {"custody": Custody.WITH_TRAVELLER} if taken else {"not_taken": True})

    async def _watch(self) -> bool | None:
        """True when the card left, False when it still lies there after the window, None where the sensor is silent."""
        slot = self._slot
        async for look in slot.clock.looks(TAKE):
            status = await slot.sense()
            if isinstance(status, Failure):
                return None
            if status.position is CardPosition.NONE:
                return True
            if look >= TAKE.looks // 2:
                slot.alarmed(True)
        return False

    async def ask(self, case: Case, key: str) -> Result:
        place = await self._slot.locate()
        if place in UNSEEN:
            return Result(Status.UNKNOWN)
        if place is Whereabouts.NOWHERE:
            return Result(Status.DONE, {"custody": Custody.WITH_TRAVELLER})
        return Result(Status.NOT_DONE)


class Retain:
    """Draws a card that was not taken into the bin."""

    def __init__(self, slot: Slot) -> None:
        self._slot = slot

    async def do(self, case: Case, key: str) -> Result:
        slot = self._slot
        module: CardModule = slot.desk.get("card_module")
        if await slot.locate() is Whereabouts.NOWHERE:
            # taken at the last moment; where it could not be seen for a while, the bin has it, as `ask` says
            found = Custody.RETAINED if case.standing.custody is Custody.UNKNOWN else Custody.WITH_TRAVELLER
            return Result(Status.DONE, {"custody": found})
        failure = await slot.desk.call("card_module", module.retain, MOVE_DEADLINE_S)
        if failure is not None:
            if failure.code == "card_module.no_card" and await slot.locate() is Whereabouts.NOWHERE:
                return Result(Status.DONE, {"custody": Custody.WITH_TRAVELLER})
            return _not_moved(failure)
        if await slot.locate() is not Whereabouts.NOWHERE:
            return Result(Status.UNKNOWN)
        return Result(Status.DONE, {"custody": Custody.RETAINED})

    async def ask(self, case: Case, key: str) -> Result:
        place = await self._slot.locate()
        if place in UNSEEN:
            return Result(Status.UNKNOWN)
        return Result(Status.DONE, {"custody": Custody.RETAINED}) if place is Whereabouts.NOWHERE else Result(Status.NOT_DONE)
