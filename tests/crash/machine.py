"""A whole machine over the little hall: the case's real acts, executor, journal, store and recovery; and the traveller's way through them."""

import pickle
import shutil
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from kiosk.app import acts_over
from kiosk.case.casefile import Block, CaseFile
from kiosk.case.moves import Act, Custody, Wish
from kiosk.health.stopwatch import Stopwatch
from kiosk.journey.events import Event
from kiosk.journey.steps.approval import Approval
from kiosk.journey.steps.giving_back import GivingBack
from kiosk.journey.steps.issuing import Issuing
from kiosk.journey.steps.pay import Pay
from kiosk.journey.steps.take_card import TakeCard
from kiosk.journey.table import State, decide
from kiosk.journey.visit import Visit
from kiosk.services import issuing as printing
from kiosk.services.application import Desk as Counter
from kiosk.services.card_back.inspection import Inspection, Verdict
from kiosk.services.cashier import Cashier
from kiosk.services.issuing import codes_of
from kiosk.services.slot import Slot
from kiosk.store.transaction import StoreFailed
from tests.case import small_world
from tests.crash.counters import LittleAuthority, LittleProvider
from tests.crash.hands import Desk, Face, Hall, Trouble

ONLY_TAKE_IN = frozenset(Act) - {Act.TAKE_IN}


def _block(destination: str, kind: str, validity: str, until: str, number: str | None = None) -> Block:
    return Block(destination, kind, validity, until, "2026-11-22" if number is None else "2026-01-05", number=number, issuer="440000")


OLD_MACAU = _block("MAC", "L", "3M1", "2027-01-05", "M00000001")
OLD_HONGKONG = _block("HKG", "G", "1Y1", "2025-05-05", "H00000001")
OLD_TAIWAN = _block("TWN", "L", "6M1", "2025-05-05", "T00000001")
HONGKONG = _block("HKG", "G", "1Y1", "2027-11-21")
MACAU = _block("MAC", "G", "3M1", "2027-02-21")
TAIWAN = _block("TWN", "G", "6M1", "2027-05-21")


@dataclass(frozen=True)
class Kind:
    """before: what the back shows. manner: pays, cancels (before confirming), cancels_paying, never_pays, changes (the way to pay), late (pays after
    the machine's last look). takes: the card at the gate. trouble: what goes wrong in every such journey, so that money must go back."""

    wanted: tuple[Block, ...]
    before: tuple[Block, ...] = ()
    kept: tuple[Block, ...] = ()
    manner: str = "pays"
    takes: bool = True
    trouble: Trouble | None = None


KINDS = {
    "one": Kind((HONGKONG,), (OLD_HONGKONG,)),
    "two": Kind((HONGKONG, MACAU), (OLD_HONGKONG,)),
    "taiwan": Kind((TAIWAN,), (OLD_TAIWAN,)),
    "kept": Kind((HONGKONG,), (OLD_HONGKONG, OLD_MACAU), (OLD_MACAU,)),
    "blank": Kind((HONGKONG,)),
    "cancels": Kind((HONGKONG,), (OLD_HONGKONG,), manner="cancels"),
    "cancels_paying": Kind((HONGKONG,), (OLD_HONGKONG,), manner="cancels_paying"),
    "never_pays": Kind((HONGKONG,), (OLD_HONGKONG,), manner="never_pays"),
    "changes": Kind((HONGKONG,), (OLD_HONGKONG,), manner="changes"),
    "late": Kind((HONGKONG,), (OLD_HONGKONG,), manner="late"),
    "leaves_card": Kind((HONGKONG,), (OLD_HONGKONG,), takes=False),
    "spoiled": Kind((HONGKONG,), (OLD_HONGKONG, OLD_MACAU), (OLD_MACAU,), trouble=Trouble("card_printer", "burn", "spoils", 2)),
    "not_printed": Kind((HONGKONG,), (OLD_HONGKONG,), trouble=Trouble("card_printer", "load", "refused")),
    "not_issued": Kind((HONGKONG, MACAU), (OLD_HONGKONG,), trouble=Trouble("authority", "issue", "refused")),
}


