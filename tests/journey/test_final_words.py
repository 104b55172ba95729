"""The five sentences of every end are true: of the money, of the card and its back, of what comes next; on the page and on the ticket alike."""

import asyncio
from dataclasses import dataclass, field, replace
from itertools import product
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from kiosk.case.casefile import Case
from kiosk.case.moves import Axis, Back, Custody, Issue, Money, Reason, Standing, Wish
from kiosk.domain.clock import SystemClock
from kiosk.domain.failure import Failure
from kiosk.i18n import Catalogue
from kiosk.journey import final_words
from kiosk.journey.events import Event
from kiosk.journey.steps.endings import Goodbye, Problem
from kiosk.journey.steps.giving_back import GivingBack
from kiosk.journey.steps.take_card import TakeCard, take_page
from kiosk.journey.visit import Visit
from kiosk.services.papers import TicketData
from kiosk.view import LANGUAGES
from tests.case.small_world import FILE, TODAY
from tests.journey.test_money_steps import FakeExecutor

CATALOGUE = Catalogue.load(Path(__file__).resolve().parents[2] / "assets" / "i18n")
NUMBER = "2611221015ABCDEF"
DELIVERED = Standing(Wish.DELIVER, Money.PAID, Issue.VERIFIED, Back.WRITTEN, Custody.WITH_TRAVELLER, began=True, charges=1)
UNDONE = Standing(Wish.WITHDRAW, Money.REFUNDED, Issue.VOIDED, Back.AS_FOUND, Custody.WITH_TRAVELLER, began=True, charges=1)


def case_of(standing: Standing, cause: str | None = None) -> Case:
    return Case(NUMBER, TODAY, standing, msgspec.structs.replace(FILE, cause=cause))


def visit(standing: Standing, cause: str | None = None, **more: Any) -> Visit:
    made = Visit(case=case_of(standing, cause), inserted=True, **more)
    if cause is not None:
        made.turn_for(made.case, "card_module.fault")  # type: ignore[arg-type]
    return made


@dataclass
class Office:
    """Prints, notes and tells; says what it was given."""

    failure: Failure | None = None
    tickets: list[TicketData] = field(default_factory=list)
    done: list[str] = field(default_factory=list)

    async def print_ticket(self, data: TicketData, language: str) -> Failure | None:
        self.tickets.append(data)
        self.done.append("ticket")
        return self.failure

    def ticket_taken(self, case: Case) -> Case:
        self.done.append("noted")
        return case

    async def send(self) -> None:
        self.done.append("told")

    def house(self) -> Any:
        return SimpleNamespace(
            hours="", ticket_number=lambda: "7", clock=SystemClock(), papers=self, notices=self, slot=SimpleNamespace(alarmed=None)
        )


def ran(step: Any, who: Visit, office: Office) -> None:
    who.touch("finish")
    assert asyncio.run(step.run(who, office.house())) is Event.DONE


# ---- the forgotten card


@pytest.mark.parametrize(("standing", "happened"), [(DELIVERED, "retained.done"), (UNDONE, "retained.happened")])
def test_a_forgotten_card_has_its_page_its_ticket_and_its_notice(standing: Standing, happened: str) -> None:
    office = Office()
    forgot = visit(replace(standing, custody=Custody.RETAINED))
    ran(Problem(), forgot, office)
    (ticket,) = office.tickets
    assert (ticket.number, ticket.happened.key, ticket.card.key, ticket.next.key) == (
        NUMBER,
        happened,
        "outcome.card.retained",
        "problem.next_retained",
    )
    assert ticket.money.key == ("outcome.money.paid" if standing is DELIVERED else "outcome.money.refunded")
    assert office.done == ["ticket", "noted", "told"]
    assert Problem().title(forgot).key == "retained.title"


def test_a_ticket_that_was_not_printed_leaves_the_slip_due() -> None:
    office = Office(Failure("receipt_printer.paper_end"))
    ran(Problem(), visit(replace(DELIVERED, custody=Custody.RETAINED)), office)
    assert office.done == ["ticket", "told"]


