"""The power goes while the journal is written, the disk is full or refuses: whole transactions or none, and a coded failure."""

import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from kiosk.audit.verify import Verdict, verify
from kiosk.case.acts import Result, Status
from kiosk.case.casefile import Block, CaseFile
from kiosk.case.moves import Act, Custody, Wish
from kiosk.store.transaction import StoreFailed
from tests.store.stores import Store, rows

FILE = CaseFile("C88888888", "hkmo", "44010319900307123X", before=(Block("MAC", "L", "3M1", "2027-01-05", "2026-10-05"),), fee_fen=1500)
TODAY = date(2026, 11, 22)
IN_MACHINE = Result(Status.DONE, {"custody": Custody.IN_MACHINE, "began": True})
FRAME, WAL_HEADER = 24 + 4096, 32
STATE = (
    "SELECT (SELECT count(*) FROM cases), (SELECT group_concat(act || coalesce(outcome, '-')) FROM acts), (SELECT max(sequence) FROM audit_records)"
)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Migrated before, so that the write-ahead log begins with the test."""
    Store(tmp_path / "machine" / "journal.sqlite").close()
    return Store(tmp_path / "machine" / "journal.sqlite")


def test_a_write_ahead_log_cut_anywhere_gives_the_last_whole_transaction(store: Store, tmp_path: Path) -> None:
    wal = store.path.with_name("journal.sqlite-wal")
    moments: list[tuple[int, tuple[object, ...]]] = [(0, rows(store.path, STATE)[0])]

    def noted() -> None:
        moments.append((wal.stat().st_size, rows(store.path, STATE)[0]))

    case = store.journal.begin(TODAY, FILE)
    noted()
    for act, result in ((Act.TAKE_IN, IN_MACHINE), (Act.INSPECT, Result(Status.DONE, {})), (Act.SUBMIT, Result(Status.UNKNOWN))):
        case, stored = store.journal.intend(case, act)
        noted()
        case = store.journal.conclude(case, stored, result, None, {})
        noted()
    case = store.journal.decide(case, replace(case.standing, wish=Wish.WITHDRAW))
    noted()
    saved = tmp_path / "saved"
    shutil.copytree(store.path.parent, saved)
    (saved / "journal.sqlite-shm").unlink()
    store.close()
    whole = (saved / "journal.sqlite-wal").read_bytes()
    frames = (len(whole) - WAL_HEADER) // FRAME
    cuts = [(WAL_HEADER + frame * FRAME + more, False) for frame in range(frames) for more in (0, 12, 24, 2000)]
    garbled = [(WAL_HEADER + frame * FRAME + FRAME, True) for frame in range(frames)]
    assert len(cuts) > 100
    for size, torn in [(0, False), (7, False), *cuts[::2], *garbled, (len(whole), False)]:
        part = whole[:size]
        if torn:  # the last page never reached the disk: what lies there is something else
            part = part[:-2000] + b"\xa5" * 2000
        expected = [state for end, state in moments if end <= (size - 1 if torn else size)][-1]
        assert after_power_cut(saved, tmp_path / "cut", part) == expected, (size, torn)


def after_power_cut(saved: Path, to: Path, wal: bytes) -> tuple[object, ...]:
    """What the store holds once it is opened again, its audit whole with it."""
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(saved, to)
    (to / "journal.sqlite-wal").write_bytes(wal)
    again = Store(to / "journal.sqlite")
    for case_id in again.journal.open_ids():
        case = again.load(case_id)
        pending = again.journal.pending(case)
        assert pending is None or pending.outcome is None
    again.close()
    verdict = verify(to / "journal.sqlite", to)
    assert isinstance(verdict, Verdict) and verdict.broken is None
    return rows(to / "journal.sqlite", STATE)[0]


def fill_the_disk(store: Store, full: bool) -> None:
    """As large as it may become is what it is now; or as large as it likes."""
    with closing(store.engine.raw_connection()) as connection:
        cursor = connection.cursor()
        most = cursor.execute("PRAGMA page_count").fetchone()[0] if full else 1 << 20
        cursor.execute(f"PRAGMA max_page_count = {most}")
        cursor.close()


def test_a_full_disk_stops_an_intent_and_leaves_nothing_of_it(store: Store) -> None:
    case = store.journal.begin(TODAY, FILE)
    case, stored = store.journal.intend(case, Act.TAKE_IN)
    case = store.journal.conclude(case, stored, IN_MACHINE, None, {})
    fill_the_disk(store, True)
    written = 0
    with pytest.raises(StoreFailed) as refused:
        for _ in range(500):
            before = rows(store.path, STATE)[0]
            case, stored = store.journal.intend(case, Act.INSPECT)
            case = store.journal.conclude(case, stored, Result(Status.NOT_DONE), None, {})
            written += 1
    assert refused.value.failure.code == "store.full" and refused.value.failure.detail == {"file": str(store.path)}
    now = rows(store.path, STATE)[0]
    assert now == before or now[2] == int(str(before[2])) + 1  # the pair's intent may have had room, its outcome not
    assert 0 < written < 500
    fill_the_disk(store, False)  # staff have made room
    case = store.load(case.case_id)
    stored = store.journal.pending(case) or store.journal.intend(case, Act.INSPECT)[1]
    store.journal.conclude(case, stored, Result(Status.DONE, {}), None, {})
    store.close()
    verdict = verify(store.path, store.path.parent)
    assert isinstance(verdict, Verdict) and verdict.broken is None


def test_a_full_disk_stops_a_new_case_and_a_decision(store: Store) -> None:
    case = store.journal.begin(TODAY, FILE)
    fill_the_disk(store, True)
    with pytest.raises(StoreFailed, match=r"store\.full"):
        for _ in range(100):
            store.journal.begin(TODAY, FILE)
    with pytest.raises(StoreFailed, match=r"store\.full"):
        for _ in range(300):
            store.journal.decide(case, replace(case.standing, looks=case.standing.looks + 1))
    store.close()


def test_a_disk_that_is_read_only_by_now_stops_every_write(store: Store) -> None:
    case = store.journal.begin(TODAY, FILE)
    before = rows(store.path, STATE)[0]
    with closing(store.engine.raw_connection()) as connection:
        connection.cursor().execute("PRAGMA query_only=ON")
    for write in (
        lambda: store.journal.begin(TODAY, FILE),
        lambda: store.journal.intend(case, Act.TAKE_IN),
        lambda: store.journal.decide(case, case.standing),
    ):
        with pytest.raises(StoreFailed) as refused:
            write()
        assert refused.value.failure.code == "store.unwritable"
    assert rows(store.path, STATE)[0] == before and isinstance(store.load(case.case_id), type(case))
    store.close()


CHILD = """
import json, resource, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from tests.store.test_power_and_disk import FILE, IN_MACHINE, TODAY
from tests.store.stores import Store
from kiosk.case.moves import Act
from kiosk.case.acts import Result, Status
from kiosk.store.transaction import StoreFailed
store = Store(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), resource.RLIM_INFINITY))
concluded, failure = 0, None
case = store.journal.begin(TODAY, FILE)
try:
    for _ in range(500):
        case, stored = store.journal.intend(case, Act.TAKE_IN)
        case = store.journal.conclude(case, stored, Result(Status.NOT_DONE), None, {})
        concluded += 1
