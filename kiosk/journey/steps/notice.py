"""Notice and consent, before the camera or any reader is used."""

from kiosk.journey.events import Event
from kiosk.journey.house import House
from kiosk.journey.page import Page, primary, secondary
from kiosk.journey.visit import Visit
from kiosk.view import Message, NoticeBody

PARTS = ("data", "face", "money", "choice")


class Notice:
    async def run(self, visit: Visit, house: House) -> Event:
        while True:
            match await visit.next_touch():
                case "agree":
                    visit.face_declined = False
                    return Event.AGREED
                case "agree_no_face":
                    visit.face_declined = True
                    return Event.AGREED
                case "decline":
                    visit.turn("journey.consent_declined", "consent", "failure.journey.consent_declined")
                    return Event.DECLINED
                case _:
                    continue

    def view(self, visit: Visit, house: House) -> Page:
        parts = tuple((Message(f"notice.{part}.heading"), Message(f"notice.{part}.text")) for part in PARTS)
        answers = (primary("agree", "notice.agree"), secondary("decline", "notice.decline"), secondary("agree_no_face", "notice.agree_no_face"))
        return Page(Message("notice.title"), NoticeBody(parts), answers, speech=tuple(m for part in parts for m in part))
