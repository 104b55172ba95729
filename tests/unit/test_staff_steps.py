"""Staff's steps: evidence before their word, each recorded with their code, none done twice."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from kiosk.case.casefile import Case
from kiosk.case.moves import Act, Axis, Back, Custody, Issue, Money, Reason, Standing, Wish, settled
from kiosk.case.recovery import CaseReport
from kiosk.domain.failure import Failure
from kiosk.gateways.authority import ApplicationState, ApplicationStatus
from kiosk.gateways.payment import ChargeState, OrderState, RefundProgress, RefundState
from kiosk.services.slot import Whereabouts
from kiosk.technician.staff import StaffDesk
from tests.case.small_world import Machine, World

UNDONE = Standing(Wish.WITHDRAW, Money.REFUNDED, Issue.VOIDED, Back.AS_FOUND, Custody.WITH_TRAVELLER, began=True, charges=1)
DELIVERED = Standing(Wish.DELIVER, Money.PAID, Issue.VERIFIED, Back.WRITTEN, Custody.RETAINED, began=True, charges=1)
REFUND_REFUSED = replace(UNDONE, money=Money.PAID, blocked=frozenset({Axis.MONEY}), needs_staff=Reason.REFUND_REFUSED)
STUCK = replace(DELIVERED, custody=Custody.IN_MACHINE, blocked=frozenset({Axis.CUSTODY}), needs_staff=Reason.CARD_STUCK)


@dataclass
class Sides:
    """What authority, provider and sensors say; a Failure where they do not answer."""

    application: ApplicationStatus | Failure = ApplicationStatus.VOIDED
    order: OrderState | Failure = OrderState.PAID
    refund: RefundProgress | Failure = RefundProgress.NOT_FOUND
    place: Whereabouts = Whereabouts.NOWHERE
    known: bool = True
    asked: list[str] = field(default_factory=list)

    async def application_of(self, case_id: str) -> ApplicationState | Failure:
        self.asked.append("application")
        return self.application if isinstance(self.application, Failure) else ApplicationState(case_id, self.application)

    async def query(self, order_no: str, **_known: Any) -> ChargeState | Failure:
        self.asked.append(order_no)
        return self.order if isinstance(self.order, Failure) else ChargeState(order_no, self.order, 1500, known=self.known)

    async def query_refund(self, refund_no: str, order_no: str, **_known: Any) -> RefundState | Failure:
        self.asked.append(refund_no)
        return self.refund if isinstance(self.refund, Failure) else RefundState(refund_no, order_no, self.refund)

    async def locate(self) -> Whereabouts:
        return self.place


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    machine = Machine(tmp_path / "journal.sqlite", World())
    yield machine
    machine.close()


def desk(machine: Machine, sides: Sides | None = None) -> StaffDesk:
    sides = sides or Sides()
    authority: Any = SimpleNamespace(application=sides.application_of)
    cashier: Any = SimpleNamespace(gateway=lambda _case: sides)
    slot: Any = sides
    return StaffDesk(machine.executor, machine.recovery, authority, cashier, slot)


def at(machine: Machine, standing: Standing) -> Case:
    return machine.journal.decide(machine.begin(), standing)


def now(machine: Machine, case: Case) -> Standing:
    loaded = machine.journal.load(case.case_id)
    assert isinstance(loaded, Case)
    return loaded.standing


def events(machine: Machine, name: str) -> list[str]:
    """The audit's records of one event, as they are written."""
    with machine.engine.connect() as connection:
        rows = connection.exec_driver_sql("select body from audit_records order by sequence").fetchall()
    return [record for row in rows if f'"{name}"' in (record := bytes(row[0]).decode())]


def code(outcome: object) -> str:
    assert isinstance(outcome, Failure), outcome
    return outcome.code


# ---- handing back


def test_a_kept_card_is_handed_back_once_and_recorded(machine: Machine) -> None:
    case = at(machine, DELIVERED)
    staff = desk(machine)
    assert [kept.case_id for kept in staff.cards()] == [case.case_id]
    assert isinstance(staff.hand_back(case.case_id, "S2041"), Case)
    assert now(machine, case) == replace(DELIVERED, custody=Custody.WITH_TRAVELLER)
    assert staff.cards() == []
    assert code(staff.hand_back(case.case_id, "S2041")) == "staff.not_retained"
    (record,) = events(machine, "card.handed_back")
    assert case.case_id in record and "S2041" in record


