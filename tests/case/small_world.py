"""A little world outside the case: a card, an authority, a payment provider. It keeps what is true, and the power can go at any act."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

from kiosk.audit.log import AuditLog
from kiosk.case.acts import ActPort, Result, Status
from kiosk.case.casefile import Block, Case, CaseFile
from kiosk.case.executor import Executor
from kiosk.case.journal import Journal
from kiosk.case.moves import Act, Back, Custody, Issue, Money, Wish, delivering
from kiosk.case.recovery import Recovery
from kiosk.domain.clock import SHANGHAI, Window
from kiosk.domain.failure import Failure
from kiosk.store.cases import CaseStore
from kiosk.store.engine import open_store
from kiosk.store.records import RecordStore
from tests.field_key import cipher_in

TODAY = date(2026, 11, 22)
NAME, ID_NUMBER, PERMIT_NUMBER, PHONE = "陈明远", "44010319900307123X", "C88888888", "13800138000"
OLD = Block("MAC", "L", "3M1", "2027-01-05", "2026-10-05", number="M00000001")
NEW = Block("HKG", "G", "1Y1", "2027-11-21", "2026-11-22", remark=NAME)
FILE = CaseFile(PERMIT_NUMBER, "hkmo", ID_NUMBER, before=(OLD,), wanted=(NEW,), kept=(OLD,), fee_fen=1500, method="wechat", phone=PHONE)


class PowerCut(BaseException):
    """The machine stops here: nothing after this line happens."""


class HastyClock:
    """Every wait is over at once; what was waited is added up."""

    def __init__(self) -> None:
        self.slept_s = 0.0

    def now(self) -> datetime:
        return datetime(2026, 11, 22, 10, 15, tzinfo=SHANGHAI)

    def today(self) -> date:
        return TODAY

    def monotonic(self) -> float:
        return self.slept_s

    async def sleep(self, seconds: float) -> None:
        self.slept_s += seconds

    def real_s(self, seconds: float) -> float:
        return seconds

    async def looks(self, window: Window) -> AsyncIterator[int]:
        for look in range(min(window.looks, 10_000)):
            yield look
            await self.sleep(window.every_s)


@dataclass
class World:
    """What is true outside. calls: every `do` and `ask` in order. silent: acts whose other side says nothing (nothing is done either).
    mute: acts that are done, but nobody says so. cut: (act, before|during|after) at which the power goes, once."""

    place: str = "traveller"
    back: str = "old"
    application: Issue = Issue.NONE
    orders: dict[str, str] = field(default_factory=dict)
    refunds: dict[str, str] = field(default_factory=dict)
    pays: bool = True
    takes: bool = True
    cut: tuple[Act, str] | None = None
    spared: int = 0  # times that the power does not go at `cut` yet
    silent: set[Act] = field(default_factory=set)
    deaf: set[Act] = field(default_factory=set)
    mute: set[Act] = field(default_factory=set)
    calls: list[tuple[str, Act, str]] = field(default_factory=list)

    def done(self, act: Act) -> int:
        return sum(1 for how, called, _key in self.calls if how == "do" and called is act)

    def pay(self) -> None:
        for order, state in self.orders.items():
            if state == "open":
                self.orders[order] = "paid"

    def goes(self, act: Act, moment: str) -> None:
        if self.cut == (act, moment):
            if self.spared:
                self.spared -= 1
                return
            self.cut = None
            raise PowerCut


def _money(state: str | None) -> Result:
    if state is None:
        return Result(Status.NOT_DONE, {"money": Money.NONE})
    return Result(Status.DONE, {"money": {"open": Money.OPEN, "paid": Money.PAID, "closed": Money.CLOSED}[state]})


class Port:
    """One act over the world: `do` changes what is true, `ask` only looks."""

    def __init__(self, act: Act, world: World) -> None:
        self.act, self.world = act, world

    async def do(self, case: Case, key: str) -> Result:
        world, act = self.world, self.act
        world.calls.append(("do", act, key))
        world.goes(act, "before")
        if act in world.silent or act in world.deaf:
            return Result(Status.UNKNOWN, failure=Failure("fake.silence"))
        if world.cut == (act, "during") and act in (Act.WRITE_BACK, Act.RESTORE_BACK):
            world.back = "spoiled"
        world.goes(act, "during")
        result = self._done(case, key)
        world.goes(act, "after")
        return Result(Status.UNKNOWN, failure=Failure("fake.silence")) if act in world.mute else result

    async def ask(self, case: Case, key: str) -> Result:
        self.world.calls.append(("ask", self.act, key))
        if self.act in self.world.silent:
            return Result(Status.UNKNOWN, failure=Failure("fake.silence"))
        return self._asked(case, key)

    def _done(self, case: Case, key: str) -> Result:
        world = self.world
        match self.act:
            case Act.TAKE_IN:
                world.place = "inside"
            case Act.SUBMIT:
                world.application = world.application if world.application is not Issue.NONE else Issue.APPROVED
            case Act.OPEN_CHARGE:
                world.orders.setdefault(key, "open")
            case Act.CLOSE_CHARGE:
                if world.orders.get(key) == "open":
                    world.orders[key] = "closed"
            case Act.REFUND:
                world.refunds[key] = "refunded"
            case Act.ISSUE:
                world.application = Issue.ISSUED
            case Act.WRITE_BACK:
                world.back = "new"
                return Result(Status.DONE, {"back": Back.UNKNOWN})
            case Act.RESTORE_BACK:
                world.back = "old"
                return Result(Status.DONE, {"back": Back.UNKNOWN})
            case Act.INSPECT if not case.standing.pictured:
                return Result(Status.DONE, {"back": Back.AS_FOUND, "pictured": True})
            case Act.INSPECT:
                seen = {"old": Back.AS_FOUND, "spoiled": Back.BLANK, "new": Back.WRITTEN if delivering(case.standing) else Back.BLANK}
                return Result(Status.DONE, {"back": seen[world.back]})
            case Act.REPORT_VERIFIED:
                world.application = Issue.VERIFIED
            case Act.PRESENT:
                if not world.takes:
                    return Result(Status.DONE, {"not_taken": True})
                world.place = "traveller"
            case Act.RETAIN:
                world.place = "bin"
            case Act.VOID:
                if world.application is not Issue.NONE:
                    world.application = Issue.VOIDED
        return self._asked(case, key)

    def _asked(self, case: Case, key: str) -> Result:
        world = self.world
        match self.act:
            case Act.TAKE_IN:
                inside = world.place == "inside"
                custody = Custody.IN_MACHINE if inside else Custody.WITH_TRAVELLER
                return Result(Status.DONE if inside else Status.NOT_DONE, {"custody": custody, "began": True})
            case Act.OPEN_CHARGE:
                return _money(world.orders.get(key))
            case Act.CLOSE_CHARGE:
                state = world.orders.get(key)
                if state is None:
                    return Result(Status.DONE, {"money": Money.NONE})
                return Result(Status.NOT_DONE) if state == "open" else _money(state)
            case Act.REFUND:
                return Result(Status.DONE, {"money": Money.REFUNDED}) if key in world.refunds else Result(Status.NOT_DONE)
            case Act.WRITE_BACK | Act.RESTORE_BACK:
                return Result(Status.DONE, {"back": Back.UNKNOWN})
            case Act.INSPECT:
                return Result(Status.NOT_DONE)
            case Act.PRESENT:
                left = world.place == "traveller"
                return Result(Status.DONE, {"custody": Custody.WITH_TRAVELLER}) if left else Result(Status.NOT_DONE)
            case Act.RETAIN:
                return Result(Status.DONE, {"custody": Custody.RETAINED}) if world.place == "bin" else Result(Status.NOT_DONE)
            case Act.VOID:
                gone = world.application in (Issue.NONE, Issue.VOIDED)
                return Result(Status.DONE if gone else Status.NOT_DONE, {"issue": world.application})
            case _:
                reached = {Act.SUBMIT: set(Issue) - {Issue.NONE}, Act.ISSUE: {Issue.ISSUED, Issue.VERIFIED}, Act.REPORT_VERIFIED: {Issue.VERIFIED}}
                there = world.application in reached[self.act]
                return Result(Status.DONE if there else Status.NOT_DONE, {"issue": world.application})


class Machine:
    """Executor, journal and recovery over one store; a second one over the same store is the machine after a power cut."""

    def __init__(self, store: Path, world: World, ports: Mapping[Act, ActPort] | None = None) -> None:
        engine = open_store(store)
        assert not isinstance(engine, Failure), engine
        self.engine = engine
        self.store = CaseStore(engine, cipher_in(store.parent))
        self.clock = HastyClock()
        audit = AuditLog.open(RecordStore(engine), store.parent, self.clock)
        assert isinstance(audit, AuditLog), audit
        self.audit = audit
        self.journal = Journal(self.store, self.clock, audit)
        self.executor = Executor(self.journal, {act: Port(act, world) for act in Act} | dict(ports or {}), self.clock)
        self.recovery = Recovery(self.executor, self.clock)
        self.executor.told = self.recovery.told
        self.world = world

    def begin(self) -> Case:
        return self.journal.begin(TODAY, FILE)

    async def run(self, case: Case, wish: Wish = Wish.DELIVER) -> Case:
        """A whole visit: card in, confirmed, paid, printed, out; a traveller who does not pay, or changes their mind, turns back."""
        case = await self.executor.advance(case)
        if case.standing.custody is not Custody.IN_MACHINE:
            return case
        case = await self.executor.advance(self.executor.decide(case, wish))
        if case.standing.money is Money.OPEN and delivering(case.standing):
            if self.world.pays:
                self.world.pay()
            case = await self.executor.look(case, Act.OPEN_CHARGE)
            if case.standing.money is not Money.PAID:
                case = self.executor.decide(case, Wish.WITHDRAW)
            case = await self.executor.advance(case)
        return case

    def close(self) -> None:
        self.engine.dispose()


def truth_agrees(world: World, case: Case) -> None:
    """What the case says of the world is what is true there."""
    s = case.standing
    assert s.custody == {"traveller": Custody.WITH_TRAVELLER, "inside": Custody.IN_MACHINE, "bin": Custody.RETAINED}[world.place]
    assert s.issue is world.application
    if s.back is Back.WRITTEN:
        assert world.back == "new"
    if s.back is Back.AS_FOUND:
        assert world.back == "old"
    paid = [order for order, state in world.orders.items() if state == "paid"]
    assert len(paid) <= 1 and "open" not in world.orders.values()
    if s.money is Money.PAID:
        assert paid == [case.order_no] and not world.refunds
    elif s.money is Money.REFUNDED:
        assert paid == [case.order_no] and list(world.refunds) == [case.refund_no]
    else:
        assert not paid


def blank(case: Case) -> Case:
    return replace(case, file=FILE)
