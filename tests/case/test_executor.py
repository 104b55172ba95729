"""The loop that runs a case: what is unknown is asked about and never repeated blindly, and a power cut at any act is made good."""

import asyncio
from collections.abc import Callable, Coroutine
from itertools import pairwise
from typing import Any

import pytest

from kiosk.case.acts import Result, Status
from kiosk.case.casefile import Case
from kiosk.case.executor import ASK_WAITS_S, UNCLEAR_LIMIT
from kiosk.case.journal import CHARGE_LIFE_S
from kiosk.case.moves import Act, Axis, Back, Custody, Issue, Money, Reason, Standing, Wish, next_act, settled
from kiosk.case.recovery import CaseReport
from kiosk.domain.failure import Failure
from kiosk.store.transaction import StoreFailed
from tests.case.small_world import Machine, Port, PowerCut, World, truth_agrees

Start = Callable[[World], Machine]
Work = Coroutine[Any, Any, Any]


def run(work: Work) -> Any:
    return asyncio.run(work)


def ask_count(world: World, act: Act) -> int:
    return sum(1 for how, asked, _key in world.calls if how == "ask" and asked is act)


def test_a_whole_case_is_delivered_with_each_act_done_once(start: Start) -> None:
    world = World()
    machine = start(world)
    case = run(machine.run(machine.begin()))
    assert settled(case.standing) and case.standing.issue is Issue.VERIFIED
    truth_agrees(world, case)
    done = [act for how, act, _key in world.calls if how == "do"]
    assert done == [
        Act.TAKE_IN,
        Act.INSPECT,
        Act.SUBMIT,
        Act.OPEN_CHARGE,
        Act.ISSUE,
        Act.WRITE_BACK,
        Act.INSPECT,
        Act.REPORT_VERIFIED,
        Act.PRESENT,
    ]
    assert machine.journal.open_ids() == []


def test_a_traveller_who_does_not_pay_gets_everything_undone(start: Start) -> None:
    world = World(pays=False)
    machine = start(world)
    case = run(machine.run(machine.begin()))
    assert settled(case.standing) and case.standing.money is Money.CLOSED and case.standing.issue is Issue.VOIDED
    truth_agrees(world, case)


def test_a_card_that_is_not_taken_goes_to_the_bin(start: Start) -> None:
    world = World(takes=False)
    machine = start(world)
    case = run(machine.run(machine.begin()))
    assert settled(case.standing) and case.standing.custody is Custody.RETAINED and world.place == "bin"


@pytest.mark.parametrize("act", [Act.SUBMIT, Act.OPEN_CHARGE, Act.ISSUE, Act.REPORT_VERIFIED, Act.PRESENT])
def test_an_act_that_was_done_without_a_word_is_asked_about_and_not_repeated(start: Start, act: Act) -> None:
    world = World(mute={act})
    machine = start(world)
    case = run(machine.run(machine.begin()))
    assert settled(case.standing) and case.standing.issue is Issue.VERIFIED
    assert world.done(act) == 1 and ask_count(world, act) >= 1
    truth_agrees(world, case)


@pytest.mark.parametrize("act", [Act.ISSUE])
def test_an_act_that_never_arrives_is_given_up_after_a_few_tries_and_undone(start: Start, act: Act) -> None:
    """Its other side answers questions but never hears the order itself: no endless loop, and no money kept."""
    world = World(deaf={act})
    machine = start(world)
    case = run(machine.run(machine.begin()))
    assert world.done(act) == UNCLEAR_LIMIT
    assert settled(case.standing) and case.standing.needs_staff is None
    assert case.standing.money in (Money.NONE, Money.REFUNDED)
    truth_agrees(world, case)


