"""The loop of the process that films one person. It ends with the person: the machine kills it, and the system takes back all that it held."""

import threading
import time
from multiprocessing.connection import Connection
from pathlib import Path

from drivers.contract.camera import Camera
from drivers.contract.failure import Failure as DeviceFailure
from drivers.contract.status import Device, Report
from kiosk.domain.failure import Failure
from kiosk.face.filming.messages import AskStatus, Begin, Framed, Lit, Ready, Told
from kiosk.face.filming.shelf import Shelf
from kiosk.face.image import Image
from kiosk.face.match import FaceMatcher, Reference
from kiosk.face.models import FaceModels
from kiosk.face.session import Session
from kiosk.face.verdict import Sight, Stage, Verdict

_WAIT_S = 0.05


class Filming:
    """Serves one machine over `line` until it hangs up. Films only between Begin and the session's end, and for a status."""

    def __init__(self, line: Connection, shelf: Shelf, camera: Camera, models: Path) -> None:
        self._line, self._shelf, self._camera, self._directory = line, shelf, camera, models
        self._saying = threading.Lock()
        self._news = threading.Condition()
        self._newest: tuple[Image, float] | None = None
        self._camera_failure: Failure | None = None
        self._filming = False

    def serve(self) -> None:
        models = FaceModels.load(self._directory)
        self._say(Ready(models if isinstance(models, Failure) else None))
        matcher = None if isinstance(models, Failure) else FaceMatcher(models)
        try:
            while True:
                match self._line.recv():
                    case AskStatus():
                        self._say(self._status())
                    case Begin() as begin if matcher is not None:
                        self._watch(matcher, begin)
                    case Lit():
                        continue  # the session it was meant for is over
        except (EOFError, ConnectionError):
            return  # the machine is gone, and so is everything here

    def _say(self, told: Told) -> None:
        with self._saying:
            self._line.send(told)

    def _status(self) -> Report:
        failure = self._camera.open()
        if failure is not None:
            absent = failure.code == "camera.absent"
            return Report("camera", Device.NO_DEVICE if absent else Device.HARDWARE_ERROR, fault=failure)
        report = self._camera.status()
        self._camera.forget()
        return report

    def _watch(self, matcher: FaceMatcher, begin: Begin) -> None:
        decides, *others = [matcher.enrol(portrait) for portrait in begin.portraits]
        if isinstance(decides, Failure):
            self._say(Verdict(decides, 0, (), None, spent=begin.before))
            return
        doubts = [reference for reference in others if isinstance(reference, Reference)]  # an ID card's photo that cannot be read doubts nobody
        session = Session(matcher, [decides, *doubts], begin.calibrated_gain, begin.times, begin.before)
        self._camera.open()
        self._camera.hold_exposure(False)
        self._filming = True
        capture = threading.Thread(target=self._capture, name="capture")
        capture.start()
        try:
            self._follow(session)
        finally:
            self._filming = False
            capture.join()
            session.forget()
            self._camera.forget()

    def _follow(self, session: Session) -> None:
        last: Sight | None = None
        held = False
        while session.verdict is None:
            while self._line.poll():
                told = self._line.recv()
                if isinstance(told, Lit):
                    session.lit(told.colour, told.at_s)
            frame = self._taken()
            if isinstance(frame, Failure):
                self._say(frame)
                return
            if frame is None:
                continue
            picture, at_s = frame
            sight = session.see(picture, at_s)
            picture.fill(0)
            if sight.stage is Stage.FLASH and not held:
                session.hold(self._camera.hold_exposure(True))
            elif sight.stage is not Stage.FLASH and held:
                self._camera.hold_exposure(False)
            held = sight.stage is Stage.FLASH
            if sight != last:
                last = sight
                self._say(sight)
        self._say(session.verdict)

    def _taken(self) -> tuple[Image, float] | Failure | None:
        """The newest frame, once; None where none came for a moment, so that what is told meanwhile is heard."""
        with self._news:
            self._news.wait_for(lambda: self._newest is not None or self._camera_failure is not None, _WAIT_S)
            if self._camera_failure is not None:
                return self._camera_failure
            newest, self._newest = self._newest, None
            return newest

    def _capture(self) -> None:
        """The camera's own pace, in a thread of its own: the screen gets every frame, the session the newest."""
        while self._filming:
            frame = self._camera.frame()
            at_s = time.monotonic()
            with self._news:
                if isinstance(frame, DeviceFailure):
                    self._camera_failure = Failure(frame.code, frame.device_code, dict(frame.detail))
                else:
                    self._say(Framed(*self._shelf.put(frame)))
                    if self._newest is not None:
                        self._newest[0].fill(0)
                    self._newest = frame, at_s
                self._news.notify()
            if isinstance(frame, DeviceFailure):
                return
