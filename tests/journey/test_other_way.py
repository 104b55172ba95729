"""The way beside the camera: declined at the notice, chosen on the page, confirmed by staff; log-in and portrait only while they are compared."""

import asyncio
from datetime import date
from typing import Any

import numpy as np
import pytest

from drivers.contract.chip import PermitChip
from kiosk.audit.events import FaceConfirmedByStaff
from kiosk.domain.failure import Failure
from kiosk.domain.permit import Permit, PermitKind
from kiosk.domain.person import RegistryRecord
from kiosk.domain.sensitive import Sensitive
from kiosk.journey.confirming import Confirming
from kiosk.journey.events import Event
from kiosk.journey.house import House
from kiosk.journey.steps.chip import Chip
from kiosk.journey.steps.notice import Notice
from kiosk.journey.steps.other_way import OtherWay
from kiosk.journey.steps.staff_compare import StaffCompare
from kiosk.journey.steps.staff_confirm import StaffConfirm
from kiosk.journey.table import State
from kiosk.journey.timings import COMPARING, TICK_S
from kiosk.journey.visit import Visit
from kiosk.services.staff_login import LOCKED_AFTER, Count
from kiosk.store.transaction import StoreFailed
from kiosk.view import CompareBody, KeypadBody, OtherWayBody
from tests.journey.fake_steps import Bench
from tests.journey.virtual import run

PERMIT = Permit(PermitKind.HKMO, "C88888888", date(2021, 5, 1), date(2031, 4, 30), "广东")
PERSON = RegistryRecord("44010319900307123X", "陈明远", "CHEN,MINGYUAN", "M", date(1990, 3, 7), "440100", "", False, False, False, True, (PERMIT,))
CHIP = PermitChip("CS", "C88888888", date(1990, 3, 7), date(2031, 4, 30), "M", "陈明远", None, None, None, None, b"portrait", 1)
WRONG = Failure("staff.login_wrong", detail={"left": "4"})


class Hall:
    """The real steps in the engine; staff S2041 with the PIN 582046, and a chip's portrait."""

    def __init__(self) -> None:
        self.bench = Bench()
        steps: Any = self.bench.steps
        steps[State.NOTICE], steps[State.CHIP] = Notice(), Chip()
        steps[State.OTHER_WAY], steps[State.STAFF_CONFIRM], steps[State.STAFF_COMPARE] = OtherWay(), StaffConfirm(), StaffCompare()
        self.bench.house.audit.write = self.bench.audited.append
        self.bench.house.staff_login = self
        self.bench.house.identity.open_permit = self.open_permit
        self.bench.house.identity.portrait = self.portrait
        self.picture: Any = np.arange(60, dtype=np.uint8).reshape(5, 4, 3)
        self.pixels = self.picture.tobytes()
        self.enrolled: list[tuple[str, Count]] = [("S2041", Count())]
        self.tried: list[tuple[str, str]] = []
        self.shown_while_looked_at: list[bool] = []

    async def log_in(self, digits: str, pin: str) -> str | Failure:
        self.shown_while_looked_at.append(self.bench.page.offers("digit:1") or self.bench.page.offers("next"))
        self.tried.append((digits, pin))
        await asyncio.sleep(0.3)
        return "S2041" if (digits, pin) == ("2041", "582046") else WRONG

    def accounts(self) -> list[tuple[str, Count]]:
        return self.enrolled

    async def open_permit(self, _record: RegistryRecord) -> tuple[Permit, PermitChip]:
        return PERMIT, CHIP

    async def portrait(self, chip: PermitChip) -> Any:
        assert chip is CHIP
        return self.picture

    @property
    def visit(self) -> Visit:
        return self.bench.engine._visit

    def start(self, state: State) -> "asyncio.Task[Visit]":
        return self.bench.start(state)

    def known(self) -> None:
        self.visit.record, self.visit.chip = Sensitive(PERSON), Sensitive(CHIP)

    async def types(self, digits: str) -> None:
        for digit in digits:
            assert await self.bench.touch(f"digit:{digit}")

    async def logs_in(self, number: str = "2041", pin: str = "582046") -> None:
        await self.types(number)
        assert await self.bench.touch("next")
        await self.types(pin)
        assert await self.bench.touch("next")
        await asyncio.sleep(1)

    async def compares(self) -> None:
        """From the page of the ways to the comparison."""
        await self.bench.on(State.OTHER_WAY)
        self.known()
        await self.bench.touch("staff")
        await self.bench.on(State.STAFF_CONFIRM)
        await self.logs_in()
        assert self.bench.page.step == State.STAFF_COMPARE and isinstance(self.bench.page.body, CompareBody)

    def nothing_stays(self, visit: Visit) -> None:
        """Of the log-in and of the portrait."""
        assert visit.confirming == Confirming() and visit.problem is None
        assert self.bench.house.preview.newest() == (0, None)


