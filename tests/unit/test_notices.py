"""What the hall is told: each thing once, until accepted, across restarts; on paper where no traveller took a ticket; never who the traveller is."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from kiosk.case.casefile import Case
from kiosk.case.moves import Axis, Back, Custody, Issue, Money, Reason, Standing, Wish
from kiosk.domain.failure import Failure
from kiosk.services.notices import LONGEST_SLIP, Notices
from kiosk.services.papers import SlipData
from kiosk.store.transaction import StoreFailed
from tests.case.small_world import ID_NUMBER, NAME, PERMIT_NUMBER, PHONE, Machine, World

DELIVERED = Standing(Wish.DELIVER, Money.PAID, Issue.VERIFIED, Back.WRITTEN, Custody.RETAINED, began=True, charges=1)
STUCK = replace(DELIVERED, custody=Custody.IN_MACHINE, blocked=frozenset({Axis.CUSTODY}), needs_staff=Reason.CARD_STUCK)


@dataclass
class Hall:
    """Takes notices, or does not answer."""

    failure: Failure | None = None
    notices: list[tuple[str, str, str, str | None]] = field(default_factory=list)
    times: list[datetime] = field(default_factory=list)

    async def notify(self, machine: str, case_id: str, kind: str, reason: str | None, at: datetime) -> Failure | None:
        if self.failure is None:
            self.notices.append((machine, case_id, kind, reason))
            self.times.append(at)
        return self.failure


@dataclass
class Printer:
    failure: Failure | None = None
    slips: list[SlipData] = field(default_factory=list)

    async def print_slip(self, data: SlipData) -> Failure | None:
        if self.failure is None:
            self.slips.append(data)
        return self.failure


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    machine = Machine(tmp_path / "journal.sqlite", World())
    yield machine
    machine.close()


def at_the_end(machine: Machine, standing: Standing) -> Case:
    return machine.journal.decide(machine.begin(), standing)


def notices(machine: Machine, hall: Hall, printer: Printer | None = None) -> Notices:
    return Notices(machine.journal, hall, printer or Printer(), machine.clock, "GZ-01")  # type: ignore[arg-type]


def test_a_kept_card_and_a_case_for_staff_are_told_once(machine: Machine) -> None:
    kept, stuck = at_the_end(machine, DELIVERED), at_the_end(machine, STUCK)
    at_the_end(machine, replace(DELIVERED, custody=Custody.WITH_TRAVELLER))  # nobody's business
    hall = Hall()
    for _ in range(3):
        assert asyncio.run(notices(machine, hall).send()) is None  # each time as after a restart
    assert sorted(hall.notices) == sorted(
        [("GZ-01", kept.case_id, "card_retained", "not_taken"), ("GZ-01", stuck.case_id, "needs_staff", "card_stuck")]
    )


def test_what_the_hall_did_not_accept_is_told_again_after_a_restart(machine: Machine) -> None:
    case = at_the_end(machine, replace(STUCK, custody=Custody.RETAINED))
    hall = Hall(Failure("authority.unreachable"))
    assert asyncio.run(notices(machine, hall).send()) == hall.failure
    hall.failure = None
    asyncio.run(notices(machine, hall).send())
    assert [kind for _, case_id, kind, _ in hall.notices if case_id == case.case_id] == ["card_retained", "needs_staff"]


def test_a_record_that_cannot_be_read_is_told_too_and_only_once_by_one_run(machine: Machine) -> None:
    case = machine.begin()
    with machine.engine.begin() as connection:
        connection.exec_driver_sql("update cases set standing = '{' where case_id = ?", (case.case_id,))
    hall = Hall()
    telling = notices(machine, hall)
    asyncio.run(telling.send())
    asyncio.run(telling.send())
    assert hall.notices == [("GZ-01", case.case_id, "needs_staff", "journal_unreadable")]


def test_a_notice_written_meanwhile_leaves_the_case_as_it_stands_now(machine: Machine) -> None:
    case = at_the_end(machine, DELIVERED)

    class Slow(Hall):
        async def notify(self, *given: Any) -> Failure | None:
            machine.journal.decide(case, replace(DELIVERED, custody=Custody.WITH_TRAVELLER))  # handed back while the hall was told
            return await super().notify(*given)

    asyncio.run(notices(machine, Slow()).send())
    after = machine.journal.load(case.case_id)
    assert isinstance(after, Case) and after.standing.custody is Custody.WITH_TRAVELLER


def test_the_slip_has_every_case_without_a_ticket_and_is_printed_once(machine: Machine) -> None:
    kept, stuck, ticketed = at_the_end(machine, DELIVERED), at_the_end(machine, STUCK), at_the_end(machine, STUCK)
    printer = Printer()
    telling = notices(machine, Hall(), printer)
    telling.ticket_taken(ticketed)
    asyncio.run(telling.print_slip())
    asyncio.run(notices(machine, Hall(), printer).print_slip())
    (slip,) = printer.slips
    assert {line.number for line in slip.lines} == {kept.case_id, stuck.case_id}
    reasons = {line.number: line.reason.key if line.reason else None for line in slip.lines}
    assert reasons == {kept.case_id: None, stuck.case_id: "staff.reason.card_stuck"}


def test_a_slip_that_was_not_printed_is_due_again(machine: Machine) -> None:
    at_the_end(machine, DELIVERED)
    printer = Printer(Failure("receipt_printer.paper_end"))
    telling = notices(machine, Hall(), printer)
    assert asyncio.run(telling.print_slip()) == printer.failure
    printer.failure = None
    assert asyncio.run(telling.print_slip()) is None and len(printer.slips) == 1


def test_many_cases_go_on_several_slips_and_none_is_left_out(machine: Machine) -> None:
    cases = {at_the_end(machine, DELIVERED).case_id for _ in range(LONGEST_SLIP + 3)}
    printer = Printer()
    telling = notices(machine, Hall(), printer)
    for _ in range(3):
        asyncio.run(telling.print_slip())
    assert [len(slip.lines) for slip in printer.slips] == [LONGEST_SLIP, 3]
    assert {line.number for slip in printer.slips for line in slip.lines} == cases


def test_no_notice_and_no_slip_says_who_it_is(machine: Machine) -> None:
    at_the_end(machine, replace(STUCK, custody=Custody.RETAINED))
    hall, printer = Hall(), Printer()
    telling = notices(machine, hall, printer)
    asyncio.run(telling.send())
    asyncio.run(telling.print_slip())
    said = json.dumps([hall.notices, [str(slip) for slip in printer.slips]], ensure_ascii=False)
    assert not [secret for secret in (NAME, ID_NUMBER, PERMIT_NUMBER, PHONE) if secret in said]


def test_the_notice_says_when_the_bin_took_the_card(machine: Machine) -> None:
    case = machine.begin()
    file = msgspec.structs.replace(case.file, retained_at=1_790_000_000.0)
    machine.journal.decide(case, DELIVERED, file)
    hall = Hall()
    asyncio.run(notices(machine, hall).send())
    assert hall.times[0].timestamp() == 1_790_000_000.0 and hall.times[0].tzinfo is not None


def test_a_disk_that_refuses_the_note_stops_nobody_and_is_in_the_log(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    case = at_the_end(machine, DELIVERED)
    full = Failure("store.full")

    def refuse(*_given: Any, **_more: Any) -> Any:
        raise StoreFailed(full)

    monkeypatch.setattr(machine.journal, "decide", refuse)
    telling = notices(machine, Hall())
    assert asyncio.run(telling.send()) == full and asyncio.run(telling.print_slip()) == full
    assert caplog.messages == ["notice put off: store.full", "slip put off: store.full"]
    assert telling.ticket_taken(case) is case


def test_a_notice_that_the_hall_refuses_does_not_hold_back_the_others(machine: Machine) -> None:
    refused, kept = at_the_end(machine, STUCK), at_the_end(machine, DELIVERED)

    class Refuses(Hall):
        async def notify(self, machine: str, case_id: str, kind: str, reason: str | None, at: datetime) -> Failure | None:
            if case_id == refused.case_id:
                return Failure("authority.refused")
            return await super().notify(machine, case_id, kind, reason, at)

    hall = Refuses()
    assert asyncio.run(notices(machine, hall).send()) == Failure("authority.refused")
    assert [case_id for _, case_id, _, _ in hall.notices] == [kept.case_id]


def test_telling_the_hall_does_not_begin_the_days_of_an_ended_case_anew(machine: Machine) -> None:
    case = at_the_end(machine, DELIVERED)
    with machine.engine.begin() as connection:
        connection.exec_driver_sql("update cases set ended_at = 5 where case_id = ?", (case.case_id,))
    asyncio.run(notices(machine, Hall()).send())
    with machine.engine.begin() as connection:
        assert connection.exec_driver_sql("select ended_at from cases").scalar() == 5
