"""The camera is not the only way: staff confirm the person at the machine, or a ticket leads to the window."""

from kiosk.journey.events import Event
from kiosk.journey.house import House
from kiosk.journey.page import Page, choice
from kiosk.journey.visit import Visit
from kiosk.view import Message, OtherWayBody


class OtherWay:
    async def run(self, visit: Visit, house: House) -> Event:
        if visit.problem is not None:
            visit.problem = None
            visit.changed()
        while True:
            match await visit.next_touch():
                case "staff":
                    return Event.STAFF_CHOSEN
                case "ticket":
                    visit.turn("face.other_way", "face", "failure.face.other_way")
                    return Event.REFUSED
                case "camera":
                    visit.face_declined = False
                    visit.turned = None
                    return Event.CAMERA_CHOSEN
                case _:
                    continue

    def view(self, visit: Visit, house: House) -> Page:
        camera = Message("other_way.camera_after_all" if visit.face_declined else "other_way.camera")
        answers = (
            choice("staff", Message("other_way.staff")),
            choice("ticket", Message("other_way.ticket")),
            choice("camera", camera),
        )
        body = OtherWayBody(Message("other_way.sentence"))
        return Page(Message("other_way.title"), body, answers, problem=visit.problem, speech=(Message("other_way.title"), body.sentence))
