"""A phone number for the authority's message; it may be left out."""

from kiosk.domain.contact import is_mobile
from kiosk.domain.sensitive import Sensitive
from kiosk.journey.events import Event
from kiosk.journey.house import House
from kiosk.journey.mobile import keypad, keypad_answers, typed
from kiosk.journey.page import Page
from kiosk.journey.visit import Visit
from kiosk.view import Message


class Phone:
    async def run(self, visit: Visit, house: House) -> Event:
        while True:
            touch = await visit.next_touch()
            visit.problem = None
            visit.phone = typed(visit.phone, touch)
            if touch == "skip":
                visit.phone = Sensitive("")
                return Event.ENTERED
            if touch == "footer.back":
                return Event.WENT_BACK
            if touch == "next":
                if is_mobile(visit.phone.reveal()):
                    return Event.ENTERED
                visit.problem = Message("journey.phone.wrong")
            visit.changed()

    def view(self, visit: Visit, house: House) -> Page:
        body = keypad(visit.phone, "journey.phone.sentence")
        return Page(Message("journey.phone.title"), body, keypad_answers(visit.phone), problem=visit.problem)