@pytest.mark.parametrize("custody", [Custody.WITH_TRAVELLER, Custody.IN_MACHINE, Custody.UNKNOWN])
def test_only_a_kept_card_can_be_handed_back(machine: Machine, custody: Custody) -> None:
    case = at(machine, replace(STUCK, custody=custody))
    assert code(desk(machine).hand_back(case.case_id, "S2041")) == "staff.not_retained"
    assert now(machine, case).custody is custody


def test_what_waits_for_staff_goes_on_waiting_when_the_card_is_handed_back(machine: Machine) -> None:
    case = at(machine, replace(REFUND_REFUSED, custody=Custody.RETAINED))
    assert isinstance(desk(machine).hand_back(case.case_id, "S2041"), Case)
    assert now(machine, case).needs_staff is Reason.REFUND_REFUSED


def test_an_unknown_number_and_an_unreadable_record_are_told_apart(machine: Machine) -> None:
    case = machine.begin()
    with machine.engine.begin() as connection:
        connection.exec_driver_sql("update cases set standing = '{' where case_id = ?", (case.case_id,))
    staff = desk(machine)
    assert code(staff.hand_back("2611221015ABCDEF", "S2041")) == "staff.case_unknown"
    assert code(staff.hand_back(case.case_id, "S2041")) == "journal.unreadable"
    assert [(waiting.case_id, waiting.reason, waiting.case) for waiting in staff.waiting()] == [(case.case_id, Reason.JOURNAL_UNREADABLE, None)]


# ---- trying again


def test_after_the_jam_is_mended_the_machine_goes_on(machine: Machine) -> None:
    machine.world.place, machine.world.application, machine.world.back = "inside", Issue.VERIFIED, "new"
    case = at(machine, STUCK)
    machine.world.orders[case.order_no] = "paid"
    report = asyncio.run(desk(machine).retry(case.case_id, "S2041"))
    assert isinstance(report, CaseReport) and report.needs_staff is None
    assert settled(now(machine, case)) and machine.world.place == "traveller"
    assert len(events(machine, "staff.retried")) == 1


def test_a_refund_that_is_still_refused_goes_back_to_staff(machine: Machine) -> None:
    machine.world.silent = {Act.REFUND}
    case = at(machine, REFUND_REFUSED)
    report = asyncio.run(desk(machine).retry(case.case_id, "S2041"))
    assert isinstance(report, CaseReport) and report.needs_staff == Reason.PAYMENT_UNCLEAR
    assert now(machine, case).money is Money.PAID


def test_looks_at_the_back_are_counted_anew(machine: Machine) -> None:
    machine.world.place, machine.world.application, machine.world.back = "inside", Issue.ISSUED, "new"
    unseen = replace(
        STUCK, issue=Issue.ISSUED, back=Back.UNKNOWN, looks=3, blocked=frozenset({Axis.BACK}), needs_staff=Reason.BACK_UNSEEN, pictured=True
    )
    case = at(machine, unseen)
    machine.world.orders[case.order_no] = "paid"
    report = asyncio.run(desk(machine).retry(case.case_id, "S2041"))
    assert isinstance(report, CaseReport) and report.needs_staff is None, report
    assert settled(now(machine, case)) and machine.world.application is Issue.VERIFIED


def test_the_back_of_a_card_that_is_away_is_beyond_the_machine(machine: Machine) -> None:
    away = replace(
        UNDONE, money=Money.PAID, issue=Issue.ISSUED, back=Back.BLANK, blocked=frozenset({Axis.BACK}), needs_staff=Reason.BACK_NOT_RESTORED
    )
    case = at(machine, away)
    assert code(asyncio.run(desk(machine).retry(case.case_id, "S2041"))) == "staff.by_hand_only"
    assert now(machine, case) == away and machine.world.calls == []


def test_a_case_that_waits_for_nobody_is_left_alone(machine: Machine) -> None:
    case = at(machine, DELIVERED)
    staff = desk(machine)
    assert code(asyncio.run(staff.retry(case.case_id, "S2041"))) == "staff.nothing_waits"
    assert code(asyncio.run(staff.settle(case.case_id, "S2041", {}))) == "staff.nothing_waits"


