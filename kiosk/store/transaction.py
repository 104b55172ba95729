"""One durable transaction on the machine's database, and what happens where the disk refuses it."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.dialects import sqlite
from sqlalchemy.sql import ClauseElement

from kiosk.domain.failure import Failure

_DIALECT = sqlite.dialect(paramstyle="named")


class StoreFailed(Exception):
    """The disk refused a read or a write. Nothing of the transaction is on it.

    failure: `store.full`, `store.unwritable` or `store.damaged`. Whoever was about to act must not: its intent is not written down. An outcome
    that could not be written leaves the intent open, and the next start asks about it.
    """

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.code)
        self.failure = failure


def refused(error: Exception, file: str) -> Failure:
    """Says in our words why SQLite refused."""
    text = str(error)
    if "full" in text:
        return Failure("store.full", detail={"file": file})
    if any(word in text for word in ("readonly", "unable to open", "disk I/O", "locked")):
        return Failure("store.unwritable", detail={"file": file})
    return Failure("store.damaged", detail={"file": file})


def compiled(statement: ClauseElement) -> str:
    """A statement as text with named parameters, made once when its module is loaded: columns are checked against the schema there, and a write
    does not pay for it again."""
    return str(statement.compile(dialect=_DIALECT))


class Transaction:
    """What may be done inside `transaction`."""

    def __init__(self, cursor: sqlite3.Cursor) -> None:
        self._cursor = cursor

    def run(self, statement: str, parameters: Mapping[str, Any] = {}) -> sqlite3.Cursor:
        """The cursor is the transaction's own: read what it brings before the next `run`."""
        return self._cursor.execute(statement, parameters)

    def change(self, statement: str, parameters: Mapping[str, Any]) -> None:
        """Changes exactly one row; raises LookupError where there is none: a bug of the caller."""
        if self._cursor.execute(statement, parameters).rowcount != 1:
            raise LookupError("no such row")


@contextmanager
def transaction(engine: Engine) -> Iterator[Transaction]:
    """On the disk once the block is left; nothing of it where the block raises. One at a time. Raises StoreFailed where the disk refuses.

    It goes past SQLAlchemy's own sessions to the connection below them: an intent is written before every act, and its time counts.
    """
    with _connection(engine) as connection:
        cursor = connection.cursor()
        cursor.execute("BEGIN IMMEDIATE")
        try:
            yield Transaction(cursor)
            cursor.execute("COMMIT")
        finally:
            if connection.in_transaction:
                cursor.execute("ROLLBACK")
            cursor.close()


@contextmanager
def reading(engine: Engine) -> Iterator[Transaction]:
    """As `transaction`, for reading only."""
    with _connection(engine) as connection:
        cursor = connection.cursor()
        try:
            yield Transaction(cursor)
        finally:
            cursor.close()


@contextmanager
def _connection(engine: Engine) -> Iterator[sqlite3.Connection]:
    file = engine.url.database or ""
    pooled = engine.raw_connection()
    try:
        connection = pooled.driver_connection
        if not isinstance(connection, sqlite3.Connection):
            raise TypeError("the store is kept in SQLite")
        yield connection
    except sqlite3.IntegrityError:
        raise  # a bug of the caller, not the disk
    except sqlite3.DatabaseError as error:
        raise StoreFailed(refused(error, file)) from error
    finally:
        pooled.close()
