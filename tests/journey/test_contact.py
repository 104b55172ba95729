"""Somebody to turn to, by wish: three questions, each of which may be left out; what is written comes with the touch that takes it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from kiosk.domain.contact import Contact
from kiosk.domain.sensitive import Sensitive
from kiosk.journey.steps.contact import ContactStep
from kiosk.journey.steps.phone import Phone
from kiosk.journey.table import State
from kiosk.journey.timings import TYPING
from kiosk.view import Comfort, KeypadBody, TextBody, TextField, Touch
from tests.journey.fake_steps import Bench
from tests.journey.virtual import run

NAME, NUMBER, ADDRESS = "张伟", "13900139000", "广州市天河区体育西路1号"


class Desk(Bench):
    def __init__(self) -> None:
        super().__init__()
        steps: Any = self.steps
        steps[State.CONTACT], steps[State.PHONE] = ContactStep(), Phone()

    @property
    def contact(self) -> Contact:
        return self.engine._visit.contact

    async def writes(self, text: str) -> bool:
        taken = self.seam.post(Touch(self.page.serial, "next", text))
        for _turn in range(5):
            await asyncio.sleep(0)
        return taken

    async def types(self, digits: str) -> None:
        for digit in digits:
            assert await self.touch(f"digit:{digit}")

    @property
    def question(self) -> str:
        body = self.page.body
        return body.what.value if isinstance(body, TextBody) else "phone" if isinstance(body, KeypadBody) else self.page.step


def asked(work: Callable[[Desk], Awaitable[None]], state: State = State.CONTACT) -> None:
    async def main() -> None:
        desk = Desk()
        serving = desk.start(state)
        await desk.on(state)
        await work(desk)
        serving.cancel()

    run(main())


def test_all_three_are_asked_and_go_back_to_the_review() -> None:
    async def work(desk: Desk) -> None:
        assert desk.page.body == TextBody(TextField.NAME, "", desk.page.body.sentence)
        assert await desk.writes(f" {NAME} ")
        assert desk.question == "phone" and not desk.page.offers("next")
        await desk.types(NUMBER)
        assert await desk.touch("next") and desk.question == "address"
        assert await desk.writes(ADDRESS) and desk.question == "review"
        assert desk.contact == Contact(Sensitive(NAME), Sensitive(NUMBER), Sensitive(ADDRESS))

    asked(work)


def test_a_text_answers_with_its_own_touch_and_with_no_other() -> None:
    """Two touches may be on their way before the first is taken."""

    async def work(desk: Desk) -> None:
        serial = desk.page.serial
        assert desk.seam.post(Touch(serial, "next", "张3")) and await desk.writes(NAME)
        assert desk.contact.name == Sensitive(NAME) and desk.question == "phone" and desk.page.problem is None
        await desk.touch("footer.back")
        serial = desk.page.serial
        assert desk.seam.post(Touch(serial, "next", "李四")) and desk.seam.post(Touch(serial, "footer.help"))
        await desk.touch("footer.help")
        assert desk.contact.name == Sensitive("李四")
        assert desk.engine._visit.written == Sensitive("李四")
        await desk.touch("skip")
        assert desk.engine._visit.written == Sensitive(""), "gone with the next touch"

    asked(work)


def test_each_may_be_left_out_and_a_number_without_a_name_is_not_kept() -> None:
    async def work(desk: Desk) -> None:
        desk.engine._visit.contact = Contact(Sensitive(NAME), Sensitive(NUMBER), Sensitive(ADDRESS))
        assert await desk.touch("skip") and desk.question == "address", "whose number would it be?"
        assert await desk.touch("skip") and desk.question == "review"
        assert desk.contact.empty

    asked(work)


def test_back_from_the_address_asks_for_no_number_of_nobody() -> None:
    async def work(desk: Desk) -> None:
        assert await desk.touch("skip") and desk.question == "address"
        assert await desk.touch("footer.back") and desk.question == "name"
        assert await desk.writes(NAME) and await desk.touch("skip") and desk.question == "address"
        assert await desk.touch("footer.back") and desk.question == "phone"

    asked(work)


@pytest.mark.parametrize(("text", "taken"), [("张", True), ("张3", True), ("", False), ("a" * 31, False)])
def test_what_is_no_name_is_said_to_be_none_and_nothing_is_lost(text: str, taken: bool) -> None:
    """What is too long, or nothing at all, does not even cross the seam."""

    async def work(desk: Desk) -> None:
        assert await desk.writes(text) is taken
        assert desk.question == "name" and desk.contact.empty
        assert (desk.page.problem is not None and desk.page.problem.key == "journey.contact.name.wrong") is taken
        assert await desk.writes(NAME) and desk.page.problem is None

    asked(work)


def test_a_number_that_is_none_is_said_to_be_none() -> None:
    async def work(desk: Desk) -> None:
        await desk.writes(NAME)
        await desk.types("23900139000")
        assert await desk.touch("next") and desk.question == "phone"
        assert desk.page.problem is not None and desk.page.problem.key == "journey.contact.phone.wrong"
        assert await desk.touch("erase") and desk.page.problem is None

    asked(work)


def test_back_goes_one_question_back_with_what_was_written_and_out_of_the_first_changes_nothing() -> None:
    async def work(desk: Desk) -> None:
        await desk.writes(NAME)
        assert await desk.touch("footer.back") and desk.question == "name"
        assert isinstance(desk.page.body, TextBody) and desk.page.body.written == NAME
        assert await desk.touch("footer.back") and desk.question == "review"
        assert desk.contact.empty

    asked(work)


def test_no_other_answer_takes_a_text() -> None:
    async def work(desk: Desk) -> None:
        serial = desk.page.serial
        assert not desk.seam.post(Touch(serial, "skip", NAME)) and not desk.seam.post(Touch(serial, "footer.help", NAME))
        assert NAME not in repr(Touch(serial, "next", NAME)) and NAME not in repr(TextBody(TextField.NAME, NAME, desk.page.title))

    asked(work)


@pytest.mark.parametrize("comfort", [Comfort(), Comfort(voice=True)])
def test_whoever_writes_is_not_asked_whether_they_are_there(comfort: Comfort) -> None:
    """Letters do not cross the seam; that somebody types does, and begins the time anew."""

    async def work(desk: Desk) -> None:
        desk.engine._visit.comfort = comfort
        span = TYPING.of(comfort)
        await desk.touch("footer.help")
        for _minute in range(10):
            await asyncio.sleep(span.quiet_s - 1)
            desk.seam.stirred()
        assert desk.question == "name" and not desk.page.offers("more_time")
        await asyncio.sleep(span.quiet_s + 1)
        assert desk.page.offers("more_time")
        desk.seam.stirred()
        await asyncio.sleep(0.1)
        assert not desk.page.offers("more_time")
        assert desk.page.deadline is not None and desk.page.deadline.ends_at > desk.house.clock.monotonic() + span.quiet_s

    asked(work)


def test_word_that_somebody_writes_may_come_when_they_have_left() -> None:
    async def main() -> None:
        desk = Desk()
        serving = desk.start(State.CONTACT)
        await desk.on(State.CONTACT)
        await desk.touch("footer.cancel")
        await desk.on(State.GIVING_BACK)
        await desk.touch("go")
        await desk.on(State.GOODBYE)
        await desk.touch("go")
        await serving
        pages, faults = len(desk.pages), []
        asyncio.get_running_loop().set_exception_handler(lambda _loop, context: faults.append(context))
        desk.seam.stirred()
        await asyncio.sleep(0.1)
        assert (len(desk.pages), faults) == (pages, [])

    run(main())


def test_the_own_phone_number_is_asked_as_before() -> None:
    async def work(desk: Desk) -> None:
        await desk.types("138")
        assert desk.page.body == KeypadBody("138", 11, desk.page.body.sentence)
        await desk.types("00138000")
        assert isinstance(desk.page.body, KeypadBody) and desk.page.body.shown == "138*******0"
        assert await desk.touch("next") and desk.question == "review"
        assert desk.engine._visit.phone == Sensitive("13800138000")

    asked(work, State.PHONE)
