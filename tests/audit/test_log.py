"""Writing the audit: its bytes, its keys, its first record, and one transaction with what it speaks of."""

import hashlib
import json
import sqlite3
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from kiosk.audit import chain
from kiosk.audit.events import CaseBegan, CaseDecided
from kiosk.audit.keys import PrivateKey
from kiosk.audit.log import AuditLog
from kiosk.audit.verify import Verdict, verify
from kiosk.domain.failure import Failure
from kiosk.store.records import RecordStore
from tests.audit.logs import CASE_ID, EVERY, OpenLog, StepClock, alter, made, rows


def test_another_program_can_check_the_log_from_its_description(tmp_path: Path) -> None:
    path = made(tmp_path, 25)
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex((tmp_path / "audit.pub").read_text()))
    before = b"\0" * 32
    listed = rows(path, "SELECT sequence, body, hash FROM audit_records ORDER BY sequence")
    for number, (sequence, body, stored) in enumerate(listed, 1):
        assert isinstance(body, bytes) and json.loads(body)["sequence"] == sequence == number
        assert body == json.dumps(json.loads(body), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        before = hashlib.sha256(before + body).digest()
        assert before == stored
    for signed, signature in rows(path, "SELECT signed, signature FROM audit_head UNION ALL SELECT signed, signature FROM audit_checkpoints"):
        assert isinstance(signed, bytes) and isinstance(signature, bytes)
        key.verify(signature, signed)
    ((signed,),) = rows(path, "SELECT signed FROM audit_head")
    assert isinstance(signed, bytes)
    head = json.loads(signed)
    assert head == {"algorithm": "sha256", "at": head["at"], "every": EVERY, "hash": before.hex(), "kind": "head", "sequence": 25}


def test_a_records_bytes_are_as_described() -> None:
    event = CaseBegan(case_id=CASE_ID)
    at = chain.instant(StepClock().at)
    assert chain.body(7, at, event) == (
        b'{"at":"2026-11-22T10:15:00.000+08:00","event":"case.began","fields":{"case_id":"2611221015ABCDEF"},"sequence":7}'
    )


def test_the_first_record_names_hash_and_key_and_the_private_key_is_the_users_own(tmp_path: Path) -> None:
    path = made(tmp_path, 1)
    ((body,),) = rows(path, "SELECT body FROM audit_records")
    assert isinstance(body, bytes)
    fields = json.loads(body)["fields"]
    assert fields == {"algorithm": "sha256", "public_key": hashlib.sha256(PrivateKey.at(tmp_path).public.raw).hexdigest()}
    assert (tmp_path / "audit.key").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "audit.key").read_bytes() not in path.read_bytes()


def test_a_log_goes_on_where_it_ended(tmp_path: Path) -> None:
    for total in (5, 10, 23):
        log = OpenLog(tmp_path)
        already = len(rows(tmp_path / "journal.sqlite", "SELECT 1 FROM audit_records"))
        for _ in range(total - already):
            log.audit.write(CaseBegan(case_id=CASE_ID))
        log.close()
    verdict = verify(tmp_path / "journal.sqlite", tmp_path)
    assert isinstance(verdict, Verdict) and (verdict.records, verdict.broken) == (23, None)


def test_the_clock_going_back_changes_nothing_of_the_order(tmp_path: Path) -> None:
    log = OpenLog(tmp_path)
    log.fill(5)
    log.clock.set_back(86_400)
    log.audit.write(CaseBegan(case_id=CASE_ID))
    log.close()
    times = [json.loads(body)["at"] for (body,) in rows(tmp_path / "journal.sqlite", "SELECT body FROM audit_records ORDER BY sequence")]  # type: ignore[arg-type]
    assert times[-1] < times[0]
    verdict = verify(tmp_path / "journal.sqlite", tmp_path)
    assert isinstance(verdict, Verdict) and verdict.broken is None and verdict.until == times[-1]


def test_several_events_of_one_write_are_kept_together_or_not_at_all(tmp_path: Path) -> None:
    log = OpenLog(tmp_path)
    store = RecordStore(log.engine)
    with pytest.raises(RuntimeError), store.transaction() as write:
        log.audit.append(write, CaseBegan(case_id=CASE_ID), CaseBegan(case_id=CASE_ID))
        raise RuntimeError
    assert len(rows(tmp_path / "journal.sqlite", "SELECT 1 FROM audit_records")) == 1
    log.audit.write(CaseBegan(case_id=CASE_ID), CaseBegan(case_id=CASE_ID))
    log.close()
    verdict = verify(tmp_path / "journal.sqlite", tmp_path)
    assert isinstance(verdict, Verdict) and (verdict.records, verdict.broken) == (3, None)


