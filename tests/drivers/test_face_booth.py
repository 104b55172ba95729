"""The process that films, for real: started, used, killed; its frames, its words, and what is left of it afterwards."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import cv2
import pytest

from drivers.camera.emulator import MjpegServer
from drivers.camera.scenes import FaceScene
from drivers.contract.status import Device
from drivers.world.faults import Fault, FaultBoard
from kiosk.config import FaceEntry
from kiosk.domain.failure import Failure
from kiosk.face.filming.messages import Begin
from kiosk.face.verdict import DARK, Colour, Sight, Spent, Stage, Times, Verdict
from kiosk.services.face_booth import FaceBooth
from kiosk.view import Preview

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = (sys.executable, "-m", "kiosk.commands.face_child")
HURRIED = Times(3.0, 0.8, 0.5, 0.8, 0.04, 0.15, 45)
GAIN = FaceEntry().fill_gain
DEADLINE_S = 60.0


class Bench:
    """A camera on the wire with the hall's light before it, and the booth."""

    def __init__(self) -> None:
        self.light: Colour = DARK
        self.board = FaultBoard()
        self.scene = FaceScene(640, 480, light=lambda: self.light, seed=3, haste=3.0)
        self.server = MjpegServer("127.0.0.1", 0, {"/face.mjpg": self.scene}, fps=25, faults=self.board)
        self.server.start()
        self.preview = Preview()
        self.url = f"http://127.0.0.1:{self.server.port}/face.mjpg"
        self.booth = FaceBooth(PROGRAM, "opencv", self.url, self.preview)

    def begin(self, *portraits: bytes) -> None:
        assert self.booth.begin(Begin(portraits or (portrait("obama.jpg"),), HURRIED, GAIN, Spent()), Event()) is None

    def until(self, wanted: Callable[[Sight | Verdict | Failure], bool]) -> Sight | Verdict | Failure:
        """Walks on as the face step does, with a traveller who does as told, until `wanted`."""
        ends_at, guided = time.monotonic() + DEADLINE_S, ""
        gestures = {"turn_left": "turn_left", "turn_right": "turn_right", "front": "face_front", "blink": "blink"}
        while time.monotonic() < ends_at:
            told = self.booth.next(0.5)
            if told is not None and wanted(told):
                return told
            if isinstance(told, Sight):
                guidance = told.guidance.removeprefix("face.guidance.").removesuffix("_more")
                if told.guidance != guided and guidance in gestures:
                    self.scene.gesture(gestures[guidance])
                guided = told.guidance
                self.light = told.colour or DARK
                if told.colour is not None:
                    self.booth.lit(told.colour)
        raise AssertionError("the session did not come so far in time")

    def pid(self) -> int:
        child = self.booth._child
        assert child is not None
        return child.process.pid


def portrait(name: str) -> bytes:
    return (ROOT / "assets/faces" / name).read_bytes()


def is_verdict(told: object) -> bool:
    return isinstance(told, Verdict | Failure)


@pytest.fixture
def bench() -> Iterator[Bench]:
    made = Bench()
    try:
        assert made.booth.open() is None
        made.scene.set("live", cv2.imread(str(ROOT / "assets/faces/obama2.jpg")), cv2.imread(str(ROOT / "assets/faces/biden_portrait.jpg")))
        yield made
    finally:
        made.booth.close()
        made.server.stop()


def test_a_living_holder_passes_and_the_process_ends(bench: Bench) -> None:
    bench.begin()
    verdict = bench.until(is_verdict)
    assert isinstance(verdict, Verdict) and verdict.failure is None, verdict
    assert verdict.decision is not None and len(verdict.decision.model_sha256) == 64
    assert bench.preview.newest()[0] > 20
    saw = bench.pid()
    began = time.monotonic()
    bench.booth.forget()
    assert time.monotonic() - began < 1.0, "what the person left is the system's again within a second"
    assert bench.preview.newest() == (0, None)
    with pytest.raises(ProcessLookupError):
        os.kill(saw, 0)
    assert bench.booth._child is None
    bench.booth.prepare()
    spare = bench.pid()
    assert spare != saw, "a spare waits for the next"
    bench.booth.forget()
    assert bench.pid() == spare, "it has seen nobody"


def test_somebody_else_is_not_the_holder(bench: Bench) -> None:
    bench.begin(portrait("biden_portrait.jpg"))
    verdict = bench.until(is_verdict)
    assert isinstance(verdict, Verdict) and verdict.failure == Failure("face.not_holder")


@pytest.mark.parametrize("spoilt", [b"", b"not a picture", portrait("obama.jpg")[:3000]])
def test_a_portrait_that_cannot_serve_is_said(bench: Bench, spoilt: bytes) -> None:
    bench.begin(spoilt)
    verdict = bench.until(is_verdict)
    assert isinstance(verdict, Verdict) and verdict.failure is not None and verdict.failure.code.startswith("face.reference_")


