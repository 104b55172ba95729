"""The permit goes into the slot: here the case begins."""

import asyncio

from kiosk.case.casefile import CaseFile
from kiosk.case.moves import Act, Custody
from kiosk.domain.sensitive import masked_name
from kiosk.journey.events import Event
from kiosk.journey.house import House
from kiosk.journey.page import Page
from kiosk.journey.visit import Visit
from kiosk.view import ActBody, Message, Picture


class PermitStep:
    async def run(self, visit: Visit, house: House) -> Event:
        if visit.id_card is None:
            raise RuntimeError("no ID card was read")
        house.slot.given_up = asyncio.Event()
        file = CaseFile(permit_number="", permit_kind="", id_number=visit.id_card.reveal().id_number)
        visit.case = house.executor.journal.begin(house.clock.today(), file)
        taking_in = asyncio.create_task(house.executor.advance(visit.case, stop_before=frozenset(Act) - {Act.TAKE_IN}))
        try:
            visit.case = await asyncio.shield(taking_in)
        except asyncio.CancelledError:
            house.slot.given_up.set()
            visit.case = await taking_in
            raise
        if visit.case.standing.custody is Custody.IN_MACHINE:
            visit.inserted = True
            return Event.INSERTED
        if visit.case.file.cause == "card_module.not_inserted":
            return Event.TIMED_OUT
        visit.turn_for(visit.case, "card_module.fault")
        return Event.DEVICE_LOST

    def view(self, visit: Visit, house: House) -> Page:
        person = masked_name(visit.id_card.reveal().name or "") if visit.id_card else None
        body = ActBody(Picture.INSERT_PERMIT, Message("journey.permit.sentence"), Message("journey.permit.hint"), person)
        return Page(Message("journey.permit.title"), body, speech=(body.sentence, Message("journey.permit.hint")))
