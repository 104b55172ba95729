"""What a durable intent and its outcome cost, audit and encryption with them, beside two bare SQLite commits with the same pragmas.

Pairs of both kinds are taken in turns, so that a disk that is slow for a while is slow for both.
"""

import os
import sqlite3
import time
from collections.abc import Callable

from kiosk.case.acts import Result, Status
from kiosk.case.casefile import Case
from kiosk.case.journal import Journal
from kiosk.case.moves import Act, Back, Custody
from kiosk.commands.bench.measure import Line, line
from kiosk.commands.bench.store import DAY, PERSON, store
from kiosk.domain.failure import Failure
from kiosk.store.engine import PRAGMAS

RUNS, WARM, ACTS_PER_CASE = 400, 40, 10
LIMIT_MS = 1.5
SEEN = Result(Status.DONE, {"back": Back.AS_FOUND})


def measure() -> list[Line] | Failure:
    with store() as opened:
        if isinstance(opened, Failure):
            return opened
        bare = sqlite3.connect(opened.directory / "bare.sqlite", isolation_level=None)
        try:
            ours, theirs = _in_turns(_pair(opened.journal), _bare_pair(bare))
        finally:
            bare.close()
    added = [ours_ms - theirs_ms for ours_ms, theirs_ms in zip(ours, theirs, strict=True)]
    return [
        line("journal.pair", "ms", ours, theirs),
        line("journal.added", "ms", added, limit=LIMIT_MS),  # each pair against the bare one beside it
    ]


def _in_turns(ours: Callable[[], None], theirs: Callable[[], None]) -> tuple[list[float], list[float]]:
    taken: tuple[list[float], list[float]] = ([], [])
    for run in range(WARM + RUNS):
        for times, work in zip(taken, (ours, theirs), strict=True):
            started = time.perf_counter()
            work()
            if run >= WARM:
                times.append((time.perf_counter() - started) * 1000)
    return taken


def _pair(journal: Journal) -> Callable[[], None]:
    """An act intended and concluded, in a case of as many acts as a journey has."""
    case, acts = _begun(journal), 0

    def pair() -> None:
        nonlocal case, acts
        case, stored = journal.intend(case, Act.INSPECT)
        case = journal.conclude(case, stored, SEEN, None, {})
        acts += 1
        if acts % ACTS_PER_CASE == 0:
            case = _begun(journal)

    return pair


def _begun(journal: Journal) -> Case:
    """A case whose card is in the machine."""
    case, stored = journal.intend(journal.begin(DAY, PERSON), Act.TAKE_IN)
    return journal.conclude(case, stored, Result(Status.DONE, {"custody": Custody.IN_MACHINE, "began": True}), None, {})


def _bare_pair(connection: sqlite3.Connection) -> Callable[[], None]:
    """A row put in and committed, the same row changed and committed."""
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("CREATE TABLE rows (id INTEGER PRIMARY KEY, content BLOB)")
    content = os.urandom(512)

    def pair() -> None:
        row = connection.execute("INSERT INTO rows (content) VALUES (?)", (content,)).lastrowid
        connection.execute("UPDATE rows SET content = ? WHERE id = ?", (content, row))

    return pair
