"""The table of acts, walked to its last corner: nobody loses money, card or endorsement, whatever the world answers."""

from collections import Counter
from dataclasses import replace

import pytest

from kiosk.case.journal import ended
from kiosk.case.moves import (
    ACTS,
    DEFERRED_REASON,
    LOOK_LIMIT,
    MOVES_THE_CARD,
    REFUSED,
    RESTORE_LIMIT,
    UNANSWERED,
    Act,
    Axis,
    Back,
    Custody,
    Issue,
    Money,
    Reason,
    Standing,
    Wish,
    after,
    delivering,
    next_act,
    refusal,
    settled,
    tried,
)
from tests.case.explored import DONE, explored, handed_to_staff, trails


def house_plan_settled(s: Standing) -> bool:
    """The definition of the house plan, §5, read from the page rather than from the code."""
    printed = (s.issue, s.money, s.back) == ("verified", "paid", "written")
    undone = s.issue in {"none", "rejected", "voided"} and s.money in {"none", "closed", "refunded"} and s.back == "as_found"
    return (printed or undone) and s.custody in {"with_traveller", "retained"}


def waits_for_traveller(s: Standing) -> bool:
    choosing = s.wish is Wish.UNDECIDED and s.custody is Custody.IN_MACHINE
    return choosing or (s.money is Money.OPEN and delivering(s))


def ends() -> list[Standing]:
    """Standings in which nothing more will be done."""
    return [s for s in explored() if next_act(s) is None and not s.deferred and not waits_for_traveller(s)]


def test_every_end_is_settled_or_waits_for_staff_with_a_reason() -> None:
    loose = [s for s in ends() if not settled(s) and s.needs_staff is None]
    reasons = Counter("settled" if settled(s) else str(s.needs_staff) for s in ends())
    print(f"{len(explored())} standings, {len(ends())} ends: {dict(reasons)}")
    assert not loose, f"{len(loose)} loose ends of {reasons}; one: {loose[0]} by {trails(loose[0])}"
    assert reasons["settled"] > 0 and set(reasons) - {"settled"} <= set(Reason)


def test_settled_is_what_the_house_plan_says() -> None:
    for s in explored():
        assert settled(s) == house_plan_settled(s), s


def test_a_settled_case_has_nothing_left_to_do() -> None:
    for s in explored():
        if settled(s) and s.began:
            assert next_act(s) is None, (s, trails(s))


def test_an_ended_case_is_never_one_that_could_still_go_on() -> None:
    for s in explored():
        if ended(s) and s.began:
            assert next_act(s) is None, s
            assert settled(s) or (s.needs_staff is not None and not s.deferred), s


def test_every_standing_can_come_to_an_end() -> None:
    good = set(ends())
    before: dict[Standing, set[Standing]] = {}
    for s, following in explored().items():
        for edge in following:
            before.setdefault(edge.to, set()).add(s)
    waiting = list(good)
    while waiting:
        for s in before.get(waiting.pop(), ()):
            if s not in good:
                good.add(s)
                waiting.append(s)
    trapped = [s for s in explored() if s not in good]
    assert not trapped, (trapped[0], trails(trapped[0]))


def test_nothing_is_tried_for_ever() -> None:
    """Without power cuts no circle of acts exists; what came out unclear and was not done is counted by the executor (`given_up`)."""
    acting = {"done", "refused", "given_up", "unclear_unanswered"}
    colour: dict[Standing, int] = {}
    for start in explored():
        stack = [(start, iter([e for e in explored()[start] if e.how in acting and e.act is not None and e.act is next_act(start)]))]
        if start in colour:
            continue
        colour[start] = 1
        while stack:
            s, following = stack[-1]
            edge = next(following, None)
            if edge is None:
                colour[s] = 2
                stack.pop()
                continue
            assert colour.get(edge.to) != 1, f"circle at {edge.act}:{edge.how} in {s}; {trails(s)}"
            if edge.to not in colour:
                colour[edge.to] = 1
                stack.append((edge.to, iter([e for e in explored()[edge.to] if e.how in acting and e.act is next_act(edge.to)])))


def nothing_valid_on(s: Standing) -> bool:
    """As it was handed in; or spoiled for good, seen, and without a readable code of what is to be voided."""
    return s.back is Back.AS_FOUND or (s.back is Back.BLANK and Axis.BACK in s.blocked and not s.remains)


def test_a_card_spoiled_for_good_is_paid_back_unless_the_new_code_can_still_be_read() -> None:
    s = Standing(Wish.WITHDRAW, Money.PAID, Issue.ISSUED, Back.BLANK, Custody.IN_MACHINE, began=True, pictured=True)
    s = replace(s, restores=RESTORE_LIMIT, blocked=frozenset({Axis.BACK}), needs_staff=Reason.BACK_NOT_RESTORED)
    assert next_act(s) is Act.VOID and next_act(replace(s, issue=Issue.VOIDED)) is Act.REFUND
    assert next_act(replace(s, remains=True)) is Act.PRESENT and next_act(replace(s, back=Back.UNKNOWN)) is Act.PRESENT


