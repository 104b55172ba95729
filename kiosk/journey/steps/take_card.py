"""The permit comes out; the sensor says when it was taken, and an alarm when it was not."""

from kiosk.case.moves import Act, Custody
from kiosk.domain.failure import Failure
from kiosk.journey.events import Event
from kiosk.journey.house import House
from kiosk.journey.page import Page
from kiosk.journey.visit import Visit
from kiosk.view import ActBody, Message, Picture

PRESENTING = frozenset(Act) - {Act.PRESENT, Act.RETAIN}


def alarm(visit: Visit, house: House) -> None:
    def alarmed(on: bool) -> None:
        if visit.alarmed != on:
            visit.alarmed = on
            visit.changed()

    house.slot.alarmed = alarmed


def take_page(visit: Visit) -> Page:
    """The drawing of a card coming out, with an alarm when it has been left lying."""
    if visit.alarmed:
        sentence, hint = Message("take.alarm"), Message("take.alarm_hint")
    else:
        sentence, hint = Message("take.sentence"), Message("take.hint_back" if visit.presenting else "take.hint")
    title = Message("take.alarm_title" if visit.alarmed else "take.title")
    return Page(title, ActBody(Picture.TAKE_PERMIT, sentence, hint), problem=visit.problem, speech=(sentence, hint), alarm=visit.alarmed)


class TakeCard:
    async def run(self, visit: Visit, house: House) -> Event:
        if visit.case is None:
            raise RuntimeError("no case")
        visit.problem = None
        alarm(visit, house)
        visit.case = await house.executor.advance(visit.case, stop_before=PRESENTING)
        match visit.case.standing.custody:
            case Custody.WITH_TRAVELLER:
                return Event.TAKEN
            case Custody.RETAINED:
                visit.fail(Failure("card_module.retained"))
                return Event.REFUSED  # the page and the ticket say where the permit is; the endorsement stands
            case _:
                visit.turn_for(visit.case, "card_module.fault")
                return Event.DEVICE_LOST

    def view(self, visit: Visit, house: House) -> Page:
        return take_page(visit)
