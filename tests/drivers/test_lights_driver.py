"""The fill light's driver against its emulator over a real pty: colours, every fault, replug, and that it never stays lit by itself."""

import re
import threading
import time
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from drivers.contract.failure import Failure
from drivers.contract.lights import Lights
from drivers.contract.status import Device, Report
from drivers.device_command import run
from drivers.lights import modbus
from drivers.lights.emulator import ModbusLightsEmulator
from drivers.lights.modbus import ModbusLights, placed
from drivers.world import fault_table
from drivers.world.faults import Fault, FaultBoard
from drivers.world.pty_port import PtyPort
from tests.golden import golden

ROOT = Path(__file__).parents[2]
DARK, WHITE, RED, CYAN = (False, False, False), (True, True, True), (True, False, False), (False, True, True)


@dataclass
class Bench:
    lights: ModbusLights
    emulator: ModbusLightsEmulator
    faults: FaultBoard
    port: PtyPort

    def fault(self, moment: str, kind: str, times: int = 0, **parameters: int) -> None:
        self.faults.put("lights", moment, Fault(kind, times, parameters))

    def seen(self) -> Report:
        return self.lights.status()


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    monkeypatch.setattr(modbus, "ANSWER_S", 0.2)
    port, faults = PtyPort(tmp_path / "lights", 19200), FaultBoard()
    emulator = ModbusLightsEmulator(port, faults)
    emulator.start()
    lights = ModbusLights(f"{port.link}?baud=19200")
    assert lights.open() is None
    yield Bench(lights, emulator, faults, port)
    faults.clear()
    lights.close()
    emulator.stop()
    port.close()


def test_every_colour_shines_as_it_was_told_and_telling_twice_changes_nothing(bench: Bench) -> None:
    lights: Lights = bench.lights
    for number in (*range(8), 5, 5):
        colour = (bool(number & 1), bool(number & 2), bool(number & 4))
        assert lights.fill(*colour) is None
        assert bench.emulator.colour == colour
        assert lights.status() == Report("lights", Device.ONLINE)


def test_what_an_earlier_run_left_lit_is_dark_after_opening(bench: Bench) -> None:
    assert bench.lights.fill(*WHITE) is None
    bench.lights.release()
    assert bench.emulator.colour == WHITE
    assert bench.lights.open() is None
    assert bench.emulator.colour == DARK


def test_closing_leaves_it_dark_and_closing_twice_is_nothing(bench: Bench) -> None:
    assert bench.lights.fill(*WHITE) is None
    bench.lights.close()
    assert bench.emulator.colour == DARK
    bench.lights.close()


def test_a_line_that_cannot_be_reached_any_more_is_closed_all_the_same(bench: Bench) -> None:
    assert bench.lights.fill(*WHITE) is None
    bench.port.unplug()
    bench.lights.close()
    bench.port.plug()
    assert bench.emulator.colour == WHITE  # the board has a supply of its own
    assert bench.lights.open() is None
    assert bench.emulator.colour == DARK


# options of the port


def test_unit_and_first_coil_are_configuration(tmp_path: Path) -> None:
    port = PtyPort(tmp_path / "lights", None)
    emulator = ModbusLightsEmulator(port, FaultBoard(), unit=17, first_coil=5)
    emulator.start()
    try:
        for lights in (ModbusLights(f"{port.link}?unit=17&baud=19200&coil=5"), ModbusLights(str(port.link), unit=17, coil=5)):
            assert lights.open() is None and lights.fill(*CYAN) is None
            assert emulator.colour == CYAN
            lights.close()
        beyond = ModbusLights(f"{port.link}?unit=17&coil=6")
        assert beyond.open() == Failure("lights.exception", 2)
    finally:
        emulator.stop()
        port.close()


def test_the_ports_own_options_stay_with_it() -> None:
    assert placed("/dev/a") == ("/dev/a", 1, 0)
    assert placed("/dev/a?unit=2", 5, 6) == ("/dev/a", 2, 6)
    assert placed("/dev/a?unit=2&baud=1&coil=3") == ("/dev/a?baud=1", 2, 3)


