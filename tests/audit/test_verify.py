"""`kiosk audit verify` and `kiosk audit checkpoint`: what they say, of what, and that they only read."""

import json
import os
import sqlite3
import tracemalloc
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.audit import chain
from kiosk.audit.events import CaseBegan
from kiosk.audit.keys import PrivateKey
from kiosk.audit.log import read_signed
from kiosk.audit.verify import Broken, Verdict, Why, kept_elsewhere, verify
from kiosk.cli import main
from kiosk.commands import audit as command
from kiosk.domain.failure import Failure
from tests.audit.logs import CASE_ID, OpenLog, alter, copied, made, rows


def kept(directory: Path) -> dict[str, object]:
    verdict = verify(directory / "journal.sqlite", directory)
    assert isinstance(verdict, Verdict) and verdict.broken is None and verdict.end is not None
    return kept_elsewhere(verdict.end, PrivateKey.at(directory))


def broken(directory: Path, checkpoint: object = None) -> Broken | None:
    verdict = verify(directory / "journal.sqlite", directory, checkpoint)
    assert isinstance(verdict, Verdict), verdict
    return verdict.broken


def test_a_checkpoint_kept_elsewhere_holds_for_the_log_as_it_goes_on(tmp_path: Path) -> None:
    made(tmp_path, 15)
    early = kept(tmp_path)
    log = OpenLog(tmp_path)
    log.audit.write(CaseBegan(case_id=CASE_ID))
    log.close()
    assert broken(tmp_path, early) is None and broken(tmp_path, kept(tmp_path)) is None


def test_an_older_database_put_back_is_found_by_a_checkpoint_kept_elsewhere(tmp_path: Path) -> None:
    made(tmp_path, 15)
    old = (tmp_path / "journal.sqlite").read_bytes()
    log = OpenLog(tmp_path)
    for _ in range(4):
        log.audit.write(CaseBegan(case_id=CASE_ID))
    log.close()
    later = kept(tmp_path)
    (tmp_path / "journal.sqlite").write_bytes(old)
    assert broken(tmp_path) is None  # it is whole in itself: only what lies elsewhere knows better
    assert broken(tmp_path, later) == Broken(16, Why.ROLLED_BACK)


def test_a_log_written_anew_by_whoever_holds_the_key_is_found_by_a_checkpoint_kept_elsewhere(tmp_path: Path) -> None:
    path = made(tmp_path, 15)
    before = kept(tmp_path)
    key = PrivateKey.at(tmp_path)
    other = made_with_key(tmp_path / "other", 15, key_file=tmp_path / "audit.key")
    path.write_bytes(other.read_bytes())
    assert broken(tmp_path) is None and key.public.fingerprint
    assert broken(tmp_path, before) == Broken(15, Why.REWRITTEN)


def made_with_key(directory: Path, records: int, key_file: Path) -> Path:
    """A log of other events under the same key."""
    directory.mkdir()
    (directory / "audit.key").write_bytes(key_file.read_bytes())
    from kiosk.audit.log import AuditLog
    from kiosk.store import engine as store_engine
    from kiosk.store.records import RecordStore
    from tests.audit.logs import StepClock

    (directory / "audit.key").rename(directory / "aside")
    engine = store_engine.open_store(directory / "journal.sqlite")
    assert not isinstance(engine, Failure)
    (directory / "aside").rename(directory / "audit.key")
    log = AuditLog.open(RecordStore(engine), directory, StepClock(), 10)
    assert isinstance(log, AuditLog)
    for _ in range(records - 1):
        log.write(CaseBegan(case_id="2611221015ZZZZZZ"))
    engine.dispose()
    with closing(sqlite3.connect(directory / "journal.sqlite")) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
    return directory / "journal.sqlite"


def test_another_public_key_does_not_vouch_for_the_log(tmp_path: Path) -> None:
    made(tmp_path, 3)
    made_pub = made(tmp_path / "other", 3).parent / "audit.pub"
    (tmp_path / "audit.pub").write_bytes(made_pub.read_bytes())
    assert broken(tmp_path) == Broken(1, Why.KEY)


@pytest.mark.parametrize("damage", ["sequence", "hash", "signature", "public_key", "kind", "nothing", "list", "text"])
def test_what_is_no_checkpoint_of_this_machine_is_refused(tmp_path: Path, damage: str) -> None:
    made(tmp_path, 3)
    good = kept(tmp_path)
    wrong: object = {
        "sequence": {**good, "sequence": 2},
        "hash": {**good, "hash": "0" * 64},
        "signature": {**good, "signature": "zz"},
        "public_key": {**good, "public_key": "0" * 64},
        "kind": {**good, "kind": "head"},
        "nothing": {},
        "list": [],
        "text": "checkpoint",
    }[damage]
    verdict = verify(tmp_path / "journal.sqlite", tmp_path, wrong)
    assert isinstance(verdict, Failure) and verdict.code == "audit.checkpoint_wrong"


def test_a_checkpoint_cannot_stand_for_the_head(tmp_path: Path) -> None:
    made(tmp_path, 3)
    key = PrivateKey.at(tmp_path)
    verdict = verify(tmp_path / "journal.sqlite", tmp_path)
    assert isinstance(verdict, Verdict) and verdict.end is not None
    text = replace(verdict.end, kind=chain.CHECKPOINT).text()
    assert read_signed((text, key.sign(text)), key.public, chain.CHECKPOINT) is not None
    assert read_signed((text, key.sign(text)), key.public, chain.HEAD) is None
    assert read_signed((verdict.end.text(), key.sign(text)), key.public, chain.HEAD) is None