@pytest.mark.parametrize("ended_by", [Event.CANCELLED, Event.TIMED_OUT, Event.REFUSED, Event.STAFF_CALLED])
def test_whoever_forgets_the_card_after_turning_back_is_told_where_it_is(ended_by: Event) -> None:
    forgot = visit(replace(UNDONE, money=Money.CLOSED, custody=Custody.RETAINED), ended_by=ended_by)
    house: Any = SimpleNamespace(executor=FakeExecutor([Money.CLOSED]), slot=SimpleNamespace(alarmed=None))
    assert asyncio.run(GivingBack().run(forgot, house)) is Event.RETURNED_BROKEN


def test_the_alarm_is_on_the_view_only_while_the_card_lies_there() -> None:
    assert not take_page(visit(DELIVERED)).alarm
    page = take_page(visit(DELIVERED, alarmed=True))
    assert page.alarm and page.title.key == "take.alarm_title" and page.speech[0].key == "take.alarm"
    assert TakeCard().view(visit(DELIVERED, alarmed=True), Office().house()).alarm


def test_a_full_bin_is_not_told_as_a_card_that_did_not_come_out() -> None:
    held = replace(DELIVERED, custody=Custody.IN_MACHINE, not_taken=True, blocked=frozenset({Axis.CUSTODY}), needs_staff=Reason.BIN_FULL)
    body = Problem().body(visit(held, "card_module.bin_full"), Office().house())
    assert (body.happened.key, body.card.key, body.next.key) == ("retained.done", "outcome.card.retained", "problem.next_retained")


# ---- the money


@pytest.mark.parametrize(
    ("standing", "key"),
    [
        (DELIVERED, "paid"),
        (replace(DELIVERED, issue=Issue.ISSUED), "paid"),  # only its report is missing
        (UNDONE, "refunded"),
        (replace(UNDONE, money=Money.REFUND_PENDING), "refund_pending"),
        (replace(UNDONE, money=Money.PAID), "paid_later"),
        (replace(UNDONE, money=Money.PAID, blocked=frozenset({Axis.MONEY}), needs_staff=Reason.REFUND_REFUSED), "paid_staff"),
        (replace(UNDONE, money=Money.PAID, issue=Issue.ISSUED, back=Back.UNKNOWN, needs_staff=Reason.BACK_UNSEEN), "paid_staff"),
        (replace(UNDONE, money=Money.OPEN), "open"),
        (replace(UNDONE, money=Money.OPEN, blocked=frozenset({Axis.MONEY}), needs_staff=Reason.PAYMENT_CONTRADICTION), "open_staff"),
        (replace(UNDONE, money=Money.CLOSED), "closed"),
    ],
)
def test_the_money_is_said_as_the_case_knows_it(standing: Standing, key: str) -> None:
    assert final_words.money(case_of(standing)).key == f"outcome.money.{key}"


def test_who_paid_and_left_gets_the_number_on_paper() -> None:
    for money, printed in ((Money.REFUNDED, 1), (Money.REFUND_PENDING, 1), (Money.CLOSED, 0), (Money.NONE, 0)):
        office = Office()
        ran(Goodbye(), visit(replace(UNDONE, money=money), ended_by=Event.CANCELLED), office)
        assert len(office.tickets) == printed
    office = Office()
    ran(Goodbye(), visit(DELIVERED, ended_by=Event.DONE), office)
    assert office.tickets == []


def test_who_waited_in_vain_for_the_payment_code_did_not_do_nothing() -> None:
    closed = replace(UNDONE, money=Money.OPEN)
    waited = visit(closed, "payment.unclear", ended_by=Event.TIMED_OUT)
    assert Goodbye().body(waited, Office().house()).happened.key == "ended.payment"
    shown = replace(waited, case=replace(waited.case, file=msgspec.structs.replace(FILE, code="weixin://x")))  # type: ignore[type-var]
    assert Goodbye().body(shown, Office().house()).happened.key == "goodbye.timed_out"


# ---- the card


