"""Every standing that a case can come to: the table of acts walked with each answer that the world may give."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache

from kiosk.case.moves import (
    DEFERRED_REASON,
    MAY_ARRIVE_LATE,
    MOVES_THE_CARD,
    PESSIMISTIC,
    UNANSWERED,
    Act,
    Axis,
    Back,
    Custody,
    Issue,
    Money,
    Standing,
    Wish,
    after,
    consequent,
    counted,
    delivering,
    next_act,
    refusal,
    tried,
)

Changes = Mapping[str, object]
INSIDE: Changes = {"custody": Custody.IN_MACHINE, "began": True}
OUTSIDE: Changes = {"custody": Custody.WITH_TRAVELLER, "began": True}


def _values(axis: str, *values: object) -> list[Changes]:
    return [{axis: value} for value in values]


# What `do` may report as done, what it may report as refused, what `ask` may answer as done, what as not done.
DONE: Mapping[Act, list[Changes]] = {
    Act.TAKE_IN: [INSIDE],
    Act.SUBMIT: _values("issue", Issue.APPROVED, Issue.REJECTED),
    Act.OPEN_CHARGE: _values("money", Money.OPEN),
    Act.CLOSE_CHARGE: _values("money", Money.CLOSED, Money.PAID, Money.NONE, Money.REFUND_PENDING),
    Act.REFUND: _values("money", Money.REFUNDED, Money.REFUND_PENDING),
    Act.ISSUE: _values("issue", Issue.ISSUED),
    Act.WRITE_BACK: _values("back", Back.UNKNOWN),
    Act.RESTORE_BACK: _values("back", Back.UNKNOWN),
    Act.INSPECT: [{"back": Back.WRITTEN}, {"back": Back.AS_FOUND}, {"back": Back.BLANK, "remains": False}, {"back": Back.BLANK, "remains": True}],
    Act.REPORT_VERIFIED: _values("issue", Issue.VERIFIED),
    Act.PRESENT: [{"custody": Custody.WITH_TRAVELLER}, {"not_taken": True}],
    Act.RETAIN: _values("custody", Custody.RETAINED, Custody.WITH_TRAVELLER),
    Act.VOID: _values("issue", Issue.VOIDED, Issue.NONE),
}
NOT_DONE: Mapping[Act, list[Changes]] = (
    {act: [{}] for act in Act}
    | {Act.TAKE_IN: [OUTSIDE], Act.SUBMIT: [{}, {"issue": Issue.SUBMITTED}]}
    | {Act.RETAIN: [{}, {"custody": Custody.UNKNOWN}]}
)
ASKED_DONE: Mapping[Act, list[Changes]] = {act: changes for act, changes in DONE.items() if act is not Act.INSPECT} | {
    Act.SUBMIT: _values("issue", Issue.APPROVED, Issue.REJECTED, Issue.SUBMITTED),
    Act.OPEN_CHARGE: _values("money", Money.OPEN, Money.PAID, Money.CLOSED),
    Act.PRESENT: [{"custody": Custody.WITH_TRAVELLER}],
    Act.VOID: _values("issue", Issue.VOIDED, Issue.NONE, Issue.REJECTED),
}
ASKED_NOT_DONE: Mapping[Act, list[Changes]] = {act: [{}] for act in Act} | {
    Act.TAKE_IN: [OUTSIDE],
    Act.SUBMIT: _values("issue", Issue.NONE),
    Act.OPEN_CHARGE: _values("money", Money.NONE),
    Act.CLOSE_CHARGE: _values("money", Money.OPEN),
    Act.PRESENT: [{}, {"custody": Custody.UNKNOWN}],
    Act.RETAIN: [{}, {"custody": Custody.UNKNOWN}],
}
REFUSALS: Mapping[Act, tuple[str | None, ...]] = {Act.PRESENT: (None, "card_module.no_card"), Act.RETAIN: (None, "card_module.bin_full")}


@dataclass(frozen=True)
class Edge:
    """how: done, refused, given_up (asked in vain too often), cut_off_… (by a power cut, then asked), unclear_… (no answer, then asked); or what a
    person or a later start did."""

    how: str
    act: Act | None
    to: Standing


def _plain(standing: Standing) -> Standing:
    """Order numbers only grow; beyond the second they tell nothing new."""
    return replace(standing, charges=min(standing.charges, 2))


def done(standing: Standing, act: Act) -> list[Changes]:
    """The first look at the back only keeps a picture of it."""
    return [{"back": Back.AS_FOUND, "pictured": True}] if act is Act.INSPECT and not standing.pictured else DONE[act]


def outcomes(standing: Standing, act: Act) -> Iterator[Edge]:
    """What one act may come to, cut off by a power failure or not."""
    intended = counted(standing, act)
    for changes in done(standing, act):
        if act is Act.INSPECT and not delivering(standing) and changes["back"] is Back.WRITTEN:
            continue  # undoing compares with what was there before: the new picture then counts as spoiled
        if act is Act.REFUND and standing.money is Money.REFUND_PENDING and changes["money"] is Money.REFUND_PENDING:
            continue  # still under way counts as unclear, and is asked about
        yield Edge("done", act, after(tried(intended, act), act, changes))
    for changes in NOT_DONE[act]:
        for code in REFUSALS.get(act, (None,)):
            yield Edge("refused", act, consequent(after(tried(intended, act), act, changes), act, refusal(act, code)))
    for how, begun in (("cut_off", intended), ("unclear", tried(intended, act))):
        for changes in ASKED_DONE.get(act, []):
            yield Edge(f"{how}_done", act, after(begun, act, changes))
        late = how == "unclear" and act in MAY_ARRIVE_LATE
        for changes in () if late else ASKED_NOT_DONE[act]:
            yield Edge(f"{how}_not_done", act, after(begun, act, changes))
        if act is not Act.INSPECT:  # the camera's question is always answered: looking leaves no trace and is done again
            yield Edge(f"{how}_unanswered", act, consequent(after(begun, act, PESSIMISTIC.get(act, {})), act, UNANSWERED[act]))
    for changes in () if act in MAY_ARRIVE_LATE else ASKED_NOT_DONE[act]:
        rule = refusal(act, None) if act in MOVES_THE_CARD else UNANSWERED[act]
        yield Edge("given_up", act, consequent(after(tried(intended, act), act, changes), act, rule))


def handed_to_staff(standing: Standing) -> Standing:
    """The last try brought no answer either; a card whose module is silent stays put off."""
    for act in sorted(standing.deferred - MOVES_THE_CARD):
        axis = Axis.MONEY if act in (Act.CLOSE_CHARGE, Act.REFUND) else Axis.ISSUE
        standing = replace(standing, blocked=standing.blocked | {axis}, needs_staff=standing.needs_staff or DEFERRED_REASON[act])
    return replace(standing, deferred=standing.deferred & MOVES_THE_CARD)


def edges(standing: Standing) -> Iterator[Edge]:
    act = next_act(standing)
    if act is not None:
        yield from outcomes(standing, act)
    if standing.deferred:
        yield Edge("later", None, replace(standing, deferred=frozenset()))
        yield Edge("staff", None, handed_to_staff(standing))
    if not standing.began:
        return
    printed = standing.back is Back.WRITTEN and Act.REPORT_VERIFIED in standing.deferred
    if standing.wish is Wish.UNDECIDED and standing.custody is Custody.IN_MACHINE:
        yield Edge("confirmed", None, replace(standing, wish=Wish.DELIVER))
    if standing.wish is not Wish.WITHDRAW and standing.issue is not Issue.VERIFIED and not printed:
        yield Edge("turned_back", None, replace(standing, wish=Wish.WITHDRAW))
    if standing.money is Money.OPEN and delivering(standing):
        for found in (Money.PAID, Money.CLOSED):
            yield Edge("looked", None, replace(standing, money=found))
        yield from outcomes(standing, Act.CLOSE_CHARGE)  # another way to pay


@cache
def explored() -> dict[Standing, tuple[Edge, ...]]:
    """Every reachable standing, each with what may follow."""
    graph: dict[Standing, tuple[Edge, ...]] = {}
    waiting = [Standing()]
    while waiting:
        standing = waiting.pop()
        if standing in graph:
            continue
        graph[standing] = tuple(replace(edge, to=_plain(edge.to)) for edge in edges(standing))
        waiting.extend(edge.to for edge in graph[standing])
    return graph


def trails(wanted: Standing, limit: int = 12) -> str:
    """How one comes from the beginning to `wanted`: the shortest way, for a failing test's message."""
    seen: dict[Standing, str] = {Standing(): ""}
    waiting = [Standing()]
    while waiting:
        standing = waiting.pop(0)
        if standing == wanted:
            return seen[standing][-limit * 40 :]
        for edge in explored()[standing]:
            if edge.to not in seen:
                seen[edge.to] = f"{seen[standing]} > {edge.act or ''}:{edge.how}"
                waiting.append(edge.to)
    return "unreachable"
