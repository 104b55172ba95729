"""The person at the camera is the permit's holder, and alive; or not. The session itself runs in the process that films."""

import asyncio

from kiosk.audit.events import FaceChecked
from kiosk.domain.failure import Failure
from kiosk.face.verdict import DARK, Colour, Sight, Spent, Verdict
from kiosk.journey.events import Event
from kiosk.journey.house import House
from kiosk.journey.page import Page, secondary
from kiosk.journey.visit import Visit
from kiosk.view import FaceBody, Message

_WAIT_S = 0.5
_SILENT_S = 60.0
"""A session has something new to say at least twice as often; one that has not is stuck."""
PARTS_OF_ONE = 10_000  # a distance or a gain is written down as a whole number of ten-thousandths


class Face:
    async def run(self, visit: Visit, house: House) -> Event:
        asked = asyncio.create_task(_other_way(visit))
        watching = asyncio.create_task(self._watched(visit, house))
        try:
            await asyncio.wait({asked, watching}, return_when=asyncio.FIRST_COMPLETED)
            return watching.result() if watching.done() else Event.OTHER_WAY
        finally:
            asked.cancel()
            watching.cancel()
            await asyncio.gather(asked, watching, return_exceptions=True)
            await house.identity.end_face()
            await house.identity.shine(DARK)
            sight, visit.sight = visit.sight, None
            if sight is not None:  # left without a verdict
                _write_down_left(visit, house, sight)

    async def _watched(self, visit: Visit, house: House) -> Event:
        if visit.chip is None:
            raise RuntimeError("no chip was read")
        photo = visit.id_card.reveal().photo_image if visit.id_card else None
        failure = await house.identity.begin_face(visit.chip.reveal(), photo, house.clock)
        if failure is not None:
            return await _turned(visit, failure)
        shone: Colour = DARK
        silent_s = 0.0
        while True:
            told = await house.identity.face_told(_WAIT_S)
            silent_s = silent_s + _WAIT_S if told is None else 0.0
            match told:
                case None:
                    if silent_s > _SILENT_S:
                        return await _turned(visit, Failure("face.process_lost"))
                case Sight():
                    visit.sight = told
                    visit.changed()
                    wanted = told.colour or DARK
                    if wanted != shone:
                        dark = await house.identity.shine(wanted)
                        if dark is not None:
                            return await _turned(visit, dark)
                        shone = wanted
                    if told.colour is not None:
                        house.identity.lit(told.colour)
                case Verdict():
                    visit.sight = None
                    _write_down(visit, house, told)
                    if told.failure is not None:
                        return await _turned(visit, told.failure)
                    visit.turned = None  # an earlier try that was unsure no longer counts
                    return Event.MATCHED
                case Failure():
                    return await _turned(visit, told)

    def view(self, visit: Visit, house: House) -> Page:
        sight = visit.sight
        guidance = Message(sight.guidance if sight else "face.guidance.nobody")
        colour = sight.colour if sight else None
        shown = None if colour is None else "#" + "".join("FF" if lamp else "00" for lamp in colour)
        body = FaceBody(guidance, sight.arrow if sight else None, shown, sight.progress if sight else 0.0)
        answers = (secondary("other_way", "journey.face.other_way"),)
        return Page(Message("journey.face.title"), body, answers, speech=(Message("journey.face.title"), guidance))


async def _other_way(visit: Visit) -> None:
    while await visit.next_touch() != "other_way":
        pass


async def _turned(visit: Visit, failure: Failure) -> Event:
    """Refused for what the face was, or lost where the machine's own part failed."""
    visit.fail(failure)
    return Event.REFUSED if failure.code.startswith("face.") and failure.code != "face.process_lost" else Event.DEVICE_LOST


def _write_down(visit: Visit, house: House, verdict: Verdict) -> None:
    """Scores and the model they belong to, never a picture; and what chances are left."""
    _spent(visit, house, Spent() if verdict.failure is None else verdict.spent)
    decision = verdict.decision
    house.audit.write(
        FaceChecked(
            case_id=visit.case.case_id if visit.case else None,
            refused=verdict.failure.code if verdict.failure else None,
            band=decision.band.value if decision else None,
            distance=None if decision is None else round(decision.distance * PARTS_OF_ONE),
            second=None if decision is None or decision.second is None else round(decision.second * PARTS_OF_ONE),
            attempts=verdict.attempts,
            gain=None if verdict.gain is None else max(round(verdict.gain * PARTS_OF_ONE), 0),
            model=decision.model_sha256 if decision else None,
        )
    )


def _write_down_left(visit: Visit, house: House, sight: Sight) -> None:
    """A try that somebody breaks off is one all the same."""
    _spent(visit, house, sight.spent)
    house.audit.write(FaceChecked(case_id=visit.case.case_id if visit.case else None, refused="face.left", attempts=sight.spent.attempts))


def _spent(visit: Visit, house: House, spent: Spent) -> None:
    visit.camera_left = spent.refusal is None
    if visit.chip is not None:
        house.identity.spent(visit.chip.reveal(), spent)
