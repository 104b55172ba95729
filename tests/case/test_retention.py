"""What is due is forgotten, once, and the audit says so; what somebody still has to come for is kept."""

import asyncio
import json
import os
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from kiosk.audit.log import AuditLog
from kiosk.case.casefile import Case, CaseFile
from kiosk.case.moves import Act, Axis, Back, Custody, Issue, Money, Reason, Standing, Wish
from kiosk.config import Retention as Periods
from kiosk.domain.failure import Failure
from kiosk.services.retention import AT_ONCE, Purged, Retention
from kiosk.store.retention import RetentionStore
from kiosk.store.transaction import StoreFailed
from tests.case.small_world import FILE, TODAY, HastyClock, Machine, World

SETTLED = Standing(Wish.DELIVER, Money.PAID, Issue.VERIFIED, Back.WRITTEN, Custody.WITH_TRAVELLER, began=True, charges=1)
DAY_S = 86400


class Calendar(HastyClock):
    """A clock that a test sets on by days."""

    def __init__(self) -> None:
        super().__init__()
        self.days = 0

    def now(self) -> datetime:
        return super().now() + timedelta(days=self.days)


class Bench:
    def __init__(self, machine: Machine, folder: Path, periods: Periods) -> None:
        self.machine, self.folder, self.clock = machine, folder, Calendar()
        self.audit = AuditLog(machine.audit._records, machine.audit._key, self.clock)
        machine.journal._clock = self.clock
        self.retention = Retention(machine.journal, machine.store, RetentionStore(machine.engine), self.audit, self.clock, periods, folder)

    def ended(self, standing: Standing = SETTLED) -> Case:
        """A case that ends now."""
        journal = self.machine.journal
        return journal.decide(journal.begin(TODAY, FILE), standing)

    def purge(self) -> Purged:
        return asyncio.run(self.retention.purge())

    def file_of(self, case: Case) -> str:
        loaded = self.machine.journal.load(case.case_id)
        assert not isinstance(loaded, Failure)
        return loaded.file.id_number

    def events(self) -> list[dict[str, object]]:
        """The audit's records of purges."""
        with sqlite3.connect(self.folder / "journal.sqlite") as database:
            bodies = [json.loads(body) for (body,) in database.execute("SELECT body FROM audit_records ORDER BY sequence")]
        return [body for body in bodies if "retention.purged" in json.dumps(body)]


@pytest.fixture
def bench(start: Callable[[World], Machine], store: Path) -> Bench:
    return Bench(start(World()), store.parent, Periods(file_days=30, case_days=365, log_days=180))


def test_the_person_goes_after_a_month_and_the_case_after_a_year(bench: Bench) -> None:
    case = bench.ended()
    bench.clock.days = 30
    assert bench.purge() == Purged() and bench.file_of(case) == FILE.id_number
    bench.clock.days = 31
    assert bench.purge() == Purged(files=1)
    loaded = bench.machine.journal.load(case.case_id)
    assert not isinstance(loaded, Failure) and loaded.standing == SETTLED and loaded.order_no == case.order_no
    assert loaded.file == CaseFile("", "", "", fee_fen=1500, method="wechat"), "what staff's own steps may ask the provider with, and no more"
    assert case.case_id in bench.machine.journal.known() and bench.machine.journal.begun() == [], "known, and compared no more"
    bench.clock.days = 366
    assert bench.purge() == Purged(cases=1)
    assert isinstance(bench.machine.journal.load(case.case_id), Failure) and bench.machine.store.acts(case.case_id) == []


def test_each_purge_is_in_the_audit_and_a_second_one_finds_nothing(bench: Bench) -> None:
    bench.ended()
    bench.ended()
    bench.clock.days = 31
    assert bench.purge() == Purged(files=2) and bench.purge() == Purged()
    [event] = bench.events()
    assert {"files": 2, "cases": 0, "logs": 0, "files_before": "2026-11-23"}.items() <= {**event, **event.get("fields", {})}.items()  # type: ignore[dict-item]


