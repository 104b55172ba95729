"""Whatever is done to the log behind the machine's back is found, and the record is named: more than a thousand ways, drawn by lot with a seed."""

import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from kiosk.audit.verify import Verdict, Why, verify
from tests.audit.logs import EVERY, copied, made

RECORDS, OF_EACH = 57, 60
Mutation = Callable[[sqlite3.Connection, random.Random], tuple[int, Why]]
"""Alters the log; gives the record that is to be named, and why."""


def flipped(value: bytes, by: random.Random) -> bytes:
    at = by.randrange(len(value))
    return value[:at] + bytes([value[at] ^ (1 << by.randrange(8))]) + value[at + 1 :]


def flip(db: sqlite3.Connection, by: random.Random, table: str, column: str, key: str, row: int) -> None:
    (value,) = db.execute(f"SELECT {column} FROM {table} WHERE {key} = ?", (row,)).fetchone()
    db.execute(f"UPDATE {table} SET {column} = ? WHERE {key} = ?", (flipped(value, by), row))


def shift(db: sqlite3.Connection, first: int, by: int) -> None:
    """Renumbers the records from `first` on."""
    db.execute("UPDATE audit_records SET sequence = -(sequence + ?) WHERE sequence >= ?", (by, first))
    db.execute("UPDATE audit_records SET sequence = -sequence WHERE sequence < 0")


def chained(db: sqlite3.Connection, first: int) -> None:
    """Makes the hashes from `first` on anew, as anybody can who has read how they are made."""
    before = bytes(32) if first == 1 else db.execute("SELECT hash FROM audit_records WHERE sequence = ?", (first - 1,)).fetchone()[0]
    for sequence, body in db.execute("SELECT sequence, body FROM audit_records WHERE sequence >= ? ORDER BY sequence", (first,)).fetchall():
        before = sha256(before + body).digest()
        db.execute("UPDATE audit_records SET hash = ? WHERE sequence = ?", (before, sequence))


def next_checkpoint(record: int) -> tuple[int, Why]:
    """Where a chain that was made anew from `record` on no longer agrees with what is signed."""
    at = (record + EVERY - 1) // EVERY * EVERY
    return (at, Why.CHECKPOINT) if at <= RECORDS else (RECORDS, Why.END)


def body_flipped(db: sqlite3.Connection, by: random.Random) -> tuple[int, Why]:
    record = by.randint(1, RECORDS)
    flip(db, by, "audit_records", "body", "sequence", record)
    return record, Why.ALTERED


def hash_flipped(db: sqlite3.Connection, by: random.Random) -> tuple[int, Why]:
    record = by.randint(1, RECORDS)
    flip(db, by, "audit_records", "hash", "sequence", record)
    return record, Why.ALTERED


def body_of_another_type(db: sqlite3.Connection, by: random.Random) -> tuple[int, Why]:
    record = by.randint(1, RECORDS)
    column = by.choice(("body", "hash"))
    db.execute(f"UPDATE audit_records SET {column} = ? WHERE sequence = ?", (by.choice(("text", 7, 0.5, b"")), record))
    return record, Why.ALTERED


def body_edited_and_chained(db: sqlite3.Connection, by: random.Random) -> tuple[int, Why]:
    record = by.randint(2, RECORDS)
    flip(db, by, "audit_records", "body", "sequence", record)
    chained(db, record)
    return next_checkpoint(record)


def removed(db: sqlite3.Connection, by: random.Random) -> tuple[int, Why]:
    record = by.randint(1, RECORDS)
    db.execute("DELETE FROM audit_records WHERE sequence = ?", (record,))
    return record, Why.MISSING


def some_removed(db: sqlite3.Connection, by: random.Random) -> tuple[int, Why]:
    first = by.randint(1, RECORDS)
    db.execute("DELETE FROM audit_records WHERE sequence BETWEEN ? AND ?", (first, first + by.randrange(15)))
    return first, Why.MISSING


def removed_and_closed_up(db: sqlite3.Connection, by: random.Random) -> tuple[int, Why]:
    record = by.randint(2, RECORDS - 1)
    db.execute("DELETE FROM audit_records WHERE sequence = ?", (record,))
    shift(db, record, -1)
    return record, Why.ALTERED


