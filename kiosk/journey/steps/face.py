"""The person at the camera is the permit's holder, or not."""

import numpy as np

from kiosk.domain.failure import Failure
from kiosk.face.image import wipe
from kiosk.face.match import GOOD_LOOKS_NEEDED, Band, Look, Reference
from kiosk.journey.events import Event
from kiosk.journey.house import House
from kiosk.journey.page import Page
from kiosk.journey.timings import FACE, FACE_LOOKS, FACE_S, FACE_TRIES
from kiosk.journey.visit import Visit
from kiosk.view import FaceBody, Message


class Face:
    async def run(self, visit: Visit, house: House) -> Event:
        if visit.chip is None:
            raise RuntimeError("no chip was read")
        reference = await house.identity.enrol(visit.chip.reveal())
        if isinstance(reference, Failure):
            visit.fail(reference)
            return Event.REFUSED
        try:
            for _try in range(FACE_TRIES):
                verdict = await self._once(visit, house, reference)
                if verdict is None:
                    visit.turned = None  # an earlier try that was unsure no longer counts
                    return Event.MATCHED
                visit.fail(verdict)
                if not verdict.code.startswith("face."):
                    return Event.DEVICE_LOST
                if verdict.code != "face.unsure":
                    return Event.REFUSED
            return Event.REFUSED
        finally:
            reference.wipe()
            house.preview.clear()

    async def _once(self, visit: Visit, house: House, reference: Reference) -> Failure | None:
        """None where the face matches. Frames are looked at until enough are good or the window is over."""
        looks: list[Look] = []
        try:
            return await self._looked(visit, house, reference, looks)
        finally:
            for look in looks:
                look.wipe()

    async def _looked(self, visit: Visit, house: House, reference: Reference, looks: list[Look]) -> Failure | None:
        good = 0
        visit.good_frames = 0
        ends_at = house.clock.monotonic() + house.clock.real_s(FACE_S)
        async for _look in house.clock.looks(FACE):
            # a slow machine still looks often enough, a quick one stops when the person's time is over
            if len(looks) >= FACE_LOOKS and house.clock.monotonic() > ends_at:
                break
            frame = await house.identity.frame()
            if isinstance(frame, Failure):
                return frame
            try:
                if isinstance(frame, np.ndarray):
                    house.preview.put(frame.shape[1], frame.shape[0], np.ascontiguousarray(frame).data.cast("B"))
                look = await house.identity.look(frame)
            finally:
                if isinstance(frame, np.ndarray):
                    wipe([frame])  # a look that was left in the middle sees black
            if isinstance(look, Failure):
                return look
            looks.append(look)
            good += look.flaw is None
            if good != visit.good_frames or visit.guidance.key != look.guidance:
                visit.good_frames, visit.guidance = good, Message(look.guidance)
                visit.changed()
            if good >= GOOD_LOOKS_NEEDED:
                break
        decision = await house.identity.decide(reference, looks)
        if isinstance(decision, Failure):
            return decision
        return None if decision.band is Band.MATCH else decision.failure

    def view(self, visit: Visit, house: House) -> Page:
        body = FaceBody(visit.guidance, min(visit.good_frames, GOOD_LOOKS_NEEDED), GOOD_LOOKS_NEEDED)
        return Page(Message("journey.face.title"), body, speech=(Message("journey.face.title"), visit.guidance))
