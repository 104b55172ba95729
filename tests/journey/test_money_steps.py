"""The steps where money hangs on the order of things: paying in another way, and turning back after a late report."""

import asyncio
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from kiosk.case.casefile import Case
from kiosk.case.journal import CHARGE_LIFE_S
from kiosk.case.moves import Act, Axis, Back, Custody, Issue, Money, Reason, Standing, Wish
from kiosk.health.stopwatch import Stopwatch
from kiosk.journey.events import Event
from kiosk.journey.steps.giving_back import GivingBack
from kiosk.journey.steps.pay import Pay
from kiosk.journey.timings import LOOKING, PAYING
from kiosk.journey.visit import Visit
from kiosk.view import Message
from tests.case.small_world import FILE, TODAY, HastyClock

PAYABLE = Standing(Wish.DELIVER, Money.OPEN, Issue.APPROVED, Back.AS_FOUND, Custody.IN_MACHINE, began=True, charges=1)


class FakeExecutor:
    """advance leaves the case as it is; look and close_charge bring the money to what the lists say."""

    def __init__(self, looks: list[Money], closed: Money = Money.CLOSED) -> None:
        self.looks, self.closed = looks, closed
        self.wishes: list[Wish] = []
        self.looked = 0
        self.starting: Any = None

    async def advance(self, case: Case, stop_before: frozenset[Act] = frozenset()) -> Case:
        return case

    async def look(self, case: Case, act: Act) -> Case:
        assert act is Act.OPEN_CHARGE
        self.looked += 1
        money = self.looks.pop(0) if len(self.looks) > 1 else self.looks[0]
        return replace(case, standing=replace(case.standing, money=money))

    async def close_charge(self, case: Case) -> Case:
        blocked = frozenset({Axis.MONEY}) if self.closed is Money.OPEN else frozenset()
        return replace(case, standing=replace(case.standing, money=self.closed, blocked=blocked))

    def decide(self, case: Case, wish: Wish, **_notes: object) -> Case:
        self.wishes.append(wish)
        return replace(case, standing=replace(case.standing, wish=wish))


def paying(executor: FakeExecutor, *touches: str, code: str | None = "weixin://wxpay/bizpayurl?pr=1") -> tuple[Event, Visit]:
    async def main() -> tuple[Event, Visit]:
        house: Any = SimpleNamespace(executor=executor, stopwatch=Stopwatch(), clock=HastyClock())
        visit = Visit(case=Case("2611221015ABCDEF", TODAY, PAYABLE, msgspec.structs.replace(FILE, code=code)))
        for touch in touches:
            visit.touch(touch)
        return await Pay().run(visit, house), visit

    return asyncio.run(main())


def test_paid_is_what_the_provider_says() -> None:
    executor = FakeExecutor([Money.OPEN, Money.OPEN, Money.PAID])
    assert paying(executor)[0] is Event.PAID and executor.looked == 3


@pytest.mark.parametrize(("closed", "event"), [(Money.CLOSED, Event.METHOD_CHANGED), (Money.PAID, Event.PAID), (Money.OPEN, Event.DEVICE_LOST)])
def test_a_code_that_has_run_out_is_closed_before_another_can_be_had(closed: Money, event: Event) -> None:
    """The traveller asked for more time again and again; whoever did nothing has been sent back by the page's own time."""
    executor = FakeExecutor([Money.OPEN], closed)
    found, visit = paying(executor)
    assert found is event and executor.looked == PAYING.looks
    assert visit.problem == (Message("pay.run_out") if event is Event.METHOD_CHANGED else None)
    assert PAYING.seconds + 30 <= CHARGE_LIFE_S, "closed while the provider still knows it"
    assert PAYING.seconds > LOOKING.slow.quiet_s + LOOKING.slow.alert_s


def test_an_order_closed_by_the_provider_is_not_waited_for() -> None:
    executor = FakeExecutor([Money.OPEN, Money.CLOSED])
    assert paying(executor)[0] is Event.TIMED_OUT and executor.looked == 2


@pytest.mark.parametrize(
    ("closed", "event"),
    [(Money.CLOSED, Event.METHOD_CHANGED), (Money.NONE, Event.METHOD_CHANGED), (Money.PAID, Event.PAID), (Money.OPEN, Event.DEVICE_LOST)],
)
def test_another_way_to_pay_is_offered_only_when_this_order_can_no_longer_be_paid(closed: Money, event: Event) -> None:
    """Two payable orders at once would be two charges."""
    found, visit = paying(FakeExecutor([Money.OPEN], closed), "other_method")
    assert found is event
    assert (visit.turned is not None) == (event is Event.DEVICE_LOST)


@pytest.mark.parametrize(("closed", "event"), [(Money.PAID, Event.PAID), (Money.OPEN, Event.DEVICE_LOST)])
def test_an_order_whose_code_was_lost_is_closed_before_anything_else(closed: Money, event: Event) -> None:
    """Nobody could have scanned it; what the provider says of it decides."""
    executor = FakeExecutor([Money.OPEN], closed)
    found, visit = paying(executor, code=None)
    assert found is event and executor.looked == 0
    assert (visit.turned is not None) == (event is Event.DEVICE_LOST)


def giving_back(standing: Standing, ended_by: Event = Event.CANCELLED) -> tuple[Event, FakeExecutor]:
    executor = FakeExecutor([Money.OPEN])

    async def main() -> Event:
        house: Any = SimpleNamespace(executor=executor, slot=SimpleNamespace(alarmed=None))
        visit = Visit(case=Case("2611221015ABCDEF", TODAY, standing, FILE), ended_by=ended_by)
        return await GivingBack().run(visit, house)

    return asyncio.run(main()), executor


def test_turning_back_undoes_the_case() -> None:
    out = replace(PAYABLE, money=Money.CLOSED, issue=Issue.VOIDED, custody=Custody.WITH_TRAVELLER)
    event, executor = giving_back(out)
    assert event is Event.RETURNED and executor.wishes == [Wish.WITHDRAW]


@pytest.mark.parametrize(
    "standing",
    [
        replace(PAYABLE, money=Money.PAID, issue=Issue.VERIFIED, back=Back.WRITTEN),
        replace(PAYABLE, money=Money.PAID, issue=Issue.ISSUED, back=Back.WRITTEN, deferred=frozenset({Act.REPORT_VERIFIED})),
    ],
)
def test_what_is_printed_and_paid_is_never_undone(standing: Standing) -> None:
    assert giving_back(standing)[1].wishes == []


@pytest.mark.parametrize(
    ("ended_by", "event"),
    [
        (Event.CANCELLED, Event.RETURNED),
        (Event.TIMED_OUT, Event.RETURNED),
        (Event.STOPPED, Event.RETURNED),
        (Event.REFUSED, Event.RETURNED_REFUSED),
        (Event.STAFF_CALLED, Event.RETURNED_TO_STAFF),
        (Event.DEVICE_LOST, Event.RETURNED_BROKEN),
    ],
)
def test_the_end_page_fits_what_sent_the_traveller_back(ended_by: Event, event: Event) -> None:
    assert giving_back(replace(PAYABLE, money=Money.NONE, custody=Custody.WITH_TRAVELLER), ended_by)[0] is event


def test_a_card_that_stays_inside_and_a_case_for_staff_are_problems() -> None:
    assert giving_back(replace(PAYABLE, money=Money.NONE))[0] is Event.RETURNED_BROKEN
    for_staff = replace(PAYABLE, money=Money.NONE, custody=Custody.RETAINED, needs_staff=Reason.BIN_FULL)
    assert giving_back(for_staff)[0] is Event.RETURNED_BROKEN