@pytest.mark.parametrize("query", ["unit=0", "unit=248", "unit=a", "unit=", "coil=-1", "coil=65534", "coil=x", "baud=0", "speed=1", "unit"])
def test_an_option_that_is_none_is_refused(query: str) -> None:
    with pytest.raises(ValueError):
        ModbusLights(f"/dev/none?{query}")


# faults


@pytest.mark.parametrize("moment", ["read", "write"])
@pytest.mark.parametrize(
    ("kind", "failure", "word"),
    [
        ("silence", Failure("lights.silent"), Device.OFFLINE),
        ("bad_checksum", Failure("lights.bad_checksum"), Device.OFFLINE),
        ("wrong_echo", Failure("lights.wrong_answer"), Device.OFFLINE),
        ("exception", Failure("lights.exception", 4), Device.HARDWARE_ERROR),
    ],
)
def test_a_fault_that_lasts_is_named(bench: Bench, moment: str, kind: str, failure: Failure, word: Device) -> None:
    bench.fault(moment, kind)
    if moment == "write":
        assert bench.lights.fill(*RED) == failure
        assert bench.lights.open() == failure
    else:
        assert bench.seen() == Report("lights", word, fault=failure)
        assert bench.lights.fill(*RED) is None
    bench.faults.clear()
    assert bench.lights.fill(*CYAN) is None
    assert bench.emulator.colour == CYAN and bench.seen().fault is None


@pytest.mark.parametrize("moment", ["read", "write"])
@pytest.mark.parametrize("kind", ["silence", "bad_checksum", "wrong_echo", "garbage", "split", "late"])
def test_a_fault_that_passes_is_overcome(bench: Bench, moment: str, kind: str) -> None:
    bench.fault(moment, kind, 1, ms=300)
    assert bench.lights.fill(*RED) is None
    assert bench.seen().fault is None
    assert bench.lights.fill(*CYAN) is None
    assert bench.emulator.colour == CYAN
    assert bench.faults.listed() == [] and bench.seen().fault is None


def test_garbage_before_every_answer_and_answers_in_pieces_are_read(bench: Bench) -> None:
    for kind in ("garbage", "split"):
        bench.fault("write", kind)
        bench.fault("read", kind)
        assert bench.lights.fill(*RED) is None and bench.seen().fault is None
        assert bench.lights.fill(*CYAN) is None and bench.seen().fault is None