@pytest.mark.parametrize(("answer", "declined", "follows"), [("agree", False, State.FACE), ("agree_no_face", True, State.OTHER_WAY)])
def test_who_agrees_to_all_but_the_face_never_sees_the_camera(answer: str, declined: bool, follows: State) -> None:
    async def main() -> None:
        hall = Hall()
        serving = hall.start(State.NOTICE)
        await hall.bench.on(State.NOTICE)
        hall.visit.face_declined = not declined
        await hall.bench.touch(answer)
        await hall.bench.on(State.ID_CARD)
        assert hall.visit.face_declined is declined
        hall.visit.record = Sensitive(PERSON)
        for state in (State.ID_CARD, State.REGISTRY, State.PERMIT):
            hall.bench.steps[state].goes_on = {State.ID_CARD: Event.READ, State.REGISTRY: Event.FOUND, State.PERMIT: Event.INSERTED}[state]
            await hall.bench.on(state)
            await hall.bench.touch("go")
        await hall.bench.on(follows)
        assert State.FACE not in hall.bench.engine.trail or follows is State.FACE
        serving.cancel()

    run(main())


@pytest.mark.parametrize(
    ("answer", "follows", "ended_by"),
    [
        ("staff", State.STAFF_CONFIRM, Event.STAFF_CHOSEN),
        ("ticket", State.GIVING_BACK, Event.REFUSED),
        ("camera", State.FACE, Event.CAMERA_CHOSEN),
    ],
    ids=["staff", "ticket", "camera"],
)
def test_each_way_leads_where_it_says(answer: str, follows: State, ended_by: Event) -> None:
    async def main() -> None:
        hall = Hall()
        serving = hall.start(State.OTHER_WAY)
        await hall.bench.on(State.OTHER_WAY)
        assert isinstance(hall.bench.page.body, OtherWayBody) and hall.bench.page.place == (3, 8)
        hall.visit.face_declined = True
        await hall.bench.touch(answer)
        await hall.bench.on(follows)
        turned = hall.visit.turned
        assert (turned and turned.code) == ("face.other_way" if answer == "ticket" else None)
        assert hall.visit.face_declined is (answer != "camera"), "whoever takes the camera after all has agreed to it"
        assert hall.visit.ended_by is ended_by
        serving.cancel()

    run(main())


@pytest.mark.parametrize("enrolled", [[], [("S2041", Count(LOCKED_AFTER))]], ids=["nobody", "locked"])
def test_staff_are_not_offered_where_none_can_log_in(enrolled: list[tuple[str, Count]]) -> None:
    async def main() -> None:
        hall = Hall()
        hall.enrolled = enrolled
        serving = hall.start(State.OTHER_WAY)
        await hall.bench.on(State.OTHER_WAY)
        await asyncio.sleep(0.1)
        page = hall.bench.page
        assert [(answer.id, answer.enabled) for answer in page.answers[:3]] == [("staff", False), ("ticket", True), ("camera", True)]
        assert isinstance(page.body, OtherWayBody) and page.body.sentence.key == "other_way.sentence_no_staff" and page.body.sentence in page.speech
        assert not await hall.bench.touch("staff")
        hall.visit.touch("staff")
        await asyncio.sleep(1)
        assert hall.bench.page.step == State.OTHER_WAY
        serving.cancel()

    run(main())


