"""The authority accepts and approves, or says no; nothing is charged before it approves."""

from kiosk.case.moves import Act, Issue
from kiosk.journey.events import Event
from kiosk.journey.house import House
from kiosk.journey.page import Page
from kiosk.journey.visit import Visit
from kiosk.view import Message, StageState, WorkingBody


class Approval:
    async def run(self, visit: Visit, house: House) -> Event:
        if visit.case is None:
            raise RuntimeError("no case")
        visit.case = await house.executor.advance(visit.case, stop_before=frozenset(Act) - {Act.INSPECT, Act.SUBMIT})
        if visit.case.standing.issue is Issue.APPROVED:
            return Event.APPROVED
        if not visit.case.standing.pictured:
            visit.turn_for(visit.case, "card_back.unreadable")
            return Event.DEVICE_LOST
        visit.turn_for(visit.case, "authority.unclear")
        return Event.REFUSED

    def view(self, visit: Visit, house: House) -> Page:
        stages = ((Message("stage.application"), StageState.RUNNING), (Message("stage.approval"), StageState.WAITING))
        return Page(Message("journey.approval.title"), WorkingBody(stages))