@pytest.mark.parametrize(("act", "undo"), [(Act.SUBMIT, Act.VOID), (Act.OPEN_CHARGE, Act.CLOSE_CHARGE)])
def test_what_is_not_found_right_after_it_was_sent_is_not_sent_again_but_undone(start: Start, act: Act, undo: Act) -> None:
    world = World(deaf={act})
    machine = start(world)
    case = run(machine.run(machine.begin()))
    assert world.done(act) == 1 and world.done(undo) == 1 and ask_count(world, act) == 1 + len(ASK_WAITS_S)
    assert settled(case.standing) and case.standing.money is Money.NONE and case.file.cause == "fake.silence"


@pytest.mark.parametrize("act", [Act.SUBMIT, Act.OPEN_CHARGE])
def test_what_arrives_late_is_found_and_goes_on(start: Start, act: Act) -> None:
    class Late(Port):
        async def do(self, case: Case, key: str) -> Result:
            self.world.calls.append(("do", self.act, key))
            return Result(Status.UNKNOWN, failure=Failure("fake.silence"))

        async def ask(self, case: Case, key: str) -> Result:
            if ask_count(self.world, self.act) == 1:
                self._done(case, key)
            return await super().ask(case, key)

    world = World()
    machine = start(world)
    machine.executor._acts[act] = Late(act, world)  # type: ignore[index]
    case = run(machine.run(machine.begin()))
    assert settled(case.standing) and case.standing.issue is Issue.VERIFIED and world.done(act) == 1


def test_a_refused_report_leaves_print_and_money_also_where_the_visit_turns_back(start: Start) -> None:
    class Refuses(Port):
        async def do(self, case: Case, key: str) -> Result:
            self.world.calls.append(("do", self.act, key))
            return Result(Status.NOT_DONE, failure=Failure("authority.refused"))

    world = World()
    machine = start(world)
    machine.executor._acts[Act.REPORT_VERIFIED] = Refuses(Act.REPORT_VERIFIED, world)  # type: ignore[index]

    async def main() -> Case:
        case = await machine.executor.advance(machine.begin())
        case = await machine.executor.advance(machine.executor.decide(case, Wish.DELIVER))
        world.pay()
        case = await machine.executor.look(case, Act.OPEN_CHARGE)
        case = await machine.executor.advance(case, stop_before=frozenset({Act.PRESENT}))
        return await machine.executor.advance(machine.executor.decide(case, Wish.WITHDRAW))

    case = run(main())
    assert case.standing.needs_staff is Reason.AUTHORITY_CONTRADICTION and case.standing.custody is Custody.WITH_TRAVELLER
    assert case.standing.money is Money.PAID and world.back == "new" and not world.refunds
    assert world.done(Act.RESTORE_BACK) == world.done(Act.VOID) == 0


def test_nothing_is_refunded_while_the_application_may_still_be_valid(start: Start) -> None:
    world = World(deaf={Act.ISSUE}, silent={Act.VOID})
    machine = start(world)
    case = run(machine.run(machine.begin()))
    assert case.standing.money is Money.PAID and case.standing.deferred == {Act.VOID} and not world.refunds
    world.silent.clear()
    report = run(machine.recovery.settle(case.case_id))
    assert report.after["money"] == "refunded" and report.after["issue"] == "voided" and report.needs_staff is None


@pytest.mark.parametrize("act", [Act.TAKE_IN, Act.PRESENT, Act.RETAIN])
def test_a_silent_card_module_leaves_the_case_open_until_it_answers(start: Start, act: Act) -> None:
    world = World(silent={act, Act.PRESENT} if act is Act.TAKE_IN else {act}, takes=act is not Act.RETAIN)
    machine = start(world)
    case = run(machine.run(machine.begin()))
    assert case.standing.deferred == {act} and case.standing.custody is Custody.UNKNOWN
    for final in (False, True):  # not even the last try takes silence for a lost card
        report = run(machine.recovery.settle(case.case_id, final))
        assert report.needs_staff is None and machine.journal.open_ids() == [case.case_id]
    world.silent.clear()
    report = run(start(world).recovery.settle_all())[0]
    assert report.needs_staff is None and report.after["custody"] == ("retained" if act is Act.RETAIN else "with_traveller")
    assert start(world).journal.open_ids() == []