@pytest.mark.parametrize("state", [State.OTHER_WAY, State.STAFF_CONFIRM, State.STAFF_COMPARE])
def test_whoever_calls_staff_while_they_are_asked_to_come_stays_there(state: State) -> None:
    async def main() -> None:
        hall = Hall()
        serving = hall.start(State.OTHER_WAY)
        await hall.bench.on(State.OTHER_WAY)
        if state is State.STAFF_CONFIRM:
            await hall.bench.touch("staff")
            await hall.bench.on(state)
            await hall.types("20")
        elif state is State.STAFF_COMPARE:
            await hall.compares()
        await hall.bench.touch("footer.staff")
        await asyncio.sleep(1)
        page = hall.bench.page
        assert page.step == state and page.problem is not None and page.problem.key == "journey.staff_come"
        assert not isinstance(page.body, KeypadBody) or page.body.shown == "20", "what was typed stays"
        assert hall.visit.staff_wanted
        if state is State.OTHER_WAY:
            await hall.bench.touch("camera")
            await hall.bench.on(State.FACE)
            assert hall.visit.problem is None, "it is not the camera's news"
        elif state is State.STAFF_COMPARE:
            await hall.bench.touch("holder")
            await hall.bench.on(State.CHOOSE)
            assert hall.visit.problem is None and not hall.visit.staff_wanted, "they were here"
        else:
            await hall.bench.touch("footer.cancel")
            await hall.bench.on(State.GIVING_BACK)
            assert hall.visit.staff_wanted, "nobody came: the end page sends to the window"
        serving.cancel()

    run(main())


def test_staff_log_in_compare_and_confirm() -> None:
    async def main() -> None:
        hall = Hall()
        serving = hall.start(State.OTHER_WAY)
        await hall.bench.on(State.OTHER_WAY)
        hall.visit.turn("face.unsure", "face", "failure.face.unsure")
        await hall.compares()
        page = hall.bench.page
        assert isinstance(page.body, CompareBody) and page.body.person == "**远" and page.place == (3, 8)
        serial, shown = hall.bench.house.preview.newest()
        assert serial == 1 and shown is not None and (shown[0], shown[1], bytes(shown[2])) == (4, 5, hall.pixels)
        assert not hall.picture.any(), "the machine's own copy is overwritten at once"
        await hall.bench.touch("holder")
        await hall.bench.on(State.CHOOSE)
        assert hall.bench.audited == [FaceConfirmedByStaff(staff="S2041", confirmed="yes")]
        assert hall.visit.turned is None and hall.visit.confirming == Confirming()
        assert hall.bench.house.preview.newest() == (0, None) and not any(shown[2])
        assert hall.shown_while_looked_at == [False], "nothing can be touched while the PIN is looked at"
        serving.cancel()

    run(main())


def test_staff_who_do_not_confirm_refuse() -> None:
    async def main() -> None:
        hall = Hall()
        serving = hall.start(State.OTHER_WAY)
        await hall.compares()
        await hall.bench.touch("not_holder")
        await hall.bench.on(State.GIVING_BACK)
        assert hall.bench.audited == [FaceConfirmedByStaff(staff="S2041", confirmed="no")]
        assert hall.visit.turned is not None and hall.visit.turned.code == "face.staff_refused"
        assert hall.visit.ended_by is Event.REFUSED
        serving.cancel()

    run(main())


def test_nobody_is_confirmed_who_was_not_logged_in_for() -> None:
    """A touch from elsewhere: before the comparison its answers are neither offered nor understood."""

    async def main() -> None:
        hall = Hall()
        serving = hall.start(State.STAFF_CONFIRM)
        await hall.bench.on(State.STAFF_CONFIRM)
        assert not await hall.bench.touch("holder") and not await hall.bench.touch("next")
        hall.visit.touch("holder")
        hall.visit.touch("next")  # nothing was typed
        await asyncio.sleep(1)
        assert hall.bench.page.step == State.STAFF_CONFIRM and isinstance(hall.bench.page.body, KeypadBody)
        assert hall.tried == [] and hall.bench.audited == []
        serving.cancel()

    run(main())


