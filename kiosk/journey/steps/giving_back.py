"""Turning back: everything is undone, then the permit is given back; what cannot be undone waits for staff, with its number."""

from kiosk.case.moves import Act, Custody, Issue, Money, Wish
from kiosk.journey.events import Event
from kiosk.journey.house import House
from kiosk.journey.page import Page
from kiosk.journey.steps.issuing import watch
from kiosk.journey.steps.take_card import alarm, take_page
from kiosk.journey.visit import Visit
from kiosk.view import Message, StageState, WorkingBody

STAGES = {
    Act.CLOSE_CHARGE: "stage.close",
    Act.RESTORE_BACK: "stage.restore",
    Act.VOID: "stage.void",
    Act.REFUND: "stage.refund",
    Act.PRESENT: "stage.present",
}
HAND_OVER = frozenset({Act.PRESENT, Act.RETAIN})


class GivingBack:
    async def run(self, visit: Visit, house: House) -> Event:
        case = visit.case
        if case is None:
            raise RuntimeError("no case")
        visit.problem = None
        if case.standing.issue is not Issue.VERIFIED and Act.REPORT_VERIFIED not in case.standing.deferred:
            case = house.executor.decide(case, Wish.WITHDRAW)
        watch(visit, house, STAGES)
        case = await house.executor.advance(case, stop_before=HAND_OVER)
        if case.standing.custody is Custody.IN_MACHINE:
            visit.inserted = visit.presenting = True
            visit.changed()
            alarm(visit, house)
            case = await house.executor.advance(case, stop_before=frozenset(Act) - HAND_OVER)
            visit.presenting = False
            visit.changed()
            if case.standing.money is Money.REFUND_PENDING:
                case = await house.executor.advance(case)
        visit.case = case
        out = case.standing.custody in (Custody.WITH_TRAVELLER, Custody.RETAINED)
        if not out or case.standing.needs_staff:
            if not out or visit.turned is None:  # that the card cannot come out is what the traveller must hear first
                visit.turn_for(case, "card_module.fault")
            return Event.RETURNED_BROKEN
        if case.standing.custody is Custody.RETAINED:
            return Event.RETURNED_BROKEN  # nobody took it: where it is and how to get it comes before why the journey turned back
        match visit.ended_by:
            case Event.REFUSED:
                return Event.RETURNED_REFUSED
            case Event.DEVICE_LOST:
                return Event.RETURNED_BROKEN
            case _:
                called = visit.staff_wanted or visit.ended_by is Event.STAFF_CALLED
                return Event.RETURNED_TO_STAFF if called else Event.RETURNED

    def view(self, visit: Visit, house: House) -> Page:
        if visit.presenting:
            return take_page(visit)
        stages = tuple(visit.stages) or ((Message("stage.present"), StageState.RUNNING),)
        return Page(Message("giving_back.title"), WorkingBody(stages, None, Message("giving_back.sentence")))
