"""The table of acts walked together with the truth outside, the power going at every instant: whether what the journal knows is enough.

A point is what would be found on the disk, and what is true in the world. `unjournalled` leaves out the intent of one act: then the walk must find a
world that the journal knows nothing of, or the walk would prove nothing.
"""

from collections import Counter
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from kiosk.case.acts import Result, Status
from kiosk.case.casefile import Case
from kiosk.case.journal import ended
from kiosk.case.moves import Act, Custody, Issue, Money, Standing, Wish, after, consequent, counted, delivering, next_act, refusal, settled, tried
from tests.case.small_world import FILE, TODAY, Port, PowerCut, World

CASE_ID = "C"
REFUSABLE = (Act.SUBMIT, Act.OPEN_CHARGE, Act.ISSUE, Act.WRITE_BACK, Act.PRESENT)
PRINTS = (Act.WRITE_BACK, Act.RESTORE_BACK)


@dataclass(frozen=True)
class Truth:
    place: str = "traveller"
    back: str = "old"
    application: Issue = Issue.NONE
    orders: tuple[tuple[str, str], ...] = ()
    refunds: tuple[str, ...] = ()


@dataclass(frozen=True)
class Point:
    """dead: the machine is off. pending: the act that was begun and has no outcome on the disk. bad: the fault that has been met; one is enough."""

    standing: Standing
    truth: Truth
    pending: Act | None = None
    dead: bool = False
    bad: bool = False


@dataclass
class Walk:
    points: dict[Point, str] = field(default_factory=dict)
    ends: Counter[str] = field(default_factory=Counter)
    violations: list[str] = field(default_factory=list)


def _at_once(work: Coroutine[Any, Any, Result]) -> Result:
    """The little world never waits."""
    try:
        work.send(None)
    except StopIteration as over:
        return over.value  # type: ignore[no-any-return]
    raise RuntimeError("the little world waited")


def _world(truth: Truth) -> World:
    return World(
        place=truth.place, back=truth.back, application=truth.application, orders=dict(truth.orders), refunds=dict.fromkeys(truth.refunds, "r")
    )


def _truth(world: World) -> Truth:
    return Truth(world.place, world.back, world.application, tuple(world.orders.items()), tuple(world.refunds))


def _key(case: Case, act: Act) -> str:
    return {Act.OPEN_CHARGE: case.order_no, Act.CLOSE_CHARGE: case.order_no, Act.REFUND: case.refund_no}.get(act, case.case_id)


def _done(standing: Standing, truth: Truth, act: Act, **world: Any) -> tuple[Result | None, Truth]:
    """What the act comes to; no result where the power went."""
    outside, case = _world(truth), Case(CASE_ID, TODAY, standing, FILE)
    for name, value in world.items():
        setattr(outside, name, value)
    try:
        return _at_once(Port(act, outside).do(case, _key(case, act))), _truth(outside)
    except PowerCut:
        return None, _truth(outside)


def _asked(standing: Standing, truth: Truth, act: Act) -> Standing:
    case = Case(CASE_ID, TODAY, standing, FILE)
    result = _at_once(Port(act, _world(truth)).ask(case, _key(case, act)))
    return after(standing, act, {**result.changes})


def _paid(truth: Truth) -> Truth | None:
    """The traveller's phone pays the newest order that is open."""
    newest = next((number for number, state in reversed(truth.orders) if state == "open"), None)
    return None if newest is None else replace(truth, orders=tuple((n, "paid" if n == newest else state) for n, state in truth.orders))


def following(point: Point, unjournalled: Act | None) -> Iterator[tuple[str, Point]]:
    paid = _paid(point.truth)
    if paid is not None:
        yield "paid", replace(point, truth=paid)
    if point.dead:
        yield from _restarted(point)
        return
    standing = point.standing
    yield "cut off at rest", replace(point, dead=True)
    act = next_act(standing)
    if act is not None:
        yield from _acted(point, act, unjournalled)
    if standing.money is Money.OPEN and delivering(standing):
        yield "looked", replace(point, standing=replace(standing, money=_asked(standing, point.truth, Act.OPEN_CHARGE).money))
        if standing.charges < 2:
            yield from _acted(point, Act.CLOSE_CHARGE, unjournalled)
    if standing.began and standing.wish is Wish.UNDECIDED and standing.custody is Custody.IN_MACHINE:
        yield "confirmed", replace(point, standing=replace(standing, wish=Wish.DELIVER))
    if standing.began and standing.wish is not Wish.WITHDRAW and standing.issue is not Issue.VERIFIED:
        yield "turned back", replace(point, standing=replace(standing, wish=Wish.WITHDRAW))


