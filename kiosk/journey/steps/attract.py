"""The first page: destinations. Nothing of anybody is known; the machine makes sure meanwhile that it can serve."""

import asyncio

from kiosk.domain.endorsement import Destination
from kiosk.journey.comforts import first_page_keys
from kiosk.journey.events import Event
from kiosk.journey.house import House
from kiosk.journey.page import Page, choice
from kiosk.journey.timings import HEALTH_EVERY_S
from kiosk.journey.visit import Visit
from kiosk.view import Message, WelcomeBody

WAYS = ("HKG", "MAC", "HKG,MAC", "TWN")


class Attract:
    async def run(self, visit: Visit, house: House) -> Event:
        await house.identity.prepare_face()
        while True:
            try:
                touch = await asyncio.wait_for(visit.next_touch(), house.clock.real_s(HEALTH_EVERY_S))
            except TimeoutError:
                if (await house.service.ask()).ready:
                    await house.settle()
                continue
            if touch.startswith("go:"):
                visit.wanted = tuple(Destination(code) for code in touch.removeprefix("go:").split(","))
                readiness = await house.service.ask()
                if not readiness.ready:
                    visit.fail(readiness.why[0])
                    return Event.DEVICE_LOST
                await house.settle_due()  # a busy hall leaves no idle minute for what an earlier case left open
                return Event.STARTED

    def view(self, visit: Visit, house: House) -> Page:
        answers = tuple(choice(f"go:{way}", Message(f"journey.go.{way.replace(',', '_')}")) for way in WAYS)
        answers = (*answers, *first_page_keys(visit.comfort, house.out_of_reach))
        return Page(Message("journey.attract.title"), WelcomeBody(house.hall, house.hours), answers, speech=(Message("journey.attract.speech"),))