KEPT = {
    "retained": replace(SETTLED, issue=Issue.VOIDED, money=Money.REFUNDED, back=Back.AS_FOUND, custody=Custody.RETAINED),
    "needs_staff": replace(SETTLED, back=Back.UNKNOWN, needs_staff=Reason.BACK_UNSEEN, blocked=frozenset({Axis.BACK})),
    "stuck": replace(SETTLED, custody=Custody.UNKNOWN, needs_staff=Reason.CARD_STUCK, blocked=frozenset({Axis.CUSTODY})),
}


@pytest.mark.parametrize("why", KEPT)
def test_a_case_that_somebody_has_to_come_for_is_kept_until_its_days_after_the_hand_back(bench: Bench, why: str) -> None:
    case = bench.ended(KEPT[why])
    bench.clock.days = 4000
    assert bench.purge() == Purged() and bench.file_of(case) == FILE.id_number
    bench.machine.journal.decide(case, SETTLED)  # handed back
    bench.clock.days = 4030
    assert bench.purge() == Purged()
    bench.clock.days = 4031
    assert bench.purge() == Purged(files=1)


def test_an_open_case_is_never_touched(bench: Bench) -> None:
    journal = bench.machine.journal
    case, _ = journal.intend(journal.begin(TODAY, FILE), Act.TAKE_IN)
    bench.clock.days = 4000
    assert bench.purge() == Purged() and bench.file_of(case) == FILE.id_number


def test_nothing_of_the_sealed_file_is_left_in_any_of_the_stores_files(bench: Bench) -> None:
    case = bench.ended()
    with sqlite3.connect(bench.folder / "journal.sqlite") as database:
        [(sealed,)] = database.execute("SELECT file FROM cases WHERE case_id = ?", (case.case_id,)).fetchall()
    bench.clock.days = 31
    bench.purge()
    left = [file.name for file in bench.folder.iterdir() if sealed[40:72] in file.read_bytes()]
    assert left == []


def test_more_than_one_part_is_purged_and_an_unreadable_case_stays_for_staff(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    cases = [bench.ended() for _ in range(AT_ONCE + 3)]
    with bench.machine.store.transaction() as write:
        write.run("UPDATE cases SET file = x'0011' WHERE case_id = :case_id", {"case_id": cases[1].case_id})
    bench.clock.days = 31
    assert bench.purge() == Purged(files=AT_ONCE + 2, unreadable=1)
    assert "retention: 1 cases" in caplog.text
    assert isinstance(bench.machine.journal.load(cases[1].case_id), Failure)
    assert len(bench.events()) == 2


def test_a_purge_and_its_record_are_one(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    case = bench.ended()
    bench.clock.days = 31

    def refuses(*_: object) -> None:
        raise StoreFailed(Failure("store.full"))

    monkeypatch.setattr(bench.audit, "append", refuses)
    asyncio.run(bench.retention.daily())
    assert bench.file_of(case) == FILE.id_number and bench.events() == []
    monkeypatch.undo()
    asyncio.run(bench.retention.daily())
    assert bench.file_of(case) == "" and len(bench.events()) == 1, "the same day, at the next call"


def test_it_runs_once_a_day(bench: Bench) -> None:
    asyncio.run(bench.retention.daily())
    cases = [bench.ended()]
    bench.clock.days = 40
    asyncio.run(bench.retention.daily())
    assert bench.file_of(cases[0]) == ""
    with bench.machine.store.transaction() as write:
        write.run("UPDATE cases SET file_purged_at = NULL")
    asyncio.run(bench.retention.daily())
    assert len(bench.events()) == 1
    bench.clock.days = 41
    asyncio.run(bench.retention.daily())
    assert len(bench.events()) == 2


def test_old_log_files_go_and_the_one_in_use_stays(bench: Bench) -> None:
    now = bench.clock.now().timestamp()
    for name, days in (("machine.log", 400), ("machine.log.1", 10), ("machine.log.2", 179), ("machine.log.3", 181)):
        (bench.folder / name).write_text("x")
        os.utime(bench.folder / name, (now - days * DAY_S, now - days * DAY_S))
    assert bench.purge() == Purged(logs=1) and bench.purge() == Purged()
    assert sorted(file.name for file in bench.folder.glob("machine.log*")) == ["machine.log", "machine.log.1", "machine.log.2"]
    assert len(bench.events()) == 1
