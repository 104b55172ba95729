"""Forgets what is due: who a case was after some weeks, that there was one after a year, and old log files. Once a day, between two travellers."""

import asyncio
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import msgspec

from kiosk.audit.events import RetentionPurged
from kiosk.audit.log import AuditLog
from kiosk.case.casefile import Case, CaseFile
from kiosk.case.journal import Journal
from kiosk.config import Retention as Periods
from kiosk.domain.clock import Clock
from kiosk.domain.failure import Failure
from kiosk.store.cases import CaseStore
from kiosk.store.retention import RetentionStore
from kiosk.store.transaction import StoreFailed

log = logging.getLogger(__name__)
AT_ONCE = 100
"""Cases in one transaction: some tens of ms, after which whoever waits has a turn."""


@dataclass(frozen=True, slots=True)
class Purged:
    """How much was taken away. unreadable: cases whose file could not be opened; it is left as it is, for staff."""

    files: int = 0
    cases: int = 0
    logs: int = 0
    unreadable: int = 0


def emptied(file: CaseFile) -> CaseFile:
    """What stays in the file of a settled case: the fee and how it was paid, nothing of the person, the documents or the endorsements.

    Reconciliation does not compare the case any more. But an act of it may still be put off, and when staff settle or retry it the provider is asked
    about its order; where it stands and its acts stay in the row.
    """
    return CaseFile(permit_number="", permit_kind="", id_number="", fee_fen=file.fee_fen, method=file.method)


class Retention:
    """What the periods of the profile say, done and written into the audit in the same transaction. Doing it twice changes nothing.

    A case that waits for staff, or whose card lies in the machine, is kept until it was handed back; its days begin then.
    """

    def __init__(
        self, journal: Journal, cases: CaseStore, store: RetentionStore, audit: AuditLog, clock: Clock, periods: Periods, log_directory: Path
    ) -> None:
        self._journal = journal
        self._cases = cases
        self._store = store
        self._audit = audit
        self._clock = clock
        self._periods = periods
        self._logs = log_directory
        self._done_on: date | None = None

    async def daily(self) -> None:
        """Once for each day on which it is called; a disk that refuses is logged, and tried again at the next call."""
        today = self._clock.now().date()
        if self._done_on == today:
            return
        try:
            await self.purge()
        except StoreFailed as failed:
            log.warning("retention: %s", failed.failure.code)
            return
        self._done_on = today

    async def purge(self) -> Purged:
        """Takes away what is due now. Raises StoreFailed where the disk refuses; what was done until then stands, and is in the audit."""
        files_before, cases_before = self._before(self._periods.file_days), self._before(self._periods.case_days)
        # whole cases first: their files need not be emptied before
        cases = files = unreadable = 0
        for part in _parts(self._store.due_cases(cases_before.timestamp())):
            with self._cases.transaction() as write:
                self._store.remove(write, part)
                self._audit.append(write, _event(files_before, cases_before, cases=len(part)))
            cases += len(part)
            await asyncio.sleep(0)
        for part in _parts(self._store.due_files(files_before.timestamp())):
            loaded = [self._journal.load(case_id) for case_id in part]
            readable = [case for case in loaded if not isinstance(case, Failure)]
            unreadable += len(part) - len(readable)
            if readable:
                self._empty(readable, _event(files_before, cases_before, files=len(readable)))
            files += len(readable)
            await asyncio.sleep(0)
        if cases or files:
            self._store.empty_write_ahead_log()
        if unreadable:
            log.warning("retention: %d cases that are due cannot be read and keep their file", unreadable)
        logs = self._old_logs()
        if logs:
            self._audit.write(_event(files_before, cases_before, logs=logs))
        return Purged(files, cases, logs, unreadable)

    def _before(self, days: int) -> datetime:
        return self._clock.now() - timedelta(days=days)

    def _empty(self, cases: Sequence[Case], event: RetentionPurged) -> None:
        now = self._clock.now().timestamp()
        with self._cases.transaction() as write:
            for case in cases:
                self._cases.replace_file(write, case.case_id, msgspec.json.encode(emptied(case.file)), now)
            self._audit.append(write, event)

    def _old_logs(self) -> int:
        """Closed log files (the one in use is never taken away) that were last written to before the period."""
        before = self._before(self._periods.log_days).timestamp()
        try:
            old = [file for file in self._logs.glob("machine.log.*") if file.stat().st_mtime < before]
            for file in old:
                file.unlink(missing_ok=True)
        except OSError as refused:
            log.warning("retention: old log files are left: %s", type(refused).__name__)
            return 0
        return len(old)


def _parts(due: Sequence[str]) -> Iterator[Sequence[str]]:
    return (due[start : start + AT_ONCE] for start in range(0, len(due), AT_ONCE))


def _event(files_before: datetime, cases_before: datetime, files: int = 0, cases: int = 0, logs: int = 0) -> RetentionPurged:
    return RetentionPurged(
        files=files, files_before=files_before.date().isoformat(), cases=cases, cases_before=cases_before.date().isoformat(), logs=logs
    )
