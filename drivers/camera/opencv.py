"""Camera driver: a device path (V4L2) or a URL (MJPEG and whatever FFmpeg reads), through OpenCV's VideoCapture."""

import os
import threading
import time
import zlib
from pathlib import Path

# the libraries' own talk would reach standard error past every log; both read these when their first capture is made
os.environ.setdefault("OPENCV_LOG_LEVEL", "OFF")
os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")

import cv2
import numpy as np

from drivers.contract.camera import Frame
from drivers.contract.failure import Failure
from drivers.contract.status import Device, Report

OPEN_TIMEOUT_MS = 3000
READ_TIMEOUT_MS = 2000
FRAME_S = 2.5  # how long frame() waits for a picture
REST_S = 5.0  # without a request for so long the stream is let go: nobody is filmed while nobody is asked to look
BACK_OFF_S = (0.1, 0.3, 1.0, 2.0)
V4L2_MANUAL, V4L2_APERTURE_PRIORITY = 1, 3  # V4L2_CID_EXPOSURE_AUTO, linux/v4l2-controls.h
WIDTH, HEIGHT = 1280, 720  # asked of a real camera, which gives its nearest

cv2.utils.logging.setLogLevel(0)


class OpenCvCamera:
    """See `drivers.contract.camera.Camera`. A reader thread owns the capture and keeps only the newest frame, so that none is ever stale.

    frame() gives a picture that came in after the call and differs from the one before it: a real sensor's noise never repeats, so an identical
    picture is a frozen camera, not a still scene. The stream rests after `REST_S` and wakes with the next frame(). What it holds is overwritten when
    it rests; FFmpeg's and V4L2's own buffers go with the capture, which is closed then.
    """

    def __init__(self, port: str) -> None:
        self.port = port
        self._changed = threading.Condition()
        self._reader: threading.Thread | None = None
        self._readers: list[threading.Thread] = []  # those that were let go and may still be in the capture's code, too
        self._closing = False
        self._wanted_at = 0.0
        self._frame: Frame | None = None  # the newest that differs from its predecessor
        self._frame_at = 0.0
        self._repeated_at = 0.0  # when an unchanged picture came in last
        self._failure: Failure | None = None  # why the stream is not up
        self._capture_now: cv2.VideoCapture | None = None

    def open(self) -> Failure | None:
        self.close()
        self._closing = False
        result = self.frame()
        if isinstance(result, Failure):
            self.close()
            return result
        return None

    def close(self) -> None:
        with self._changed:
            self._closing = True
            self._changed.notify_all()
            readers, self._reader, self._readers = self._readers, None, []
        until = time.monotonic() + OPEN_TIMEOUT_MS / 1000 + 1
        for reader in readers:  # a process that ends while one is in there is aborted
            reader.join(max(0.0, until - time.monotonic()))
        with self._changed:
            self._drop()

    def forget(self) -> None:
        with self._changed:
            self._reader = None  # its thread sees it and ends; the next frame() starts another
            self._drop()
            self._changed.notify_all()

    def _drop(self) -> None:
        """Call with `_changed` held: frame() hands out copies, so nobody else has this picture."""
        if self._frame is not None:
            self._frame.fill(0)
        self._frame = None

    def status(self) -> Report:
        if self._closing:
            return Report("camera", Device.OFFLINE, fault=Failure("camera.closed"))
        result = self.frame()
        if not isinstance(result, Failure):
            result.fill(0)  # whoever passes by was not asked
            return Report("camera", Device.ONLINE)
        return Report("camera", Device.NO_DEVICE if result.code == "camera.absent" else Device.HARDWARE_ERROR, fault=result)

    def hold_exposure(self, held: bool) -> bool:
        """V4L2 cameras by their manual modes; a stream of pictures has none."""
        with self._changed:  # the reader gives its capture up under the same lock, before it is released
            capture = self._capture_now
            if capture is None or "://" in self.port:
                return False
            capture.set(cv2.CAP_PROP_AUTO_EXPOSURE, V4L2_MANUAL if held else V4L2_APERTURE_PRIORITY)
            capture.set(cv2.CAP_PROP_AUTO_WB, 0 if held else 1)
            return held and capture.get(cv2.CAP_PROP_AUTO_EXPOSURE) == V4L2_MANUAL and capture.get(cv2.CAP_PROP_AUTO_WB) == 0

    def frame(self) -> Frame | Failure:
        asked_at = time.monotonic()
        deadline = asked_at + FRAME_S
        with self._changed:
            if self._closing:
                return Failure("camera.closed")
            self._wanted_at = asked_at
            while not self._closing:
                if self._reader is None:
                    self._failure = None
                    self._reader = threading.Thread(target=self._read, name="camera-reader", daemon=True)
                    self._reader.start()
                    self._readers = [*(reader for reader in self._readers if reader.is_alive()), self._reader]
                if self._frame is not None and self._frame_at > asked_at:
                    return self._frame.copy()
                if self._failure is not None and self._failure.code == "camera.absent":
                    return self._failure
                remaining = deadline - time.monotonic()
                if remaining <= 0:
                    break
                self._changed.wait(remaining)
            if self._repeated_at > asked_at:
                return Failure("camera.frozen")
            return self._failure or Failure("camera.silent")

    def snap(self, out: Path) -> Failure | None:
        """Writes the newest frame as an image file, its kind by the suffix. `camera.not_written` where that cannot be done."""
        picture = self.frame()
        if isinstance(picture, Failure):
            return picture
        try:
            encoded, data = cv2.imencode(out.suffix or ".png", picture)
            if encoded:
                out.write_bytes(data.tobytes())
        except (OSError, cv2.error):
            encoded = False
        return None if encoded else Failure("camera.not_written", detail={"file": str(out)})

    # --- the reader's thread

    def _read(self) -> None:
        attempt = 0
        while not self._done():
            began = time.monotonic()
            capture = self._capture()
            if not capture.isOpened():
                refused = time.monotonic() - began < OPEN_TIMEOUT_MS / 2000  # at once: nobody is there; late: somebody who does not answer
                self._say(Failure("camera.absent" if refused else "camera.silent", detail={"port": self.port}))
                self._pause(BACK_OFF_S[min(attempt, len(BACK_OFF_S) - 1)])
                attempt += 1
                continue
            with self._changed:
                self._capture_now = capture
            if self._stream(capture):
                attempt = 0
            with self._changed:
                self._capture_now = None
            capture.release()
            if not self._done():
                self._say(Failure("camera.lost", detail={"port": self.port}))
                self._pause(BACK_OFF_S[min(attempt, len(BACK_OFF_S) - 1)])
                attempt += 1

    def _stream(self, capture: cv2.VideoCapture) -> bool:
        """Keeps the newest frame until reading fails or nobody asks any more; whether any came."""
        last: int | None = None
        while not self._done():
            good, picture = capture.read()
            if not good or picture is None:
                break
            mark = zlib.crc32(np.ascontiguousarray(picture).tobytes())
            with self._changed:
                if threading.current_thread() is not self._reader:
                    picture.fill(0)
                elif last is not None and mark != last:
                    self._drop()
                    self._frame, self._frame_at, self._failure = picture, time.monotonic(), None
                elif last is not None:
                    self._repeated_at = time.monotonic()
                self._changed.notify_all()
            last = mark
        return last is not None

    def _capture(self) -> cv2.VideoCapture:
        timeouts = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, OPEN_TIMEOUT_MS, cv2.CAP_PROP_READ_TIMEOUT_MSEC, READ_TIMEOUT_MS]
        if "://" in self.port:
            return cv2.VideoCapture(self.port, cv2.CAP_FFMPEG, timeouts)
        # compressed pictures before the size, or USB 2 has no room for 720p
        wishes = [cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"), cv2.CAP_PROP_FRAME_WIDTH, WIDTH, cv2.CAP_PROP_FRAME_HEIGHT, HEIGHT]
        return cv2.VideoCapture(self.port, cv2.CAP_V4L2, wishes)

    def _done(self) -> bool:
        """Whether this reader is to end. One that rests hands its place over in the same moment, so that frame() never waits for it."""
        with self._changed:
            if threading.current_thread() is not self._reader:
                return True
            if self._closing or time.monotonic() - self._wanted_at > REST_S:
                self._reader = None
                self._drop()
                return True
            return False

    def _say(self, failure: Failure) -> None:
        with self._changed:
            self._failure = failure
            self._changed.notify_all()

    def _pause(self, seconds: float) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._closing, seconds)
