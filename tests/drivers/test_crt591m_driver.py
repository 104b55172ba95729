"""The card module's driver against its emulator over a real pty."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from drivers.card_module import codec
from drivers.card_module.codec import Command, Positive
from drivers.card_module.crt591m import Crt591m
from drivers.card_module.emulator import Crt591mEmulator, Refused
from drivers.card_module.link import Timings
from drivers.contract.card_module import CardModule, CardModuleStatus, CardPosition
from drivers.contract.failure import Failure
from drivers.contract.status import Device, Media, Supply
from drivers.transport.serial import SerialLine
from drivers.world.card_path import Back, Card, CardPath, ChipApplet, Place
from drivers.world.faults import Fault, FaultBoard
from drivers.world.pace import Pace
from drivers.world.pty_port import PtyPort
from tests.golden import golden

QUICK = Timings(ack_s=0.15, gap_s=0.1, query_s=0.5, move_s=0.5, apdu_s=0.5)


class Echo(ChipApplet):
    def __init__(self) -> None:
        self.answer: Callable[[bytes], bytes] = lambda apdu: apdu[::-1] + b"\x90\x00"

    def power_on(self) -> None:
        pass

    def transmit(self, apdu: bytes) -> bytes:
        return self.answer(apdu)


def a_card(contactless_type: str = "A", chip: ChipApplet | None = None) -> Card:
    return Card("CA0000001", chip or Echo(), Back(bytes(480 * 320)), contactless_type=contactless_type)


@dataclass
class Bench:
    module: Crt591m
    emulator: Crt591mEmulator
    path: CardPath
    faults: FaultBoard
    port: PtyPort

    def put(self, place: Place, card: Card | None = None) -> None:
        self.path.card, self.path.place = card or a_card(), place

    def fault(self, moment: str, kind: str, times: int = 1, **parameters: str | int) -> None:
        self.faults.put("card_module", moment, Fault(kind, times, parameters))

    def moves(self) -> list[str]:
        return [name for name in self.emulator.received if name.startswith("32")]

    def position(self) -> CardPosition:
        state = self.module.sense()
        assert isinstance(state, CardModuleStatus)
        return state.position


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    port = PtyPort(tmp_path / "card_module", 57600)
    path, faults, pace = CardPath(), FaultBoard(), Pace(200)
    emulator = Crt591mEmulator(port, path, faults, pace)
    emulator.start()
    module = Crt591m(f"{tmp_path}/card_module?baud=57600", timings=QUICK)
    bench = Bench(module, emulator, path, faults, port)
    try:
        assert module.open() is None
        yield bench
    finally:
        module.close()
        pace.stop()
        emulator.stop()
        port.close()


def eventually(true: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.01)
    return False


def code_of(result: object) -> str | None:
    return result.code if isinstance(result, Failure) else None


# ---- opening


def test_opening_initialises_without_a_move_and_refuses_entry(bench: Bench) -> None:
    as_the_contract_says: CardModule = bench.module
    assert as_the_contract_says is bench.module
    assert [name for name in bench.emulator.received if name[:2] in ("30", "32", "33")] == ["30 33", "33 31"]
    assert not bench.emulator.entry_allowed
    report = bench.module.status()
    assert (report.device, report.media, report.supplies["bin"]) == (Device.ONLINE, Media.NOT_PRESENT, Supply.OK)
    assert report.firmware == "CRT-591-M001"


def test_reopening_leaves_a_card_where_it_is_and_refuses_entry_again(bench: Bench) -> None:
    assert bench.module.allow_entry() is None
    bench.put(Place.READER)
    assert bench.module.open() is None
    assert bench.position() is CardPosition.READER
    assert not bench.emulator.entry_allowed
    assert bench.moves() == []


def test_an_absent_port_is_named(tmp_path: Path) -> None:
    module = Crt591m(f"{tmp_path}/nothing")
    failure = module.open()
    assert failure == Failure("card_module.port_absent", detail={"port": f"{tmp_path}/nothing"})
    assert module.status().device is Device.NO_DEVICE
    assert module.status().fault == failure


def test_a_path_that_is_no_serial_line_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no line")
    assert code_of(Crt591m(f"{tmp_path}/file").open()) == "card_module.port_lost"


def test_a_silent_module_is_a_failure(tmp_path: Path) -> None:
    port = PtyPort(tmp_path / "port", None)
    module = Crt591m(str(tmp_path / "port"), timings=QUICK)
    try:
        assert code_of(module.open()) == "card_module.silent"
        assert module.status().device is Device.OFFLINE
    finally:
        module.close()
        port.close()


def test_a_pulled_cable_is_a_failure_and_a_reopened_port_works_again(bench: Bench) -> None:
    bench.put(Place.READER)
    bench.port.unplug()
    assert code_of(bench.module.sense()) == "card_module.port_lost"
    assert code_of(bench.module.eject()) == "card_module.port_lost"
    assert bench.module.status().device is Device.OFFLINE
    assert code_of(bench.module.open()) == "card_module.port_absent"
    bench.port.plug()
    assert bench.module.open() is None
    assert bench.position() is CardPosition.READER


def test_the_cable_may_go_in_the_middle_of_a_move(bench: Bench) -> None:
    bench.put(Place.READER)
    bench.fault("move", "disconnect")
    failure = bench.module.eject()
    assert code_of(failure) == "card_module.port_lost"
    assert isinstance(failure, Failure)
    assert failure.detail["position"] == "unknown"


# ---- the emulator's own bytes


@pytest.mark.parametrize(
    ("command", "reply", "place"),
    [
        ("init_move", "init_ok", None),
        ("status", "status_no_card_stacker_few", None),
        ("status", "status_card_at_reader", Place.READER),
        ("move_gate", "moved_to_gate", Place.READER),
        ("move_rf", "error_stacker_empty", None),
        ("move_bin", "error_bin_full", Place.READER),
        ("rf_activate_ab", "rf_activated_a", Place.READER),
    ],
)
def test_the_emulator_answers_the_golden_bytes(bench: Bench, command: str, reply: str, place: Place | None) -> None:
    bench.module.close()
    bench.emulator.stacker = "1" if reply == "status_no_card_stacker_few" else "2"
    if place:
        bench.put(place)
    if reply == "error_bin_full":
        bench.path.bin_capacity = 0
    assert speak(bench, golden("crt591m", f"command.{command}")) == b"\x06" + golden("crt591m", f"reply.{reply}")


def speak(bench: Bench, frame: bytes) -> bytes:
    line = SerialLine(str(bench.port.link), 57600)
    line.open()
    line.flush_input()
    line.write(frame)
    heard = b""
    while some := line.read_some(1024, time.monotonic() + 0.4):
        heard += some
    line.close()
    return heard


def test_the_emulator_refuses_everything_before_it_is_initialised(bench: Bench) -> None:
    bench.module.close()
    bench.emulator.power_cycle()
    assert speak(bench, golden("crt591m", "command.status")) == b"\x06" + golden("crt591m", "reply.error_not_reset")


def test_the_emulator_asks_for_a_damaged_command_again(bench: Bench) -> None:
    bench.module.close()
    assert speak(bench, golden("crt591m", "command.status")[:-1] + b"\x00") == b"\x15"


# ---- the traveller's card


def test_a_card_is_drawn_in_only_while_entry_is_allowed(bench: Bench) -> None:
    card = a_card()
    assert not bench.emulator.insert(card)
    assert bench.module.allow_entry() is None
    assert bench.emulator.insert(card)
    assert eventually(lambda: bench.position() is CardPosition.READER)
    assert not bench.emulator.insert(a_card()), "only one card fits"
    assert bench.module.refuse_entry() is None


def test_a_card_may_be_pulled_out_while_it_is_drawn_in(bench: Bench) -> None:
    bench.emulator.pace.divisor = 1.0
    assert bench.module.allow_entry() is None
    card = a_card()
    assert bench.emulator.insert(card)
    assert bench.position() is CardPosition.GATE
    assert bench.emulator.take() is None, "a card that is drawn in is not offered"
    assert bench.emulator.pull() is card
    assert bench.position() is CardPosition.NONE
    bench.emulator.pace.stop()


def test_a_scripted_gate_refuses_or_jams_the_card(bench: Bench) -> None:
    assert bench.module.allow_entry() is None
    bench.fault("insert", "refuse")
    assert not bench.emulator.insert(a_card())
    bench.fault("insert", "jam")
    assert bench.emulator.insert(a_card())
    assert bench.module.move_to_reader() == Failure("card_module.jam", 0x10, {"position": "gate"})


# ---- moves


def test_the_whole_way_of_a_card(bench: Bench) -> None:
    bench.put(Place.GATE)
    card = bench.path.card
    assert bench.module.move_to_reader() is None
    assert bench.path.at(Place.READER) is card
    assert bench.module.hand_over() is None
    assert bench.path.at(Place.HAND_OVER) is card
    assert bench.path.move(Place.HAND_OVER, Place.PRINTER)
    assert bench.position() is CardPosition.NONE
    assert bench.path.move(Place.PRINTER, Place.INLET)
    assert bench.module.move_to_reader(fetch=True) is None
    assert bench.module.eject() is None
    assert bench.position() is CardPosition.GATE
    assert bench.emulator.take() is card
    assert bench.position() is CardPosition.NONE


@pytest.mark.parametrize("move", ["move_to_reader", "hand_over", "eject", "retain"])
def test_no_move_is_sent_without_a_card(bench: Bench, move: str) -> None:
    assert getattr(bench.module, move)() == Failure("card_module.no_card")
    assert bench.moves() == []


def test_fetching_from_an_empty_inlet_is_a_failure(bench: Bench) -> None:
    assert bench.module.move_to_reader(fetch=True) == Failure("card_module.stacker_empty", 0xA0, {"position": "none"})


def test_moving_to_where_the_card_is_succeeds_and_sends_nothing(bench: Bench) -> None:
    bench.put(Place.GATE)
    assert bench.module.eject() is None
    bench.put(Place.READER)
    assert bench.module.move_to_reader() is None
    bench.put(Place.HAND_OVER)
    assert bench.module.hand_over() is None
    assert bench.moves() == []


def test_a_card_at_the_hand_over_is_still_seen_and_can_come_back(bench: Bench) -> None:
    bench.put(Place.HAND_OVER)
    assert bench.position() is CardPosition.BETWEEN
    assert bench.module.status().media is Media.PRESENT
    assert bench.module.eject() is None
    assert bench.path.place is Place.GATE


def test_a_jam_leaves_the_card_and_says_where(bench: Bench) -> None:
    bench.put(Place.READER)
    bench.path.jams.add((Place.READER, Place.GATE))
    assert bench.module.eject() == Failure("card_module.jam", 0x10, {"position": "reader"})
    assert bench.path.place is Place.READER


def test_retaining_fills_the_bin_and_counts(bench: Bench) -> None:
    bench.put(Place.READER)
    card = bench.path.card
    assert bench.module.retain() is None
    assert bench.emulator.bin == [card]
    assert bench.module.bin_count() == 1
    assert bench.emulator.empty_bin() == [card]
    assert bench.module.bin_count() == 0


def test_a_full_bin_is_told_before_anything_moves(bench: Bench) -> None:
    bench.put(Place.READER)
    bench.path.bin_capacity = 0
    assert code_of(bench.module.retain()) == "card_module.bin_full"
    assert bench.module.status().supplies["bin"] is Supply.FULL
    assert bench.moves() == []


def test_a_bin_whose_counter_stands_still_has_not_retained(bench: Bench) -> None:
    bench.put(Place.READER)
    bench.emulator._captured = 5

    def frozen(*_: object) -> int:
        return 5

    bench.module.bin_count = frozen  # type: ignore[method-assign]
    assert code_of(bench.module.retain()) == "card_module.not_moved"


@pytest.mark.parametrize(("code", "reason"), [("10", "jam"), ("12", "sensor"), ("13", "too_long"), ("14", "too_short"), ("45", "moved_by_hand")])
def test_the_module_s_codes_become_failures(bench: Bench, code: str, reason: str) -> None:
    bench.put(Place.READER)
    bench.fault("move", "code", code=code)
    assert bench.module.eject() == Failure(f"card_module.{reason}", int(code, 16), {"position": "reader"})


def test_the_other_negative_head_is_understood(bench: Bench) -> None:
    bench.put(Place.READER)
    bench.fault("move", "emt45", code="51")
    assert code_of(bench.module.eject()) == "card_module.motor"


def test_a_card_seen_at_its_target_makes_up_for_a_lost_answer(bench: Bench) -> None:
    bench.put(Place.READER)
    bench.fault("move", "no_answer")
    assert bench.module.eject() is None
    assert bench.position() is CardPosition.GATE


def test_a_move_that_was_never_heard_is_a_failure_with_the_position(bench: Bench) -> None:
    bench.put(Place.READER)
    bench.fault("move", "silence", times=0)
    assert bench.module.eject() == Failure("card_module.silent", None, {"position": "reader"})
    assert bench.path.place is Place.READER


def test_an_unknown_position_byte_is_never_taken_for_no_card(bench: Bench) -> None:
    bench.put(Place.READER)
    bench.emulator._state = lambda: b"700"  # type: ignore[method-assign]
    assert bench.module.sense() == Failure("card_module.status_unclear", 0x37)
    assert code_of(bench.module.eject()) == "card_module.status_unclear"
    assert bench.moves() == []


def test_a_fault_told_by_the_module_stays_a_fault_wherever_the_card_is_seen(bench: Bench) -> None:
    bench.put(Place.READER)

    def moved_and_broke(target: Place) -> None:
        bench.path.place = Place.GATE
        raise Refused("51")

    bench.emulator._move = moved_and_broke  # type: ignore[method-assign]
    assert bench.module.eject() == Failure("card_module.motor", 0x51, {"position": "gate"})


# ---- the line


def test_bytes_from_before_a_command_are_dropped(bench: Bench) -> None:
    bench.emulator.received.clear()
    bench.port.write(b"\x15\x15")
    assert bench.module.bin_count() == 0
    assert bench.position() is CardPosition.NONE  # by now the emulator has seen every copy
    assert bench.emulator.received.count("A5 30") == 1, "an old NAK does not make the driver repeat itself"


@pytest.mark.parametrize("kind", ["bad_checksum", "wrong_length", "garbage", "stale", "split", "silence", "nak", "late_ack", "short"])
def test_one_disturbance_of_the_line_is_overcome(bench: Bench, kind: str) -> None:
    bench.put(Place.READER)
    assert bench.module.bin_count() == 0  # another answer, that a stale one can repeat
    bench.fault("status", kind, after_ms=200)
    assert bench.position() is CardPosition.READER
    assert bench.module.bin_count() == 0


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("bad_checksum", "garbled"),
        ("nak", "garbled"),
        ("silence", "silent"),
        ("no_answer", "timeout"),
        ("wrong_echo", "timeout"),
        ("short", "garbled"),
    ],
)
def test_a_lasting_disturbance_is_a_coded_failure(bench: Bench, kind: str, code: str) -> None:
    bench.fault("status", kind, times=0)
    assert code_of(bench.module.sense()) == f"card_module.{code}"
    bench.faults.clear()
    assert bench.position() is CardPosition.NONE, "and the line recovers"


def test_the_late_answer_of_a_given_up_command_is_not_taken_for_the_next(bench: Bench) -> None:
    bench.put(Place.READER)
    bench.fault("status", "late", after_ms=900)
    assert code_of(bench.module.sense()) == "card_module.timeout"
    bench.put(Place.GATE)
    assert bench.position() is CardPosition.GATE


def test_the_second_answer_to_a_repeated_command_is_not_taken_for_the_next(bench: Bench) -> None:
    bench.put(Place.READER)
    channel = bench.module.apdu_channel()
    assert channel.activate() is None
    bench.fault("apdu", "late_ack", after_ms=250)  # longer than the driver waits: it sends the command twice
    assert channel.transmit(b"\x00\x01\x02\x03") == b"\x03\x02\x01\x00\x90\x00"
    assert channel.transmit(b"\x00\x0a\x0b\x0c") == b"\x0c\x0b\x0a\x00\x90\x00"


def test_a_module_that_lost_its_power_is_initialised_once_and_asked_again(bench: Bench) -> None:
    bench.put(Place.READER)
    bench.emulator.power_cycle()
    assert bench.module.eject() is None
    assert bench.path.place is Place.GATE


@pytest.mark.parametrize("still_there", [True, False])
def test_a_move_that_met_a_loss_of_power_is_sent_again_only_where_a_card_is_still_seen(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, still_there: bool
) -> None:
    bench.put(Place.READER)
    exchange, cuts = bench.module._exchange, ["once"]

    def power_cut_before_the_move(command: Command, answer_s: float, data: bytes = b"") -> Positive | Failure:
        if command is codec.MOVE_TO_GATE and cuts:
            cuts.clear()
            bench.emulator.power_cycle()
            if not still_there:
                bench.path.card = bench.path.place = None
        return exchange(command, answer_s, data)

    monkeypatch.setattr(bench.module, "_exchange", power_cut_before_the_move)
    assert bench.module.eject() == (None if still_there else Failure("card_module.no_card"))
    assert len(bench.moves()) == (2 if still_there else 1)  # the first was refused unread


def test_entry_stays_allowed_over_a_loss_of_power(bench: Bench) -> None:
    assert bench.module.allow_entry() is None
    bench.emulator.power_cycle()
    assert bench.position() is CardPosition.NONE
    assert bench.emulator.entry_allowed


def test_a_module_that_never_becomes_ready_is_a_failure(bench: Bench) -> None:
    bench.fault("status", "code", times=0, code="B0")
    assert bench.module.sense() == Failure("card_module.not_initialised", 0xB0)


# ---- the chip's channel


def test_apdus_travel_both_ways_for_both_types(bench: Bench) -> None:
    for contactless_type in "AB":
        bench.put(Place.READER, a_card(contactless_type))
        channel = bench.module.apdu_channel()
        assert channel.activate() is None
        assert channel.transmit(bytes(range(200))) == bytes(reversed(range(200))) + b"\x90\x00"
        assert channel.deactivate() is None
        assert channel.transmit(b"\x00\x84\x00\x00") == Failure("chip.no_answer")


def test_a_memory_card_is_the_wrong_card(bench: Bench) -> None:
    bench.put(Place.READER, a_card("M"))
    assert bench.module.apdu_channel().activate() == Failure("chip.wrong_card")


@pytest.mark.parametrize("answer", ["410400041122334408", "4104000411223344", "41", ""])
def test_a_card_that_speaks_no_apdus_is_the_wrong_card(bench: Bench, answer: str) -> None:
    bench.emulator._activate = lambda order: bytes.fromhex(answer)  # type: ignore[method-assign]
    assert bench.module.apdu_channel().activate() == Failure("chip.wrong_card")


def test_a_card_without_chip_does_not_answer(bench: Bench) -> None:
    bench.put(Place.READER, Card("X", None, Back(bytes(480 * 320))))
    assert bench.module.apdu_channel().activate() == Failure("chip.no_answer", 0x61)


def test_a_chip_that_falls_silent_does_not_answer(bench: Bench) -> None:
    chip = Echo()
    bench.put(Place.READER, a_card(chip=chip))
    channel = bench.module.apdu_channel()
    assert channel.activate() is None
    chip.answer = lambda _: b""
    assert channel.transmit(b"\x00\x84\x00\x00\x08") == Failure("chip.no_answer", 0x68)


def test_a_short_apdu_is_unreadable(bench: Bench) -> None:
    bench.put(Place.READER)
    channel = bench.module.apdu_channel()
    assert channel.activate() is None
    bench.fault("apdu", "short_apdu")
    assert channel.transmit(b"\x00\x84\x00\x00\x08") == Failure("chip.unreadable")


def test_a_broken_line_under_the_chip_stays_the_module_s_failure(bench: Bench) -> None:
    bench.put(Place.READER)
    channel = bench.module.apdu_channel()
    assert channel.activate() is None
    bench.port.unplug()
    assert code_of(channel.transmit(b"\x00\x84\x00\x00\x08")) == "card_module.port_lost"


def test_an_apdu_beyond_the_module_s_length_is_a_bug(bench: Bench) -> None:
    with pytest.raises(ValueError):
        bench.module.apdu_channel().transmit(bytes(262))