def test_a_wrong_pin_is_said_and_asked_for_again() -> None:
    async def main() -> None:
        hall = Hall()
        serving = hall.start(State.STAFF_CONFIRM)
        await hall.bench.on(State.STAFF_CONFIRM)
        hall.known()
        await hall.logs_in(pin="582047")
        page = hall.bench.page
        assert page.problem is not None and (page.problem.key, dict(page.problem.params)) == ("failure.staff.login_wrong", {"left": "4"})
        assert isinstance(page.body, KeypadBody) and page.body.shown == "", "the PIN is asked for anew, the number stays"
        await hall.types("5820460")
        assert isinstance(hall.bench.page.body, KeypadBody) and hall.bench.page.body.shown == "*******" and hall.bench.page.problem is None
        await hall.bench.touch("erase")
        await hall.bench.touch("next")
        await asyncio.sleep(1)
        assert isinstance(hall.bench.page.body, CompareBody) and hall.tried == [("2041", "582047"), ("2041", "582046")]
        serving.cancel()

    run(main())


def test_no_page_shows_a_pin_and_no_longer_one_is_taken() -> None:
    async def main() -> None:
        hall = Hall()
        serving = hall.start(State.STAFF_CONFIRM)
        await hall.bench.on(State.STAFF_CONFIRM)
        await hall.types("20419999")
        assert isinstance(hall.bench.page.body, KeypadBody) and hall.bench.page.body.shown == "204199"
        await hall.bench.touch("next")
        for _digit in range(14):
            await hall.bench.touch("digit:7")
        assert isinstance(hall.bench.page.body, KeypadBody) and hall.bench.page.body.shown == "*" * 12
        assert not any("7" in page.body.shown for page in hall.bench.pages if isinstance(page.body, KeypadBody))
        assert "777" not in repr(hall.visit)
        serving.cancel()

    run(main())


def test_back_leads_from_the_pin_to_the_number_and_from_there_to_the_ways() -> None:
    async def main() -> None:
        hall = Hall()
        serving = hall.start(State.OTHER_WAY)
        await hall.bench.on(State.OTHER_WAY)
        await hall.bench.touch("staff")
        await hall.bench.on(State.STAFF_CONFIRM)
        await hall.types("2041")
        await hall.bench.touch("next")
        await hall.types("58")
        await hall.bench.touch("footer.back")
        assert isinstance(hall.bench.page.body, KeypadBody) and hall.bench.page.body.shown == "2041"
        await hall.bench.touch("footer.back")
        await hall.bench.on(State.OTHER_WAY)
        assert hall.visit.confirming == Confirming()
        serving.cancel()

    run(main())


def test_back_from_the_comparison_forgets_who_was_logged_in_and_the_portrait() -> None:
    async def main() -> None:
        hall = Hall()
        serving = hall.start(State.OTHER_WAY)
        await hall.compares()
        await hall.bench.touch("footer.back")
        await hall.bench.on(State.OTHER_WAY)
        assert hall.bench.house.preview.newest() == (0, None) and hall.visit.confirming == Confirming()
        await hall.bench.touch("staff")
        await hall.bench.on(State.STAFF_CONFIRM)
        assert isinstance(hall.bench.page.body, KeypadBody) and hall.bench.audited == []
        serving.cancel()

    run(main())


def test_a_portrait_that_cannot_be_opened_refuses_with_its_own_code() -> None:
    async def main() -> None:
        hall = Hall()
        hall.picture = Failure("face.reference_unreadable")
        serving = hall.start(State.STAFF_CONFIRM)
        await hall.bench.on(State.STAFF_CONFIRM)
        hall.known()
        await hall.logs_in()
        await hall.bench.on(State.GIVING_BACK)
        assert hall.visit.turned is not None and hall.visit.turned.code == "face.reference_unreadable"
        serving.cancel()

    run(main())


def test_when_nobody_comes_the_card_goes_back_and_nothing_stays() -> None:
    async def main() -> None:
        hall = Hall()
        serving = hall.start(State.OTHER_WAY)
        await hall.bench.on(State.OTHER_WAY)
        await hall.bench.touch("staff")
        await hall.bench.on(State.STAFF_CONFIRM)
        await hall.types("20")
        began = hall.bench.house.clock.monotonic()
        for seconds in range(328):
            assert hall.bench.page.step == State.STAFF_CONFIRM, seconds
            await asyncio.sleep(1)
        await asyncio.sleep(3)
        assert hall.bench.page.step == State.GIVING_BACK and hall.bench.house.clock.monotonic() - began < 332
        assert hall.visit.ended_by is Event.TIMED_OUT
        hall.nothing_stays(hall.visit)
        serving.cancel()

    run(main())


