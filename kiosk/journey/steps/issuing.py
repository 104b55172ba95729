"""The authority issues; the back is erased, printed and looked at; then it is reported. Or all of it is undone."""

from kiosk.case.casefile import Case
from kiosk.case.moves import Act, Issue
from kiosk.journey.events import Event
from kiosk.journey.house import House
from kiosk.journey.page import Page
from kiosk.journey.visit import Visit
from kiosk.view import Message, StageState, WorkingBody

STAGES = {Act.ISSUE: "stage.issue", Act.WRITE_BACK: "stage.print", Act.INSPECT: "stage.inspect", Act.REPORT_VERIFIED: "stage.report"}
FURTHER = frozenset({Act.PRESENT, Act.RETAIN, Act.VOID, Act.REFUND, Act.RESTORE_BACK, Act.CLOSE_CHARGE})


def watch(visit: Visit, house: House, stages: dict[Act, str]) -> None:
    """Has the executor tell the page which act is running."""

    def starting(_case: Case, act: Act) -> None:
        if act not in stages:
            return
        reached = list(stages).index(act)
        visit.stages = [
            (Message(key), StageState.DONE if index < reached else StageState.RUNNING if index == reached else StageState.WAITING)
            for index, key in enumerate(stages.values())
        ]
        visit.fraction = reached / len(stages)
        visit.changed()

    house.executor.starting = starting


class Issuing:
    async def run(self, visit: Visit, house: House) -> Event:
        if visit.case is None:
            raise RuntimeError("no case")
        visit.problem = None
        watch(visit, house, STAGES)
        visit.case = await house.executor.advance(visit.case, stop_before=FURTHER)
        if visit.case.standing.issue is Issue.VERIFIED or Act.REPORT_VERIFIED in visit.case.standing.deferred:
            return Event.ISSUED
        visit.turn_for(visit.case, "card_back.differs")
        return Event.DEVICE_LOST

    def view(self, visit: Visit, house: House) -> Page:
        stages = tuple(visit.stages) or tuple((Message(key), StageState.WAITING) for key in STAGES.values())
        return Page(Message("issuing.title"), WorkingBody(stages, visit.fraction, Message("issuing.sentence")), problem=visit.problem)
