"""From the chip reader through the card module's wire to the emulated chip."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from drivers.card_module.crt591m import Crt591m
from drivers.card_module.emulator import Crt591mEmulator
from drivers.chip.icao import IcaoChipReader
from drivers.chip.issuer import TestAuthority
from drivers.contract.chip import AccessKey
from drivers.contract.failure import Failure
from drivers.world.card_path import Back, Card, CardPath, Place
from drivers.world.faults import Fault, FaultBoard
from drivers.world.pace import Pace
from drivers.world.pty_port import PtyPort

KEY = AccessKey("CA0000001", date(1990, 3, 7), date(2030, 1, 1))
OTHER = AccessKey("CA0000002", date(1990, 3, 7), date(2030, 1, 1))
FACE = bytes.fromhex("0000000C6A5020200D0A870A") + bytes(range(256)) * 6


class Bench:
    def __init__(self, directory: Path, baud: int | None = None) -> None:
        self.faults, self.path, self.pace = FaultBoard(), CardPath(), Pace(500)
        self.port = PtyPort(directory / "port", baud)
        self.emulator = Crt591mEmulator(self.port, self.path, self.faults, self.pace)
        self.emulator.start()
        chip = TestAuthority.at(directory / "keys").personalise(
            "CS", "CA0000001", KEY.birth, KEY.expires_on, "F", "张三", "ZHANG,SAN", "440301199003070019", "出入境", date(2020, 1, 1), FACE
        )
        chip.faults = self.faults
        self.path.card, self.path.place = Card("CA0000001", chip, Back(bytes(480 * 320))), Place.READER
        self.module = Crt591m(str(directory / "port"))
        self.reader = IcaoChipReader(self.module.apdu_channel(), directory / "keys" / "csca.pem")

    def close(self) -> None:
        self.module.close()
        self.pace.stop()
        self.emulator.stop()
        self.port.close()


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path)
    try:
        assert bench.module.open() is None
        yield bench
    finally:
        bench.close()


def test_a_permit_is_read_over_the_wire_with_the_second_key(bench: Bench) -> None:
    result = bench.reader.open_with([OTHER, KEY])
    assert isinstance(result, tuple)
    assert result[0] == 1
    assert result[1].face_image == FACE
    assert result[1].name == "张三"


def test_a_type_b_permit_is_read_too(bench: Bench) -> None:
    card = bench.path.card
    assert card is not None
    card.contactless_type = "B"
    assert isinstance(bench.reader.open_with([KEY]), tuple)


@pytest.mark.parametrize("kind", ["bad_checksum", "garbage", "split", "wrong_length"])
def test_a_disturbed_line_costs_time_and_not_the_reading(bench: Bench, kind: str) -> None:
    bench.faults.put("card_module", "apdu", Fault(kind, times=2))
    assert isinstance(bench.reader.open_with([KEY]), tuple)


@pytest.mark.parametrize(
    ("moment", "kind", "code"),
    [
        ("apdu", "disconnect", "card_module.port_lost"),
        # an older answer to the same command cannot be told by its frame; secure messaging does not believe it
        ("apdu", "stale", "chip.unreadable"),
        ("apdu", "short_apdu", "chip.unreadable"),
        ("activate", "silence", "card_module.silent"),
    ],
)
def test_a_broken_way_to_the_chip_is_a_coded_failure(bench: Bench, moment: str, kind: str, code: str) -> None:
    bench.faults.put("card_module", moment, Fault(kind, times=0))
    result = bench.reader.open_with([KEY])
    assert isinstance(result, Failure)
    assert result.code == code


@pytest.mark.parametrize(("kind", "code"), [("silence", "chip.no_answer"), ("altered", "chip.altered"), ("unreadable", "chip.unreadable")])
def test_a_scripted_chip_fault_comes_through_the_wire(bench: Bench, kind: str, code: str) -> None:
    bench.faults.put("chip", "read", Fault(kind))
    result = bench.reader.open_with([KEY])
    assert isinstance(result, Failure)
    assert result.code == code


def test_a_card_that_left_the_reader_does_not_answer(bench: Bench) -> None:
    assert bench.module.eject() is None
    assert bench.reader.open_with([KEY]) == Failure("chip.no_answer", 0x61)