@pytest.mark.parametrize(
    ("standing", "key"),
    [
        (DELIVERED, "returned"),
        (UNDONE, "returned"),
        (replace(UNDONE, back=Back.BLANK), "returned_back"),
        (replace(UNDONE, back=Back.UNKNOWN), "returned_back"),
        (replace(UNDONE, back=Back.WRITTEN), "returned_back"),  # a print that was voided still stands on it
        (replace(UNDONE, custody=Custody.IN_MACHINE), "inside"),
        (replace(UNDONE, custody=Custody.UNKNOWN), "inside"),
        (replace(UNDONE, custody=Custody.RETAINED), "retained"),
    ],
)
def test_the_card_is_said_where_it_is_and_as_it_is(standing: Standing, key: str) -> None:
    assert final_words.card(case_of(standing)).key == f"outcome.card.{key}"


@pytest.mark.parametrize(
    ("standing", "key"),
    [
        (UNDONE, "problem.next"),
        (replace(UNDONE, needs_staff=Reason.REFUND_REFUSED), "problem.next_staff"),
        (replace(UNDONE, custody=Custody.IN_MACHINE), "problem.next_inside"),
        (replace(UNDONE, custody=Custody.UNKNOWN), "problem.next_inside"),
        (replace(UNDONE, custody=Custody.RETAINED), "problem.next_retained"),
    ],
)
def test_what_comes_next_depends_on_where_the_card_is(standing: Standing, key: str) -> None:
    assert final_words.what_next(case_of(standing)).key == key


def test_a_made_endorsement_is_never_called_a_failure() -> None:
    stuck = replace(DELIVERED, custody=Custody.IN_MACHINE, needs_staff=Reason.CARD_STUCK)
    body = Problem().body(visit(stuck, "card_module.jam"), Office().house())
    assert body.happened.key == "problem.done_inside" and Problem().title(visit(stuck)).key == "problem.done_title"


# ---- what happened


WAITING = {"zh-Hans": ("请稍候", "正在核对"), "zh-Hant": ("請稍候", "正在核對"), "en": ("please wait", "is checking", "Staff:")}
CAUSES = (
    *("card_printer.timeout", "card_printer.no_card", "card_printer.jam", "card_printer.cover_open", "card_printer.head_temperature"),
    *("card_back.differs", "card_back.blank", "card_back.unreadable", "back_camera.deadline"),
    *("card_module.jam", "card_module.not_moved", "card_module.silent", "card_module.port_lost", "card_module.bin_full"),
    *("authority.unclear", "authority.unreachable", "authority.contradiction", "payment.unclear", "payment.contradiction", "payment.unreachable"),
)


@pytest.mark.parametrize("cause", CAUSES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_at_the_end_nobody_is_asked_to_wait_for_what_is_over(cause: str, language: str) -> None:
    turned = visit(UNDONE, cause).turned
    assert turned is not None and turned.code == cause
    said = CATALOGUE.say(turned.text, language)
    assert not [word for word in WAITING[language] if word.lower() in said.lower()], said


def test_before_the_permit_is_inside_a_cause_keeps_its_own_sentence() -> None:
    outside = Visit(case=case_of(replace(UNDONE, money=Money.NONE), "card_module.occupied"))
    outside.turn_for(outside.case, "card_module.fault")  # type: ignore[arg-type]
    assert outside.turned is not None and outside.turned.text.key == "failure.card_module.occupied"


def test_every_end_has_its_sentences_in_every_language() -> None:
    """Every standing that the axes allow, whether reachable or not: no key is missing and no place is left unfilled."""
    reasons = (None, Reason.BIN_FULL, Reason.REFUND_REFUSED)
    for money, issue, back, custody, reason in product(Money, Issue, Back, Custody, reasons):
        standing = Standing(Wish.WITHDRAW, money, issue, back, custody, began=True, charges=1, needs_staff=reason)
        body = Problem().body(visit(standing, "card_back.differs"), Office().house())
        for message, language in product((body.happened, body.money, body.card, body.next), LANGUAGES):
            assert "{" not in CATALOGUE.say(message, language)
