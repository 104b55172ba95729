"""A small log for the audit's tests, and ways to alter it behind the machine's back."""

import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path

from kiosk.audit.events import ActConcluded, ActIntended, CaseBegan
from kiosk.audit.log import AuditLog
from kiosk.domain.clock import SHANGHAI, Window
from kiosk.domain.failure import Failure
from kiosk.store.engine import open_store
from kiosk.store.records import RecordStore

CASE_ID = "2611221015ABCDEF"
EVERY = 10


class StepClock:
    """Each look at it is a second later; `back_s` sets it back once."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 22, 10, 15, tzinfo=SHANGHAI)

    def now(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at

    def set_back(self, seconds: float) -> None:
        self.at -= timedelta(seconds=seconds)

    def today(self) -> date:
        return self.at.date()

    def monotonic(self) -> float:
        return 0.0

    def real_s(self, seconds: float) -> float:
        return seconds

    async def sleep(self, seconds: float) -> None: ...

    async def looks(self, window: Window) -> AsyncIterator[int]:
        for look in range(window.looks):
            yield look


class OpenLog:
    """An opened store with its audit, as the machine has it."""

    def __init__(self, directory: Path, every: int = EVERY, clock: StepClock | None = None) -> None:
        engine = open_store(directory / "journal.sqlite")
        assert not isinstance(engine, Failure), engine
        self.engine = engine
        self.clock = clock or StepClock()
        opened = AuditLog.open(RecordStore(engine), directory, self.clock, every)
        assert isinstance(opened, AuditLog), opened
        self.audit = opened

    def fill(self, records: int) -> None:
        """Until the log has `records` records."""
        for number in range(2, records + 1):
            self.audit.write(
                (
                    CaseBegan(case_id=CASE_ID),
                    ActIntended(case_id=CASE_ID, act="inspect", sequence=number),
                    ActConcluded(case_id=CASE_ID, act="inspect", sequence=number, status="done", code="card_module.jam", device_code=65),
                )[number % 3]
            )

    def close(self) -> None:
        self.engine.dispose()


def made(directory: Path, records: int, every: int = EVERY) -> Path:
    """A closed store whose log has `records` records, as one plain file. Gives its path."""
    log = OpenLog(directory, every)
    log.fill(records)
    log.close()
    path = directory / "journal.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
    return path


def copied(path: Path, to: Path) -> Path:
    to.mkdir(parents=True, exist_ok=True)
    for name in (path.name, "audit.key", "audit.pub"):
        shutil.copy(path.parent / name, to / name)
    return to / path.name


def alter(path: Path, *statements: tuple[str, tuple[object, ...]]) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    with closing(connection):
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("BEGIN")
        for statement, values in statements:
            connection.execute(statement, values)
        connection.execute("COMMIT")


def rows(path: Path, statement: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(statement).fetchall()
