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
    """The drawing of a card coming out, louder when it has been left lying."""
    sentence = Message("take.alarm" if visit.alarmed else "take.sentence")
    body = ActBody(Picture.TAKE_PERMIT, sentence, Message("take.hint"))
    return Page(Message("take.title"), body, problem=sentence if visit.alarmed else visit.problem, speech=(sentence, Message("take.hint")))


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
                return Event.REFUSED
            case _:
                visit.turn_for(visit.case, "card_module.fault")
                return Event.DEVICE_LOST

    def view(self, visit: Visit, house: House) -> Page:
        return take_page(visit)
