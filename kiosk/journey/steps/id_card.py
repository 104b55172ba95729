"""The resident ID card on the reader."""

from kiosk.domain.clock import Window
from kiosk.domain.failure import Failure
from kiosk.domain.sensitive import Sensitive
from kiosk.journey.events import Event
from kiosk.journey.house import House
from kiosk.journey.page import Page
from kiosk.journey.timings import ID_CARD_TRIES
from kiosk.journey.visit import Visit
from kiosk.view import ActBody, Message, Picture

POLL = Window(1 << 30, 0.3)  # readers are polled every 300 to 1000 ms
REFUSALS = ("identity.",)


class IdCardStep:
    async def run(self, visit: Visit, house: House) -> Event:
        for attempt in range(ID_CARD_TRIES):
            with house.stopwatch.of("traveller"):
                present = await self._wait(house)
            if isinstance(present, Failure):
                visit.fail(present)
                return Event.DEVICE_LOST
            card = await house.identity.read_id_card(house.clock.today())
            if not isinstance(card, Failure):
                visit.id_card, visit.problem, visit.turned = Sensitive(card), None, None
                return Event.READ
            visit.fail(card)
            if card.code.startswith(REFUSALS):
                return Event.REFUSED
            if attempt + 1 < ID_CARD_TRIES:
                visit.problem = Message("journey.id_card.again")
                visit.changed()
        return Event.DEVICE_LOST

    async def _wait(self, house: House) -> Failure | None:
        async for _look in house.clock.looks(POLL):
            present = await house.identity.card_on_reader()
            if isinstance(present, Failure):
                return present
            if present:
                return None
        return None

    def view(self, visit: Visit, house: House) -> Page:
        body = ActBody(Picture.PLACE_ID_CARD, Message("journey.id_card.sentence"), Message("journey.id_card.hint"))
        return Page(Message("journey.id_card.title"), body, problem=visit.problem, speech=(body.sentence,))
