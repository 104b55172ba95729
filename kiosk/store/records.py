"""The audit's rows. What stands in them, and whether they are whole, is for `kiosk.audit` to say."""

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Engine, bindparam, func, insert, select

from kiosk.domain.failure import Failure
from kiosk.store.schema import CheckpointRow, HeadRow, RecordRow
from kiosk.store.transaction import StoreFailed, Transaction, compiled, reading, refused, transaction

BEFORE_ALL, LAST_OF_ALL = -(2**63), 2**63 - 1
"""The ends of what a record's number may be, also where somebody put it in."""
Signed = tuple[bytes, bytes]
"""Canonical bytes, and their signature."""
_HEAD = compiled(select(HeadRow.signed, HeadRow.signature))
_SET_HEAD = compiled(insert(HeadRow).prefix_with("OR REPLACE"))
_LAST = compiled(select(func.max(RecordRow.sequence), RecordRow.hash))
_ADD_RECORD = compiled(insert(RecordRow))
_ADD_CHECKPOINT = compiled(insert(CheckpointRow))
_SPAN = (RecordRow.sequence > bindparam("after"), RecordRow.sequence <= bindparam("until"))
_RECORDS = compiled(select(RecordRow.body, RecordRow.hash).where(*_SPAN).order_by(RecordRow.sequence))
_NUMBERS = compiled(select(RecordRow.sequence).where(*_SPAN).order_by(RecordRow.sequence))
_CHECKPOINTS = compiled(select(CheckpointRow.number, CheckpointRow.signed, CheckpointRow.signature).order_by(CheckpointRow.number))


class RecordStore:
    """The rows as the running machine writes them: only ever one more."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def transaction(self) -> AbstractContextManager[Transaction]:
        return transaction(self._engine)

    def reading(self) -> AbstractContextManager[Transaction]:
        return reading(self._engine)

    def head(self, read: Transaction) -> Signed | None:
        row = read.run(_HEAD).fetchone()
        return None if row is None else (row[0], row[1])

    def last(self, read: Transaction) -> tuple[int, bytes] | None:
        """The last record's number and hash."""
        row = read.run(_LAST).fetchone()
        return None if row is None or row[0] is None else (row[0], row[1])

    def add(self, write: Transaction, sequence: int, body: bytes, hash_: bytes) -> None:
        write.run(_ADD_RECORD, {"sequence": sequence, "body": body, "hash": hash_})

    def set_head(self, write: Transaction, signed: bytes, signature: bytes) -> None:
        write.run(_SET_HEAD, {"id": 1, "signed": signed, "signature": signature})

    def add_checkpoint(self, write: Transaction, number: int, signed: bytes, signature: bytes) -> None:
        write.run(_ADD_CHECKPOINT, {"number": number, "signed": signed, "signature": signature})


class RecordReader:
    """The rows as they lie in the file, for the verifier: one unchanging view of them, also beside a running machine."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def head(self) -> tuple[object, object] | None:
        row: tuple[object, object] | None = self._connection.execute(_HEAD).fetchone()
        return row

    def records(self, after: int, until: int) -> list[tuple[object, object]]:
        """(body, hash) of the records numbered after < n <= until, in order."""
        return self._connection.execute(_RECORDS, {"after": after, "until": until}).fetchall()

    def numbers(self, after: int, until: int) -> Iterator[int]:
        """The numbers of the same records."""
        return (number for (number,) in self._connection.execute(_NUMBERS, {"after": after, "until": until}))

    def checkpoints(self) -> Iterator[tuple[object, object, object]]:
        """(number, signed, signature) in order."""
        return self._connection.execute(_CHECKPOINTS)


@contextmanager
def reader(path: Path) -> Iterator[RecordReader]:
    """Opens the database for reading only; needs no lock. Raises StoreFailed where it is missing or damaged, also in the middle of reading."""
    if not path.is_file():
        raise StoreFailed(Failure("store.missing", detail={"file": str(path)}))
    connection: sqlite3.Connection | None = None
    try:
        connection = sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode=ro", uri=True, isolation_level=None)
        connection.execute("PRAGMA busy_timeout=5000")
        connection.execute("BEGIN")
        yield RecordReader(connection)
    except sqlite3.DatabaseError as error:
        raise StoreFailed(refused(error, str(path))) from error
    finally:
        if connection is not None:
            connection.close()