def test_a_new_order_fixes_its_end_and_shows_no_earlier_code(start: Start) -> None:
    machine = start(World())
    case = machine.begin()
    case = machine.executor.decide(case, Wish.DELIVER, code="weixin://old", expires_at=1.0)
    case, _stored = machine.journal.intend(case, Act.OPEN_CHARGE)
    loaded = machine.journal.load(case.case_id)
    assert isinstance(loaded, Case) and loaded.file == case.file
    assert case.file.code is None and case.file.expires_at == machine.clock.now().timestamp() + CHARGE_LIFE_S


def test_cases_that_wait_for_staff_are_said_and_left_alone(start: Start) -> None:
    world = World(deaf={Act.ISSUE}, silent={Act.REFUND})
    machine = start(world)
    settled_before = run(machine.run(machine.begin(), Wish.WITHDRAW))
    case = run(machine.run(machine.begin()))
    run(machine.recovery.settle(case.case_id))
    asked = len(world.calls)
    (report,) = run(start(world).recovery.settle_all())
    assert settled_before.case_id != report.case_id == case.case_id and report.needs_staff is Reason.PAYMENT_UNCLEAR
    assert report.before == report.after and report.asked == report.done == [] and len(world.calls) == asked


@pytest.mark.parametrize("act", [Act.CLOSE_CHARGE, Act.VOID])
def test_undoing_that_never_arrives_is_put_off_and_the_card_given_back(start: Start, act: Act) -> None:
    world = World(pays=False, deaf={act})
    machine = start(world)
    case = run(machine.run(machine.begin()))
    assert world.done(act) == UNCLEAR_LIMIT and case.standing.deferred == {act}
    assert case.standing.custody is Custody.WITH_TRAVELLER and case.standing.needs_staff is None
    assert machine.journal.open_ids() == [case.case_id]
    world.deaf.clear()
    report = run(machine.recovery.settle(case.case_id, final=False))
    assert report.needs_staff is None and machine.journal.open_ids() == []


def test_a_refund_that_stays_under_way_does_not_hold_the_machine_up(start: Start) -> None:
    class UnderWay(Port):
        async def do(self, case: Case, key: str) -> Result:
            self.world.calls.append(("do", self.act, key))
            if case.standing.money is Money.REFUND_PENDING:
                return Result(Status.UNKNOWN, failure=Failure("payment.refund_slow"))
            return Result(Status.DONE, {"money": Money.REFUND_PENDING})

        async def ask(self, case: Case, key: str) -> Result:
            return Result(Status.DONE, {"money": Money.REFUND_PENDING})

    world = World(deaf={Act.ISSUE})
    machine = start(world)
    machine.executor._acts[Act.REFUND] = UnderWay(Act.REFUND, world)  # type: ignore[index]
    case = run(machine.run(machine.begin()))
    assert case.standing.deferred == {Act.REFUND} and case.standing.custody is Custody.WITH_TRAVELLER
    assert world.done(Act.REFUND) == 1 + UNCLEAR_LIMIT
    machine.executor._acts[Act.REFUND] = Port(Act.REFUND, world)  # type: ignore[index]
    report = run(machine.recovery.settle(case.case_id, final=False))
    assert report.needs_staff is None and report.after["money"] == "refunded"


