"""The machine's own reconciliation: once a day, for the days that have ended, between travellers, without anybody asking for it."""

import asyncio
import json
import logging
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from kiosk.audit import kinds
from kiosk.audit.events import ReconciliationDifference, ReconciliationMissed, ReconciliationRan
from kiosk.audit.log import AuditLog
from kiosk.case.reconciliation import Difference
from kiosk.domain.clock import Clock
from kiosk.domain.failure import Failure
from kiosk.gateways.bills import is_ready
from kiosk.services.reconciling import Reconciler, Reconciliation
from kiosk.store.files import write_whole
from kiosk.store.transaction import StoreFailed

log = logging.getLogger(__name__)
FILE = "reconciled.json"
FIRST_S, LOOK_EVERY_S, AGAIN_S, PATIENCE_S = 5.0, 60.0, 600.0, 1.0
MOST_DAYS = 31
"""A machine that stood still longer than that is reconciled by `kiosk reconcile`."""


class DailyReconciliation:
    """Remembers in `directory`/reconciled.json (dates, no data of anybody) which day it did last and which it could not do, so that a restart does
    none twice and forgets none.

    idle: whether nobody stands before the machine. A run waits between two questions while somebody does; it asks only, so nothing is lost by it.
    """

    def __init__(self, reconciler: Reconciler, audit: AuditLog, clock: Clock, directory: Path, idle: Callable[[], bool]) -> None:
        self._reconciler = reconciler
        self._audit = audit
        self._clock = clock
        self._file = directory / FILE
        self._idle = idle

    def due(self) -> tuple[date, ...]:
        """The days that have ended, have a bill, and were not done yet, oldest first; at the very first start only the day before."""
        now = self._clock.now()
        last = now.date() - timedelta(days=1)
        if not is_ready(last, now):
            last -= timedelta(days=1)
        done, missed = self._memory()
        oldest = last - timedelta(days=MOST_DAYS - 1)
        first = last if done is None else max(done + timedelta(days=1), oldest)
        return (*(day for day in missed if day >= oldest), *(first + timedelta(days=count) for count in range((last - first).days + 1)))

    async def keep_on(self) -> None:
        """Until it is cancelled: looks once a minute whether a day is due, and comes back in ten where the other side does not answer."""
        await asyncio.sleep(FIRST_S)  # the start belongs to the first page
        while True:
            try:
                failed = not await self._one_of(self.due())
            except StoreFailed as refused:
                log.warning("reconciliation: %s", refused.failure.code)
                failed = True
            except Exception:
                log.exception("reconciliation failed")  # a bug here must not take the machine from its travellers
                failed = True
            await asyncio.sleep(AGAIN_S if failed else LOOK_EVERY_S)

    async def _one_of(self, due: Sequence[date]) -> bool:
        """Does one day, the oldest that can be done: one that cannot must not keep the later ones. False where none could be done."""
        for day in due:
            if await self.run(day) is not None:
                return True
        return not due

    async def run(self, day: date) -> Reconciliation | None:
        """One day, written into the audit and remembered; None where it could not be done."""
        result = await self._reconciler.reconcile((day,), between=self._nobody_there)
        if isinstance(result, Failure):
            log.warning("reconciliation of %s not done: %s", day, result.code)
            return None
        for line in result.differences:
            event = _event(line)
            log.warning("reconciliation of %s: %s case %s order %s", day, event.difference, event.case_id or "-", event.order_no or "-")
        self._audit.write(ReconciliationRan(day=day.isoformat(), count=len(result.differences)), *map(_event, result.differences))
        self._remember(day, len(result.differences))
        return result

    async def _nobody_there(self) -> None:
        while not self._idle():  # noqa: ASYNC110 - a look once a second is the shortest thing; nothing waits for it
            await asyncio.sleep(PATIENCE_S)

    def _memory(self) -> tuple[date | None, tuple[date, ...]]:
        """The last day done, and earlier ones that could not be. Nothing where what is remembered cannot be read: doing a day again harms nobody."""
        try:
            known = json.loads(self._file.read_bytes())
            done, missed = date.fromisoformat(known["day"]), tuple(sorted(map(date.fromisoformat, known["missed"])))
        except (OSError, ValueError, KeyError, TypeError):
            return None, ()
        return (done, missed) if done <= self._clock.now().date() else (None, ())  # the clock was ahead when it was written

    def _remember(self, day: date, count: int) -> None:
        done, known = self._memory()
        due = self.due()
        passed_by = {each for each in due if each < day} if done is not None else set()
        missed = sorted((passed_by | set(known).intersection(due)) - {day})
        for each in set(missed) - set(known):
            self._audit.write(ReconciliationMissed(day=each.isoformat()))
        last = max(day, done or day)
        words = {"day": last.isoformat(), "missed": [each.isoformat() for each in missed], "differences": count, "at": _stamp(self._clock.now())}
        try:
            write_whole(self._file, json.dumps(words).encode(), 0o600)
        except OSError:
            log.warning("reconciliation of %s done, and not remembered", day)


def _event(line: Difference) -> ReconciliationDifference:
    """What another party calls a case or an order may be anything: only numbers of the machine's own making go into the audit."""
    case_id = line.case_id if kinds.case_id(line.case_id) else None
    order_no = line.order_no if kinds.order_no(line.order_no) else None
    return ReconciliationDifference(case_id=case_id, order_no=order_no, difference=line.kind.value)


def _stamp(instant: datetime) -> str:
    return instant.isoformat(timespec="seconds")