# ---- settling by hand


def settle(machine: Machine, case: Case, sides: Sides, **word: StrEnum) -> Case | Failure:
    return asyncio.run(desk(machine, sides).settle(case.case_id, "S2041", word))


def test_a_refund_made_at_the_provider_settles_the_case(machine: Machine) -> None:
    case = at(machine, REFUND_REFUSED)
    done = settle(machine, case, Sides(order=OrderState.REFUNDED), money=Money.REFUNDED)
    assert isinstance(done, Case) and now(machine, case) == replace(UNDONE, money=Money.REFUNDED)
    assert desk(machine).waiting() == [] and machine.journal.open_ids() == []
    (record,) = events(machine, "staff.settled")
    assert "S2041" in record and "refunded" in record


@pytest.mark.parametrize(
    ("sides", "word"),
    [
        (Sides(), {"money": Money.REFUNDED}),  # the provider knows of no refund
        (Sides(refund=RefundProgress.PROCESSING), {"money": Money.REFUNDED}),
        (Sides(order=OrderState.OPEN), {"money": Money.CLOSED}),
        (Sides(order=OrderState.CLOSED), {"money": Money.REFUNDED}),
        (Sides(order=OrderState.REFUNDED, application=ApplicationStatus.ISSUED), {"money": Money.REFUNDED}),
        (Sides(application=ApplicationStatus.VOIDED), {"money": Money.PAID, "issue": Issue.VERIFIED, "back": Back.WRITTEN}),
    ],
)
def test_word_that_a_gateway_contradicts_is_refused(machine: Machine, sides: Sides, word: dict[str, StrEnum]) -> None:
    case = at(machine, REFUND_REFUSED)
    assert code(settle(machine, case, sides, **word)) == "staff.contradicted"
    assert now(machine, case) == REFUND_REFUSED and events(machine, "staff.settled") == []


def test_word_stands_where_nobody_answers(machine: Machine) -> None:
    case = at(machine, REFUND_REFUSED)
    silent = Sides(application=Failure("authority.unclear"), order=Failure("payment.unreachable"))
    assert isinstance(settle(machine, case, silent, money=Money.REFUNDED), Case)
    assert settled(now(machine, case)) and "application" in silent.asked and case.order_no in silent.asked  # they were asked first


def test_an_order_that_was_never_scanned_may_be_called_closed(machine: Machine) -> None:
    case = at(machine, replace(REFUND_REFUSED, money=Money.OPEN, needs_staff=Reason.PAYMENT_CONTRADICTION))
    assert isinstance(settle(machine, case, Sides(order=OrderState.OPEN, known=False), money=Money.CLOSED), Case)


@pytest.mark.parametrize(
    "word",
    [
        {},  # still paid for nothing
        {"money": Money.REFUNDED, "custody": Custody.UNKNOWN},
        {"money": Money.REFUNDED, "issue": Issue.VERIFIED},
        {"money": Money.PAID, "issue": Issue.VERIFIED},
    ],
)
def test_word_that_is_no_whole_end_is_refused(machine: Machine, word: dict[str, StrEnum]) -> None:
    case = at(machine, REFUND_REFUSED)
    sides = Sides(order=OrderState.REFUNDED)
    assert code(settle(machine, case, sides, **word)) == "staff.no_end"
    assert now(machine, case) == REFUND_REFUSED and sides.asked == []


@pytest.mark.parametrize("place", [Whereabouts.GATE, Whereabouts.READER, Whereabouts.BETWEEN, Whereabouts.INLET])
def test_a_card_that_a_sensor_sees_is_not_with_its_holder(machine: Machine, place: Whereabouts) -> None:
    case = at(machine, STUCK)
    sides = Sides(application=ApplicationStatus.VERIFIED, place=place)
    assert code(settle(machine, case, sides, custody=Custody.WITH_TRAVELLER)) == "staff.card_inside"
    sides.place = Whereabouts.STUCK  # a jam that is still reported is no card that is seen
    assert isinstance(settle(machine, case, sides, custody=Custody.WITH_TRAVELLER), Case)
