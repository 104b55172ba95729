"""A phone number for the authority's message; it may be left out."""

from kiosk.domain.sensitive import Sensitive
from kiosk.journey.events import Event
from kiosk.journey.house import House
from kiosk.journey.page import Page, digit_keys, primary, secondary
from kiosk.journey.visit import Visit
from kiosk.view import KeypadBody, Message

LENGTH = 11


class Phone:
    async def run(self, visit: Visit, house: House) -> Event:
        while True:
            touch = await visit.next_touch()
            visit.problem = None
            digits = visit.phone.reveal()
            if touch.startswith("digit:") and len(digits) < LENGTH:
                visit.phone = Sensitive(digits + touch.removeprefix("digit:"))
            elif touch == "erase":
                visit.phone = Sensitive(digits[:-1])
            elif touch == "skip":
                visit.phone = Sensitive("")
                return Event.ENTERED
            elif touch == "footer.back":
                return Event.WENT_BACK
            elif touch == "next":
                if len(digits) == LENGTH and digits.startswith("1"):
                    return Event.ENTERED
                visit.problem = Message("journey.phone.wrong")
            visit.changed()

    def view(self, visit: Visit, house: House) -> Page:
        digits = visit.phone.reveal()
        shown = "".join(digit if index < 3 or index >= len(digits) - 1 else "*" for index, digit in enumerate(digits))
        answers = digit_keys(bool(digits))
        actions = (primary("next", "journey.phone.next", len(digits) == LENGTH), secondary("skip", "journey.phone.skip"))
        body = KeypadBody(shown, LENGTH, Message("journey.phone.sentence"))
        return Page(Message("journey.phone.title"), body, (*answers, *actions), problem=visit.problem)