def removed_closed_up_and_chained(db: sqlite3.Connection, by: random.Random) -> tuple[int, Why]:
    record = by.randint(2, RECORDS - 1)
    db.execute("DELETE FROM audit_records WHERE sequence = ?", (record,))
    shift(db, record, -1)
    chained(db, record)
    expected = next_checkpoint(record)
    return expected if expected[1] is Why.CHECKPOINT else (RECORDS, Why.MISSING)


def renumbered(db: sqlite3.Connection, by: random.Random) -> tuple[int, Why]:
    first = by.randint(2, RECORDS)
    shift(db, first, by.randint(1, 40))
    return first, Why.MISSING


def put_in(db: sqlite3.Connection, by: random.Random) -> tuple[int, Why]:
    record = by.randint(2, RECORDS)
    body, hash_ = db.execute("SELECT body, hash FROM audit_records WHERE sequence = ?", (by.randint(1, RECORDS),)).fetchone()
    shift(db, record, 1)
    (before,) = db.execute("SELECT hash FROM audit_records WHERE sequence = ?", (record - 1,)).fetchone()
    body += b" "
    db.execute("INSERT INTO audit_records VALUES (?, ?, ?)", (record, body, by.choice((hash_, sha256(before + body).digest()))))
    good = sha256(before + body).digest() == db.execute("SELECT hash FROM audit_records WHERE sequence = ?", (record,)).fetchone()[0]
    if not good:
        return record, Why.ALTERED
    # its own hash is right, so the first that no longer holds is the one behind it, or its checkpoint
    return (record, Why.CHECKPOINT) if record % EVERY == 0 else (record + 1, Why.ALTERED)


def put_in_before_the_first(db: sqlite3.Connection, by: random.Random) -> tuple[int, Why]:
    db.execute("INSERT INTO audit_records SELECT ?, body, hash FROM audit_records WHERE sequence = 2", (-by.randrange(9),))
    return 1, Why.ALTERED


def put_behind_the_last(db: sqlite3.Connection, by: random.Random) -> tuple[int, Why]:
    (body,) = db.execute("SELECT body FROM audit_records WHERE sequence = ?", (by.randint(1, RECORDS),)).fetchone()
    more = by.randint(1, EVERY - RECORDS % EVERY - 1)  # up to the next checkpoint, which cannot be forged
    for sequence in range(RECORDS + 1, RECORDS + 1 + more):
        db.execute("INSERT INTO audit_records VALUES (?, ?, x'')", (sequence, body))
    chained(db, RECORDS + 1)
    return RECORDS + 1, Why.UNSIGNED


def swapped(db: sqlite3.Connection, by: random.Random) -> tuple[int, Why]:
    first, second = sorted(by.sample(range(1, RECORDS + 1), 2))
    columns = by.choice(("body", "hash", "body, hash"))
    one, other = (db.execute(f"SELECT {columns} FROM audit_records WHERE sequence = ?", (row,)).fetchone() for row in (first, second))
    setters = ", ".join(f"{column} = ?" for column in columns.split(", "))
    db.execute(f"UPDATE audit_records SET {setters} WHERE sequence = ?", (*other, first))
    db.execute(f"UPDATE audit_records SET {setters} WHERE sequence = ?", (*one, second))
    return first, Why.ALTERED


def cut_off(db: sqlite3.Connection, by: random.Random) -> tuple[int, Why]:
    first = by.randint(1, RECORDS)
    db.execute("DELETE FROM audit_records WHERE sequence >= ?", (first,))
    if by.random() < 0.5:
        db.execute("DELETE FROM audit_checkpoints WHERE number * ? >= ?", (EVERY, first))
    return first, Why.MISSING


def cut_off_with_the_head(db: sqlite3.Connection, by: random.Random) -> tuple[int, Why]:
    first = by.randint(1, RECORDS)
    db.execute("DELETE FROM audit_records WHERE sequence >= ?", (first,))
    db.execute("DELETE FROM audit_checkpoints WHERE number * ? >= ?", (EVERY, first))
    db.execute("DELETE FROM audit_head")
    return first, Why.END


