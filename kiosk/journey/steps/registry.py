"""The registry names the person's card permits; without one for the wanted destination there is nothing to insert."""

from kiosk.domain.failure import Failure
from kiosk.domain.permit import PermitKind
from kiosk.domain.sensitive import Sensitive
from kiosk.journey.events import Event
from kiosk.journey.house import House
from kiosk.journey.page import Page
from kiosk.journey.steps.choose import refusal_for
from kiosk.journey.visit import Visit
from kiosk.view import Message, StageState, WorkingBody


class Registry:
    async def run(self, visit: Visit, house: House) -> Event:
        if visit.id_card is None:
            raise RuntimeError("no ID card was read")
        card = visit.id_card.reveal()
        with house.stopwatch.of("gateway"):
            record = await house.authority.query_person(Sensitive(card.id_number))
        if isinstance(record, Failure):
            visit.fail(record)
            return Event.REFUSED if record.code == "authority.person_unknown" else Event.DEVICE_LOST
        differs = house.identity.same_person(card, record)
        if differs is not None:
            visit.fail(differs)
            return Event.REFUSED
        visit.record = Sensitive(record)
        visit.answer = house.policy.evaluate(record, house.clock.today(), house.region)
        kinds = {kind for kind in PermitKind if set(kind.destinations) & set(visit.wanted)}
        if not any(permit.kind in kinds for permit in record.permits):
            refusal_for(visit, visit.wanted[0], None)
            return Event.REFUSED
        return Event.FOUND

    def view(self, visit: Visit, house: House) -> Page:
        stages = ((Message("stage.id_card_read"), StageState.DONE), (Message("stage.registry"), StageState.RUNNING))
        return Page(Message("journey.registry.title"), WorkingBody(stages))