def _codes(face: Any) -> tuple[str, ...]:
    return tuple(sorted(codes_of(face.blocks))) if face.how in ("initial", "burned", "readable") else ()


def _white(face: Any) -> bool:
    return not face.blocks and face.how in ("initial", "burned")


def _inspect(face: Any, meant: Any, codes: Any) -> Inspection:
    """`kiosk.services.card_back.inspection.inspect` where the frame is the truth itself."""
    if face is None or face.how == "dark":
        return Inspection(Verdict.NO_CARD if face is None else Verdict.UNREADABLE, (), "")
    if _white(face):
        return Inspection(Verdict.BLANK if meant else Verdict.AS_MEANT, (), "")
    same = face.how == "burned" and _codes(face) == tuple(sorted(codes))
    return Inspection(Verdict.AS_MEANT if same else Verdict.DIFFERS, _codes(face), "")


def _pictured(face: Any) -> tuple[bytes, tuple[str, ...]] | None:
    return None if face is None or face.how == "dark" else (pickle.dumps(face), _codes(face))


def _compare_pictured(face: Any, picture: bytes, _codes_then: Any) -> Inspection:
    if face is None or face.how == "dark":
        return Inspection(Verdict.NO_CARD if face is None else Verdict.UNREADABLE, (), "")
    then = pickle.loads(picture)
    same = (_white(then) and _white(face)) or (face.how == then.how and _codes(face) == _codes(then))
    return Inspection(Verdict.AS_MEANT if same else Verdict.BLANK if _white(face) else Verdict.DIFFERS, _codes(face), "")


@contextmanager
def truthful_camera() -> Iterator[None]:
    """The back's picture is its truth, so that no pixel need be drawn or compared; what the acts make of it stays their own."""
    own = {"inspect": _inspect, "pictured": _pictured, "compare_pictured": _compare_pictured, "picture_of": tuple}
    former = {name: getattr(printing, name) for name in own}
    for name, function in own.items():
        setattr(printing, name, function)
    try:
        yield
    finally:
        for name, function in former.items():
            setattr(printing, name, function)


class Clock(small_world.HastyClock):
    """Every wait is over at once and moves the hall's time; shifted_s: how wrong the machine's own clock has become."""

    def __init__(self, hall: Hall) -> None:
        super().__init__()
        self.hall = hall
        self.shifted_s = 0.0

    def now(self) -> datetime:
        return super().now() + timedelta(seconds=self.hall.seconds + self.shifted_s)

    def real_s(self, seconds: float) -> float:
        return seconds

    async def sleep(self, seconds: float) -> None:
        self.slept_s += seconds
        self.hall.seconds += seconds


