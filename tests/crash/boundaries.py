"""The places where a machine can be cut off: before and after each line that the journal writes."""

import functools
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import msgspec

from kiosk.case.casefile import Case
from kiosk.case.journal import CHARGE_LIFE_S, Journal
from kiosk.case.moves import Act, counted
from kiosk.store.cases import StoredAct

WRITES = ("begin", "decide", "intend", "conclude")


def _named(method: str, arguments: tuple[Any, ...]) -> str:
    """`intend write_back`: what is written, and of which act."""
    if method in ("intend", "conclude"):
        act = arguments[1]
        return f"{method} {getattr(act, 'act', act)}"
    return method


@contextmanager
def reached(tell: Callable[[str], None]) -> Iterator[None]:
    """Calls `tell` with `before intend issue`, `after intend issue`, … at each boundary; the journal's own code stays as it is.

    What `tell` raises comes out of the journal: before the line is written nothing of it is stored, after it everything.
    """
    former = {name: getattr(Journal, name) for name in WRITES}

    def watched(method: str, written: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(written)
        def write(self: Journal, *arguments: Any, **named: Any) -> Any:
            name = _named(method, arguments)
            tell(f"before {name}")
            result = written(self, *arguments, **named)
            tell(f"after {name}")
            return result

        return write

    for name, written in former.items():
        setattr(Journal, name, watched(name, written))
    try:
        yield
    finally:
        for name, written in former.items():
            setattr(Journal, name, written)


@contextmanager
def without_intent(act: Act) -> Iterator[None]:
    """A journal that forgets to write one act's intent before the act: it goes to the disk only together with the outcome."""
    intend, conclude, count = Journal.intend, Journal.conclude, Journal.count_question
    unwritten: dict[StoredAct, Case] = {}

    def forgets(self: Journal, case: Case, what: Act) -> tuple[Case, StoredAct]:
        if what is not act:
            return intend(self, case, what)
        file = msgspec.structs.replace(case.file, code=None, expires_at=time.time() + CHARGE_LIFE_S) if what is Act.OPEN_CHARGE else case.file
        changed = replace(case, standing=counted(case.standing, what), file=file)
        key = {Act.OPEN_CHARGE: changed.order_no, Act.CLOSE_CHARGE: changed.order_no, Act.REFUND: changed.refund_no}.get(what, case.case_id)
        stored = StoredAct(-1, -1, what, key, 0, None, None)
        unwritten[stored] = case
        return changed, stored

    def remembers(self: Journal, case: Case, stored: StoredAct, *more: Any) -> Case:
        before = unwritten.pop(stored, None)
        return conclude(self, case, stored if before is None else intend(self, before, Act(stored.act))[1], *more)

    def counts(self: Journal, stored: StoredAct) -> None:
        if stored not in unwritten:
            count(self, stored)

    Journal.intend, Journal.conclude, Journal.count_question = forgets, remembers, counts  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        Journal.intend, Journal.conclude, Journal.count_question = intend, conclude, count  # type: ignore[method-assign]
