"""What lies on machines is still read: one database of every released revision is opened, migrated, read and gone on with."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config

from kiosk.audit.verify import Verdict, verify
from kiosk.case.acts import Result, Status
from kiosk.case.journal import ended
from kiosk.case.moves import Act, settled
from kiosk.domain.failure import Failure
from kiosk.services.staff_login import Count, StaffLogin
from kiosk.store.engine import FIRST, HEAD, open_store
from kiosk.store.staff import StaffStore
from tests.field_key import cipher_in
from tests.store.stores import DATA, Store, failed, fixture, make_script, rows

REVISIONS = ("0001", "0002", "0003")


def test_every_released_revision_has_its_database() -> None:
    assert [path.name for path in sorted(DATA.glob("journal-*.sqlite"))] == [f"journal-{revision}.sqlite" for revision in REVISIONS]
    assert (REVISIONS[0], REVISIONS[-1]) == (FIRST, HEAD)
    for revision in REVISIONS:
        assert rows(DATA / f"journal-{revision}.sqlite", "SELECT version_num FROM alembic_version") == [(revision,)]


@pytest.mark.parametrize("revision", REVISIONS)
def test_the_cases_of_a_revision_are_read_as_they_were_written(revision: str, tmp_path: Path) -> None:
    store = Store(fixture(revision, tmp_path))
    script = make_script()
    for case_id, (standing, is_over, acts) in script.CASES.items():
        case = store.load(case_id)
        for axis in ("wish", "money", "issue", "back", "custody"):
            assert getattr(case.standing, axis) == {**script.STANDING, **standing}[axis], (case_id, axis)
        assert case.file.id_number == script.FILE["id_number"] and case.file.before[0].number == "M00000001"
        assert [(act.act, act.outcome) for act in store.cases.acts(case_id)] == acts
        assert (case_id in store.journal.open_ids()) is not is_over
        if is_over:
            assert ended(case.standing)
    assert settled(store.load("2611220900DELVRD").standing) and settled(store.load("2611220910REFUND").standing)
    assert store.journal.with_staff() == ["2611220940STAFFX"]
    pending = store.journal.pending(store.load("2611220920PRNTNG"))
    assert pending is not None and pending.act == Act.WRITE_BACK
    store.close()


@pytest.mark.parametrize("revision", REVISIONS)
def test_settled_cases_stay_as_they_are_and_open_ones_go_on(revision: str, tmp_path: Path) -> None:
    path = fixture(revision, tmp_path)
    settled_rows = "SELECT case_id, as_of, created_at, ended_at, standing, file FROM cases WHERE ended_at IS NOT NULL ORDER BY case_id"
    before = rows(path, settled_rows)
    store = Store(path)
    assert rows(path, settled_rows) == before
    case = store.load("2611220920PRNTNG")
    pending = store.journal.pending(case)
    assert pending is not None
    case = store.journal.conclude(case, pending, Result(Status.DONE, {"back": "written"}), None, {})  # type: ignore[dict-item]
    store.close()
    again = Store(path)
    assert again.load(case.case_id).standing.back == "written" and again.load(case.case_id).file.phone == "13800138000"
    again.close()
    assert rows(path, "SELECT version FROM cases WHERE case_id = '2611220920PRNTNG'") == [(2,)]
    assert rows(path, settled_rows) == before
    verdict = verify(path, tmp_path)
    assert isinstance(verdict, Verdict) and verdict.broken is None and verdict.records >= 2


def test_the_staff_of_a_revision_log_in_as_before_and_their_counts_go_on(tmp_path: Path) -> None:
    store = Store(fixture("0003", tmp_path))
    script = make_script()
    login = StaffLogin(StaffStore(store.engine, cipher_in(tmp_path)), store.audit, store.clock)
    assert {number: count.tries for number, count in login.accounts()} == {number: tries for number, _pin, tries in script.STAFF.values()}
    for digits, (number, pin, _tries) in script.STAFF.items():
        assert asyncio.run(login.log_in(digits, pin)) == number
    assert {count for _number, count in login.accounts()} == {Count()}
    store.close()


def test_a_migration_cut_off_in_the_middle_leaves_the_old_revision_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = fixture("0001", tmp_path)
    before = rows(path, "SELECT * FROM cases ORDER BY case_id")

    class PowerCut(BaseException): ...

    def half(config: Config, revision: str) -> None:
        upgrade(config, revision)
        raise PowerCut  # everything is done, nothing is committed

    upgrade = command.upgrade
    monkeypatch.setattr(command, "upgrade", half)
    with pytest.raises(PowerCut):
        open_store(path)
    monkeypatch.undo()
    tables = {name for (name,) in rows(path, "SELECT name FROM sqlite_master")}
    assert rows(path, "SELECT version_num FROM alembic_version") == [("0001",)] and "audit_records" not in tables
    assert rows(path, "SELECT * FROM cases ORDER BY case_id") == before
    Store(path).close()
    assert rows(path, "SELECT version_num FROM alembic_version") == [(HEAD,)]


def test_a_fresh_store_is_marked_as_the_machines_own(tmp_path: Path) -> None:
    Store(tmp_path / "journal.sqlite").close()
    assert rows(tmp_path / "journal.sqlite", "PRAGMA application_id") == [(0x4B694F73,)]


@pytest.mark.parametrize("version", ["", "0", "0000", "head", "00010"])
def test_a_revision_that_never_was_is_damage(version: str, tmp_path: Path) -> None:
    path = fixture("0002", tmp_path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (version,))
        connection.commit()
    assert failed(path) in ("store.damaged", "store.newer")
    assert failed(path) == ("store.newer" if version == "head" else "store.damaged")
    assert isinstance(open_store(path), Failure)
