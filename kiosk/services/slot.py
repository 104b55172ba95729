"""Where the permit is, and the acts that move it between traveller and machine: take in, present, retain."""

import asyncio
from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import partial
from types import MappingProxyType

from drivers.contract.card_module import CardModule, CardModuleStatus, CardPosition
from drivers.contract.card_printer import CardPrinter, CardPrinterStatus
from drivers.contract.failure import Failure as DeviceFailure
from drivers.contract.status import Media
from kiosk.case.acts import Result, Status
from kiosk.case.casefile import Case
from kiosk.case.moves import Custody
from kiosk.domain.clock import Clock, Window
from kiosk.domain.failure import Failure
from kiosk.health.desk import DeviceDesk
from kiosk.health.stopwatch import Stopwatch

MOVE_DEADLINE_S = 20.0
COUNTER_END = 999
"""The bin's counter stops there: from then on it tells nothing."""


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
INSERT = Window(9000, 0.4)  # an hour: whoever does nothing is asked by the page long before, and gives up there
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
        place = await self._settled()
        jam = await self.sense() if place is Whereabouts.STUCK else None
        if isinstance(jam, Failure):
            # what stands in the module's memory as a jam may have come free
            place = await self._settled() if await self.desk.call("card_module", self._module.initialise) is None else place
        match place:
            case Whereabouts.READER:
                return None
            case Whereabouts.GATE | Whereabouts.BETWEEN:
                return await self.move(self._module.move_to_reader)
            case Whereabouts.INLET:
                # never repeated blindly: with no card to fetch the module would dispense one from its stacker
                return await self.desk.call("card_module", partial(self._module.move_to_reader, fetch=True), MOVE_DEADLINE_S)
            case Whereabouts.NOWHERE:
                return Failure("card_module.no_card")
            case Whereabouts.STUCK:
                return jam if isinstance(jam, Failure) else Failure("card_printer.jam")
            case Whereabouts.UNKNOWN:
                return Failure("card_module.unknown_position")

    async def _settled(self) -> Whereabouts:
        place = Whereabouts.UNKNOWN
        async for _look in self.clock.looks(SETTLE):
            place = await self.locate()
            if place is not Whereabouts.UNKNOWN:
                break
        return place

    async def move(self, work: Callable[[], DeviceFailure | None]) -> Failure | None:
        """One of the module's moves; after a jam its errors are cleared and the move is tried once more."""
        failure = await self.desk.call("card_module", work, MOVE_DEADLINE_S)
        if failure is None or failure.code != "card_module.jam":
            return failure
        cleared = await self.desk.call("card_module", self._module.initialise)
        return await self.desk.call("card_module", work, MOVE_DEADLINE_S) if cleared is None else failure

    async def bin_count(self) -> int | None:
        """The bin's counter; None where it does not tell."""
        count: int | Failure = await self.desk.call("card_module", self._module.bin_count)
        return None if isinstance(count, Failure) or count >= COUNTER_END else count

    async def in_bin(self, case: Case) -> bool | None:
        """Whether a card that no sensor sees any more went into the bin since it came in; None where the counter does not tell."""
        before, now = case.file.bin_count, await self.bin_count()
        return None if before is None or now is None or now < before else now > before


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
            return await self._inside()
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
        return await self._inside()

    async def _inside(self) -> Result:
        return Result(Status.DONE, {"custody": Custody.IN_MACHINE, "began": True}, {"bin_count": await self._slot.bin_count()})


def _not_moved(failure: Failure, changes: Mapping[str, StrEnum] = MappingProxyType({})) -> Result:
    """A definite no only where the devices said so; a device that did not answer may have moved the card."""
    silent = failure.code.rpartition(".")[2] in NO_ANSWER
    return Result(Status.UNKNOWN, failure=failure) if silent else Result(Status.NOT_DONE, changes, failure=failure)


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
            return await _left(slot, case)  # it went while nobody could say so
        if place not in (Whereabouts.READER, Whereabouts.GATE):
            failure = await slot.to_reader()
            if failure is not None:
                return _not_moved(failure)
            place = Whereabouts.READER
        if place is Whereabouts.READER:
            failure = await slot.move(module.eject)
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
        if place is Whereabouts.GATE:
            return Result(Status.NOT_DONE, {"custody": Custody.UNKNOWN})  # anybody may take it from there, at any moment
        return await _left(self._slot, case) if place is Whereabouts.NOWHERE else Result(Status.NOT_DONE)


async def _left(slot: Slot, case: Case) -> Result:
    """Presented, and no sensor sees it: it went out, for nothing draws it into the bin but `retain`; the counter has the last word."""
    return _retained(slot) if await slot.in_bin(case) else Result(Status.DONE, {"custody": Custody.WITH_TRAVELLER})


def _retained(slot: Slot) -> Result:
    return Result(Status.DONE, {"custody": Custody.RETAINED}, {"retained_at": slot.clock.now().timestamp()})


class Retain:
    """Draws a card that was not taken into the bin."""

    def __init__(self, slot: Slot) -> None:
        self._slot = slot

    async def do(self, case: Case, key: str) -> Result:
        slot = self._slot
        module: CardModule = slot.desk.get("card_module")
        if await slot.locate() is Whereabouts.NOWHERE:
            if case.standing.custody is Custody.UNKNOWN:
                return await self._counted(case)
            return Result(Status.DONE, {"custody": Custody.WITH_TRAVELLER})  # taken at the last moment
        failure = await slot.move(module.retain)
        if failure is None:
            return Result(Status.UNKNOWN) if await slot.locate() is not Whereabouts.NOWHERE else _retained(slot)
        if failure.code == "card_module.no_card" and await slot.locate() is Whereabouts.NOWHERE:
            return Result(Status.DONE, {"custody": Custody.WITH_TRAVELLER})
        await slot.to_reader()  # it must not lie at the gate for anybody to take
        held = await slot.locate() is Whereabouts.READER
        return _not_moved(failure, {} if held else {"custody": Custody.UNKNOWN})

    async def ask(self, case: Case, key: str) -> Result:
        place = await self._slot.locate()
        if place in UNSEEN:
            return Result(Status.UNKNOWN)
        return await self._counted(case) if place is Whereabouts.NOWHERE else Result(Status.NOT_DONE)

    async def _counted(self, case: Case) -> Result:
        """Sent into the bin, and no sensor sees it: only the counter knows whether it got there or was taken before."""
        match await self._slot.in_bin(case):
            case True:
                return _retained(self._slot)
            case False:
                return Result(Status.DONE, {"custody": Custody.WITH_TRAVELLER})
            case None:
                return Result(Status.NOT_DONE, {"custody": Custody.UNKNOWN}, failure=Failure("card_module.no_card"))
