"""The card's way between traveller and machine, with the awkward answers of its sensors."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from drivers.contract.card_module import CardModuleStatus, CardPosition
from drivers.contract.card_printer import CardPrinterStatus
from drivers.contract.failure import Failure as DeviceFailure
from drivers.contract.status import Media, Supply
from kiosk.case.acts import Result, Status
from kiosk.case.casefile import Case
from kiosk.case.moves import Custody, Standing
from kiosk.domain.failure import Failure
from kiosk.health.desk import in_our_words
from kiosk.health.stopwatch import Stopwatch
from kiosk.services.slot import INSERT, TAKE, Present, Retain, Slot, TakeIn, Whereabouts
from tests.case.small_world import FILE, TODAY, HastyClock

N, G, R, B = CardPosition.NONE, CardPosition.GATE, CardPosition.READER, CardPosition.BETWEEN
CASE = Case("2611221015ABCDEF", TODAY, Standing(), msgspec.structs.replace(FILE, bin_count=7))
LOST = DeviceFailure("card_module.port_lost")


class Module:
    """A card module whose card is where `at` says; `seen` overrides the next looks, one by one."""

    def __init__(self, at: CardPosition = N, seen: list[CardPosition | DeviceFailure] | None = None) -> None:
        self.at = at
        self.seen = seen or []
        self.fails: dict[str, DeviceFailure] = {}
        self.moved: list[str] = []
        self.on_sense: Callable[[int], None] = lambda _count: None
        self.senses = 0
        self.bin: int | DeviceFailure = 7

    def initialise(self) -> DeviceFailure | None:
        return self._move("initialise", None)

    def bin_count(self) -> int | DeviceFailure:
        return self.bin

    def sense(self) -> CardModuleStatus | DeviceFailure:
        self.senses += 1
        self.on_sense(self.senses)
        now = self.seen.pop(0) if self.seen else self.at
        return now if isinstance(now, DeviceFailure) else CardModuleStatus(now, Supply.OK, Supply.OK)

    def _move(self, name: str, to: CardPosition | None) -> DeviceFailure | None:
        self.moved.append(name)
        if name in self.fails:
            return self.fails[name]
        if to is not None:
            self.at = to
        return None

    def allow_entry(self) -> DeviceFailure | None:
        return self._move("allow_entry", None)

    def refuse_entry(self) -> DeviceFailure | None:
        return self._move("refuse_entry", None)

    def move_to_reader(self, fetch: bool = False) -> DeviceFailure | None:
        return self._move("fetch" if fetch else "move_to_reader", R)

    def eject(self) -> DeviceFailure | None:
        return self._move("eject", G)

    def retain(self) -> DeviceFailure | None:
        if isinstance(self.bin, int) and "retain" not in self.fails:
            self.bin += 1
        return self._move("retain", N)


class Printer:
    def __init__(self) -> None:
        self.media: Media | DeviceFailure = Media.NOT_PRESENT

    def sense(self) -> CardPrinterStatus | DeviceFailure:
        return self.media if isinstance(self.media, DeviceFailure) else CardPrinterStatus(self.media, False, None)


class FakeDesk:
    """Calls at once, in this thread."""

    def __init__(self, module: Module, printer: Printer) -> None:
        self._devices = {"card_module": module, "card_printer": printer}

    def get(self, family: str) -> Any:
        return self._devices[family]

    async def call(self, _family: str, work: Callable[[], Any], _deadline_s: float = 10.0) -> Any:
        result = work()
        return in_our_words(result) if isinstance(result, DeviceFailure) else result


class Bench:
    def __init__(self, at: CardPosition = N, seen: list[CardPosition | DeviceFailure] | None = None) -> None:
        self.module, self.printer, self.clock = Module(at, seen), Printer(), HastyClock()
        desk: Any = FakeDesk(self.module, self.printer)
        self.slot = Slot(desk, self.clock, Stopwatch())
        self.alarms: list[bool] = []
        self.slot.alarmed = self.alarms.append


def run(work: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(work)


def code(result: Result) -> str | None:
    return result.failure.code if result.failure else None


# -- where is it ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "media", "place"),
    [
        (R, Media.NOT_PRESENT, Whereabouts.READER),
        (G, Media.NOT_PRESENT, Whereabouts.GATE),
        (B, Media.NOT_PRESENT, Whereabouts.BETWEEN),
        (N, Media.NOT_PRESENT, Whereabouts.NOWHERE),
        (N, Media.PRESENT, Whereabouts.INLET),
        (N, Media.LATCHED, Whereabouts.INLET),
        (N, Media.JAMMED, Whereabouts.STUCK),
        (N, Media.UNKNOWN, Whereabouts.UNKNOWN),
        (N, DeviceFailure("card_printer.silent"), Whereabouts.UNKNOWN),
    ],
)
def test_both_modules_say_where_the_card_is(at: CardPosition, media: Media | DeviceFailure, place: Whereabouts) -> None:
    bench = Bench(at)
    bench.printer.media = media
    assert run(bench.slot.locate()) is place


def test_a_silent_card_module_leaves_the_place_unknown() -> None:
    assert run(Bench(seen=[LOST]).slot.locate()) is Whereabouts.UNKNOWN


def test_a_card_at_the_printers_inlet_is_fetched_and_nothing_is_moved_blindly() -> None:
    bench = Bench(N)
    assert run(bench.slot.to_reader()) == Failure("card_module.no_card") and bench.module.moved == []
    bench.printer.media = Media.LATCHED
    assert run(bench.slot.to_reader()) is None and bench.module.moved == ["fetch"]


def test_a_printer_still_at_work_is_waited_for_and_then_given_up() -> None:
    bench = Bench(N)
    bench.printer.media = Media.UNKNOWN
    assert run(bench.slot.to_reader()) == Failure("card_module.unknown_position")
    assert bench.clock.slept_s >= 60 and bench.module.moved == []


def test_a_card_stuck_in_the_printer_is_said_at_once() -> None:
    bench = Bench(N)
    bench.printer.media = Media.JAMMED
    assert run(bench.slot.to_reader()) == Failure("card_printer.jam")
    assert bench.clock.slept_s == 0 and bench.module.moved == []


# -- take in --------------------------------------------------------------------------------------------------------------


def test_the_slot_is_open_only_while_a_card_is_waited_for() -> None:
    bench = Bench(seen=[N, N, N, R])
    result = run(TakeIn(bench.slot).do(CASE, "k"))
    assert (result.status, result.changes["custody"], result.changes["began"]) == (Status.DONE, Custody.IN_MACHINE, True)
    assert bench.module.moved == ["allow_entry", "refuse_entry"]


def test_nothing_inserted_in_time_leaves_the_card_with_the_traveller() -> None:
    bench = Bench()
    result = run(TakeIn(bench.slot).do(CASE, "k"))
    assert result.status is Status.NOT_DONE and code(result) == "card_module.not_inserted"
    assert result.changes == {"began": True, "custody": Custody.WITH_TRAVELLER}
    assert bench.clock.slept_s >= INSERT.seconds and bench.module.moved[-1] == "refuse_entry"


def test_a_card_that_came_while_the_slot_was_closing_is_inside() -> None:
    bench = Bench()
    bench.slot.given_up.set()
    bench.module.seen = [N, N, R]
    result = run(TakeIn(bench.slot).do(CASE, "k"))
    assert result.status is Status.DONE and result.changes["custody"] is Custody.IN_MACHINE


def test_giving_up_closes_the_slot_at_once() -> None:
    bench = Bench()
    bench.slot.given_up.set()
    assert code(run(TakeIn(bench.slot).do(CASE, "k"))) == "card_module.not_inserted" and bench.clock.slept_s == 0


@pytest.mark.parametrize(
    ("at", "media", "why"),
    [(R, Media.NOT_PRESENT, "card_module.occupied"), (N, Media.LATCHED, "card_module.occupied"), (N, Media.UNKNOWN, "card_module.unknown_position")],
)
def test_the_slot_is_not_opened_while_something_lies_inside(at: CardPosition, media: Media, why: str) -> None:
    bench = Bench(at)
    bench.printer.media = media
    result = run(TakeIn(bench.slot).do(CASE, "k"))
    assert code(result) == why and bench.module.moved == [] and result.changes["custody"] is Custody.WITH_TRAVELLER


def test_a_sensor_that_falls_silent_while_the_slot_is_open_is_unknown_and_then_asked() -> None:
    bench = Bench(seen=[N, N, LOST])
    bench.module.fails["refuse_entry"] = LOST
    result = run(TakeIn(bench.slot).do(CASE, "k"))
    assert result.status is Status.UNKNOWN and code(result) == "card_module.port_lost"
    bench.module.seen = [LOST]
    assert run(TakeIn(bench.slot).ask(CASE, "k")).status is Status.UNKNOWN
    assert run(TakeIn(bench.slot).ask(CASE, "k")).status is Status.NOT_DONE
    bench.module.at = R
    assert run(TakeIn(bench.slot).ask(CASE, "k")).changes["custody"] is Custody.IN_MACHINE


# -- present and retain ---------------------------------------------------------------------------------------------------


def test_a_presented_card_is_with_the_traveller_when_the_sensor_saw_it_leave() -> None:
    bench = Bench(R)
    bench.module.on_sense = lambda count: setattr(bench.module, "at", N) if count == 5 else None
    result = run(Present(bench.slot).do(CASE, "k"))
    assert (result.status, result.changes) == (Status.DONE, {"custody": Custody.WITH_TRAVELLER})
    assert bench.module.moved == ["eject"] and bench.alarms == [False]


def test_a_card_left_lying_is_called_out_and_then_not_taken() -> None:
    bench = Bench(R)
    result = run(Present(bench.slot).do(CASE, "k"))
    assert (result.status, result.changes) == (Status.DONE, {"not_taken": True})
    assert bench.alarms.count(True) == TAKE.looks - TAKE.looks // 2 and bench.alarms[-1] is False
    assert bench.clock.slept_s >= TAKE.seconds


def test_a_card_already_at_the_gate_is_not_ejected_again() -> None:
    bench = Bench(G)
    bench.module.on_sense = lambda count: setattr(bench.module, "at", N) if count == 3 else None
    assert run(Present(bench.slot).do(CASE, "k")).changes == {"custody": Custody.WITH_TRAVELLER} and bench.module.moved == []


def test_an_ejection_that_failed_though_the_card_is_out_counts_as_presented() -> None:
    bench = Bench(R, seen=[R, G])
    bench.module.fails["eject"] = DeviceFailure("card_module.deadline")
    bench.module.at = N
    assert run(Present(bench.slot).do(CASE, "k")).changes == {"custody": Custody.WITH_TRAVELLER}


def test_a_card_that_will_not_come_out_is_not_done() -> None:
    bench = Bench(R)
    bench.module.fails["eject"] = DeviceFailure("card_module.jam", 0x30)
    result = run(Present(bench.slot).do(CASE, "k"))
    assert result.status is Status.NOT_DONE and result.failure == Failure("card_module.jam", 0x30)


@pytest.mark.parametrize("why", ["port_lost", "deadline", "timeout", "silent"])
def test_a_module_that_does_not_answer_while_the_card_goes_back_leaves_it_open(why: str) -> None:
    silent = DeviceFailure(f"card_module.{why}")
    for act, name, place in ((Present, "eject", R), (Retain, "retain", G), (Present, "move_to_reader", B)):
        bench = Bench(place)
        bench.module.fails[name] = silent
        result = run(act(bench.slot).do(CASE, "k"))
        assert result.status is Status.UNKNOWN and code(result) == silent.code and "custody" not in result.changes


def test_an_ejection_that_failed_with_no_sensor_answering_is_unknown() -> None:
    bench = Bench(R, seen=[R, LOST])
    bench.module.fails["eject"] = DeviceFailure("card_module.jam", 0x30)
    assert run(Present(bench.slot).do(CASE, "k")).status is Status.UNKNOWN


def test_a_jam_that_the_sensors_tell_of_is_a_definite_no() -> None:
    jam = DeviceFailure("card_module.jam", 0x10)
    bench = Bench(R, seen=[R, jam])
    bench.module.fails["eject"] = jam
    assert run(Present(bench.slot).do(CASE, "k")).status is Status.NOT_DONE
    result = run(Present(Bench(R, seen=[jam] * 6).slot).do(CASE, "k"))
    assert result.status is Status.NOT_DONE and result.failure == Failure("card_module.jam", 0x10)


LOST_CASE = replace(CASE, standing=Standing(custody=Custody.UNKNOWN))


@pytest.mark.parametrize("act", [Present, Retain])
@pytest.mark.parametrize(("count", "custody"), [(7, Custody.WITH_TRAVELLER), (8, Custody.RETAINED)])
def test_a_card_that_no_sensor_sees_is_where_the_bins_counter_says(act: type[Present] | type[Retain], count: int, custody: Custody) -> None:
    bench = Bench(N)
    bench.module.bin = count
    for result in (run(act(bench.slot).do(LOST_CASE, "k")), run(act(bench.slot).ask(LOST_CASE, "k"))):
        assert result.changes == {"custody": custody} and bench.module.moved == []
        assert ("retained_at" in result.notes) is (custody is Custody.RETAINED)


@pytest.mark.parametrize("count", [LOST, 6, 999])
def test_where_the_counter_does_not_tell_a_card_sent_into_the_bin_is_not_guessed_there(count: int | DeviceFailure) -> None:
    bench = Bench(N)
    bench.module.bin = count
    result = run(Retain(bench.slot).do(LOST_CASE, "k"))
    assert result.status is Status.NOT_DONE and code(result) == "card_module.no_card" and result.changes == {"custody": Custody.UNKNOWN}
    assert run(Present(bench.slot).ask(LOST_CASE, "k")).changes == {"custody": Custody.WITH_TRAVELLER}  # it was only put at the gate


def test_a_card_known_to_be_inside_that_no_sensor_sees_is_missed() -> None:
    inside = replace(CASE, standing=Standing(custody=Custody.IN_MACHINE))
    assert code(run(Present(Bench(N).slot).do(inside, "k"))) == "card_module.no_card"


def test_a_card_at_the_gate_is_in_nobodys_hand_and_may_go_at_any_moment() -> None:
    bench = Bench(G)
    found = run(Present(bench.slot).ask(CASE, "k"))
    assert found.status is Status.NOT_DONE and found.changes == {"custody": Custody.UNKNOWN}
    bench.module.at = N  # taken between the question and the next try
    assert run(Present(bench.slot).do(LOST_CASE, "k")).changes == {"custody": Custody.WITH_TRAVELLER}


@pytest.mark.parametrize("why", ["not_moved", "bin_full"])
def test_a_card_that_would_not_go_into_the_bin_is_not_left_at_the_gate(why: str) -> None:
    bench = Bench(G)
    bench.module.fails["retain"] = DeviceFailure(f"card_module.{why}")
    assert run(Retain(bench.slot).do(CASE, "k")).status is Status.NOT_DONE and bench.module.at is R


def test_a_card_that_stays_at_the_gate_after_all_is_not_called_held() -> None:
    bench = Bench(G)
    bench.module.fails = dict.fromkeys(("retain", "move_to_reader"), DeviceFailure("card_module.not_moved"))
    result = run(Retain(bench.slot).do(CASE, "k"))
    assert result.status is Status.NOT_DONE and result.changes == {"custody": Custody.UNKNOWN}


def test_the_bins_counter_is_noted_when_a_card_comes_in() -> None:
    bench = Bench(seen=[N, N, R])
    assert run(TakeIn(bench.slot).do(CASE, "k")).notes == {"bin_count": 7}
    assert run(TakeIn(Bench(R).slot).ask(CASE, "k")).notes == {"bin_count": 7}


def test_a_jam_is_cleared_once_before_it_is_believed() -> None:
    bench = Bench(R)
    jam = DeviceFailure("card_module.jam", 0x10)
    bench.module.fails["eject"] = jam
    freed: list[str] = bench.module.moved

    def initialise() -> None:
        freed.append("initialise")
        bench.module.fails.clear()
        bench.module.on_sense = lambda count: setattr(bench.module, "at", N) if freed[-1] == "eject" and count > 3 else None

    bench.module.initialise = initialise  # type: ignore[method-assign]
    assert run(Present(bench.slot).do(CASE, "k")).changes == {"custody": Custody.WITH_TRAVELLER}
    assert freed == ["eject", "initialise", "eject"]


def test_with_the_bin_full_the_card_is_drawn_back_from_the_gate_and_held() -> None:
    bench = Bench(G)
    bench.module.fails["retain"] = DeviceFailure("card_module.bin_full")
    result = run(Retain(bench.slot).do(CASE, "k"))
    assert result.status is Status.NOT_DONE and code(result) == "card_module.bin_full"
    assert bench.module.moved == ["retain", "move_to_reader"] and bench.module.at is R


def test_a_sensor_silent_while_presenting_is_never_taken_for_a_taken_card() -> None:
    bench = Bench(R, seen=[R, LOST])
    result = run(Present(bench.slot).do(CASE, "k"))
    assert result.status is Status.UNKNOWN and "custody" not in result.changes
    for seen, status in (([LOST], Status.UNKNOWN), ([G], Status.NOT_DONE), ([N], Status.DONE)):
        bench.module.seen = list(seen)
        assert run(Present(bench.slot).ask(CASE, "k")).status is status


def test_a_card_not_taken_is_drawn_into_the_bin() -> None:
    bench = Bench(G)
    result = run(Retain(bench.slot).do(CASE, "k"))
    assert result.changes == {"custody": Custody.RETAINED} and bench.module.moved == ["retain"]
    assert result.notes == {"retained_at": bench.clock.now().timestamp()}


def test_a_card_taken_at_the_last_moment_is_with_the_traveller() -> None:
    assert run(Retain(Bench(N).slot).do(CASE, "k")).changes == {"custody": Custody.WITH_TRAVELLER}
    between = Bench(N, seen=[G])  # gone between the look and the move
    between.module.fails["retain"] = DeviceFailure("card_module.no_card")
    assert run(Retain(between.slot).do(CASE, "k")).changes == {"custody": Custody.WITH_TRAVELLER}


def test_a_full_bin_is_a_definite_no_and_a_card_still_there_is_unknown() -> None:
    full = Bench(G)
    full.module.fails["retain"] = DeviceFailure("card_module.bin_full")
    assert run(Retain(full.slot).do(CASE, "k")).status is Status.NOT_DONE
    still = Bench(G, seen=[G, G])
    assert run(Retain(still.slot).do(CASE, "k")).status is Status.UNKNOWN
    assert run(Retain(Bench(G).slot).ask(CASE, "k")).status is Status.NOT_DONE
    assert run(Retain(Bench(seen=[LOST]).slot).ask(CASE, "k")).status is Status.UNKNOWN


def test_a_jam_while_the_card_is_fetched_is_never_answered_by_fetching_blindly_again() -> None:
    bench = Bench(N)
    bench.printer.media = Media.LATCHED
    bench.module.fails["fetch"] = DeviceFailure("card_module.jam", 0x10)
    assert run(bench.slot.to_reader()) == Failure("card_module.jam", 0x10)
    assert bench.module.moved == ["fetch"]