def test_money_is_kept_safe_on_every_way() -> None:
    for s, following in explored().items():
        act = next_act(s)
        if act is Act.OPEN_CHARGE:
            assert s.issue is Issue.APPROVED and s.money in (Money.NONE, Money.CLOSED) and s.wish is Wish.DELIVER, (s, trails(s))
            assert s.custody is Custody.IN_MACHINE, (s, trails(s))
        if act is Act.ISSUE:
            assert s.money is Money.PAID and s.issue is Issue.APPROVED, (s, trails(s))
        if act is Act.REFUND:
            assert nothing_valid_on(s) and s.money in (Money.PAID, Money.REFUND_PENDING), (s, trails(s))
            invalid = s.issue in (Issue.NONE, Issue.REJECTED, Issue.VOIDED)
            assert invalid or s.money is Money.REFUND_PENDING, (s, trails(s))  # one that is under way is only asked about
        if act is Act.VOID:
            assert s.issue in (Issue.SUBMITTED, Issue.APPROVED, Issue.ISSUED) and nothing_valid_on(s), (s, trails(s))
        if act is Act.CLOSE_CHARGE:
            assert s.money is Money.OPEN, (s, trails(s))
        for edge in following:
            if s.money is Money.PAID:
                assert edge.to.money in (Money.PAID, Money.REFUND_PENDING, Money.REFUNDED), (s, edge)
            if s.money is Money.REFUND_PENDING:
                assert edge.to.money in (Money.REFUND_PENDING, Money.REFUNDED), (s, edge)
            if s.money is Money.OPEN and edge.to.money in (Money.NONE, Money.CLOSED):
                assert edge.act is Act.CLOSE_CHARGE or edge.how == "looked", (s, edge)


def test_nothing_is_printed_before_it_is_paid_and_issued() -> None:
    for s in explored():
        if next_act(s) is Act.WRITE_BACK:
            assert s.money is Money.PAID and s.issue is Issue.ISSUED and s.custody is Custody.IN_MACHINE and s.wish is Wish.DELIVER, s


def test_the_card_is_never_moved_or_looked_at_where_it_is_not() -> None:
    inside = {Act.PRESENT, Act.RETAIN, Act.INSPECT, Act.WRITE_BACK, Act.RESTORE_BACK}
    for s in explored():
        if next_act(s) in inside:
            looked_for = s.custody is Custody.UNKNOWN and next_act(s) in (Act.PRESENT, Act.RETAIN)
            assert s.custody is Custody.IN_MACHINE or looked_for, (s, trails(s))
        if next_act(s) is Act.TAKE_IN:
            assert not s.began and s.wish is Wish.UNDECIDED and s.custody is Custody.WITH_TRAVELLER, (s, trails(s))


def test_a_spoiled_back_leaves_only_with_a_reason_for_staff() -> None:
    for s in ends():
        if s.back in (Back.BLANK, Back.UNKNOWN) and s.custody is not Custody.IN_MACHINE:
            assert s.needs_staff is not None, (s, trails(s))


def test_a_printed_card_whose_report_is_late_is_neither_voided_nor_refunded_once_it_left() -> None:
    late = [
        s
        for s in explored()
        if s.back is Back.WRITTEN and s.issue is Issue.ISSUED and s.money is Money.PAID and s.custody in (Custody.WITH_TRAVELLER, Custody.RETAINED)
    ]
    assert late
    for s in late:
        assert next_act(s) in (Act.REPORT_VERIFIED, None), (s, trails(s))
        assert s.deferred or s.needs_staff or next_act(s) is Act.REPORT_VERIFIED, (s, trails(s))


def test_a_card_seen_printed_leaves_with_print_and_money_whatever_becomes_of_its_report() -> None:
    seen = [s for s in explored() if s.back is Back.WRITTEN and s.issue is Issue.ISSUED]
    blocked = [s for s in seen if Axis.ISSUE in s.blocked and s.custody is Custody.IN_MACHINE]
    assert any(s.wish is Wish.WITHDRAW for s in seen) and blocked
    for s in seen:
        assert s.money is Money.PAID and next_act(s) in (Act.REPORT_VERIFIED, Act.PRESENT, Act.RETAIN, None), (s, trails(s))
    for s in blocked:
        if not s.deferred and Axis.CUSTODY not in s.blocked:
            assert next_act(s) in (Act.PRESENT, Act.RETAIN), (s, trails(s))


def test_a_card_whose_module_is_silent_stays_put_off_and_is_looked_for_again() -> None:
    silent = [s for s in explored() if s.deferred & MOVES_THE_CARD]
    assert {act for s in silent for act in s.deferred & MOVES_THE_CARD} == MOVES_THE_CARD
    for s in silent:
        assert Axis.CUSTODY not in s.blocked and not ended(handed_to_staff(s)), (s, trails(s))