def test_an_answer_that_came_too_late_is_not_the_next_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A board that answers the first try when the second has been answered, and refuses what comes after."""
    monkeypatch.setattr(modbus, "ANSWER_S", 0.1)
    monkeypatch.setattr(modbus, "QUIET_S", 0.4)
    port = PtyPort(tmp_path / "lights", None)
    done, refusal = golden("modbus", "reply.filled"), golden("modbus", "reply.exception_write_04")

    def board() -> None:
        for answers in ((), (done, done), (refusal,)):
            while not port.read(5):
                pass
            for number, answer in enumerate(answers):
                time.sleep(0.02 * number)
                port.write(answer)

    slow = threading.Thread(target=board, daemon=True)
    slow.start()
    lights = ModbusLights(str(port.link))
    assert lights.fill(*RED) is None
    assert lights.fill(*CYAN) == Failure("lights.exception", 4)
    slow.join(5)
    lights.release()
    port.close()


def test_a_light_that_does_not_obey_is_a_fault(bench: Bench) -> None:
    bench.fault("write", "stuck")
    assert bench.lights.fill(*RED) is None  # the board said so
    assert bench.seen() == Report("lights", Device.HARDWARE_ERROR, fault=Failure("lights.not_switched"))
    bench.faults.clear()
    assert bench.seen().fault is None
    assert bench.emulator.colour == RED


def test_a_board_that_lost_power_beside_its_line_is_told_again(bench: Bench) -> None:
    assert bench.lights.fill(*RED) is None
    bench.emulator.lose_power()
    assert bench.seen() == Report("lights", Device.ONLINE)
    assert bench.emulator.colour == RED


@pytest.mark.parametrize("moment", ["read", "write"])
def test_a_board_that_goes_away_is_lost_and_then_absent_and_works_again_once_it_is_back(bench: Bench, moment: str) -> None:
    assert bench.lights.fill(*RED) is None
    path = str(bench.port.link)
    bench.fault(moment, "disconnect", 1)
    failure = bench.lights.fill(*CYAN) if moment == "write" else bench.seen().fault
    assert failure == Failure("lights.port_lost", detail={"port": path})
    assert bench.lights.fill(*RED) == Failure("lights.port_absent", detail={"port": path})
    assert bench.seen() == Report("lights", Device.NO_DEVICE, fault=Failure("lights.port_absent", detail={"port": path}))
    assert bench.emulator.colour == DARK
    bench.port.plug()
    assert bench.lights.fill(*CYAN) is None
    assert bench.emulator.colour == CYAN and bench.seen().fault is None


def test_a_board_that_comes_back_by_itself_is_opened_dark(bench: Bench) -> None:
    assert bench.lights.fill(*RED) is None
    bench.fault("read", "disconnect", 1, replug_after_ms=50)
    assert bench.seen() == Report("lights", Device.OFFLINE, fault=Failure("lights.port_lost", detail={"port": str(bench.port.link)}))
    back = time.monotonic() + 10
    while not bench.port.link.is_symlink() and time.monotonic() < back:
        time.sleep(0.01)
    assert bench.lights.open() is None and bench.seen().fault is None
    assert bench.emulator.colour == DARK


def test_a_port_that_another_program_holds_is_busy_and_one_that_is_no_line_unusable(bench: Bench, tmp_path: Path) -> None:
    path = str(bench.port.link)
    assert ModbusLights(path).open() == Failure("lights.port_busy", detail={"port": path})
    (tmp_path / "file").write_bytes(b"")
    plain = str(tmp_path / "file")
    assert ModbusLights(plain).open() == Failure("lights.port_unusable", detail={"port": plain})


# beside the machine


def test_a_technician_switches_it_and_looks_at_it_without_changing_it(bench: Bench) -> None:
    bench.lights.close()
    port = f"{bench.port.link}?baud=19200"
    assert run("lights", "on", "modbus", port) == ({"family": "lights", "colour": "#FFFFFF"}, 0)
    document, code = run("lights", "status", "modbus", port)
    assert code == 0 and isinstance(document, dict) and (document["family"], document["device"]) == ("lights", "online")
    assert bench.emulator.colour == WHITE
    assert run("lights", "off", "modbus", port) == ({"family": "lights", "colour": "#000000"}, 0)
    assert bench.emulator.colour == DARK
    bench.fault("write", "exception")
    assert run("lights", "on", "modbus", port) == (Failure("lights.exception", 4), 1)
    failure, code = run("lights", "on", "modbus", port + "&unit=0")
    assert isinstance(failure, Failure) and (failure.code, code) == ("driver.bad_port", 2)


def test_the_tables_faults_are_those_that_are_tried_here() -> None:
    tried = {"silence", "late", "bad_checksum", "garbage", "split", "exception", "wrong_echo", "disconnect"}
    assert {moment: set(kinds) for moment, kinds in fault_table.DEVICES["lights"].items()} == {
        "read": tried,
        "write": tried | {"stuck"},
        "port": {"unplug"},
    }


def test_every_failure_code_has_its_sentence_in_three_languages_and_none_is_left_over() -> None:
    sentences = tomllib.loads((ROOT / "assets/i18n/failures_lights.toml").read_text(encoding="utf-8"))
    source = (ROOT / "drivers/lights/modbus.py").read_text(encoding="utf-8")
    codes = set(re.findall(r'"lights\.([a-z_]+)"', source))
    codes |= {"bad_checksum", "wrong_answer", "port_absent", "port_busy", "port_unusable", "port_lost"}
    assert set(sentences) == {f"failure.lights.{code}" for code in codes}
    assert all(set(texts) == {"zh-Hans", "zh-Hant", "en"} for texts in sentences.values())
