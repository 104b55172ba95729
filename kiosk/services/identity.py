"""Who stands there: the ID card, the permit's chip, the face. Each says no with its own code."""

import asyncio
from datetime import date
from functools import partial

from drivers.contract.card_module import CardModule
from drivers.contract.chip import AccessKey, ChipReader, PermitChip
from drivers.contract.id_reader import IdCard, IdReader, Layout
from kiosk.domain.failure import Failure
from kiosk.domain.numbers import is_resident_id
from kiosk.domain.permit import Permit, PermitKind
from kiosk.domain.person import RegistryRecord
from kiosk.face.match import Decision, FaceMatcher, Look, Reference
from kiosk.health.desk import DeviceDesk

READ_DEADLINE_S = 25.0
CHIP_DEADLINE_S = 60.0
DOCUMENT_TYPES = {PermitKind.HKMO: "CS", PermitKind.TAIWAN: "CD"}


class Identity:
    """matcher: None while the face models are missing; then no face is ever matched."""

    def __init__(self, desk: DeviceDesk, chip: ChipReader, matcher: "asyncio.Future[FaceMatcher | Failure]") -> None:
        self.desk = desk
        self._chip = chip
        self._matcher = matcher

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

    async def matcher(self) -> FaceMatcher | Failure:
        return await asyncio.shield(self._matcher)

    async def enrol(self, chip: PermitChip) -> Reference | Failure:
        matcher = await self.matcher()
        if isinstance(matcher, Failure):
            return matcher
        return await asyncio.to_thread(matcher.enrol, chip.face_image)

    async def frame(self) -> object | Failure:
        return await self.desk.call("face_camera", self.desk.get("face_camera").frame)

    async def look(self, frame: object) -> Look | Failure:
        matcher = await self.matcher()
        if isinstance(matcher, Failure):
            return matcher
        return await asyncio.to_thread(matcher.look, frame)  # type: ignore[arg-type]

    async def decide(self, reference: Reference, looks: list[Look]) -> Decision | Failure:
        matcher = await self.matcher()
        if isinstance(matcher, Failure):
            return matcher
        return await asyncio.to_thread(matcher.decide, reference, looks)

    async def forget(self) -> None:
        """Leaves no face in the cameras' and the networks' buffers."""
        self.desk.forget()
        if self._matcher.done() and isinstance(matcher := self._matcher.result(), FaceMatcher):
            await asyncio.to_thread(matcher.forget)
