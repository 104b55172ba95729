"""Out of service, with the reason, until every device answers again."""

from kiosk.domain.clock import Window
from kiosk.journey.events import Event
from kiosk.journey.house import House
from kiosk.journey.page import Page
from kiosk.journey.timings import HEALTH_EVERY_S
from kiosk.journey.visit import Visit
from kiosk.view import Message, OutOfServiceBody

AGAIN = Window(1 << 30, HEALTH_EVERY_S / 6)


class OutOfService:
    async def run(self, visit: Visit, house: House) -> Event:
        async for _look in house.clock.looks(AGAIN):
            readiness = await house.service.ask()
            if readiness.ready:
                await house.settle()
                return Event.DONE
            visit.fail(readiness.why[0])
            visit.changed()
        return Event.DONE

    def view(self, visit: Visit, house: House) -> Page:
        reason = visit.turned.text if visit.turned else Message("out_of_service.reason")
        return Page(Message("out_of_service.title"), OutOfServiceBody(reason, house.hours), speech=(Message("out_of_service.title"), reason))