def test_staff_are_told_why_a_card_could_not_leave() -> None:
    assert refusal(Act.RETAIN, "card_module.bin_full").reason is Reason.BIN_FULL
    assert refusal(Act.RETAIN, "card_module.jam").reason is Reason.CARD_STUCK
    assert refusal(Act.PRESENT, "card_module.no_card").reason is Reason.CARD_NOT_FOUND
    assert refusal(Act.PRESENT, None).reason is Reason.CARD_STUCK


def test_a_power_cut_alone_never_sends_a_case_to_staff() -> None:
    """Devices and gateways answer rightly; only the machine is cut off, before or after any act, as often as one likes."""
    healthy = {Act.SUBMIT: [{"issue": Issue.APPROVED}], Act.INSPECT: [{"back": Back.WRITTEN}, {"back": Back.AS_FOUND}, {"back": Back.BLANK}]}
    seen: set[Standing] = set()
    waiting = [Standing()]
    while waiting:
        s = waiting.pop()
        if s in seen:
            continue
        seen.add(s)
        assert s.needs_staff is None, (s, trails(s))
        for edge in explored()[s]:
            right = edge.act is None and edge.how != "staff"
            cut_off = edge.how in ("cut_off_done", "cut_off_not_done")
            done = edge.how == "done" and (edge.act not in healthy or any(_has(edge.to, changes) for changes in healthy[edge.act]))
            if edge.act is Act.INSPECT and edge.how == "done" and edge.to.back is Back.BLANK and s.writes + s.restores > 0 and s.looks == 0:
                done = False  # a whole print on a whole printer is not blank; one that was cut off may be
            if right or cut_off or done:
                waiting.append(edge.to)
    assert len(seen) > 100


def _has(s: Standing, changes: dict[str, object]) -> bool:
    return all(getattr(s, axis) == value for axis, value in changes.items())


def test_looks_that_showed_something_are_not_counted_against_the_card() -> None:
    s = Standing(Wish.DELIVER, Money.PAID, Issue.ISSUED, Back.UNKNOWN, Custody.IN_MACHINE, began=True)
    for _power_cut in range(LOOK_LIMIT + 2):
        assert next_act(s) is Act.INSPECT
        s = after(tried(s, Act.INSPECT), Act.INSPECT, {"back": Back.BLANK})
        assert next_act(s) is Act.WRITE_BACK
        s = after(s, Act.WRITE_BACK, {"back": Back.UNKNOWN})  # cut off and asked about: not a try
    assert s.needs_staff is None


def test_nothing_is_asked_for_before_the_camera_has_seen_the_back() -> None:
    s = Standing(Wish.DELIVER, custody=Custody.IN_MACHINE, began=True)
    for _look in range(LOOK_LIMIT):
        assert next_act(s) is Act.INSPECT
        s = after(tried(s, Act.INSPECT), Act.INSPECT, {})
    assert s.wish is Wish.WITHDRAW and s.needs_staff is None and next_act(s) is Act.PRESENT
    for seen, act in explored().items():
        assert next_act(seen) is not Act.SUBMIT or seen.pictured, act


def test_a_card_that_cannot_be_looked_at_is_kept_from_void_and_refund() -> None:
    s = Standing(Wish.DELIVER, Money.PAID, Issue.ISSUED, Back.UNKNOWN, Custody.IN_MACHINE, began=True, writes=1)
    for _look in range(LOOK_LIMIT):
        assert next_act(s) is Act.INSPECT
        s = after(tried(s, Act.INSPECT), Act.INSPECT, {})
    assert s.needs_staff is Reason.BACK_UNSEEN and next_act(s) is Act.PRESENT
    s = after(s, Act.PRESENT, {"custody": Custody.WITH_TRAVELLER})
    assert next_act(s) is None and s.money is Money.PAID


def test_an_act_may_change_only_its_own_axes() -> None:
    with pytest.raises(ValueError, match="may not change"):
        after(Standing(), Act.VOID, {"money": Money.REFUNDED})
    for act, changes in DONE.items():
        for change in changes:
            assert set(change) <= {axis.value for axis in ACTS[act].axes} | {"began", "not_taken", "remains"}


def test_the_tables_speak_of_every_act() -> None:
    assert set(ACTS) == set(REFUSED) == set(UNANSWERED) == set(Act)
    assert {act for act, rule in UNANSWERED.items() if rule.defer} == set(DEFERRED_REASON) | MOVES_THE_CARD
    for rule in (*REFUSED.values(), *UNANSWERED.values()):
        assert (rule.block is None) == (rule.reason is None)


def test_what_is_put_off_waits_for_staff_after_the_last_try() -> None:
    s = Standing(Wish.WITHDRAW, Money.PAID, Issue.VOIDED, began=True, deferred=frozenset({Act.REFUND}))
    left = handed_to_staff(s)
    assert left.needs_staff is Reason.PAYMENT_UNCLEAR and Axis.MONEY in left.blocked and next_act(left) is None


def test_a_case_turned_back_before_it_began_opens_no_slot() -> None:
    assert next_act(Standing()) is Act.TAKE_IN
    assert next_act(Standing(wish=Wish.WITHDRAW)) is None
