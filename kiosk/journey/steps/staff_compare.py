"""Staff, logged in, say whether the person is the one in the portrait of the permit's chip. However the page is left, the log-in is forgotten."""

import numpy as np

from kiosk.audit.events import FaceConfirmedByStaff
from kiosk.domain.failure import Failure
from kiosk.domain.sensitive import masked_name
from kiosk.face.image import Image, wipe
from kiosk.journey.confirming import Confirming
from kiosk.journey.events import Event
from kiosk.journey.house import House
from kiosk.journey.page import Page, primary, secondary
from kiosk.journey.visit import Visit
from kiosk.view import CompareBody, Message


class StaffCompare:
    async def run(self, visit: Visit, house: House) -> Event:
        visit.problem = None
        try:
            return await self._compared(visit, house)
        finally:
            visit.confirming = Confirming()
            visit.problem = None
            house.preview.clear()

    async def _compared(self, visit: Visit, house: House) -> Event:
        if visit.chip is None or not visit.confirming.staff:
            raise RuntimeError("no chip was read, or nobody is logged in")
        portrait = await house.identity.portrait(visit.chip.reveal())
        if isinstance(portrait, Failure):
            visit.fail(portrait)
            return Event.REFUSED
        _show(portrait, house)
        visit.confirming.shown = True
        visit.changed()
        while True:
            match await visit.next_touch():
                case "holder":
                    self._write_down(visit, house, "yes")
                    visit.turned = None  # what the camera was unsure of before no longer counts
                    visit.staff_wanted = False  # whoever was called for was here
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
        title, sentence = Message("staff_compare.title"), Message("staff_compare.sentence")
        person = masked_name(visit.record.reveal().name) if visit.record else ""
        shown = visit.confirming.shown  # nobody says what they could not see
        answers = (secondary("not_holder", "staff_compare.not_holder", shown), primary("holder", "staff_compare.holder", shown))
        return Page(title, CompareBody(person, sentence), answers, problem=visit.problem, speech=(title, sentence))


def _show(portrait: Image, house: House) -> None:
    """Copies the picture to the screen and overwrites its own."""
    height, width = portrait.shape[:2]
    pixels = np.ascontiguousarray(portrait)
    house.preview.put(width, height, pixels.data.cast("B"))
    wipe([pixels, portrait])
