"""The permit's chip opens with one of this person's keys, equals the registry's row, and is genuine."""

from kiosk.domain.failure import Failure
from kiosk.domain.sensitive import Sensitive
from kiosk.journey.events import Event
from kiosk.journey.house import House
from kiosk.journey.page import Page
from kiosk.journey.visit import Visit
from kiosk.view import Message, StageState, WorkingBody

# what says something about the card rather than about the reader
REFUSALS = ("chip.", "identity.")


class Chip:
    async def run(self, visit: Visit, house: House) -> Event:
        if visit.record is None:
            raise RuntimeError("no registry row")
        opened = await house.identity.open_permit(visit.record.reveal())
        if isinstance(opened, Failure):
            visit.fail(opened)
            return Event.REFUSED if opened.code.startswith(REFUSALS) else Event.DEVICE_LOST
        permit, chip = opened
        visit.permit, visit.chip = Sensitive(permit), Sensitive(chip)
        return Event.OTHER_WAY if visit.face_declined else Event.OPENED

    def view(self, visit: Visit, house: House) -> Page:
        stages = ((Message("stage.permit_in"), StageState.DONE), (Message("stage.chip"), StageState.RUNNING))
        return Page(Message("journey.chip.title"), WorkingBody(stages))
