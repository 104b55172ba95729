"""The camera's step by itself: whatever ends it, the process that films ends, the light goes dark, and what was tried is written down."""

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from kiosk.audit.events import FaceChecked
from kiosk.domain.failure import Failure
from kiosk.domain.sensitive import Sensitive
from kiosk.face.verdict import DARK, Band, Colour, Decision, Sight, Spent, Stage, Verdict
from kiosk.journey.events import Event
from kiosk.journey.steps import face
from kiosk.journey.visit import Visit

RED: Colour = (True, False, False)
TURNING = Sight(Stage.TURN, "face.guidance.turn_left", "left", None, 0.3, Spent(1, 0))
SHINING = Sight(Stage.FLASH, "face.guidance.colours", None, RED, 0.7, Spent(1, 0))
HOLDER = Verdict(None, 1, (), Decision(Band.MATCH, 0.31, "a" * 64), 0.17, Spent(0, 0))


class Identity:
    """Says what it is told to, then nothing; `begun` is answered to the question whether the camera can begin."""

    def __init__(self, *told: Sight | Verdict | Failure, begun: Failure | None = None, light: Failure | None = None) -> None:
        self.told, self.begun, self.light = list(told), begun, light
        self.hangs = False
        self.shone: list[Colour] = []
        self.lit_as: list[Colour] = []
        self.ended = 0
        self.used: list[Spent] = []

    async def begin_face(self, *_words: Any) -> Failure | None:
        if self.hangs:
            await asyncio.Event().wait()
        return self.begun

    async def face_told(self, _wait_s: float) -> Sight | Verdict | Failure | None:
        await asyncio.sleep(0.001)
        return self.told.pop(0) if self.told else None

    async def shine(self, colour: Colour) -> Failure | None:
        self.shone.append(colour)
        return self.light if colour != DARK else None

    def lit(self, colour: Colour) -> None:
        self.lit_as.append(colour)

    def spent(self, _chip: Any, spent: Spent) -> None:
        self.used.append(spent)

    async def end_face(self) -> None:
        self.ended += 1


class Stood:
    """One traveller's time before the camera."""

    def __init__(self, identity: Identity) -> None:
        self.identity = identity
        self.visit = Visit(chip=Sensitive(SimpleNamespace(document_number="C10200311", face_image=b"")))  # type: ignore[arg-type]
        self.written: list[FaceChecked] = []
        self.house: Any = SimpleNamespace(identity=identity, audit=SimpleNamespace(write=self.written.append), clock=None)

    def ends(self, meanwhile: Callable[[], None] | None = None, cancelled: bool = False) -> Event | None:
        async def main() -> Event | None:
            task = asyncio.create_task(face.Face().run(self.visit, self.house))
            await asyncio.sleep(0.02)
            if meanwhile is not None:
                meanwhile()
            if cancelled:
                task.cancel()
                await asyncio.wait([task])
                return None
            return await asyncio.wait_for(task, 5)

        event = asyncio.run(main())
        assert self.identity.ended == 1 and self.identity.shone[-1] == DARK and self.visit.sight is None
        return event


def test_the_living_holder_goes_on_with_all_chances() -> None:
    stood = Stood(Identity(TURNING, HOLDER))
    assert stood.ends() is Event.MATCHED
    assert stood.identity.used == [Spent()] and stood.visit.turned is None
    [written] = stood.written
    assert (written.refused, written.band, written.distance, written.gain, written.attempts) == (None, "match", 3100, 1700, 1)


def test_a_refusal_is_one_and_costs_what_the_session_says() -> None:
    stood = Stood(Identity(TURNING, Verdict(Failure("face.not_alive"), 6, ("lost",) * 6, None, None, Spent(6, 0))))
    assert stood.ends() is Event.REFUSED
    assert stood.identity.used == [Spent(6, 0)] and not stood.visit.camera_left
    assert [written.refused for written in stood.written] == ["face.not_alive"]
    assert stood.visit.turned is not None and stood.visit.turned.code == "face.not_alive"


def test_who_has_no_chance_left_is_refused_without_being_filmed() -> None:
    stood = Stood(Identity(begun=Failure("face.not_alive")))
    assert stood.ends() is Event.REFUSED
    assert stood.written == [] and stood.identity.used == []


def test_the_other_way_is_open_all_the_time_and_a_try_that_is_left_counts() -> None:
    stood = Stood(Identity(TURNING))
    assert stood.ends(lambda: stood.visit.touch("other_way")) is Event.OTHER_WAY
    assert stood.identity.used == [Spent(1, 0)] and stood.visit.camera_left
    assert [(written.refused, written.attempts) for written in stood.written] == [("face.left", 1)]


def test_a_last_chance_that_is_left_is_gone() -> None:
    stood = Stood(Identity(Sight(Stage.BLINK, "face.guidance.blink", None, None, 0.5, Spent(6, 0))))
    stood.ends(lambda: stood.visit.touch("other_way"))
    assert not stood.visit.camera_left


def test_a_journey_that_ends_while_the_camera_begins_ends_the_camera_too() -> None:
    identity = Identity()
    identity.hangs = True
    stood = Stood(identity)
    assert stood.ends(cancelled=True) is None
    assert stood.written == []


def test_a_journey_that_ends_in_the_middle_is_written_down() -> None:
    stood = Stood(Identity(TURNING))
    stood.ends(cancelled=True)
    assert [written.refused for written in stood.written] == ["face.left"]


@pytest.mark.parametrize("code", ["camera.frozen", "face.process_lost"])
def test_a_camera_that_fails_is_the_machines_fault(code: str) -> None:
    stood = Stood(Identity(TURNING, Failure(code)))
    assert stood.ends() is Event.DEVICE_LOST
    assert stood.visit.turned is not None and stood.visit.turned.code == code


def test_a_light_that_fails_is_the_machines_fault() -> None:
    stood = Stood(Identity(SHINING, light=Failure("lights.silent")))
    assert stood.ends() is Event.DEVICE_LOST
    assert stood.identity.lit_as == []


def test_each_colour_is_shone_once_and_told_to_the_session() -> None:
    dark = Sight(Stage.LAST, "face.guidance.hold_still", None, None, 0.9, Spent(1, 0))
    stood = Stood(Identity(TURNING, SHINING, dark, HOLDER))
    assert stood.ends() is Event.MATCHED
    assert stood.identity.shone == [RED, DARK, DARK] and stood.identity.lit_as == [RED]


def test_a_process_that_says_nothing_more_does_not_hold_the_permit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(face, "_SILENT_S", 2.0)
    stood = Stood(Identity(TURNING))
    assert stood.ends() is Event.DEVICE_LOST
    assert stood.visit.turned is not None and stood.visit.turned.code == "face.process_lost"