class World:
    """Hall, authority and provider: what outlives the machine."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.hall = Hall(Face("initial", kind.before), takes=kind.takes)
        self.hall.troubles = [replace(kind.trouble)] if kind.trouble else []
        self.authority = LittleAuthority(self.hall)
        self.provider = LittleProvider(self.hall)

    def arrive(self) -> None:
        """Whatever was still on its way."""
        self.authority.arrive(everything=True)
        self.provider.arrive(everything=True)


class Machine(small_world.Machine):
    """One life of the machine, over one store."""

    def __init__(self, store: Path, world: World) -> None:
        super().__init__(store, small_world.World())
        self.hall_world = world
        clock = Clock(world.hall)
        self.clock.now = clock.now  # type: ignore[method-assign]
        self.clock.sleep = clock.sleep  # type: ignore[method-assign]
        self.own = clock
        slot = Slot(Desk(world.hall), clock, Stopwatch(lambda: 0.0))  # type: ignore[arg-type]
        cashier = Cashier({"wechat": world.provider, "alipay": world.provider}, clock, slot.stopwatch, "-")  # type: ignore[dict-item]
        acts = acts_over(slot, Counter(world.authority, clock, slot.stopwatch), cashier)  # type: ignore[arg-type]
        self.executor._acts = acts
        self.bugs: list[str] = []
        self.house = SimpleNamespace(executor=self.executor, clock=clock, slot=slot, stopwatch=slot.stopwatch, cashier=cashier)

    async def journey(self, kind: Kind) -> None:
        """The journey's own steps that touch the case, in the order of the journey's own table; a step that raises turns back, as in the engine."""
        visit = Visit()
        visit.case = self.journal.begin(small_world.TODAY, CaseFile("", "", small_world.ID_NUMBER))
        state = State.PERMIT
        while state not in (State.RECEIPT, State.GOODBYE, State.REFUSED, State.STAFF, State.PROBLEM, State.END):
            try:
                event = await self._step(state, visit, kind)
            except Exception as error:
                if not isinstance(error, StoreFailed):
                    last = traceback.extract_tb(error.__traceback__)[-1]
                    self.bugs.append(f"{type(error).__name__} in {state} at {Path(last.filename).name}:{last.lineno} {error}")
                event = Event.DEVICE_LOST
            decision = decide(state, event)
            if not isinstance(decision, State):
                decision = decide(state, Event.RETURNED_BROKEN)
            state = decision if isinstance(decision, State) else State.END

    async def _step(self, state: State, visit: Visit, kind: Kind) -> Event:
        house: Any = self.house
        assert visit.case is not None
        match state:
            case State.PERMIT:
                visit.case = await self.executor.advance(visit.case, ONLY_TAKE_IN)
                visit.inserted = visit.case.standing.custody is Custody.IN_MACHINE
                return Event.INSERTED if visit.inserted else Event.DEVICE_LOST
            case State.CHIP | State.FACE | State.CHOOSE | State.PHONE:
                return (Event.OPENED, Event.MATCHED, Event.CHOSEN, Event.ENTERED)[(State.CHIP, State.FACE, State.CHOOSE, State.PHONE).index(state)]
            case State.REVIEW:
                if kind.manner == "cancels":
                    return Event.CANCELLED
                file = {"permit_number": "C88888888", "permit_kind": "hkmo", "before": kind.before, "wanted": kind.wanted, "kept": kind.kept}
                visit.case = self.executor.decide(visit.case, Wish.DELIVER, fee_fen=1500 * len(kind.wanted), **file)
                return Event.CONFIRMED
            case State.PAY_METHOD:
                method = "alipay" if visit.case.standing.charges else "wechat"
                visit.case = self.executor.decide(visit.case, Wish.DELIVER, method=method, code=None)
                return Event.METHOD_CHOSEN
            case State.PAY:
                return await self._pay(visit, kind)
            case _:
                steps = {State.APPROVAL: Approval, State.ISSUING: Issuing, State.TAKE_CARD: TakeCard, State.GIVING_BACK: GivingBack}
                event: Event = await steps[state]().run(visit, house)
                return event

    async def _pay(self, visit: Visit, kind: Kind) -> Event:
        house: Any = self.house
        assert visit.case is not None
        if kind.manner == "cancels_paying":
            visit.case = await Pay()._open(visit.case, house)
            return Event.CANCELLED
        if kind.manner == "changes" and not self.hall_world.provider.orders:
            visit.touch("other_method")
        elif kind.manner in ("pays", "changes"):
            self.hall_world.provider.pays_at = 2
        if kind.manner in ("never_pays", "late"):  # whoever does nothing is asked, and then the page goes; the order is still open
            visit.case = await house.executor.look(await Pay()._open(visit.case, house), Act.OPEN_CHARGE)
            if kind.manner == "late":
                self.hall_world.provider.pay()
            return Event.TIMED_OUT
        return await Pay().run(visit, house)

    async def settle_in_passing(self) -> None:
        """What a start and a quiet minute do: nothing is given up."""
        for case_id in self.journal.open_ids():
            await self.recovery.settle(case_id, final=False)


def frozen(store: Path, to: Path) -> Path:
    """The store's files as they lie on the disk at this instant, as a dead machine leaves them; the next machine's store."""
    shutil.copytree(store.parent, to, ignore=shutil.ignore_patterns("*-shm"))
    return to / store.name
