"""The table of acts, walked with every answer that the world may give: which act follows which. For the manual's page only."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache

from kiosk.case.moves import (
    PESSIMISTIC,
    REFUSED,
    UNANSWERED,
    Act,
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
    settled,
    tried,
)

FOLLOWS = ("done", "refused", "no answer")
OUTSIDE = {"custody": Custody.WITH_TRAVELLER, "began": True}
# what an act that was done may have come to
DONE: Mapping[Act, tuple[Mapping[str, object], ...]] = {
    Act.TAKE_IN: ({"custody": Custody.IN_MACHINE, "began": True},),
    Act.SUBMIT: ({"issue": Issue.APPROVED}, {"issue": Issue.REJECTED}),
    Act.OPEN_CHARGE: ({"money": Money.OPEN},),
    Act.CLOSE_CHARGE: ({"money": Money.CLOSED}, {"money": Money.PAID}, {"money": Money.NONE}),
    Act.REFUND: ({"money": Money.REFUNDED}, {"money": Money.REFUND_PENDING}),
    Act.ISSUE: ({"issue": Issue.ISSUED},),
    Act.WRITE_BACK: ({"back": Back.UNKNOWN},),
    Act.RESTORE_BACK: ({"back": Back.UNKNOWN},),
    Act.INSPECT: ({"back": Back.WRITTEN}, {"back": Back.AS_FOUND}, {"back": Back.BLANK}),
    Act.REPORT_VERIFIED: ({"issue": Issue.VERIFIED},),
    Act.PRESENT: ({"custody": Custody.WITH_TRAVELLER}, {"not_taken": True}),
    Act.RETAIN: ({"custody": Custody.RETAINED}, {"custody": Custody.WITH_TRAVELLER}),
    Act.VOID: ({"issue": Issue.VOIDED}, {"issue": Issue.NONE}),
}
NOT_DONE: Mapping[Act, Mapping[str, object]] = {Act.TAKE_IN: OUTSIDE}


def _outcomes(case: Standing, act: Act) -> Iterator[tuple[str, Standing]]:
    begun = tried(counted(case, act), act)
    first_look = act is Act.INSPECT and not case.pictured
    for changes in ({"back": Back.AS_FOUND, "pictured": True},) if first_look else DONE[act]:
        impossible = act is Act.INSPECT and not delivering(case) and changes["back"] is Back.WRITTEN
        waits = act is Act.REFUND and case.money is Money.REFUND_PENDING and changes["money"] is Money.REFUND_PENDING
        if not impossible and not waits:
            yield "done", after(begun, act, changes)  # type: ignore[arg-type]
    yield "refused", consequent(after(begun, act, NOT_DONE.get(act, {})), act, REFUSED[act])  # type: ignore[arg-type]
    if act is not Act.INSPECT:  # looking needs nobody's answer
        yield "no answer", consequent(after(begun, act, PESSIMISTIC.get(act, {})), act, UNANSWERED[act])


def _decisions(case: Standing) -> Iterator[Standing]:
    """What the traveller, or a later start, may do to it."""
    if case.wish is Wish.UNDECIDED and case.custody is Custody.IN_MACHINE:
        yield replace(case, wish=Wish.DELIVER)
        yield replace(case, wish=Wish.WITHDRAW)
    if case.money is Money.OPEN and delivering(case):
        yield replace(case, money=Money.PAID)
        yield replace(case, wish=Wish.WITHDRAW)
    if case.deferred:
        yield replace(case, deferred=frozenset())


def _where(case: Standing) -> str:
    """The next act, or what the case has come to."""
    act = next_act(case)
    if act is not None:
        return act.value
    if case.deferred:
        return "put off"
    if settled(case):
        return "settled"
    return "staff" if case.needs_staff is not None else "waits"


@cache
def following() -> Mapping[Act, Mapping[str, tuple[str, ...]]]:
    """Act → how it came out → what comes next, in the order of the acts."""
    found: dict[Act, dict[str, set[str]]] = {act: {how: set() for how in FOLLOWS} for act in Act}
    seen: set[Standing] = set()
    waiting = [Standing()]
    while waiting:
        case = waiting.pop()
        if case in seen:
            continue
        seen.add(case)
        act = next_act(case)
        if act is not None:
            for how, to in _outcomes(case, act):
                found[act][how].add(_where(to))
                waiting.append(to)
        waiting.extend(_decisions(case))
    order = [*(act.value for act in Act), "waits", "put off", "staff", "settled"]
    return {act: {how: tuple(sorted(names, key=order.index)) for how, names in hows.items()} for act, hows in found.items()}