@pytest.mark.parametrize(
    ("act", "wish", "reason"),
    [
        (Act.TAKE_IN, Wish.DELIVER, None),
        (Act.PRESENT, Wish.DELIVER, None),
        (Act.SUBMIT, Wish.DELIVER, None),
        (Act.OPEN_CHARGE, Wish.DELIVER, None),
        (Act.ISSUE, Wish.DELIVER, None),
        (Act.REPORT_VERIFIED, Wish.DELIVER, None),
    ],
)
def test_silence_has_its_consequence(start: Start, act: Act, wish: Wish, reason: Reason | None) -> None:
    world = World(silent={act})
    machine = start(world)
    case = run(machine.run(machine.begin(), wish))
    assert case.standing.needs_staff is reason
    assert ask_count(world, act) >= 1 + len(ASK_WAITS_S) and world.done(act) == 1
    if act is Act.TAKE_IN:
        assert case.standing.custody is Custody.UNKNOWN and case.standing.began  # never rounded up to "with the traveller"
    if act in (Act.SUBMIT, Act.OPEN_CHARGE, Act.ISSUE):
        assert settled(case.standing) and case.standing.money is not Money.PAID
        assert case.file.cause == "fake.silence"
    if act is Act.REPORT_VERIFIED:
        assert case.standing.deferred == {act} and case.standing.custody is Custody.WITH_TRAVELLER and case.standing.money is Money.PAID


def test_a_late_report_is_made_later_and_nothing_is_voided_or_refunded(start: Start) -> None:
    world = World(silent={Act.REPORT_VERIFIED})
    machine = start(world)
    case = run(machine.run(machine.begin()))
    world.silent.clear()
    report = run(start(world).recovery.settle(case.case_id))
    assert report.after == {"money": "paid", "issue": "verified", "back": "written", "custody": "with_traveller"}
    assert report.needs_staff is None and not world.refunds and world.done(Act.VOID) == 0


def test_the_last_try_in_vain_hands_the_case_to_staff(start: Start) -> None:
    world = World(deaf={Act.ISSUE}, silent={Act.REFUND})
    machine = start(world)
    case = run(machine.run(machine.begin()))
    assert case.standing.deferred == {Act.REFUND}
    report = run(machine.recovery.settle(case.case_id))
    assert report.needs_staff is Reason.PAYMENT_UNCLEAR and report.after["money"] == "paid"
    assert machine.journal.open_ids() == []
    loaded = machine.journal.load(case.case_id)
    assert isinstance(loaded, Case) and Axis.MONEY in loaded.standing.blocked


def test_a_cancellation_in_mid_act_lets_the_act_finish_and_its_outcome_be_written(start: Start) -> None:
    world = World()
    machine = start(world)
    reached, go_on = asyncio.Event(), asyncio.Event()

    class Slow(Port):
        async def do(self, case: Case, key: str) -> Result:
            reached.set()
            await go_on.wait()
            return await super().do(case, key)

    machine.executor._acts[Act.SUBMIT] = Slow(Act.SUBMIT, world)  # type: ignore[index]

    async def main() -> Case:
        case = await machine.executor.advance(machine.begin())
        case = machine.executor.decide(case, Wish.DELIVER)
        running = asyncio.create_task(machine.executor.advance(case))
        await reached.wait()
        running.cancel()
        await asyncio.sleep(0)
        assert not running.done()
        go_on.set()
        with pytest.raises(asyncio.CancelledError):
            await running
        loaded = machine.journal.load(case.case_id)
        assert isinstance(loaded, Case)
        return loaded

    case = run(main())
    assert case.standing.issue is Issue.APPROVED and machine.journal.pending(case) is None
    assert world.done(Act.OPEN_CHARGE) == 0


def test_stop_before_holds_the_case_at_the_act(start: Start) -> None:
    world = World()
    machine = start(world)

    async def main() -> Case:
        case = await machine.executor.advance(machine.begin())
        return await machine.executor.advance(machine.executor.decide(case, Wish.DELIVER), stop_before=frozenset({Act.OPEN_CHARGE}))

    case = run(main())
    assert case.standing.issue is Issue.APPROVED and not world.orders


def test_look_finds_the_payment_and_writes_it_down_at_once(start: Start) -> None:
    world = World()
    machine = start(world)

    async def main() -> tuple[Case, Case]:
        case = await machine.executor.advance(machine.begin())
        case = await machine.executor.advance(machine.executor.decide(case, Wish.DELIVER))
        before = await machine.executor.look(case, Act.OPEN_CHARGE)
        world.pay()
        return before, await machine.executor.look(before, Act.OPEN_CHARGE)

    before, after = run(main())
    assert before.standing.money is Money.OPEN and after.standing.money is Money.PAID
    loaded = machine.journal.load(after.case_id)
    assert isinstance(loaded, Case) and loaded.standing == after.standing


