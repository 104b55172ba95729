"""Out of service, with the reason, until every device answers again."""

from kiosk.domain.clock import Window
from kiosk.journey.events import Event
from kiosk.journey.house import House
from kiosk.journey.page import Page
from kiosk.journey.table import State
from kiosk.journey.timings import HEALTH_EVERY_S
from kiosk.journey.visit import Visit
from kiosk.view import Comfort, Message, OutOfServiceBody, View

AGAIN = Window(1 << 30, HEALTH_EVERY_S / 6)


class OutOfService:
    async def run(self, visit: Visit, house: House) -> Event:
        async for _look in house.clock.looks(AGAIN):
            readiness = await house.service.ask()
            if readiness.ready:
                await house.settle()
                await house.notices.print_slip()
                return Event.DONE
            if all(reason.code == "card_module.occupied" for reason in readiness.why):
                await house.settle()  # it may be the card of a case that could not be settled before
            visit.fail(readiness.why[0])
            visit.changed()
            await house.notices.send()  # a card that stands in the way is often the very thing that staff must hear of
        return Event.DONE

    def view(self, visit: Visit, house: House) -> Page:
        reason = visit.turned.text if visit.turned else Message("out_of_service.reason")
        return _page(reason, house.hours)


def _page(reason: Message, hours: str) -> Page:
    title = Message("out_of_service.title")
    return Page(title, OutOfServiceBody(reason, hours), speech=(title, reason))


def closed_view(reason: Message, hours: str, simulated: bool) -> View:
    """The same page where there is no machine that could walk to it: nothing to touch, nobody's language."""
    page = _page(reason, hours)
    return View(1, State.OUT_OF_SERVICE.value, None, page.title, page.body, (), Comfort(), speech=page.speech, simulated=simulated)