def test_it_reads_beside_a_running_machine_and_writes_nothing(tmp_path: Path) -> None:
    log = OpenLog(tmp_path)
    log.fill(25)
    database, wal = tmp_path / "journal.sqlite", tmp_path / "journal.sqlite-wal"
    before = (database.read_bytes(), wal.read_bytes())
    verdict = verify(database, tmp_path)
    assert isinstance(verdict, Verdict) and (verdict.records, verdict.broken) == (25, None)
    assert (database.read_bytes(), wal.read_bytes()) == before
    log.audit.write(CaseBegan(case_id=CASE_ID))
    log.close()


def test_memory_stays_flat_however_long_the_log(tmp_path: Path) -> None:
    log = OpenLog(tmp_path, every=1000)
    peaks = []
    for _ in range(2):
        for _batch in range(10):
            log.audit.write(*[CaseBegan(case_id=CASE_ID)] * 500)
        tracemalloc.start()
        verify(tmp_path / "journal.sqlite", tmp_path)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    log.close()
    assert peaks[1] < peaks[0] * 1.3 and peaks[1] < 2_000_000


def test_a_missing_or_damaged_database_or_key_is_a_coded_failure(tmp_path: Path) -> None:
    path = made(tmp_path, 12)
    whole = path.read_bytes()

    def code() -> str:
        failure = verify(path, tmp_path)
        assert isinstance(failure, Failure), failure
        return failure.code

    path.write_bytes(b"not a database at all, a letter to the hall" * 200)
    assert code() == "store.damaged"
    path.write_bytes(whole[: len(whole) // 2])
    assert code() == "store.damaged"
    path.write_bytes(b"")
    assert code() == "store.damaged"
    path.unlink()
    assert code() == "store.missing"
    path.write_bytes(whole)
    (tmp_path / "audit.pub").write_text("no key")
    assert code() == "audit.key_damaged"
    (tmp_path / "audit.pub").unlink()
    assert code() == "audit.key_missing"


# -- the command ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A profile whose store is `tmp_path`/machine, as the command reads it."""
    from types import SimpleNamespace

    machine = tmp_path / "machine"
    made(machine, 24)
    fake = SimpleNamespace(path=lambda name: tmp_path / name, store=SimpleNamespace(directory="machine"))
    monkeypatch.setattr(command, "load_profile", lambda _path: fake)
    return machine


def said(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, object], str]:
    code = main(["audit", *words, "--profile", "profile.toml", "--json"])
    captured = capsys.readouterr()
    document = json.loads(captured.out)
    assert isinstance(document, dict)
    return code, document, captured.err


def test_a_whole_log_is_said_with_its_length_and_its_end(profile: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, document, talk = said(capsys, "verify")
    assert (code, document["records"], document["broken"], document["checkpoints"]) == (0, 24, None, 2)
    assert str(document["until"]).startswith("2026-11-22T10:15") and "24 records" in talk


def test_the_first_broken_record_is_named(profile: Path, capsys: pytest.CaptureFixture[str]) -> None:
    alter(profile / "journal.sqlite", ("UPDATE audit_records SET body = x'7b7d' WHERE sequence IN (17, 19)", ()))
    code, document, talk = said(capsys, "verify")
    named = document["broken"]
    assert code == 1 and isinstance(named, dict) and (named["record"], named["why"], named["code"]) == (17, "altered", "audit.record_altered")
    assert set(named["text"]) == {"zh-Hans", "zh-Hant", "en"} and "record 17" in talk


def test_a_printed_checkpoint_is_taken_back(profile: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, document, _talk = said(capsys, "checkpoint")
    assert code == 0 and document["sequence"] == 24 and document["kind"] == "checkpoint"
    (tmp_path / "kept.json").write_text(json.dumps(document))
    code, document, _talk = said(capsys, "verify", "--checkpoint", str(tmp_path / "kept.json"))
    assert (code, document["checkpoint"], document["broken"]) == (0, 24, None)
    code, document, _talk = said(capsys, "verify", "--checkpoint", str(tmp_path / "nothing.json"))
    assert code == 1 and isinstance(document["failure"], dict) and document["failure"]["code"] == "audit.checkpoint_wrong"


def test_no_checkpoint_is_signed_over_a_hole(profile: Path, capsys: pytest.CaptureFixture[str]) -> None:
    alter(profile / "journal.sqlite", ("DELETE FROM audit_records WHERE sequence = 9", ()))
    code, document, _talk = said(capsys, "checkpoint")
    assert code == 1 and isinstance(document["failure"], dict) and document["failure"]["code"] == "audit.record_missing"


def test_wrong_words_are_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "verify", "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["failure"]["code"] == "usage.words"
    assert main(["audit", "polish", "--profile", "x", "--json"]) == 2
    assert main(["audit", "verify", "--profile", "/nowhere/profile.toml", "--json"]) == 2


@pytest.mark.parametrize("why", list(Why))
def test_every_reason_has_its_sentence(why: Why) -> None:
    from kiosk.commands.said import catalogue

    assert f"failure.audit.record_{why}" in catalogue()


def test_a_store_without_a_log_says_that_its_first_record_is_missing(tmp_path: Path) -> None:
    path = made(tmp_path, 3)
    bare = copied(path, tmp_path / "bare")
    alter(bare, *((f"DELETE FROM {table}", ()) for table in ("audit_records", "audit_head", "audit_checkpoints")))
    assert broken(bare.parent) == Broken(1, Why.END)
    assert rows(bare, "SELECT count(*) FROM audit_records") == [(0,)] and os.access(bare, os.R_OK)
