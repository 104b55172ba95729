"""A member of staff logs in at the machine, to compare the person with the portrait of the permit's chip."""

from kiosk.domain.failure import Failure
from kiosk.domain.sensitive import Sensitive
from kiosk.journey.confirming import Asking, Confirming
from kiosk.journey.events import Event
from kiosk.journey.house import House
from kiosk.journey.page import Page, digit_keys, primary
from kiosk.journey.visit import Visit
from kiosk.services.pins import PIN_LENGTH
from kiosk.view import KeypadBody, Message

NUMBER_LENGTH = range(1, 7)


class StaffConfirm:
    async def run(self, visit: Visit, house: House) -> Event:
        if visit.problem is not None:
            visit.problem = None
            visit.changed()
        staff = ""
        try:
            staff = await self._logged_in(visit, house)
        finally:
            visit.confirming = Confirming(staff=staff)  # who logged in goes on to the comparison; what was typed does not
        return Event.STAFF_LOGGED_IN if staff else Event.WENT_BACK

    async def _logged_in(self, visit: Visit, house: House) -> str:
        """Asks for number and PIN until somebody is logged in, and returns the number to write down; "" where they went back."""
        while True:
            touch = await visit.next_touch()
            visit.problem = None
            confirming = visit.confirming
            match confirming.asking, touch:
                case Asking.NUMBER, "footer.back":
                    return ""
                case Asking.PIN, "footer.back":
                    visit.confirming = Confirming(digits=confirming.digits)
                case Asking.NUMBER, "next" if len(confirming.digits) in NUMBER_LENGTH:
                    confirming.asking = Asking.PIN
                case Asking.PIN, "next" if len(confirming.pin.reveal()) in PIN_LENGTH:
                    confirming.looking = True
                    visit.changed()  # no key can be touched while the PIN is looked at
                    outcome = await house.staff_login.log_in(confirming.digits, confirming.pin.reveal())
                    if not isinstance(outcome, Failure):
                        return outcome
                    visit.confirming = Confirming(Asking.PIN, confirming.digits)
                    visit.problem = Message(f"failure.{outcome.code}", outcome.detail)
                case _:
                    self._typed(confirming, touch)
            visit.changed()

    def _typed(self, confirming: Confirming, touch: str) -> None:
        if confirming.asking is Asking.NUMBER:
            confirming.digits = _after(confirming.digits, touch, NUMBER_LENGTH[-1])
        else:
            confirming.pin = Sensitive(_after(confirming.pin.reveal(), touch, PIN_LENGTH[-1]))

    def view(self, visit: Visit, house: House) -> Page:
        confirming = visit.confirming
        match confirming.asking:
            case Asking.NUMBER:
                shown, least, most = confirming.digits, 1, NUMBER_LENGTH[-1]
            case Asking.PIN:
                shown, least, most = "*" * len(confirming.pin.reveal()), PIN_LENGTH[0], PIN_LENGTH[-1]
        title, sentence = Message(f"staff_confirm.{confirming.asking}.title"), Message(f"staff_confirm.{confirming.asking}.sentence")
        keys = digit_keys(bool(shown), not confirming.looking)
        body = KeypadBody(shown, min(max(len(shown) + 1, least), most), sentence)
        ready = least <= len(shown) <= most and not confirming.looking
        return Page(title, body, (*keys, primary("next", "staff_confirm.next", ready)), problem=visit.problem, speech=(title, sentence))


def _after(text: str, touch: str, most: int) -> str:
    if touch == "erase":
        return text[:-1]
    return text + touch.removeprefix("digit:") if touch.startswith("digit:") and len(text) < most else text
