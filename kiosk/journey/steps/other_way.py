"""The camera is not the only way: staff confirm the person at the machine, or a ticket leads to the window."""

from kiosk.journey.events import Event
from kiosk.journey.house import House
from kiosk.journey.page import Page, choice
from kiosk.journey.visit import Visit
from kiosk.view import Message, OtherWayBody


class OtherWay:
    async def run(self, visit: Visit, house: House) -> Event:
        """Raises StoreFailed where the disk does not say who may log in."""
        before = visit.problem, visit.staff_can_confirm
        visit.problem = None
        visit.staff_can_confirm = any(not count.locked for _number, count in house.staff_login.accounts())
        if before != (visit.problem, visit.staff_can_confirm):
            visit.changed()
        try:
            return await self._chosen(visit)
        finally:
            visit.problem = None  # a call for staff that was noted here is not the next page's news

    async def _chosen(self, visit: Visit) -> Event:
        while True:
            match await visit.next_touch():
                case "staff" if visit.staff_can_confirm:
                    return Event.STAFF_CHOSEN
                case "ticket":
                    visit.turn("face.other_way", "face", "failure.face.other_way")
                    return Event.REFUSED
                case "camera" if visit.camera_left:
                    visit.face_declined = False
                    visit.turned = None
                    return Event.CAMERA_CHOSEN
                case _:
                    continue

    def view(self, visit: Visit, house: House) -> Page:
        again = "other_way.camera_after_all" if visit.face_declined else "other_way.camera"
        camera = Message(again if visit.camera_left else "other_way.camera_used_up")
        answers = (
            choice("staff", Message("other_way.staff"), visit.staff_can_confirm),
            choice("ticket", Message("other_way.ticket")),
            choice("camera", camera, visit.camera_left),
        )
        body = OtherWayBody(Message("other_way.sentence" if visit.staff_can_confirm else "other_way.sentence_no_staff"))
        return Page(Message("other_way.title"), body, answers, problem=visit.problem, speech=(Message("other_way.title"), body.sentence))
