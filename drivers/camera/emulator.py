"""The simulated hall's cameras: a server of endless JPEG streams. What they see is in `scenes.py` and `back.py`.

Faults, device `face_camera` for /face.mjpg and `back_camera` for /back.mjpg: at `open` silence and disconnect, at `frame` silence, frozen, dark and
disconnect, and for the face camera bright_room (sun floods the hall) and auto_exposure (exposure and white balance chase what they see). A fault
with a count lasts its parameter `seconds` (3) each time; one without lasts until it is deleted.
"""

import socket
import sys
import threading
import time
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import PurePosixPath

import cv2
import numpy as np

from drivers.camera.light import jpeg
from drivers.camera.scenes import QUALITY, FaceScene
from drivers.world.faults import FaultBoard

BOUNDARY = "frame"
FAULT_S = 3.0


def darkened(data: bytes) -> bytes:
    """The same picture as if the light had failed: only the sensor's noise is left."""
    picture = np.asarray(cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR), np.float32)
    noise = np.random.default_rng().uniform(0, 4, picture.shape)
    return jpeg((picture * 0.03 + noise).astype(np.uint8))


class _Faults:
    """The fault in force for one stream."""

    def __init__(self, board: FaultBoard, device: str) -> None:
        self._board, self._device = board, device
        self._kind, self._until = "", 0.0

    def kind(self, moment: str) -> str:
        if time.monotonic() < self._until:
            return self._kind
        fault = self._board.take(self._device, moment)
        if fault is None:
            return ""
        self._kind = fault.kind
        self._until = time.monotonic() + float(fault.parameters.get("seconds", FAULT_S)) if fault.times else 0.0
        return fault.kind


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A viewer that hangs up in mid-picture is nothing to tell; anything else is a bug and is told."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class MjpegServer:
    """multipart/x-mixed-replace over HTTP, each part with its length. Every request gets its own stream of fresh pictures.

    scenes: path ("/face.mjpg") → a function that gives the next JPEG. fps: pictures a second; rates: of single paths, where they differ.
    Port 0 picks a free one; `port` says which. `viewers`: streams that are open.
    """

    def __init__(
        self,
        host: str,
        port: int,
        scenes: Mapping[str, Callable[[], bytes]],
        fps: float = 15,
        faults: FaultBoard | None = None,
        rates: Mapping[str, float] | None = None,
    ) -> None:
        self._stopped = threading.Event()
        self._counting = threading.Lock()
        self.viewers = 0
        self._board = faults or FaultBoard()
        self._server = _Server((host, port), self._handler(dict(scenes), dict.fromkeys(scenes, fps) | dict(rates or {})))
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.1}, name="mjpeg", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(2)

    def _count(self, more: int) -> None:
        with self._counting:
            self.viewers += more

    def _handler(self, scenes: dict[str, Callable[[], bytes]], rates: dict[str, float]) -> type[BaseHTTPRequestHandler]:
        stopped, board, count = self._stopped, self._board, self._count

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path = self.path.partition("?")[0]
                scene = scenes.get(path)
                if scene is None:
                    self.send_error(404)
                    return
                faults = _Faults(board, f"{PurePosixPath(path).stem}_camera")
                opening = faults.kind("open")
                while opening == "silence" and not stopped.wait(0.05):
                    opening = faults.kind("open")
                if opening == "disconnect" or stopped.is_set():
                    return
                self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self.send_response(200)
                self.send_header("Content-Type", f"multipart/x-mixed-replace; boundary={BOUNDARY}")
                self.send_header("Cache-Control", "no-store")
                self.end_headers()
                count(1)
                try:
                    _stream(self.wfile.write, scene, faults, rates[path], stopped)
                except OSError:
                    pass  # the viewer went away
                finally:
                    count(-1)

            def log_message(self, format: str, *args: object) -> None:
                pass

        return Handler


def _stream(write: Callable[[bytes], object], scene: Callable[[], bytes], faults: _Faults, fps: float, stopped: threading.Event) -> None:
    picture = b""
    due = time.monotonic()
    while not stopped.is_set():
        kind = faults.kind("frame")
        if kind == "disconnect":
            return
        if kind != "silence":
            if kind != "frozen" or not picture:
                picture = jpeg(scene.seen(kind), QUALITY) if isinstance(scene, FaceScene) else scene()
            shown = darkened(picture) if kind == "dark" else picture
            write(f"--{BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: {len(shown)}\r\n\r\n".encode() + shown + b"\r\n")
        due = max(due + 1 / fps, time.monotonic())
        stopped.wait(due - time.monotonic())
