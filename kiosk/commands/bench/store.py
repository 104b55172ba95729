"""A store of its own for a measurement: beside the machine's temporary files, so on a real disk where those are."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kiosk.audit.log import AuditLog
from kiosk.case.casefile import Block, CaseFile
from kiosk.case.journal import Journal
from kiosk.domain.clock import SystemClock
from kiosk.domain.failure import Failure
from kiosk.store.cases import CaseStore
from kiosk.store.engine import DATABASE, open_store
from kiosk.store.keys import open_key
from kiosk.store.records import RecordStore

PERSON = CaseFile(
    "C88888888",
    "hkmo",
    "44010319900307123X",
    before=(Block("MAC", "L", "3M1", "2027-01-05", "2026-10-05", number="M00000001"),),
    wanted=(Block("HKG", "G", "1Y1", "2027-11-21", "2026-11-22"),),
    fee_fen=1500,
    method="wechat",
    phone="13800138000",
)
DAY = date(2026, 11, 22)


@dataclass(frozen=True, slots=True)
class OpenedStore:
    directory: Path
    journal: Journal
    audit: AuditLog


@contextmanager
def store() -> Iterator[OpenedStore | Failure]:
    with tempfile.TemporaryDirectory(prefix="kiosk-bench-") as folder:
        directory, clock = Path(folder), SystemClock()
        engine = open_store(directory / DATABASE)
        if isinstance(engine, Failure):
            yield engine
            return
        try:
            audit = AuditLog.open(RecordStore(engine), directory, clock)
            if isinstance(audit, Failure):
                yield audit
                return
            key = open_key("file", directory, engine)
            if isinstance(key, Failure):
                yield key
                return
            yield OpenedStore(directory, Journal(CaseStore(engine, key.cipher), clock, audit), audit)
        finally:
            engine.dispose()
