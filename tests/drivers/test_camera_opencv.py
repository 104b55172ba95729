"""The camera driver against streams over loopback HTTP."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest

from drivers.camera import opencv
from drivers.camera.emulator import MjpegServer
from drivers.camera.light import jpeg
from drivers.camera.opencv import OpenCvCamera
from drivers.contract.failure import Failure
from drivers.contract.status import Device
from drivers.world.faults import Fault, FaultBoard


class Counter:
    """Pictures whose brightness says how many were made, noise on top."""

    def __init__(self) -> None:
        self.made = 0
        self.level: int | None = None

    def __call__(self) -> bytes:
        self.made += 1
        level = self.level if self.level is not None else 20 + self.made % 200
        noise = np.random.default_rng().integers(0, 10, (48, 64, 3), np.uint8)
        return jpeg(np.full((48, 64, 3), level, np.uint8) + noise)


ON_THEIR_WAY = 15
"""Pictures: a driver that keeps more of them back shows what has long gone."""


@dataclass
class Bench:
    camera: OpenCvCamera
    scene: Counter
    faults: FaultBoard
    server: MjpegServer

    def fault(self, moment: str, kind: str, times: int = 0) -> None:
        self.faults.put("face_camera", moment, Fault(kind, times))

    def until(self, met: Callable[[np.ndarray | Failure], bool]) -> np.ndarray | Failure:
        """What the camera gives once that holds: on a busy machine a few older pictures are still on their way."""
        deadline, older = time.monotonic() + 10, 0
        while not met(given := self.camera.frame()):
            older += not isinstance(given, Failure)
            assert older < ON_THEIR_WAY and time.monotonic() < deadline, given
        return given


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    monkeypatch.setattr(opencv, "FRAME_S", 0.6)
    monkeypatch.setattr(opencv, "OPEN_TIMEOUT_MS", 500)
    monkeypatch.setattr(opencv, "READ_TIMEOUT_MS", 400)
    scene, faults = Counter(), FaultBoard()
    server = MjpegServer("127.0.0.1", 0, {"/face.mjpg": scene}, fps=60, faults=faults)
    server.start()
    camera = OpenCvCamera(f"http://127.0.0.1:{server.port}/face.mjpg")
    yield Bench(camera, scene, faults, server)
    camera.close()
    server.stop()


def test_frames_come_as_bgr_and_show_what_is_before_the_camera_now(bench: Bench) -> None:
    assert bench.camera.open() is None
    for level in (40, 120, 200):
        bench.scene.level = level
        picture = bench.until(lambda given, level=level: not isinstance(given, Failure) and abs(given.mean() - level - 4) < 12)
        assert (picture.shape, picture.dtype) == ((48, 64, 3), np.uint8)


def test_the_report_says_online_then_closed(bench: Bench) -> None:
    assert bench.camera.open() is None
    assert bench.camera.status().device is Device.ONLINE
    bench.camera.close()
    assert bench.camera.status().fault == Failure("camera.closed")
    assert bench.camera.frame() == Failure("camera.closed")


def test_a_stream_that_repeats_one_picture_is_frozen(bench: Bench) -> None:
    assert bench.camera.open() is None
    bench.fault("frame", "frozen")
    assert bench.until(lambda given: isinstance(given, Failure)) == Failure("camera.frozen")
    bench.faults.clear()
    bench.until(lambda given: not isinstance(given, Failure))


def test_a_stream_that_stops_is_silent_or_lost_and_comes_back(bench: Bench) -> None:
    assert bench.camera.open() is None
    bench.fault("frame", "silence")
    failure = bench.until(lambda given: isinstance(given, Failure))
    assert failure.code in ("camera.silent", "camera.lost")
    bench.faults.clear()
    bench.until(lambda given: not isinstance(given, Failure))


def test_a_broken_connection_is_opened_again(bench: Bench) -> None:
    assert bench.camera.open() is None
    bench.fault("frame", "disconnect", times=1)
    bench.camera.frame()
    bench.until(lambda given: not isinstance(given, Failure))


def test_a_server_that_never_answers_is_silent(bench: Bench) -> None:
    bench.fault("open", "silence")
    failure = bench.camera.open()
    assert failure is not None
    assert failure.code == "camera.silent"


def test_a_dark_picture_is_still_a_picture(bench: Bench) -> None:
    assert bench.camera.open() is None
    bench.scene.level = 200
    bench.fault("frame", "dark")
    bench.until(lambda given: not isinstance(given, Failure) and 0 < given.mean() < 20)


@pytest.mark.parametrize("port", ["/dev/no-such-camera", "http://127.0.0.1:1/face.mjpg"])
def test_an_absent_camera_is_a_coded_failure_without_talk_on_standard_error(port: str, capfd: pytest.CaptureFixture[str]) -> None:
    failure = OpenCvCamera(port).open()
    assert failure == Failure("camera.absent", detail={"port": port})
    assert capfd.readouterr().err == ""


def test_a_server_that_sends_no_pictures_is_a_coded_failure(bench: Bench, capfd: pytest.CaptureFixture[str]) -> None:
    listener = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        while True:
            try:
                peer, _ = listener.accept()
            except OSError:
                return
            with peer:
                peer.recv(1000)
                peer.sendall(b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n<html>no camera here</html>")

    threading.Thread(target=answer, daemon=True).start()
    failure = OpenCvCamera(f"http://127.0.0.1:{listener.getsockname()[1]}/").open()
    listener.close()
    assert failure is not None
    assert failure.code in ("camera.absent", "camera.silent")
    assert capfd.readouterr().err == ""


def test_the_stream_rests_while_nobody_asks_and_wakes_again(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opencv, "REST_S", 0.1)
    assert bench.camera.open() is None
    deadline = time.monotonic() + 5
    while bench.camera._reader is not None:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert not isinstance(bench.camera.frame(), Failure)


def test_a_snapshot_is_written_and_an_impossible_file_is_a_failure(bench: Bench, tmp_path: Path) -> None:
    assert bench.camera.open() is None
    assert bench.camera.snap(tmp_path / "snap.png") is None
    picture = cv2.imread(str(tmp_path / "snap.png"))
    assert picture is not None
    assert picture.shape == (48, 64, 3)
    for name in ("missing/snap.png", "snap.nonsense"):
        failure = bench.camera.snap(tmp_path / name)
        assert failure == Failure("camera.not_written", detail={"file": str(tmp_path / name)})


def test_the_server_says_404_for_another_path(bench: Bench) -> None:
    failure = OpenCvCamera(bench.camera.port.replace("face", "cellar")).open()
    assert failure is not None
    assert failure.code == "camera.absent"


def test_a_count_of_a_fault_lasts_its_seconds(bench: Bench) -> None:
    bench.faults.put("face_camera", "frame", Fault("frozen", 1, {"seconds": 30}))
    assert bench.camera.open() == Failure("camera.frozen")
    assert bench.faults.listed() == []


def test_what_was_filmed_is_overwritten_when_it_is_to_be_forgotten_and_filming_stops(bench: Bench) -> None:
    assert bench.camera.open() is None
    mine = bench.camera.frame()
    held = bench.camera._frame
    assert isinstance(mine, np.ndarray) and held is not None and held.any()
    bench.camera.forget()
    assert not held.any() and bench.camera._frame is None and bench.camera._reader is None
    assert mine.any(), "a picture that was handed out is its owner's to wipe"
    deadline = time.monotonic() + 5
    while any(thread.name == "camera-reader" for thread in threading.enumerate()):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert bench.camera._frame is None, "nor does a picture that was on its way stay"
    assert not isinstance(bench.camera.frame(), Failure), "and it wakes again"


def test_a_stream_that_rests_or_is_closed_keeps_no_picture(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opencv, "REST_S", 0.1)
    assert bench.camera.open() is None
    held = bench.camera._frame
    deadline = time.monotonic() + 5
    while bench.camera._frame is not None:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert held is not None and not held.any()
    assert not isinstance(bench.camera.frame(), Failure)
    held = bench.camera._frame
    bench.camera.close()
    assert bench.camera._frame is None and (held is None or not held.any())


def test_after_closing_nobody_is_in_the_captures_code_any_more(bench: Bench) -> None:
    """A process that ends while one is there is aborted by the C++ below, whatever it had to say."""
    assert bench.camera.open() is None
    bench.fault("frame", "silence")
    time.sleep(0.1)  # the reader waits for a picture
    bench.camera.forget()
    bench.camera.close()
    assert [thread.name for thread in threading.enumerate() if thread.name == "camera-reader"] == []
