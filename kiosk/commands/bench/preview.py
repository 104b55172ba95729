"""How quickly frames of a 720p camera come through the process that films to the preview, while a session looks at each."""

import statistics
import threading
import time
from collections.abc import Callable

import cv2

from drivers.world.client import WorldClient
from kiosk.app import FACE_PROGRAM
from kiosk.commands.bench.hall import hall
from kiosk.commands.bench.measure import Line, line
from kiosk.config import assets_directory, load_profile
from kiosk.domain.failure import Failure
from kiosk.face.filming.messages import Begin
from kiosk.face.verdict import Spent, Times
from kiosk.health.desk import in_our_words
from kiosk.services.face_booth import FaceBooth
from kiosk.view import Preview

PERSONA, PORTRAIT = "ordinary", "obama.jpg"
SETTLE_S, WINDOW_S, WINDOWS = 2.0, 1.0, 8
LIMIT_MS = 40.0
"""25 frames a second."""
PATIENT = Times(turn_s=600.0)  # nobody turns: the session goes on looking


def measure() -> list[Line] | Failure:
    with hall("real") as world:
        if isinstance(world, Failure):
            return world
        profile = load_profile(world.profile)
        if isinstance(profile, Failure):
            return profile
        WorldClient(world.control_url).scene("live", PERSONA)
        camera = profile.devices.face_camera
        url = profile.port(camera)
        bare = _bare(url)
        preview = Preview()
        booth = FaceBooth(FACE_PROGRAM, camera.driver, url, preview)
        try:
            absent = booth.open()
            if absent is not None:
                return in_our_words(absent)
            portrait = (assets_directory() / "faces" / PORTRAIT).read_bytes()
            failure = booth.begin(Begin((portrait,), PATIENT, profile.face.fill_gain, Spent()), threading.Event())
            if failure is not None:
                return failure
            shown = _frames_ms(lambda: preview.newest()[0])
        finally:
            booth.close()
    if not shown:
        return Failure("bench.not_completed", detail={"outcome": "face_camera"})
    return [line("face.preview", "ms a frame", shown, bare, limit=LIMIT_MS)]


def _frames_ms(serial: Callable[[], int]) -> list[float]:
    """For each window how long a frame took; empty where none came in one of them."""
    ends_at = time.monotonic() + 15
    while serial() == 0 and time.monotonic() < ends_at:
        time.sleep(0.01)
    time.sleep(SETTLE_S)
    found = []
    for _window in range(WINDOWS):
        before, began = serial(), time.perf_counter()
        time.sleep(WINDOW_S)
        frames, took_ms = serial() - before, (time.perf_counter() - began) * 1000
        if frames <= 0:
            return []
        found.append(took_ms / frames)
    return found


def _bare(url: str) -> list[float]:
    """The same camera read by OpenCV alone."""
    capture = cv2.VideoCapture(url)
    try:
        found = []
        for _window in range(WINDOWS):
            times = []
            for _frame in range(25):
                began = time.perf_counter()
                capture.read()
                times.append((time.perf_counter() - began) * 1000)
            found.append(statistics.mean(times))
        return found
    finally:
        capture.release()
