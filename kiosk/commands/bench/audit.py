"""The check of the stored audit beside a bare loop that hashes the same bytes out of memory."""

import hashlib
import time

from kiosk.audit import chain
from kiosk.audit.events import ActConcluded
from kiosk.audit.verify import Verdict, verify
from kiosk.commands.bench.measure import Line, line
from kiosk.commands.bench.store import OpenedStore, store
from kiosk.domain.failure import Failure
from kiosk.store.engine import DATABASE
from kiosk.store.records import reader

RECORDS, AT_ONCE, RUNS = 50_000, 1000, 7
LIMIT = 3.0


def measure() -> list[Line] | Failure:
    with store() as opened:
        if isinstance(opened, Failure):
            return opened
        fill(opened)
        database = opened.directory / DATABASE
        with reader(database) as rows:
            bodies = [body for body, _hash in rows.records(0, RECORDS + 1) if isinstance(body, bytes)]
        checks, loops = [], []
        for _run in range(RUNS):
            started = time.perf_counter()
            verdict = verify(database, opened.directory)
            checks.append((time.perf_counter() - started) * 1000)
            if not isinstance(verdict, Verdict) or verdict.broken is not None or verdict.records != len(bodies):
                return Failure("bench.not_completed", detail={"outcome": "audit"})
            loops.append(_bare(bodies))
    return [line(f"audit.verify_{RECORDS}", "ms", checks, loops, limit=LIMIT, limits_ratio=True)]


def fill(opened: OpenedStore) -> None:
    event = ActConcluded(case_id="2611221015ABCDEF", act="inspect", sequence=3, status="unknown", code="card_module.jam", device_code=0x41)
    for _batch in range(RECORDS // AT_ONCE):
        opened.audit.write(*[event] * AT_ONCE)


def _bare(bodies: list[bytes]) -> float:
    """Milliseconds to hash every body after the hash before it."""
    started = time.perf_counter()
    before = chain.START
    for body in bodies:
        before = hashlib.sha256(before + body).digest()
    return (time.perf_counter() - started) * 1000