def test_another_way_to_pay_closes_the_first_order_and_uses_a_new_number(start: Start) -> None:
    world = World()
    machine = start(world)

    async def main() -> Case:
        case = await machine.executor.advance(machine.begin())
        case = await machine.executor.advance(machine.executor.decide(case, Wish.DELIVER))
        case = await machine.executor.close_charge(case)
        assert case.standing.money is Money.CLOSED and case.standing.wish is Wish.DELIVER
        return await machine.executor.advance(case)

    case = run(main())
    assert list(world.orders.values()) == ["closed", "open"] and case.order_no == list(world.orders)[1]


CUTS = [(act, moment) for act in (Act.TAKE_IN, Act.SUBMIT, Act.OPEN_CHARGE, Act.ISSUE, Act.WRITE_BACK, Act.INSPECT, Act.REPORT_VERIFIED, Act.PRESENT)
        for moment in ("before", "after")] + [(Act.WRITE_BACK, "during")]  # fmt: skip
UNDOING_CUTS = [(act, moment) for act in (Act.CLOSE_CHARGE, Act.VOID, Act.PRESENT) for moment in ("before", "after")]
REFUND_CUTS = [(act, moment) for act in (Act.VOID, Act.REFUND, Act.RESTORE_BACK) for moment in ("before", "after")] + [(Act.RESTORE_BACK, "during")]


def recovered(start: Start, world: World, machine: Machine, case: Case) -> CaseReport:
    """Cut off in `case`, then started again."""
    with pytest.raises(PowerCut):
        run(machine.run(case))
    again = start(world)
    reports = run(again.recovery.settle_all())
    assert [report.case_id for report in reports] == [case.case_id]
    assert again.journal.open_ids() == []
    loaded = again.journal.load(case.case_id)
    assert isinstance(loaded, Case)
    assert settled(loaded.standing) and reports[0].needs_staff is None, (loaded.standing, world.calls)
    truth_agrees(world, loaded)
    found: CaseReport = reports[0]
    return found


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_power_cut_at_the_first_look_ends_as_if_nothing_was_asked_for(start: Start, moment: str) -> None:
    world = World(cut=(Act.INSPECT, moment))
    machine = start(world)
    report = recovered(start, world, machine, machine.begin())
    assert report.after["money"] == report.after["issue"] == "none" and report.after["back"] == "as_found"


@pytest.mark.parametrize(("act", "moment"), CUTS)
@pytest.mark.parametrize("takes", [True, False])
def test_a_power_cut_at_any_act_is_made_good_at_the_next_start(start: Start, act: Act, moment: str, takes: bool) -> None:
    world = World(cut=(act, moment), takes=takes, spared=1 if act is Act.INSPECT else 0)  # the look after the print
    machine = start(world)
    report = recovered(start, world, machine, machine.begin())
    if act in (Act.ISSUE, Act.WRITE_BACK, Act.INSPECT, Act.REPORT_VERIFIED, Act.PRESENT):
        assert report.after["issue"] == "verified" and report.after["money"] == "paid"  # what was paid for is delivered
    else:
        assert report.after["money"] in ("none", "closed")
    if act is not Act.INSPECT and moment == "after" and (takes or act is not Act.PRESENT):
        assert {"act": act.value, "key": report.asked[0]["key"], "answer": "done"} in report.asked
    if report.after["custody"] == "retained":
        assert not takes


@pytest.mark.parametrize(("act", "moment"), UNDOING_CUTS)
def test_a_power_cut_while_undoing_is_made_good(start: Start, act: Act, moment: str) -> None:
    world = World(cut=(act, moment), pays=False)
    machine = start(world)
    assert recovered(start, world, machine, machine.begin()).after["money"] == "closed"