def cut_off_at_a_checkpoint(db: sqlite3.Connection, by: random.Random) -> tuple[int, Why]:
    """Its signed text put in the head's place."""
    number = by.randint(1, RECORDS // EVERY)
    db.execute("DELETE FROM audit_records WHERE sequence > ?", (number * EVERY,))
    signed, signature = db.execute("SELECT signed, signature FROM audit_checkpoints WHERE number = ?", (number,)).fetchone()
    signed = by.choice((signed, signed.replace(b'"checkpoint"', b'"head"')))
    db.execute("DELETE FROM audit_checkpoints WHERE number > ?", (number,))
    db.execute("UPDATE audit_head SET signed = ?, signature = ?", (signed, signature))
    return number * EVERY + 1, Why.END


def all_gone(db: sqlite3.Connection, by: random.Random) -> tuple[int, Why]:
    gone = ["audit_records", *by.sample(("audit_head", "audit_checkpoints"), by.randrange(3))]
    for table in gone:
        db.execute(f"DELETE FROM {table}")
    return 1, Why.END if "audit_head" in gone else Why.MISSING


def head_flipped(db: sqlite3.Connection, by: random.Random) -> tuple[int, Why]:
    flip(db, by, "audit_head", by.choice(("signed", "signature")), "id", 1)
    return RECORDS + 1, Why.END


def checkpoint_flipped(db: sqlite3.Connection, by: random.Random) -> tuple[int, Why]:
    number = by.randint(1, RECORDS // EVERY)
    flip(db, by, "audit_checkpoints", by.choice(("signed", "signature")), "number", number)
    return number * EVERY, Why.CHECKPOINT


def checkpoint_removed(db: sqlite3.Connection, by: random.Random) -> tuple[int, Why]:
    number = by.randint(1, RECORDS // EVERY)
    db.execute("DELETE FROM audit_checkpoints WHERE number = ?", (number,))
    return number * EVERY, Why.CHECKPOINT


def checkpoint_put_in(db: sqlite3.Connection, by: random.Random) -> tuple[int, Why]:
    copied_from = by.randint(1, RECORDS // EVERY)
    db.execute("INSERT INTO audit_checkpoints SELECT ?, signed, signature FROM audit_checkpoints WHERE number = ?", (by.randint(6, 99), copied_from))
    return RECORDS + 1, Why.MISSING


MUTATIONS: tuple[Mutation, ...] = (
    body_flipped,
    hash_flipped,
    body_of_another_type,
    body_edited_and_chained,
    removed,
    some_removed,
    removed_and_closed_up,
    removed_closed_up_and_chained,
    renumbered,
    put_in,
    put_in_before_the_first,
    put_behind_the_last,
    swapped,
    cut_off,
    cut_off_with_the_head,
    cut_off_at_a_checkpoint,
    all_gone,
    head_flipped,
    checkpoint_flipped,
    checkpoint_removed,
    checkpoint_put_in,
)


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    yield made(tmp_path_factory.mktemp("log"), RECORDS)


def test_the_log_is_whole_before_anything_is_done_to_it(log: Path) -> None:
    verdict = verify(log, log.parent)
    assert isinstance(verdict, Verdict) and (verdict.records, verdict.checkpoints, verdict.broken) == (RECORDS, RECORDS // EVERY, None)


def test_more_than_a_thousand_mutations_are_tried() -> None:
    assert len(MUTATIONS) * OF_EACH >= 1000


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.__name__)
def test_every_mutation_is_found_and_its_record_is_named(mutation: Mutation, log: Path, tmp_path: Path) -> None:
    by = random.Random(f"audit {mutation.__name__}")
    path = copied(log, tmp_path)
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA synchronous=OFF")
        for _ in range(OF_EACH):
            db.execute("BEGIN")
            named = mutation(db, by)
            db.execute("COMMIT")
            verdict = verify(path, path.parent)
            assert isinstance(verdict, Verdict) and verdict.broken is not None, named
            assert (verdict.broken.record, verdict.broken.why) == named
            assert verdict.records == named[0] - 1
            with closing(sqlite3.connect(log)) as whole:
                whole.backup(db)