def _acted(point: Point, act: Act, unjournalled: Act | None) -> Iterator[tuple[str, Point]]:
    standing, truth = point.standing, point.truth
    intended = counted(standing, act)
    on_disk = replace(point, dead=True) if act is unjournalled else replace(point, standing=intended, pending=act, dead=True)
    yield f"{act} cut off before", on_disk
    result, changed = _done(intended, truth, act)
    assert result is not None
    yield f"{act} cut off after", replace(on_disk, truth=changed)
    if act in PRINTS:
        yield f"{act} cut off during", replace(on_disk, truth=_done(intended, truth, act, cut=(act, "during"))[1])
        if not point.bad:
            spoiled = after(tried(intended, act), act, {**result.changes})
            yield f"{act} spoiled", replace(point, standing=spoiled, truth=replace(changed, back="spoiled"), bad=True)
    if act is Act.PRESENT:
        left, lies = _done(intended, truth, act, takes=False)
        assert left is not None
        yield "present not taken", replace(point, standing=after(tried(intended, act), act, {**left.changes}), truth=lies)
    came = after(tried(intended, act), act, {**result.changes})
    if result.status is Status.DONE:
        yield f"{act} done", replace(point, standing=came, truth=changed)
    else:
        yield f"{act} not done", replace(point, standing=consequent(came, act, refusal(act, None)), truth=changed)
    if act in REFUSABLE and not point.bad:
        changes = {"began": True, "custody": Custody.WITH_TRAVELLER} if act is Act.TAKE_IN else {}
        said = consequent(after(tried(intended, act), act, changes), act, refusal(act, None))
        yield f"{act} refused", replace(point, standing=said, bad=True)


def _restarted(point: Point) -> Iterator[tuple[str, Point]]:
    """As `kiosk.case.recovery`: what was cut off is asked about, an open order is looked at, what is not paid is turned back."""
    standing = point.standing
    if point.pending is not None:
        standing = _asked(standing, point.truth, point.pending)
    elif ended(standing) and standing.began:
        return  # nothing on the disk asks for it
    if standing.money is Money.OPEN:
        standing = replace(standing, money=_asked(standing, point.truth, Act.OPEN_CHARGE).money)
    if not standing.began:
        standing = replace(standing, began=True, wish=Wish.WITHDRAW)
    if standing.money is not Money.PAID and standing.issue is not Issue.VERIFIED:
        standing = replace(standing, wish=Wish.WITHDRAW)
    yield "restarted", replace(point, standing=standing, pending=None, dead=False)


def _waits(s: Standing) -> bool:
    return (s.wish is Wish.UNDECIDED and s.custody is Custody.IN_MACHINE) or (s.money is Money.OPEN and delivering(s))


def broken(point: Point) -> list[str]:
    """The promises that do not hold where nothing more will be done, or never."""
    s, truth = point.standing, point.truth
    orders = [state for _, state in truth.orders]
    found = ["two charges succeeded"] if orders.count("paid") > 1 else []
    if len(truth.refunds) > orders.count("paid"):
        found.append("refunded more than was paid")
    if truth.refunds and (truth.application in (Issue.ISSUED, Issue.VERIFIED) or truth.back == "new"):
        found.append("refunded what is valid")
    if point.dead or point.pending is not None or next_act(s) is not None or s.deferred or _waits(s) or not s.began:
        return found
    if s.needs_staff is not None:
        return found
    if not settled(s):
        return [*found, "neither settled nor with staff"]
    if "open" in orders:
        found.append("an order stayed open")
    if truth.place == "inside":
        found.append("the card stayed inside")
    if truth.application not in (Issue.NONE, Issue.REJECTED, Issue.VOIDED, Issue.VERIFIED):
        found.append(f"the application stayed {truth.application}")
    delivered = truth.application is Issue.VERIFIED and truth.back == "new" and "paid" in orders and not truth.refunds
    undone = truth.application is not Issue.VERIFIED and truth.back == "old" and orders.count("paid") == len(truth.refunds)
    if not (delivered or undone):
        found.append(f"neither delivered nor undone: {truth}")
    return found


def walk(unjournalled: Act | None = None) -> Walk:
    """Every point that can be reached, each with the way to it that was found first."""
    begun = Point(Standing(), Truth())
    done = Walk({begun: ""})
    waiting = [begun]
    while waiting:
        point = waiting.pop()
        way = done.points[point]
        done.violations += [f"{what}: {way}" for what in broken(point)]
        s = point.standing
        if not point.dead and next_act(s) is None and not _waits(s) and s.began:
            done.ends["settled" if settled(s) else str(s.needs_staff)] += 1
        for how, to in following(point, unjournalled):
            if to not in done.points:
                done.points[to] = f"{way} > {how}"
                waiting.append(to)
    return done
