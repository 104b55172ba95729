"""Who stands there: the ID card, the permit's chip, the face. Each says no with its own code."""

import asyncio
import threading
from datetime import date
from functools import partial

from drivers.contract.card_module import CardModule
from drivers.contract.chip import AccessKey, ChipReader, PermitChip
from drivers.contract.id_reader import IdCard, IdReader, Layout
from drivers.contract.lights import Lights
from kiosk.domain.clock import Clock
from kiosk.domain.failure import Failure
from kiosk.domain.numbers import is_resident_id
from kiosk.domain.permit import Permit, PermitKind
from kiosk.domain.person import RegistryRecord
from kiosk.face.filming.messages import Begin
from kiosk.face.image import Image
from kiosk.face.reference import open_portrait
from kiosk.face.verdict import Colour, Sight, Spent, Times, Verdict
from kiosk.health.desk import DeviceDesk
from kiosk.services.face_booth import FaceBooth
from kiosk.services.face_chances import FaceChances

READ_DEADLINE_S = 25.0
CHIP_DEADLINE_S = 60.0
BEGIN_DEADLINE_S = 25.0
DOCUMENT_TYPES = {PermitKind.HKMO: "CS", PermitKind.TAIWAN: "CD"}


class Identity:
    """fill_gain: what a face answers to the fill light of this machine, see `[face]` of the profile."""

    def __init__(self, desk: DeviceDesk, chip: ChipReader, fill_gain: float) -> None:
        self.desk = desk
        self._chip = chip
        self._fill_gain = fill_gain
        self._chances = FaceChances()
        self._left = threading.Event()

    async def card_on_reader(self) -> bool | Failure:
        reader: IdReader = self.desk.get("id_reader")
        return await self.desk.call("id_reader", reader.card_present)

    async def read_id_card(self, today: date) -> IdCard | Failure:
        """A valid resident ID card, or why not: `identity.not_resident_card`, `identity.id_card_expired`, `identity.bad_id_number`."""
        reader: IdReader = self.desk.get("id_reader")
        card = await self.desk.call("id_reader", partial(reader.read, 3.0), READ_DEADLINE_S)
        if isinstance(card, Failure):
            return card
        if card.layout is not Layout.RESIDENT:
            return Failure("identity.not_resident_card")
        if not is_resident_id(card.id_number):
            return Failure("identity.bad_id_number")
        if card.valid_to not in (None, "长期") and date.fromisoformat(card.valid_to or "") < today:
            return Failure("identity.id_card_expired")
        return card

    def same_person(self, card: IdCard, record: RegistryRecord) -> Failure | None:
        """The registry's row must be the card's person."""
        if record.name != card.name or record.birth.isoformat() != card.birth:
            return Failure("identity.registry_differs")
        return None

    async def open_permit(self, record: RegistryRecord) -> tuple[Permit, PermitChip] | Failure:
        """Tries this person's permits, nobody else's; DG1 must then equal the row that opened it."""
        if not record.permits:
            return Failure("chip.no_key_fits")
        keys = [AccessKey(permit.number, record.birth, permit.expires_on) for permit in record.permits]
        module: CardModule = self.desk.get("card_module")
        # the chip is read through the card module's line, so in the card module's thread
        opened = await self.desk.call("card_module", partial(self._chip.open_with, keys), CHIP_DEADLINE_S)
        await self.desk.call("card_module", module.apdu_channel().deactivate)
        if isinstance(opened, Failure):
            return opened
        index, chip = opened
        permit = record.permits[index]
        same = (
            chip.document_number == permit.number
            and chip.document_type == DOCUMENT_TYPES[permit.kind]
            and chip.birth == record.birth
            and chip.expires_on == permit.expires_on
            and (chip.name is None or chip.name == record.name)
        )
        return (permit, chip) if same else Failure("identity.permit_differs")

    async def begin_face(self, chip: PermitChip, id_photo: bytes | None, clock: Clock) -> Failure | None:
        """The process that films looks at whoever stands there. The chip's portrait decides; the ID card's photo, where there is one, may doubt.

        `face.not_alive`, `face.unsure` where the holder has no chance left.
        """
        before = self._chances.of(chip.document_number)
        if before.refusal is not None:
            return before.refusal
        portraits = (chip.face_image,) if id_photo is None else (chip.face_image, id_photo)
        begin = Begin(portraits, Times().hurried(clock.real_s), self._fill_gain, before)
        self._left = threading.Event()
        return await self.desk.call("face_camera", partial(self._booth().begin, begin, self._left), BEGIN_DEADLINE_S)

    async def face_told(self, wait_s: float) -> Sight | Verdict | Failure | None:
        return await self.desk.call("face_camera", partial(self._booth().next, wait_s))

    async def shine(self, colour: Colour) -> Failure | None:
        lights: Lights = self.desk.get("lights")
        return await self.desk.call("lights", partial(lights.fill, *colour))

    def lit(self, colour: Colour) -> None:
        self._booth().lit(colour)

    def spent(self, chip: PermitChip, spent: Spent) -> None:
        """What the holder has used up by now; `Spent()` once they were let through."""
        self._chances.note(chip.document_number, spent)

    async def end_face(self) -> None:
        """Kills the process that saw the person, or was about to; takes some milliseconds."""
        self._left.set()
        await asyncio.to_thread(self._booth().forget)

    async def prepare_face(self) -> None:
        """Has a process ready for whoever comes next."""
        await asyncio.to_thread(self._booth().prepare)

    def _booth(self) -> FaceBooth:
        booth: FaceBooth = self.desk.get("face_camera")
        return booth

    async def portrait(self, chip: PermitChip) -> Image | Failure:
        """The chip's picture for staff to compare with the person; `face.reference_…` where it cannot be opened. Needs no face model."""
        return await asyncio.to_thread(open_portrait, chip.face_image)

    async def forget(self) -> None:
        """Leaves no picture in the cameras, and no process that saw a face."""
        await asyncio.to_thread(self.desk.forget)
