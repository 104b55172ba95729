"""The acts on the card's back: write, restore, inspect. "Printed" means that the back was looked at again."""

import asyncio
from collections.abc import Sequence
from datetime import date
from functools import partial

from drivers.contract.bitmap import Bitmap
from drivers.contract.camera import Camera, Frame
from drivers.contract.card_module import CardModule
from drivers.contract.card_printer import CardPrinter, CardPrinterStatus
from drivers.contract.status import Media
from kiosk.case.acts import Result, Status
from kiosk.case.casefile import Block, Case
from kiosk.case.moves import Back, delivering
from kiosk.domain.clock import Window
from kiosk.domain.endorsement import Destination, Kind, Validity
from kiosk.domain.failure import Failure
from kiosk.health.desk import in_our_words
from kiosk.services.card_back import layout
from kiosk.services.card_back.inspection import Inspection, Verdict, compare_pictured, inspect, pictured
from kiosk.services.slot import MOVE_DEADLINE_S, Slot

LOAD_DEADLINE_S = 60.0  # 42 kB of lines take 44 s at 9600 baud
JOB_DEADLINE_S = 120.0  # making a card takes about 40 s; a cold head more
LOOKS = Window(8, 0.25)  # frames looked at before the back counts as not seen
UNTOLD = (Verdict.UNREADABLE, Verdict.NO_CARD)  # another frame may tell


def picture_of(blocks: Sequence[Block]) -> Bitmap:
    """The back with these blocks; without any it is white."""
    return layout.draw([_printed(block) for block in blocks])


def codes_of(blocks: Sequence[Block]) -> list[str]:
    return [_printed(block).code for block in blocks]


def _printed(block: Block) -> layout.Block:
    return layout.Block(
        destination=Destination(block.destination),
        kind=Kind(block.kind),
        validity=Validity.parse(block.validity),
        valid_until=date.fromisoformat(block.valid_until),
        stay_days=block.stay_days,
        issued_on=date.fromisoformat(block.issued_on),
        issuer=block.issuer or "",
        number=block.number,
        remark=block.remark or "",
    )


def new_back(case: Case) -> tuple[Block, ...]:
    """What the back is to show: the issued blocks and the still-valid ones of other destinations."""
    return (*case.file.issued, *case.file.kept)


class BackPrinter:
    """One print job on the card inside: load, arm, hand over, finish, fetch back."""

    def __init__(self, slot: Slot) -> None:
        self._slot = slot

    async def burn(self, picture: Bitmap) -> Result:
        """NOT_DONE where the card's back was certainly not touched; otherwise DONE with the back unknown until it is looked at."""
        slot, desk = self._slot, self._slot.desk
        printer: CardPrinter = desk.get("card_printer")
        module: CardModule = desk.get("card_module")
        failure = await slot.to_reader()
        if failure is None:
            failure = await desk.call("card_printer", partial(printer.load, picture), LOAD_DEADLINE_S)
        if failure is None:
            failure = await desk.call("card_printer", printer.arm, MOVE_DEADLINE_S)
        if failure is not None:
            return Result(Status.NOT_DONE, failure=failure)
        handed = await slot.move(module.hand_over)
        if handed is not None:
            # it may have gone half-way: the printer's answer and the sensors tell
            await desk.call("card_printer", printer.cancel)
        failure = handed or await desk.call("card_printer", partial(printer.finish, JOB_DEADLINE_S), JOB_DEADLINE_S + 10)
        fetched = await slot.to_reader()
        return Result(Status.DONE, {"back": Back.UNKNOWN}, failure=failure or fetched)

    async def ask(self) -> Result:
        """Nobody but the camera can say what a job that was cut off left on the card."""
        printer: CardPrinterStatus | Failure = await self._slot.desk.call("card_printer", self._slot.desk.get("card_printer").sense)
        if isinstance(printer, Failure) and await self._slot.to_reader() is not None:
            return Result(Status.UNKNOWN, failure=printer)
        if isinstance(printer, CardPrinterStatus) and printer.media is Media.JAMMED:
            return Result(Status.UNKNOWN, failure=in_our_words(printer.fault) if printer.fault else None)
        return Result(Status.DONE, {"back": Back.UNKNOWN})


