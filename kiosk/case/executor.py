"""Runs a case: asks what comes next, writes the intent, does the act, writes the outcome; asks, never repeats, where the result is unknown."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import msgspec

from kiosk.case.acts import ActPort, Result, Status
from kiosk.case.casefile import Case
from kiosk.case.journal import Journal
from kiosk.case.moves import (
    DEFERRED_REASON,
    MAY_ARRIVE_LATE,
    MOVES_THE_CARD,
    PESSIMISTIC,
    UNANSWERED,
    Act,
    Axis,
    Consequence,
    Custody,
    Money,
    Standing,
    Wish,
    next_act,
    refusal,
    tried,
)
from kiosk.domain.clock import Clock
from kiosk.domain.failure import Failure
from kiosk.store.cases import StoredAct
from kiosk.store.transaction import StoreFailed

T = TypeVar("T")
ASK_WAITS_S = (0.5, 1.0, 2.0, 4.0)
"""How long to wait between questions about an act whose result is unknown; after the last one it counts as unanswered."""
ASK_WAITS_INSIDE_S = (1.0,)
"""The same for money while the permit is inside: the traveller stands there, and what is put off is asked again once they have their card."""
UNCLEAR_LIMIT = 3
"""An act that came out unknown this often in one run, and was not done each time it was asked about, is given up as if nobody had answered."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What the executor reports as it goes: `asked` is the answer to a question, None where the act itself was done."""

    case_id: str
    act: Act
    key: str
    status: Status
    asked: bool