@pytest.mark.parametrize(("act", "moment"), REFUND_CUTS)
def test_a_power_cut_while_money_goes_back_never_pays_it_twice(start: Start, act: Act, moment: str) -> None:
    """The printer spoils every print, so that the paid case is undone: back restored, voided, refunded."""

    class Spoils(Port):
        def _done(self, case: Case, key: str) -> Result:
            self.world.back = "spoiled"
            return Result(Status.DONE, {"back": Back.UNKNOWN})

    world = World(cut=(act, moment))
    machine = start(world)
    machine.executor._acts[Act.WRITE_BACK] = Spoils(Act.WRITE_BACK, world)  # type: ignore[index]
    report = recovered(start, world, machine, machine.begin())
    assert report.after == {"money": "refunded", "issue": "voided", "back": "as_found", "custody": "with_traveller"}
    assert world.done(Act.WRITE_BACK) == 2


def test_the_money_paid_while_the_machine_was_off_is_found(start: Start) -> None:
    world = World(cut=(Act.OPEN_CHARGE, "after"))
    machine = start(world)
    with pytest.raises(PowerCut):
        run(machine.run(machine.begin()))
    world.pay()
    again = start(world)
    report = run(again.recovery.settle_all())[0]
    assert "money=paid" in report.found and report.after["issue"] == "verified"


def test_a_case_that_never_began_ends_without_moving_anything(start: Start) -> None:
    world = World()
    case = start(world).begin()
    again = start(world)
    report = run(again.recovery.settle_all())[0]
    assert (report.case_id, report.needs_staff, report.done) == (case.case_id, None, [])
    assert again.journal.open_ids() == [] and not world.calls


def test_recovery_says_what_stood_what_was_asked_found_and_done(start: Start) -> None:
    world = World(cut=(Act.ISSUE, "after"))
    machine = start(world)
    report = recovered(start, world, machine, machine.begin())
    assert report.before == {"money": "paid", "issue": "approved", "back": "as_found", "custody": "in_machine"}
    assert [line["act"] for line in report.asked] == ["issue"] and report.found == ["issue=issued"]
    assert [line["act"] for line in report.done] == ["write_back", "inspect", "report_verified", "present"]
    assert all(set(line) == {"act", "key", "answer"} for line in report.asked + report.done)


