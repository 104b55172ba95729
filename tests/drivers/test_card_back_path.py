"""The whole way of a printed back: drawn, sent over the pty, burned, seen by the camera over HTTP, judged; and read by the world itself."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from drivers.camera.back import BackScene
from drivers.camera.emulator import MjpegServer
from drivers.camera.opencv import OpenCvCamera
from drivers.card_printer.emulator import Tcp300iiEmulator
from drivers.card_printer.tcp300ii import Tcp300ii
from drivers.contract.bitmap import Bitmap
from drivers.contract.failure import Failure
from drivers.world.backs import back_png, decode_back, initial_back
from drivers.world.card_path import Back, Card, CardPath, Place
from drivers.world.faults import Fault, FaultBoard
from drivers.world.pace import Pace
from drivers.world.pty_port import PtyPort
from kiosk.services.card_back.inspection import Inspection, Verdict, inspect
from kiosk.services.card_back.layout import Block, draw
from tests.unit.test_card_back_layout import HONG_KONG, MACAU, TAIWAN

BLOCKS = [HONG_KONG, MACAU]


@dataclass
class Machine:
    printer: Tcp300ii
    camera: OpenCvCamera
    path: CardPath
    faults: FaultBoard
    card: Card

    def printed(self, image: Bitmap, card: Card) -> Failure | None:
        self.path.insert(card, Place.READER)
        failure = self.printer.load(image) or self.printer.arm()
        self.path.move(Place.READER, Place.HAND_OVER)
        failure = failure or self.printer.finish(10)
        self.path.move(Place.INLET, Place.READER)
        return failure

    def seen(self, image: Bitmap, blocks: list[Block]) -> Inspection:
        """The unit prints in no time here, so pictures from before may still be on their way: they are passed over before the look counts."""
        for look in range(IN_FLIGHT + 8):
            frame = self.camera.frame()
            assert not isinstance(frame, Failure)
            if look < IN_FLIGHT:
                continue
            found = inspect(frame, image, [block.code for block in blocks])
            if found.verdict is not Verdict.NO_CARD:
                break
        return found


IN_FLIGHT = 15  # a second of pictures


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    port, path, faults = PtyPort(tmp_path / "card_printer", None), CardPath(), FaultBoard()
    emulator = Tcp300iiEmulator(port, path, faults, Pace(2000))
    emulator.start()
    server = MjpegServer("127.0.0.1", 0, {"/back.mjpg": BackScene(path, 1)}, faults=faults)
    server.start()
    printer, camera = Tcp300ii(f"{port.link}?baud=115200"), OpenCvCamera(f"http://127.0.0.1:{server.port}/back.mjpg")
    assert printer.open() is None
    assert camera.open() is None
    yield Machine(printer, camera, path, faults, Card("C00000001", None, initial_back([replace(HONG_KONG, number="OLD1")])))
    camera.close()
    printer.close()
    server.stop()
    emulator.stop()
    port.close()


def test_what_is_drawn_is_burned_seen_and_decoded(machine: Machine) -> None:
    image = draw(BLOCKS)
    assert machine.printed(image, machine.card) is None
    assert machine.seen(image, BLOCKS).verdict is Verdict.AS_MEANT
    assert decode_back(machine.card.back) == [
        {"destination": "HKG", "kind": "G", "validity": "1Y1", "valid_until": "2027-11-21", "number": "HK2611220001"},
        {"destination": "MAC", "kind": "S", "validity": "3M*", "valid_until": "2027-02-21", "number": "MO2611220002"},
    ]


@pytest.mark.parametrize("kind", ["half_print", "faint"])
def test_a_bad_print_that_the_unit_calls_good_is_found_by_the_look(machine: Machine, kind: str) -> None:
    machine.faults.put("card_printer", "print", Fault(kind))
    image = draw(BLOCKS)
    assert machine.printed(image, machine.card) is None
    assert machine.seen(image, BLOCKS).verdict is Verdict.DIFFERS


def test_a_white_picture_leaves_a_blank_card(machine: Machine) -> None:
    assert machine.printed(draw([]), machine.card) is None
    assert machine.seen(draw([]), []).verdict is Verdict.AS_MEANT
    assert machine.seen(draw(BLOCKS), BLOCKS).verdict is Verdict.BLANK
    assert decode_back(machine.card.back) == []


def test_without_a_card_at_the_reader_the_look_finds_none(machine: Machine) -> None:
    assert machine.seen(draw(BLOCKS), BLOCKS).verdict is Verdict.NO_CARD


def test_an_earlier_back_shows_the_last_endorsement_of_each_destination() -> None:
    older = replace(HONG_KONG, number="HK1")
    back = initial_back([older, MACAU, HONG_KONG])
    assert not back.burned
    assert [row["number"] for row in decode_back(back)] == [HONG_KONG.number, MACAU.number]
    assert decode_back(initial_back([replace(TAIWAN, number=None)])) == [
        {"destination": "TWN", "kind": "L", "validity": "6M1", "valid_until": "2027-05-21", "number": None}
    ]
    assert initial_back([]).blank


def test_another_text_in_a_code_is_no_endorsement() -> None:
    assert decode_back(Back(bytes(480 * 320))) == []
    assert decode_back(initial_back([replace(HONG_KONG, number="A B C")])) == []


def test_the_picture_for_people_shows_every_dot(tmp_path: Path) -> None:
    back = initial_back([HONG_KONG])
    (tmp_path / "back.png").write_bytes(back_png(back))
    shown = np.asarray(Image.open(tmp_path / "back.png").convert("L"))[::2, ::2]
    assert np.array_equal(shown < 128, np.frombuffer(back.dots, np.uint8).reshape(320, 480) == 1)