async def uninterrupted(work: Coroutine[Any, Any, T]) -> T:
    """Runs `work` to its end even where the caller is cancelled meanwhile; the cancellation is raised afterwards."""
    task = asyncio.create_task(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise


class Executor:
    """One case at a time; the lock keeps the journey and a settling in the background apart."""

    def __init__(
        self,
        journal: Journal,
        acts: Mapping[Act, ActPort],
        clock: Clock,
        told: Callable[[Moment], None] | None = None,
        starting: Callable[[Case, Act], None] | None = None,
    ) -> None:
        self.journal = journal
        self._acts = acts
        self._clock = clock
        self.told = told or (lambda _moment: None)
        self.starting = starting or (lambda _case, _act: None)
        """Called before each act, so that the screen can say what the machine is doing."""
        self._lock = asyncio.Lock()
        self._unclear: dict[Act, int] = {}

    async def advance(self, case: Case, stop_before: frozenset[Act] = frozenset(), wait_for_refund: bool = True) -> Case:
        """Does what comes next until nothing does, or the next act is one of `stop_before`. Not cut short by a cancellation in mid-act.

        wait_for_refund: whether one that the provider has accepted is asked about until it has arrived.
        """
        async with self._lock:
            self._unclear.clear()
            case = self._present(case)
            while True:
                changed = await uninterrupted(self._one(case, stop_before, wait_for_refund))
                if changed is None:
                    return case
                case = changed

    def _present(self, case: Case) -> Case:
        """The case as the journal has it now: whoever holds an older one (a step that failed in mid-case) must not write over what was done since.

        Raises StoreFailed where the record cannot be read.
        """
        loaded = self.journal.load(case.case_id)
        if isinstance(loaded, Failure):
            raise StoreFailed(loaded)
        return loaded

    async def _one(self, case: Case, stop_before: frozenset[Act], wait_for_refund: bool) -> Case | None:
        pending = self.journal.pending(case)
        if pending is not None:
            return await self._ask(case, pending)
        act = next_act(case.standing)
        under_way = act is Act.REFUND and case.standing.money is Money.REFUND_PENDING
        if act is None or act in stop_before or (under_way and not wait_for_refund):
            return None
        return await self._do(case, act)

    async def _do(self, case: Case, act: Act) -> Case:
        case, stored = self.journal.intend(case, act)
        self.starting(case, act)
        result = await self._acts[act].do(case, stored.key)
        self.told(Moment(case.case_id, act, stored.key, result.status, asked=False))
        case = replace(case, standing=tried(case.standing, act))
        if result.status is Status.UNKNOWN:
            return await self._ask(case, stored, result.failure, just_done=True)
        return self.journal.conclude(case, stored, result, _refused(act, result) if result.status is Status.NOT_DONE else None, {})

    async def _ask(self, case: Case, stored: StoredAct, why: Failure | None = None, just_done: bool = False) -> Case:
        """why: what the act itself said; it stands as the cause where the answer does not bring one of its own.

        just_done: the act was sent a moment ago and may still be on its way; one that was cut off at an earlier run is not.
        """
        act = Act(stored.act)
        result = Result(Status.UNKNOWN)
        self._unclear[act] = self._unclear.get(act, 0) + 1
        for wait_s in (0.0, *_waits(case, act)):
            if wait_s:
                await self._clock.sleep(wait_s)
            self.journal.count_question(stored)
            result = await self._acts[act].ask(case, stored.key)
            self.told(Moment(case.case_id, act, stored.key, result.status, asked=True))
            if result.status is not Status.DONE:
                result = replace(result, failure=result.failure or why)
            if just_done and act in MAY_ARRIVE_LATE and result.status is Status.NOT_DONE:
                result = Result(Status.UNKNOWN, failure=result.failure)
            if result.status is not Status.UNKNOWN:
                return self.journal.conclude(case, stored, result, self._given_up(case, act, result), {})
        return self.journal.conclude(case, stored, result, UNANSWERED[act], PESSIMISTIC.get(act, {}))

    def _given_up(self, case: Case, act: Act, result: Result) -> Consequence | None:
        """What follows where the same act came out unknown too often and nothing has changed by it; None where it may go on."""
        stands = all(getattr(case.standing, axis) == value for axis, value in result.changes.items())
        if self._unclear[act] < UNCLEAR_LIMIT or not (stands or result.status is Status.NOT_DONE):
            return None
        # a card's place is known here: the act was not done, and it is not for want of an answer
        return _refused(act, result) if act in MOVES_THE_CARD else UNANSWERED[act]

    async def look(self, case: Case, act: Act) -> Case:
        """Asks once about an act that was done before (has the open charge been paid?), and writes down a change."""
        async with self._lock:
            case = self._present(case)
            key = case.order_no if act is Act.OPEN_CHARGE else case.case_id
            result = await self._acts[act].ask(case, key)
            if result.status is not Status.DONE or not result.changes:
                return case
            changed = replace(case.standing, **result.changes)  # type: ignore[arg-type]
            if changed == case.standing:
                return case
            self.told(Moment(case.case_id, act, key, result.status, asked=True))
            return self.journal.decide(case, changed)

    async def close_charge(self, case: Case) -> Case:
        """Closes the open order without turning the case back: the traveller wants to pay in another way."""
        async with self._lock:
            return await uninterrupted(self._do(self._present(case), Act.CLOSE_CHARGE))

    def decide(self, case: Case, wish: Wish, **notes: object) -> Case:
        """The traveller's (or the machine's) decision, durable before anything follows from it."""
        case = self._present(case)
        file = msgspec.structs.replace(case.file, **notes) if notes else None
        return self.journal.decide(case, replace(case.standing, wish=wish), file)

    def withdraw_unbegun(self, case: Case) -> Case:
        """A case whose card was never taken in ends as if it had not been opened."""
        case = self._present(case)
        return self.journal.decide(case, replace(case.standing, began=True, wish=Wish.WITHDRAW))

    def resume(self, case: Case) -> Case:
        """Takes put-off acts up again."""
        case = self._present(case)
        return self.journal.decide(case, replace(case.standing, deferred=frozenset())) if case.standing.deferred else case

    def hand_to_staff(self, case: Case) -> Case:
        """Nobody answered even at the last try: what is put off waits for staff, with its reason. A card whose module is silent stays put off."""
        case = self._present(case)
        standing: Standing = case.standing
        for act in sorted(standing.deferred - MOVES_THE_CARD):
            axis = Axis.MONEY if act in (Act.CLOSE_CHARGE, Act.REFUND) else Axis.ISSUE
            standing = replace(standing, blocked=standing.blocked | {axis}, needs_staff=standing.needs_staff or DEFERRED_REASON[act])
        return self.journal.decide(case, replace(standing, deferred=standing.deferred & MOVES_THE_CARD))


def _waits(case: Case, act: Act) -> tuple[float, ...]:
    inside = case.standing.custody is Custody.IN_MACHINE
    return ASK_WAITS_INSIDE_S if inside and act in (Act.CLOSE_CHARGE, Act.REFUND) else ASK_WAITS_S


def _refused(act: Act, result: Result) -> Consequence:
    return refusal(act, result.failure.code if result.failure else None)