except StoreFailed as failed:
    failure = failed.failure.code
print(json.dumps({"concluded": concluded, "failure": failure}))
"""


@pytest.mark.parametrize("limit", [150_000, 300_001])
def test_a_file_that_may_not_grow_stops_the_machine_and_keeps_what_was_written(store: Store, limit: int) -> None:
    store.close()
    root = Path(__file__).resolve().parents[2]
    child = subprocess.run([sys.executable, "-c", CHILD, str(store.path), str(root), str(limit)], stdout=subprocess.PIPE, check=True, timeout=60)
    said = json.loads(child.stdout)
    assert said["failure"] in ("store.unwritable", "store.full") and 0 < said["concluded"] < 500
    again = Store(store.path)
    acts = [outcome for (outcome,) in rows(store.path, "SELECT outcome FROM acts ORDER BY id")]
    assert acts.count("not_done") == said["concluded"] and acts.count(None) <= 1
    (case_id,) = again.journal.open_ids() or [rows(store.path, "SELECT case_id FROM cases")[0][0]]
    again.load(str(case_id))
    again.close()
    verdict = verify(store.path, store.path.parent)
    assert isinstance(verdict, Verdict) and verdict.broken is None


def test_cases_keep_their_order_when_the_clock_goes_back(store: Store) -> None:
    first = store.journal.begin(TODAY, FILE)
    store.clock.set_back(3 * 86_400)
    second = store.journal.begin(TODAY, FILE)
    assert store.journal.open_ids() == [first.case_id, second.case_id]
    created = [at for (at,) in rows(store.path, "SELECT created_at FROM cases ORDER BY rowid")]
    assert created == sorted(created, reverse=True, key=lambda at: float(str(at)))
    store.close()


def test_an_orders_end_stays_what_it_was_when_the_clock_goes_back(store: Store) -> None:
    case, stored = store.journal.intend(store.journal.begin(TODAY, FILE), Act.OPEN_CHARGE)
    store.clock.set_back(3600)
    again = store.load(case.case_id)
    assert again.file.expires_at == case.file.expires_at > store.clock.now().timestamp() + 600
    assert store.journal.pending(again) == stored
    store.close()


def test_the_journal_and_its_audit_record_are_on_the_disk_together(store: Store) -> None:
    """Read through a connection of its own after each call: there is never one without the other."""
    counted = "SELECT (SELECT count(*) FROM acts) + (SELECT count(outcome) FROM acts), (SELECT count(*) FROM audit_records)"
    case = store.journal.begin(TODAY, FILE)
    ((acts, records),) = rows(store.path, counted)
    for number in range(1, 4):
        case, stored = store.journal.intend(case, Act.TAKE_IN)
        assert rows(store.path, counted) == [(int(str(acts)) + 2 * number - 1, int(str(records)) + 2 * number - 1)]
        case = store.journal.conclude(case, stored, Result(Status.UNKNOWN, {"custody": Custody.UNKNOWN, "began": True}), None, {})
        assert rows(store.path, counted) == [(int(str(acts)) + 2 * number, int(str(records)) + 2 * number)]
    events = [json.loads(body)["event"] for (body,) in rows(store.path, "SELECT body FROM audit_records ORDER BY sequence")]  # type: ignore[arg-type]
    assert events == ["audit.began", "case.began", *["act.intended", "act.concluded"] * 3]
    store.close()


def test_sqlite_itself_says_what_we_take_it_to_say(tmp_path: Path) -> None:
    """The words by which a refusal is told apart."""
    with closing(sqlite3.connect(tmp_path / "a", isolation_level=None)) as connection:
        connection.execute("CREATE TABLE t (x)")
        connection.execute("PRAGMA max_page_count=1")
        with pytest.raises(sqlite3.OperationalError, match="full"):
            connection.execute("INSERT INTO t VALUES (zeroblob(100000))")
        connection.execute("PRAGMA query_only=ON")
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            connection.execute("INSERT INTO t VALUES (1)")