class WriteBack:
    def __init__(self, printer: BackPrinter) -> None:
        self._printer = printer

    async def do(self, case: Case, key: str) -> Result:
        return await self._printer.burn(picture_of(new_back(case)))

    async def ask(self, case: Case, key: str) -> Result:
        return await self._printer.ask()


class RestoreBack:
    """Brings back what the card showed before, from the journalled blocks."""

    def __init__(self, printer: BackPrinter) -> None:
        self._printer = printer

    async def do(self, case: Case, key: str) -> Result:
        return await self._printer.burn(picture_of(case.file.before))

    async def ask(self, case: Case, key: str) -> Result:
        return await self._printer.ask()


class Inspect:
    """Looks at the back through the inspection camera: the first time to keep a picture of it, then to compare it with what was meant."""

    def __init__(self, slot: Slot) -> None:
        self._slot = slot

    async def do(self, case: Case, key: str) -> Result:
        failure = await self._slot.to_reader()
        if failure is not None:
            return Result(Status.NOT_DONE, failure=failure)
        standing = case.standing
        # a back that was printed on, or may have been, is never taken for the one that was handed in
        first = not standing.pictured and standing.back is Back.AS_FOUND and not standing.writes and not standing.restores
        seen: Failure | None = Failure("card_back.unreadable")
        async for _look in self._slot.clock.looks(LOOKS):
            frame = await self._slot.desk.call("back_camera", self._camera().frame)
            if isinstance(frame, Failure):
                seen = frame
            else:
                result = await asyncio.to_thread(self._picture if first else self._judge, case, frame)
                if result is not None:
                    return result
                seen = Failure("card_back.unreadable")
        return Result(Status.NOT_DONE, failure=seen)

    def _camera(self) -> Camera:
        camera: Camera = self._slot.desk.get("back_camera")
        return camera

    def _picture(self, _case: Case, frame: Frame) -> Result | None:
        """Keeps the back as it came, whoever printed it; None where this frame shows no card."""
        seen = pictured(frame)
        if seen is None:
            return None
        picture, codes = seen
        return Result(Status.DONE, {"back": Back.AS_FOUND, "pictured": True}, {"picture": picture, "picture_codes": codes})

    def _judge(self, case: Case, frame: Frame) -> Result | None:
        """What the back shows, None where this frame does not tell. A spoiled picture counts as blank: nothing on it is valid."""
        if delivering(case.standing):
            meant = inspect(frame, picture_of(new_back(case)), codes_of(new_back(case)))
            if meant.verdict is Verdict.AS_MEANT:
                return Result(Status.DONE, {"back": Back.WRITTEN})
            if meant.verdict in UNTOLD:
                return None
        # as it was handed in, or as this machine has brought it back
        told = True
        codes: set[str] = set()
        for look in (self._with_picture, self._with_drawing):
            found = look(case, frame)
            if found is None:
                continue
            if found.verdict is Verdict.AS_MEANT:
                return Result(Status.DONE, {"back": Back.AS_FOUND})
            told = told and found.verdict not in UNTOLD
            codes |= set(found.codes)
        if not told:
            return None
        remains = not {block.code for block in map(_printed, case.file.issued)}.isdisjoint(codes)
        return Result(Status.DONE, {"back": Back.BLANK, "remains": remains})

    def _with_picture(self, case: Case, frame: Frame) -> Inspection | None:
        """None where the case has none: one that an older version began."""
        return compare_pictured(frame, case.file.picture, case.file.picture_codes) if case.file.picture else None

    def _with_drawing(self, case: Case, frame: Frame) -> Inspection:
        return inspect(frame, picture_of(case.file.before), codes_of(case.file.before))

    async def ask(self, case: Case, key: str) -> Result:
        return Result(Status.NOT_DONE)  # looking leaves no trace: it is simply done again