def test_an_act_whose_intent_cannot_be_written_is_not_done(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    machine = start(world)
    case = machine.begin()

    def full(*_: object) -> None:
        raise StoreFailed(Failure("store.full"))

    monkeypatch.setattr(machine.store, "intend", full)
    with pytest.raises(StoreFailed):
        run(machine.run(case))
    assert world.calls == [] and world.place == "traveller"


def test_an_act_whose_outcome_cannot_be_written_is_asked_about_at_the_next_start(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    machine = start(world)
    case = machine.begin()

    def full(*_: object) -> None:
        raise StoreFailed(Failure("store.full"))

    monkeypatch.setattr(machine.store, "conclude", full)
    with pytest.raises(StoreFailed):
        run(machine.run(case))
    assert world.place == "inside" and world.done(Act.TAKE_IN) == 1
    (report,) = run(start(world).recovery.settle_all())
    assert report.asked[0] == {"act": "take_in", "key": case.case_id, "answer": "done"} and world.place == "traveller"


def test_a_case_that_stays_open_is_tried_again_after_longer_and_longer_waits(start: Start) -> None:
    world = World(deaf={Act.ISSUE}, silent={Act.REFUND})
    machine = start(world)
    case = run(machine.run(machine.begin()))
    tried: list[float] = []
    for second in range(0, 1300, 5):
        asked = len(world.calls)
        machine.clock.slept_s = float(second)
        run(machine.recovery.settle_due())
        if len(world.calls) > asked:
            tried.append(second)
    assert [later - sooner for sooner, later in pairwise(tried)][:6] == [25, 40, 70, 130, 310, 610]  # what was waited for answers is added
    assert machine.journal.open_ids() == [case.case_id]
    world.silent.clear()
    machine.clock.slept_s = 5000.0
    run(machine.recovery.settle_due())
    assert machine.journal.open_ids() == [] and list(world.refunds.values()) == ["refunded"]


@pytest.mark.parametrize("refused", [(how, act) for how in ("intend", "conclude") for act in (Act.INSPECT, Act.REPORT_VERIFIED)])
def test_whoever_holds_an_older_case_never_writes_over_what_was_done_since(
    start: Start, refused: tuple[str, Act], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk refuses one write after the print; the journey then turns back with the case as it stood before."""
    how, act = refused
    world = World()
    machine = start(world)
    held = run(machine.executor.advance(machine.begin()))
    held = run(machine.executor.advance(machine.executor.decide(held, Wish.DELIVER)))
    world.pay()
    held = run(machine.executor.look(held, Act.OPEN_CHARGE))
    write = getattr(machine.journal, how)
    times = iter([True])

    def once(case: Case, what: Any, *rest: Any) -> Any:
        if (what.act if how == "conclude" else what) == act and next(times, False):
            raise StoreFailed(Failure("store.full"))
        return write(case, what, *rest)

    monkeypatch.setattr(machine.journal, how, once)
    with pytest.raises(StoreFailed):
        run(machine.executor.advance(held))
    assert world.back == "new"
    case = run(machine.executor.advance(machine.executor.decide(held, Wish.WITHDRAW)))
    truth_agrees(world, case)
    assert settled(case.standing) and next_act(case.standing) is None
    valid = world.application in (Issue.ISSUED, Issue.VERIFIED)
    assert (world.back == "new") is valid is (not world.refunds), (world, case.standing)


def test_one_case_that_fails_does_not_keep_the_others_open(start: Start) -> None:
    class Broken(Port):
        async def do(self, case: Case, key: str) -> Result:
            if case.case_id == broken.case_id:
                raise ValueError("a bug")
            return await super().do(case, key)

        ask = do

    world = World(cut=(Act.SUBMIT, "before"))
    machine = start(world)
    broken = machine.begin()
    with pytest.raises(PowerCut):
        run(machine.run(broken))
    other = machine.begin()
    machine.executor._acts[Act.SUBMIT] = Broken(Act.SUBMIT, world)  # type: ignore[index]
    reports = run(machine.recovery.settle_all())
    assert [report.case_id for report in reports] == [broken.case_id, other.case_id]
    assert machine.recovery.faults == [broken.case_id] and machine.journal.open_ids() == [broken.case_id]


def test_all_refunds_are_asked_for_before_any_is_waited_for(start: Start) -> None:
    class Slow(Port):
        """A refund that the provider has accepted has arrived when it is asked about for the first time."""

        async def do(self, case: Case, key: str) -> Result:
            self.world.calls.append(("do", self.act, key))
            arrived = key in self.world.refunds
            self.world.refunds[key] = "refunded"
            return Result(Status.DONE, {"money": Money.REFUNDED if arrived else Money.REFUND_PENDING})

    world = World()
    machine = start(world)
    owed = Standing(Wish.WITHDRAW, Money.PAID, Issue.VOIDED, Back.AS_FOUND, Custody.WITH_TRAVELLER, began=True, charges=1)
    cases = [machine.journal.decide(machine.begin(), owed) for _ in range(3)]
    machine.executor._acts[Act.REFUND] = Slow(Act.REFUND, world)  # type: ignore[index]
    reports = run(machine.recovery.settle_all())
    keys = [key for how, act, key in world.calls if how == "do" and act is Act.REFUND]
    assert keys == [case.refund_no for case in cases] * 2
    assert [report.after["money"] for report in reports] == ["refunded"] * 3 and machine.journal.open_ids() == []
    assert all([line["act"] for line in report.done] == ["refund", "refund"] and report.before["money"] == "paid" for report in reports)
