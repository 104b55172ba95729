"""A member of staff logs in at the machine and says whether the person is the one in the portrait of the permit's chip."""

import numpy as np

from kiosk.audit.events import FaceConfirmedByStaff
from kiosk.domain.failure import Failure
from kiosk.domain.sensitive import Sensitive, masked_name
from kiosk.face.image import Image, wipe
from kiosk.journey.confirming import Asking, Confirming
from kiosk.journey.events import Event
from kiosk.journey.house import House
from kiosk.journey.page import Page, digit_keys, primary, secondary
from kiosk.journey.visit import Visit
from kiosk.services.pins import PIN_LENGTH
from kiosk.view import CompareBody, KeypadBody, Message

NUMBER_LENGTH = range(1, 7)


class StaffConfirm:
    async def run(self, visit: Visit, house: House) -> Event:
        if visit.problem is not None:
            visit.problem = None
            visit.changed()
        try:
            return await self._asked(visit, house)
        finally:
            visit.confirming = Confirming()
            house.preview.clear()

    async def _asked(self, visit: Visit, house: House) -> Event:
        """Number and PIN, until somebody is logged in; then the comparison."""
        while True:
            touch = await visit.next_touch()
            visit.problem = None
            confirming = visit.confirming
            match confirming.asking, touch:
                case Asking.NUMBER, "footer.back":
                    return Event.WENT_BACK
                case Asking.PIN, "footer.back":
                    visit.confirming = Confirming(digits=confirming.digits)
                case Asking.NUMBER, "next" if len(confirming.digits) in NUMBER_LENGTH:
                    confirming.asking = Asking.PIN
                case Asking.PIN, "next" if len(confirming.pin.reveal()) in PIN_LENGTH:
                    await self._log_in(visit, house)
                    if visit.confirming.staff:
                        return await self._compared(visit, house)
                case _:
                    self._typed(confirming, touch)
            visit.changed()

    def _typed(self, confirming: Confirming, touch: str) -> None:
        if confirming.asking is Asking.NUMBER:
            confirming.digits = _after(confirming.digits, touch, NUMBER_LENGTH[-1])
        else:
            confirming.pin = Sensitive(_after(confirming.pin.reveal(), touch, PIN_LENGTH[-1]))

    async def _log_in(self, visit: Visit, house: House) -> None:
        confirming = visit.confirming
        confirming.looking = True
        visit.changed()  # no key can be touched while the PIN is looked at
        logged_in = await house.staff_login.log_in(confirming.digits, confirming.pin.reveal())
        if isinstance(logged_in, Failure):
            visit.confirming = Confirming(Asking.PIN, confirming.digits)
            visit.problem = Message(f"failure.{logged_in.code}", logged_in.detail)
        else:
            visit.confirming = Confirming(Asking.COMPARISON, confirming.digits, staff=logged_in)

    async def _compared(self, visit: Visit, house: House) -> Event:
        if visit.chip is None:
            raise RuntimeError("no chip was read")
        portrait = await house.identity.portrait(visit.chip.reveal())
        if isinstance(portrait, Failure):
            visit.fail(portrait)
            return Event.REFUSED
        _show(portrait, house)
        visit.changed()
        while True:
            match await visit.next_touch():
                case "holder":
                    self._write_down(visit, house, "yes")
                    visit.turned = None  # what the camera was unsure of before no longer counts
                    return Event.MATCHED
                case "not_holder":
                    self._write_down(visit, house, "no")
                    visit.turn("face.staff_refused", "face", "failure.face.staff_refused")
                    return Event.REFUSED
                case "footer.back":
                    return Event.WENT_BACK
                case _:
                    continue

    def _write_down(self, visit: Visit, house: House, confirmed: str) -> None:
        case_id = visit.case.case_id if visit.case else None
        house.audit.write(FaceConfirmedByStaff(case_id=case_id, staff=visit.confirming.staff, confirmed=confirmed))

    def view(self, visit: Visit, house: House) -> Page:
        confirming = visit.confirming
        match confirming.asking:
            case Asking.NUMBER:
                shown, least, most = confirming.digits, 1, NUMBER_LENGTH[-1]
            case Asking.PIN:
                shown, least, most = "*" * len(confirming.pin.reveal()), PIN_LENGTH[0], PIN_LENGTH[-1]
            case Asking.COMPARISON:
                return self._comparison(visit)
        title, sentence = Message(f"staff_confirm.{confirming.asking}.title"), Message(f"staff_confirm.{confirming.asking}.sentence")
        keys = digit_keys(bool(shown), not confirming.looking)
        body = KeypadBody(shown, min(max(len(shown) + 1, least), most), sentence)
        ready = least <= len(shown) <= most and not confirming.looking
        return Page(title, body, (*keys, primary("next", "staff_confirm.next", ready)), problem=visit.problem, speech=(title, sentence))

    def _comparison(self, visit: Visit) -> Page:
        title, sentence = Message("staff_confirm.comparison.title"), Message("staff_confirm.comparison.sentence")
        person = masked_name(visit.record.reveal().name) if visit.record else ""
        answers = (secondary("not_holder", "staff_confirm.not_holder"), primary("holder", "staff_confirm.holder"))
        return Page(title, CompareBody(person, sentence), answers, problem=visit.problem, speech=(title, sentence))


def _after(text: str, touch: str, most: int) -> str:
    if touch == "erase":
        return text[:-1]
    return text + touch.removeprefix("digit:") if touch.startswith("digit:") and len(text) < most else text


def _show(portrait: Image, house: House) -> None:
    """Copies the picture to the screen and overwrites its own."""
    height, width = portrait.shape[:2]
    pixels = np.ascontiguousarray(portrait)
    house.preview.put(width, height, pixels.data.cast("B"))
    wipe([pixels, portrait])