def test_an_event_that_does_not_fit_leaves_nothing(tmp_path: Path) -> None:
    log = OpenLog(tmp_path)
    with pytest.raises(ValueError, match="money"):
        log.audit.write(CaseDecided(case_id=CASE_ID, wish="deliver", money="borrowed", issue="none", back="as_found", custody="in_machine"))
    assert len(rows(tmp_path / "journal.sqlite", "SELECT 1 FROM audit_records")) == 1
    log.close()


def reopened(directory: Path) -> AuditLog | Failure:
    from kiosk.store.engine import open_store

    engine = open_store(directory / "journal.sqlite")
    assert not isinstance(engine, Failure), engine
    opened = AuditLog.open(RecordStore(engine), directory, StepClock())
    engine.dispose()
    return opened


@pytest.mark.parametrize(
    ("statement", "record"),
    [
        ("DELETE FROM audit_records WHERE sequence = 12", "12"),
        ("DELETE FROM audit_head", "1"),
        ("DELETE FROM audit_records", "1"),
        ("UPDATE audit_head SET signature = x'00'", "1"),
        ("UPDATE audit_records SET hash = x'00' WHERE sequence = 12", "13"),
    ],
)
def test_a_log_whose_end_was_altered_is_not_gone_on_with(tmp_path: Path, statement: str, record: str) -> None:
    path = made(tmp_path, 12)
    alter(path, (statement, ()))
    failure = reopened(tmp_path)
    assert isinstance(failure, Failure) and (failure.code, failure.detail) == ("audit.broken", {"record": record})


def test_a_log_that_was_emptied_does_not_begin_anew(tmp_path: Path) -> None:
    path = made(tmp_path, 12)
    alter(path, *((f"DELETE FROM {table}", ()) for table in ("audit_records", "audit_head", "audit_checkpoints")))
    failure = reopened(tmp_path)
    assert isinstance(failure, Failure) and failure.code == "audit.broken"


def test_a_lost_or_damaged_key_is_said_and_no_new_one_is_made(tmp_path: Path) -> None:
    made(tmp_path, 3)
    (tmp_path / "audit.key").write_bytes(b"short")
    failure = reopened(tmp_path)
    assert isinstance(failure, Failure) and failure.code == "audit.key_damaged"
    (tmp_path / "audit.key").unlink()
    failure = reopened(tmp_path)
    assert isinstance(failure, Failure) and failure.code == "audit.key_missing" and not (tmp_path / "audit.key").exists()


def test_another_key_does_not_go_on_with_the_log(tmp_path: Path) -> None:
    made(tmp_path, 3)
    (tmp_path / "audit.key").write_bytes(b"k" * 32)
    failure = reopened(tmp_path)
    assert isinstance(failure, Failure) and failure.code == "audit.broken"


@pytest.mark.parametrize("lost", [("audit.pub",), ("audit.pub", "log")])
def test_the_power_going_during_the_first_start_is_made_good(tmp_path: Path, lost: tuple[str, ...]) -> None:
    """The key lies there; the first record may or may not; the public key does not yet."""
    path = made(tmp_path, 1)
    (tmp_path / "audit.pub").unlink()
    if "log" in lost:
        alter(path, ("DELETE FROM audit_records", ()), ("DELETE FROM audit_head", ()))
    assert isinstance(reopened(tmp_path), AuditLog)
    verdict = verify(path, tmp_path)
    assert isinstance(verdict, Verdict) and (verdict.records, verdict.broken) == (1, None)


def test_a_log_can_be_hashed_with_sm3(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chain, "ALGORITHM", "sm3")
    path = made(tmp_path, 12)
    monkeypatch.undo()
    log = OpenLog(tmp_path)  # goes on with its own
    log.audit.write(CaseBegan(case_id=CASE_ID))
    log.close()
    verdict = verify(path, tmp_path)
    assert isinstance(verdict, Verdict) and (verdict.records, verdict.algorithm, verdict.broken) == (13, "sm3", None)
    bodies = [body for (body,) in rows(path, "SELECT body FROM audit_records ORDER BY sequence")]
    before = bytes(32)
    for body in bodies:
        assert isinstance(body, bytes)
        before = hashlib.new("sm3", before + body).digest()
    assert rows(path, "SELECT hash FROM audit_records WHERE sequence = 13") == [(before,)]


def test_the_audit_keeps_no_more_than_the_case_in_one_file(tmp_path: Path) -> None:
    """The record and what it speaks of are of one database, so that one commit carries both."""
    path = made(tmp_path, 2)
    with sqlite3.connect(path) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    connection.close()
    assert {"cases", "acts", "audit_records", "audit_head", "audit_checkpoints"} <= tables