def test_the_id_cards_photo_never_decides_alone(bench: Bench) -> None:
    bench.begin(b"not a picture", portrait("obama.jpg"))
    verdict = bench.until(is_verdict)
    assert isinstance(verdict, Verdict) and verdict.failure is not None and verdict.failure.code.startswith("face.reference_")


def test_an_id_cards_photo_that_cannot_be_read_doubts_nobody(bench: Bench) -> None:
    bench.begin(portrait("obama.jpg"), b"not a picture")
    told = bench.until(lambda told: is_verdict(told) or (isinstance(told, Sight) and told.stage is Stage.TURN))
    assert isinstance(told, Sight), told


def test_who_left_meanwhile_is_not_filmed(bench: Bench) -> None:
    left = Event()
    left.set()
    assert bench.booth.begin(Begin((portrait("obama.jpg"),), HURRIED, GAIN, Spent()), left) == Failure("face.process_lost")
    time.sleep(0.3)
    assert bench.preview.newest() == (0, None)


def test_chances_that_are_used_up_stay_so(bench: Bench) -> None:
    assert bench.booth.begin(Begin((portrait("biden_portrait.jpg"),), HURRIED, GAIN, Spent(5, 2)), Event()) is None
    verdict = bench.until(is_verdict)
    assert isinstance(verdict, Verdict) and verdict.spent == Spent(5, 3)


def test_a_process_that_dies_is_said_and_another_comes(bench: Bench) -> None:
    bench.begin()
    bench.until(lambda told: isinstance(told, Sight))
    os.kill(bench.pid(), signal.SIGKILL)
    assert bench.until(is_verdict) == Failure("face.process_lost")
    assert bench.booth.status().device is Device.ONLINE


def test_a_frozen_camera_ends_the_session_with_its_code(bench: Bench) -> None:
    bench.begin()
    bench.until(lambda told: isinstance(told, Sight))
    bench.board.put("face_camera", "frame", Fault("frozen", 0, {}))
    assert bench.until(is_verdict) == Failure("camera.frozen")


def test_nobody_is_filmed_between_two_people(bench: Bench) -> None:
    bench.begin()
    bench.until(lambda told: isinstance(told, Sight))
    assert bench.server.viewers == 1
    bench.booth.forget()
    bench.booth.prepare()
    ends_at = time.monotonic() + 5
    while bench.server.viewers and time.monotonic() < ends_at:
        time.sleep(0.05)
    assert bench.server.viewers == 0 and bench.preview.newest() == (0, None)
    assert bench.booth.status().device is Device.ONLINE
    assert bench.preview.newest() == (0, None), "a look at the camera's state reaches no screen"


def test_missing_models_are_the_devices_fault(bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KIOSK_ASSETS", str(tmp_path))
    bench.booth.forget()
    report = bench.booth.status()
    assert report.fault is not None and report.fault.code == "face.models_missing"
    failure = bench.booth.begin(Begin((portrait("obama.jpg"),), HURRIED, GAIN, Spent()), Event())
    assert failure is not None and failure.code == "face.models_missing"


def test_a_camera_that_is_not_there_is_said(tmp_path: Path) -> None:
    booth = FaceBooth(PROGRAM, "opencv", str(tmp_path / "video9"), Preview())
    try:
        failure = booth.open()
        assert failure is not None and failure.code == "camera.absent"
    finally:
        booth.close()


def test_a_closed_booth_has_no_process(bench: Bench) -> None:
    pid = bench.pid()
    bench.booth.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert bench.booth.status().device is Device.OFFLINE
    assert bench.booth.next(0.1) == Failure("face.process_lost")


def test_the_process_ends_when_the_machine_is_killed(bench: Bench) -> None:
    """Its line is hung up then, and it stops filming within a frame, whatever it was doing."""
    machine = subprocess.Popen([sys.executable, "-c", MACHINE, bench.url], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert machine.stdout is not None
    films = int(machine.stdout.readline())
    os.kill(films, 0)
    machine.kill()
    machine.wait()
    machine.stdout.close()
    for _look in range(200):
        if not Path(f"/proc/{films}").exists() or "State:\tZ" in Path(f"/proc/{films}/status").read_text():
            return
        time.sleep(0.05)
    raise AssertionError("the process that films outlived its machine")


MACHINE = """
import sys, threading, time
from pathlib import Path
from kiosk.face.filming.messages import Begin
from kiosk.face.verdict import Spent, Times
from kiosk.services.face_booth import FaceBooth
from kiosk.view import Preview
booth = FaceBooth((sys.executable, "-m", "kiosk.commands.face_child"), "opencv", sys.argv[1], Preview())
assert booth.open() is None
assert booth.begin(Begin((Path("assets/faces/obama.jpg").read_bytes(),), Times(), 0.165, Spent()), threading.Event()) is None
while booth.next(0.5) is None:
    pass
print(booth._child.process.pid, flush=True)
time.sleep(60)
"""
