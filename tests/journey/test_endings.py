"""The last page says what became of the case, not which button was pressed last; a cause keeps its sentence's parameters."""

import asyncio
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from kiosk.case.casefile import Case
from kiosk.case.moves import Back, Custody, Issue, Money, Standing, Wish
from kiosk.domain.clock import SystemClock
from kiosk.domain.failure import Failure
from kiosk.journey.events import Event
from kiosk.journey.steps.endings import Goodbye, Staff
from kiosk.journey.steps.giving_back import GivingBack
from kiosk.journey.steps.receipt import Receipt
from kiosk.journey.visit import Visit
from kiosk.view import Tone
from tests.case.small_world import FILE, TODAY
from tests.journey.test_money_steps import FakeExecutor

DELIVERED = Standing(Wish.DELIVER, Money.PAID, Issue.VERIFIED, Back.WRITTEN, Custody.WITH_TRAVELLER, began=True, charges=1)
UNDONE = Standing(Wish.WITHDRAW, Money.CLOSED, Issue.VOIDED, Back.AS_FOUND, Custody.WITH_TRAVELLER, began=True, charges=1)
HOUSE: Any = SimpleNamespace(hours="", ticket_number=lambda: "1", keep=None, clock=SystemClock(), slot=SimpleNamespace(alarmed=None))


def visit(standing: Standing, **more: Any) -> Visit:
    return Visit(case=Case("2611221015ABCDEF", TODAY, standing, FILE), inserted=True, **more)


@pytest.mark.parametrize("ended_by", [Event.DONE, Event.TIMED_OUT, Event.CANCELLED])
@pytest.mark.parametrize("standing", [DELIVERED, replace(DELIVERED, issue=Issue.ISSUED)])
def test_who_leaves_the_receipt_lying_has_an_endorsement_all_the_same(standing: Standing, ended_by: Event) -> None:
    done = visit(standing, ended_by=ended_by)
    page = Goodbye().body(done, HOUSE)
    assert (page.happened.key, page.tone, Goodbye().title(done).key) == ("goodbye.done", Tone.DONE, "goodbye.title")


@pytest.mark.parametrize(("ended_by", "key"), [(Event.TIMED_OUT, "goodbye.timed_out"), (Event.CANCELLED, "goodbye.withdrawn")])
def test_who_waited_too_long_and_who_left_are_told_apart(ended_by: Event, key: str) -> None:
    left = visit(UNDONE, ended_by=ended_by)
    assert Goodbye().body(left, HOUSE).happened.key == key
    assert Goodbye().title(left).key == "goodbye.withdrawn_title"


def test_a_call_for_staff_during_the_work_is_answered_after_the_receipt() -> None:
    async def event_of(wanted: bool) -> Event:
        done = visit(DELIVERED, staff_wanted=wanted)
        done.touch("receipt:none")
        return await Receipt().run(done, HOUSE)

    assert asyncio.run(event_of(True)) is Event.STAFF_CALLED
    assert asyncio.run(event_of(False)) is Event.DONE
    assert Staff().body(visit(DELIVERED), HOUSE).happened.key == "goodbye.done"
    assert Staff().body(visit(UNDONE), HOUSE).happened.key == "staff.happened"


def test_a_call_for_staff_is_not_forgotten_when_everything_is_undone() -> None:
    async def main() -> Event:
        house: Any = SimpleNamespace(executor=FakeExecutor([Money.CLOSED]), slot=SimpleNamespace(alarmed=None))
        return await GivingBack().run(visit(UNDONE, staff_wanted=True, ended_by=Event.CANCELLED), house)

    assert asyncio.run(main()) is Event.RETURNED_TO_STAFF


def test_a_card_that_cannot_come_out_is_said_before_the_reason_for_turning_back() -> None:
    stuck = visit(replace(UNDONE, custody=Custody.UNKNOWN), ended_by=Event.REFUSED)
    stuck.fail(Failure("policy.usable_endorsement"))
    stuck.case = replace(stuck.case, file=msgspec.structs.replace(FILE, cause="card_module.jam"))  # type: ignore[type-var]

    async def main() -> Event:
        house: Any = SimpleNamespace(executor=FakeExecutor([Money.CLOSED]), slot=SimpleNamespace(alarmed=None))
        return await GivingBack().run(stuck, house)

    assert asyncio.run(main()) is Event.RETURNED_BROKEN
    assert stuck.turned is not None and (stuck.turned.code, stuck.turned.rule) == ("card_module.jam", "card_module")


def test_a_cause_is_said_with_its_parameters() -> None:
    file = msgspec.structs.replace(FILE, cause="payment.refused", cause_device_code=None, cause_detail={"code": "RULE_LIMIT", "provider": "wechat"})
    turned = Visit()
    turned.turn_for(Case("2611221015ABCDEF", TODAY, UNDONE, file), "payment.unclear")
    assert turned.turned is not None and turned.turned.rule == "payment"
    assert dict(turned.turned.text.params) == {"code": "RULE_LIMIT", "provider": "wechat"}
    turned.turn_for(Case("2611221015ABCDEF", TODAY, UNDONE, FILE), "payment.unclear")
    assert turned.turned.code == "payment.unclear"