def test_a_comparison_nobody_answers_is_over_after_its_minute_whatever_else_is_touched() -> None:
    """Staff logged in and went away: the traveller alone cannot keep the page, with its answers, on the screen."""

    async def main() -> None:
        hall = Hall()
        serving = hall.start(State.OTHER_WAY)
        await hall.compares()
        ends_at = hall.bench.page.deadline.ends_at if hall.bench.page.deadline else 0.0
        comforts = ("language", "text_size", "contrast", "voice", "help", "staff")
        for each in range(12):
            assert hall.bench.page.step == State.STAFF_COMPARE and not hall.bench.page.offers("more_time")
            assert await hall.bench.touch(f"footer.{comforts[each % len(comforts)]}")
            assert hall.bench.page.deadline is not None and hall.bench.page.deadline.ends_at <= ends_at + 0.3
            await asyncio.sleep(5)
        assert hall.bench.page.step == State.GIVING_BACK and hall.visit.ended_by is Event.TIMED_OUT
        assert hall.bench.house.clock.monotonic() < ends_at + 5 and COMPARING.usual.ticks * TICK_S == 60
        hall.nothing_stays(hall.visit)
        assert hall.bench.audited == []
        serving.cancel()

    run(main())


@pytest.mark.parametrize("way", ["holder", "not_holder", "footer.back", "footer.cancel", "lost", "stopped", "disk", "killed"])
def test_however_the_comparison_is_left_the_log_in_is_forgotten(way: str) -> None:
    async def main() -> None:
        hall = Hall()
        serving = hall.start(State.OTHER_WAY)
        await hall.compares()
        visit = hall.visit
        assert visit.confirming.staff == "S2041" and visit.confirming.digits == "" and visit.confirming.pin.reveal() == ""
        await hall.bench.touch("footer.staff")  # a notice that goes with it
        await asyncio.sleep(0.1)
        if way == "lost":
            hall.bench.engine._outside.put_nowait(Event.DEVICE_LOST)
        elif way == "stopped":
            hall.bench.engine.stop()
        elif way == "killed":
            serving.cancel()
        else:
            if way == "disk":
                hall.bench.house.audit.write = refuses
            await hall.bench.touch("holder" if way == "disk" else way)
        await asyncio.sleep(1)
        assert hall.bench.page.step != State.STAFF_COMPARE
        hall.nothing_stays(visit)
        serving.cancel()

    def refuses(*_events: object) -> None:
        raise StoreFailed(Failure("store.full"))

    run(main())


def test_nobody_answers_for_a_portrait_that_is_not_shown_yet() -> None:
    async def main() -> None:
        hall = Hall()
        opened = asyncio.Event()

        async def slow(_chip: PermitChip) -> Any:
            await opened.wait()
            return hall.picture

        hall.bench.house.identity.portrait = slow
        serving = hall.start(State.OTHER_WAY)
        await hall.compares()
        assert not hall.bench.page.offers("holder") and not hall.bench.page.offers("not_holder")
        assert hall.bench.page.offers("footer.back")
        opened.set()
        await asyncio.sleep(1)
        assert hall.bench.page.offers("holder") and hall.bench.page.offers("not_holder")
        serving.cancel()

    run(main())


def test_a_comparison_that_nobody_logged_in_for_ends_the_safe_way(caplog: pytest.LogCaptureFixture) -> None:
    async def main() -> None:
        hall = Hall()
        serving = hall.start(State.STAFF_COMPARE)
        await hall.bench.on(State.STAFF_COMPARE)
        hall.known()
        await hall.bench.on(State.GIVING_BACK)
        assert hall.bench.audited == [] and hall.bench.house.preview.newest() == (0, None)
        serving.cancel()

    run(main())
    assert "nobody is logged in" in caplog.text


def test_the_way_beside_the_camera_is_open_from_the_camera() -> None:
    async def main() -> None:
        hall = Hall()

        async def other_way(_visit: Visit, _house: House) -> Event:
            return Event.OTHER_WAY

        hall.bench.steps[State.FACE].run_as = other_way
        serving = hall.start(State.FACE)
        await hall.bench.on(State.OTHER_WAY)
        assert hall.bench.engine.trail == [State.FACE, State.OTHER_WAY]
        serving.cancel()

    run(main())
