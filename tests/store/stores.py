"""A store for the tests: opened as the machine opens it, journal and audit over one database."""

import importlib.util
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from types import ModuleType

from sqlalchemy import Engine

from kiosk.audit.log import AuditLog
from kiosk.case.casefile import Case
from kiosk.case.journal import Journal
from kiosk.domain.failure import Failure
from kiosk.store.cases import CaseStore
from kiosk.store.engine import open_store
from kiosk.store.records import RecordStore
from tests.audit.logs import StepClock
from tests.field_key import cipher_in

DATA = Path(__file__).resolve().parents[1] / "data" / "store"


def make_script() -> ModuleType:
    """tests/data/store/make.py, which says what stands in the fixture databases."""
    spec = importlib.util.spec_from_file_location("make_store_fixture", DATA / "make.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Store:
    """An opened store."""

    def __init__(self, path: Path) -> None:
        engine = open_store(path)
        assert isinstance(engine, Engine), engine
        self.engine, self.path, self.clock = engine, path, StepClock()
        self.cases = CaseStore(engine, cipher_in(path.parent))
        audit = AuditLog.open(RecordStore(engine), path.parent, self.clock)
        assert isinstance(audit, AuditLog), audit
        self.audit = audit
        self.journal = Journal(self.cases, self.clock, audit)

    def load(self, case_id: str) -> Case:
        case = self.journal.load(case_id)
        assert isinstance(case, Case), case
        return case

    def close(self) -> None:
        self.engine.dispose()


def fixture(revision: str, directory: Path) -> Path:
    """The fixture database of a revision, with its keys, as a machine has it."""
    script = make_script()
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / "journal.sqlite"
    shutil.copy(DATA / f"journal-{revision}.sqlite", path)
    keys = {"field.key": script.FIELD_KEY} | ({} if revision == "0001" else {"audit.key": script.AUDIT_KEY})
    for name, key in keys.items():
        (directory / name).write_bytes(key)
        (directory / name).chmod(0o600)
    return path


def rows(path: Path, statement: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(statement).fetchall()


def failed(path: Path) -> str:
    failure = open_store(path)
    assert isinstance(failure, Failure), failure
    return failure.code
