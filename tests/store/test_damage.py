"""A database that is damaged, gone or somebody else's: said with its code, the file kept as it is, and nothing begun anew."""

import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from kiosk.audit.log import AuditLog
from kiosk.audit.verify import Verdict, verify
from kiosk.case.casefile import Case, CaseFile
from kiosk.case.moves import Act
from kiosk.domain.failure import Failure
from kiosk.store.engine import open_store
from kiosk.store.records import RecordStore
from tests.audit.logs import StepClock
from tests.store.stores import Store, failed, fixture

PAGE = 4096


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return fixture("0002", tmp_path)


def in_another_programs_words(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE photographs (id INTEGER PRIMARY KEY, picture BLOB)")
        connection.commit()


def marked_by_another_program(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA application_id = 0x0F055112")
        connection.commit()


def emptied(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        for table in ("acts", "cases", "alembic_version", "audit_records", "audit_head", "audit_checkpoints"):
            connection.execute(f"DROP TABLE {table}")
        connection.commit()


@pytest.mark.parametrize(
    ("done", "code"),
    [
        (lambda path: path.write_bytes(b"garbage" * 3000), "store.damaged"),
        (lambda path: path.write_bytes(b""), "store.damaged"),
        (lambda path: path.write_bytes(path.read_bytes()[: 3 * PAGE]), "store.damaged"),
        (lambda path: path.write_bytes(path.read_bytes()[:-100]), "store.damaged"),
        (lambda path: path.write_bytes(path.read_bytes()[:50]), "store.damaged"),
        (lambda path: path.write_bytes(path.read_bytes()[:PAGE] + b"\xff" * PAGE + path.read_bytes()[2 * PAGE :]), "store.damaged"),
        (emptied, "store.damaged"),
        (in_another_programs_words, "store.foreign"),
        (marked_by_another_program, "store.foreign"),
    ],
)
def test_it_is_said_and_the_file_is_kept_to_the_byte(path: Path, done: Callable[[Path], object], code: str) -> None:
    done(path)
    kept = path.read_bytes()
    assert [failed(path), failed(path)] == [code, code]
    assert path.read_bytes() == kept


@pytest.mark.parametrize("key", ["field.key", "field.check", "audit.key", "audit.pub"])
def test_a_database_that_is_gone_is_not_begun_anew(tmp_path: Path, key: str) -> None:
    (tmp_path / key).write_bytes(b"k" * 32)
    assert failed(tmp_path / "journal.sqlite") == "store.missing"
    assert sorted(file.name for file in tmp_path.iterdir()) == [key]


def test_a_write_ahead_log_without_its_database_is_kept(tmp_path: Path) -> None:
    wal = tmp_path / "journal.sqlite-wal"
    wal.write_bytes(b"w" * 5000)
    assert failed(tmp_path / "journal.sqlite") == "store.missing"
    assert wal.read_bytes() == b"w" * 5000


def test_a_write_ahead_log_is_not_written_into_a_damaged_database(path: Path, tmp_path: Path) -> None:
    store = Store(path)
    store.journal.decide(store.load("2611220930PAYWAT"), store.load("2611220930PAYWAT").standing)
    cut = tmp_path / "cut"
    cut.mkdir()
    for file in path.parent.glob("journal.sqlite*"):
        shutil.copy(file, cut / file.name)
    store.close()
    damaged = cut / "journal.sqlite"
    damaged.write_bytes(damaged.read_bytes()[:PAGE] + b"\xff" * PAGE + damaged.read_bytes()[2 * PAGE :])
    (cut / "journal.sqlite-shm").unlink()
    kept = [damaged.read_bytes(), (cut / "journal.sqlite-wal").read_bytes()]
    if isinstance(open_store(damaged), Failure):
        assert [damaged.read_bytes(), (cut / "journal.sqlite-wal").read_bytes()] == kept
    assert len(kept[1]) > 0


@pytest.mark.parametrize("left", ["nothing", "empty file", "no tables"])
def test_a_first_start_that_was_cut_off_starts(tmp_path: Path, left: str) -> None:
    path = tmp_path / "journal.sqlite"
    if left == "empty file":
        path.touch()
    if left == "no tables":
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA user_version=1")
            connection.execute("PRAGMA user_version=0")
    Store(path).close()
    assert loaded(path) == {}, "and has no cases yet"


def test_whatever_byte_is_flipped_nothing_of_it_is_believed(tmp_path: Path) -> None:
    """Every flip is a coded failure, an unreadable case, a broken audit, or lies where nothing is read; never a bug, never another case."""
    path, by = with_cases(tmp_path / "whole", 7), random.Random("flips")
    whole = path.read_bytes()
    cases = {case_id: (case.standing, case.file) for case_id, case in loaded(path).items() if isinstance(case, Case)}
    assert len(cases) == 7
    seen = {"refused": 0, "unreadable": 0, "audit": 0, "unread": 0}
    shutil.copytree(path.parent, tmp_path / "trial")
    trial = tmp_path / "trial" / path.name
    for _ in range(150):
        at = by.randrange(len(whole))
        for file in trial.parent.glob("journal.sqlite*"):
            file.unlink()
        trial.write_bytes(whole[:at] + bytes([whole[at] ^ (1 << by.randrange(8))]) + whole[at + 1 :])
        kept = trial.read_bytes()
        engine = open_store(trial)
        if isinstance(engine, Failure):
            seen["refused"] += 1
            assert trial.read_bytes() == kept and engine.code in ("store.damaged", "store.foreign", "store.newer")
            continue
        engine.dispose()
        found = loaded(trial)
        for case_id, case in found.items():
            assert isinstance(case, Failure) or cases.get(case_id) == (case.standing, case.file)
        if any(isinstance(case, Failure) for case in found.values()):
            seen["unreadable"] += 1
            continue
        verdict = verify(trial, trial.parent)
        whole_audit = isinstance(verdict, Verdict) and verdict.broken is None
        seen["unread" if whole_audit else "audit"] += 1
    assert all(seen.values()), seen


def with_cases(directory: Path, number: int) -> Path:
    """A closed store with open cases, each with an act under way."""
    store = Store(directory / "journal.sqlite")
    file = CaseFile("C88888888", "hkmo", "44010319900307123X", fee_fen=1500)
    for _ in range(number):
        store.journal.intend(store.journal.begin(date(2026, 11, 22), file), Act.TAKE_IN)
    store.close()
    return store.path


def loaded(path: Path) -> dict[str, Case | Failure]:
    """Every case that the journal lists, as it reads it."""
    from kiosk.case.journal import Journal
    from kiosk.store.cases import CaseStore
    from kiosk.store.transaction import StoreFailed
    from tests.field_key import cipher_in

    engine = open_store(path)
    assert not isinstance(engine, Failure)
    clock = StepClock()
    store = CaseStore(engine, cipher_in(path.parent))
    audit = AuditLog.open(RecordStore(engine), path.parent, clock)
    listed: dict[str, Case | Failure] = {}
    try:
        journal = Journal(store, clock, audit)  # type: ignore[arg-type]
        listed = {str(case_id): journal.load(case_id) for case_id in [*journal.open_ids(), *store.ended_ids("")]}
    except StoreFailed as failed:
        listed["-"] = failed.failure
    finally:
        engine.dispose()
    return listed
