"""What every start does before anyone is served: settles each open case by the loop that drives the normal run, without a traveller."""

import logging
from dataclasses import dataclass, field, replace

from kiosk.case.casefile import Case
from kiosk.case.executor import Executor, Moment
from kiosk.case.moves import Act, Issue, Money, Reason, Standing, Wish
from kiosk.domain.clock import Clock
from kiosk.domain.failure import Failure
from kiosk.store.transaction import StoreFailed

log = logging.getLogger(__name__)

EVERY_ACT = frozenset(Act)
ROUNDS_S = (2.0, 5.0, 10.0)
"""Waits between rounds while a gateway does not answer."""
AGAIN_S = (15.0, 30.0, 60.0, 120.0, 300.0, 600.0)
"""How long a running machine leaves a case alone that it could not settle, by how often it has tried; a start begins anew."""


@dataclass
class CaseReport:
    """One case's line of `kiosk recover`: what stood, what was asked and found, what was done, what stands."""

    case_id: str
    before: dict[str, str]
    asked: list[dict[str, str]] = field(default_factory=list)
    found: list[str] = field(default_factory=list)
    done: list[dict[str, str]] = field(default_factory=list)
    after: dict[str, str] = field(default_factory=dict)
    needs_staff: str | None = None


def axes(standing: Standing) -> dict[str, str]:
    return {"money": standing.money, "issue": standing.issue, "back": standing.back, "custody": standing.custody}


def _unreadable(case_id: str) -> CaseReport:
    unknown = dict.fromkeys(("money", "issue", "back", "custody"), "unknown")
    return CaseReport(case_id, unknown, after=unknown, needs_staff=Reason.JOURNAL_UNREADABLE)


class Recovery:
    """Collects what the executor reports while it settles."""

    def __init__(self, executor: Executor, clock: Clock) -> None:
        self._executor = executor
        self._clock = clock
        self._report: CaseReport | None = None
        self.faults: list[str] = []
        """Cases that a bug kept from being settled; they stay open."""
        self._waits: dict[str, tuple[int, float]] = {}  # open case → tries, and when the next is due

    def told(self, moment: Moment) -> None:
        """Hand this to the executor as its listener."""
        if self._report is not None:
            line = {"act": moment.act.value, "key": moment.key, "answer": moment.status.value}
            (self._report.asked if moment.asked else self._report.done).append(line)

    async def settle_all(self) -> list[CaseReport]:
        """Settles each open case. Cases that ended with staff are said too, as they stand; nothing is asked or done for them."""
        journal = self._executor.journal
        with_staff = [self._standing(case_id) for case_id in journal.with_staff()]
        # refunds take their time at the provider: all are asked for before any is waited for
        reports = [await self.settle(case_id, wait_for_refund=False) for case_id in journal.open_ids()]
        open_ids = set(journal.open_ids()) - set(self.faults)
        return [*with_staff, *[await self._waited(report) if report.case_id in open_ids else report for report in reports]]

    async def _waited(self, report: CaseReport) -> CaseReport:
        """The same case's report once its refund was waited for."""
        if report.after["money"] != Money.REFUND_PENDING:
            return report
        later = await self.settle(report.case_id)
        return replace(later, before=report.before, asked=report.asked + later.asked, found=report.found, done=report.done + later.done)

    async def settle_due(self) -> None:
        """Between two travellers: tries each open case whose time has come. What nobody answers for stays open for the next time."""
        open_ids = self._executor.journal.open_ids()
        self._waits = {case_id: wait for case_id, wait in self._waits.items() if case_id in open_ids}
        for case_id in open_ids:
            tries, due = self._waits.get(case_id, (0, 0.0))
            if self._clock.monotonic() < due:
                continue
            await self.settle(case_id, final=False)
            wait_s = self._clock.real_s(AGAIN_S[min(tries, len(AGAIN_S) - 1)])
            self._waits[case_id] = (tries + 1, self._clock.monotonic() + wait_s)

    def _standing(self, case_id: str) -> CaseReport:
        case = self._executor.journal.load(case_id)
        if isinstance(case, Failure):
            return _unreadable(case_id)
        return CaseReport(case_id, axes(case.standing), after=axes(case.standing), needs_staff=case.standing.needs_staff)

    async def settle(self, case_id: str, final: bool = True, wait_for_refund: bool = True) -> CaseReport:
        """final: what nobody answers for even at the last try goes to staff; otherwise it stays open for the next time."""
        case = self._executor.journal.load(case_id)
        if isinstance(case, Failure):
            return _unreadable(case_id)
        report = self._report = CaseReport(case_id, axes(case.standing))
        try:
            case = await self._settle(case, report, final, wait_for_refund)
        except StoreFailed:
            raise  # no case can be settled on this disk
        except Exception:
            # one case must not keep the others, and the machine, from going on
            log.exception("case not settled")
            self.faults.append(case_id)
            loaded = self._executor.journal.load(case_id)
            case = case if isinstance(loaded, Failure) else loaded
        finally:
            self._report = None
        report.after = axes(case.standing)
        report.needs_staff = case.standing.needs_staff
        return report

    async def _settle(self, case: Case, report: CaseReport, final: bool, wait_for_refund: bool) -> Case:
        case = self._executor.resume(case)
        cut_off = self._executor.journal.pending(case)
        case = await self._executor.advance(case, stop_before=EVERY_ACT)  # only asks about an act that was cut off
        just_asked = cut_off is not None and cut_off.act in (Act.OPEN_CHARGE, Act.CLOSE_CHARGE)
        if case.standing.money is Money.OPEN and not just_asked:
            case = await self._executor.look(case, Act.OPEN_CHARGE)
        report.found = [f"{axis}={value}" for axis, value in axes(case.standing).items() if report.before[axis] != value]
        if not case.standing.began:
            case = self._executor.withdraw_unbegun(case)
        if case.standing.money is not Money.PAID and case.standing.issue is not Issue.VERIFIED:
            case = self._executor.decide(case, Wish.WITHDRAW)
        for wait_s in (*ROUNDS_S, None) if final else (None,):
            case = await self._executor.advance(case, wait_for_refund=wait_for_refund)
            if not case.standing.deferred:
                return case
            if wait_s is not None:
                await self._clock.sleep(wait_s)
                case = self._executor.resume(case)
        return self._executor.hand_to_staff(case) if final else case
