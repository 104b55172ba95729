"""The face camera as the machine has it: a process of its own films and compares, and is killed when its person has gone.

A spare with its models loaded waits for the next one, its camera shut, while nobody is served.
"""

import logging
import queue
import socket
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection

from drivers.contract.failure import Failure as DeviceFailure
from drivers.contract.status import Device, Report
from kiosk.domain.failure import Failure
from kiosk.face.filming.messages import Asked, AskStatus, Begin, Framed, Lit, Ready, Told
from kiosk.face.filming.shelf import Shelf
from kiosk.face.verdict import Colour, Sight, Verdict
from kiosk.view import Preview

log = logging.getLogger(__name__)
READY_S = 20.0
STATUS_S = 9.0  # less than the desk waits
KILL_S = 5.0
LOST = Failure("face.process_lost")


@dataclass
class _Child:
    """One process and what it says. `told`: everything but frames, which go to the preview while `showing`."""

    process: "subprocess.Popen[bytes]"
    line: Connection
    shelf: Shelf
    preview: Preview
    told: "queue.Queue[Told | None]" = field(default_factory=queue.Queue)
    ready: Ready | None = None
    showing: bool = False
    reader: threading.Thread | None = None

    def listen(self) -> None:
        self.reader = threading.Thread(target=self._listen, name="face-booth", daemon=True)
        self.reader.start()

    def _listen(self) -> None:
        try:
            while True:
                told = self.line.recv()
                if isinstance(told, Framed):
                    if self.showing:
                        self.preview.put(told.width, told.height, self.shelf.get(told.slot, told.width, told.height))
                else:
                    self.told.put(told)
        except (EOFError, OSError, ValueError):
            self.told.put(None)  # hung up

    def say(self, asked: Asked) -> bool:
        try:
            self.line.send(asked)
        except (OSError, ValueError):
            return False
        return True

    def kill(self) -> None:
        """Takes some milliseconds: the system overwrites what it takes back before anybody else gets it."""
        self.showing = False
        self.process.kill()
        try:
            self.process.wait(KILL_S)
        except subprocess.TimeoutExpired:  # stuck in a camera's driver; it ends when that lets go of it
            log.error("the process that films does not end")
        if self.reader is not None:
            self.reader.join(KILL_S)  # it has met the end of the line
        self.line.close()
        self.shelf.close()


class FaceBooth:
    """`drivers.contract` words towards the desk (open, close, status, forget); a session towards the face step.

    program: the command that starts the process, to which two descriptors, the driver's name and its port are added. Blocking calls are for
    the desk's thread, `prepare` and `forget` for any; `lit` does not block.
    """

    def __init__(self, program: Sequence[str], driver: str, port: str, preview: Preview) -> None:
        self._program, self._driver, self._port, self._preview = list(program), driver, port, preview
        self._lock = threading.RLock()
        self._child: _Child | None = None
        self._saw = self._used = False  # what its camera sees now and then, for a status; somebody
        self._closed = True

    # ---- a device

    def open(self) -> DeviceFailure | None:
        with self._lock:
            self._closed = False
        return self.status().fault

    def close(self) -> None:
        with self._lock:
            self._closed = True
            child, self._child = self._child, None
        if child is not None:
            child.kill()

    def status(self) -> Report:
        """Films for a moment, with the spare. While somebody stands there the camera is known to work."""
        child = self._spare()
        if child is None:
            return Report("camera", Device.OFFLINE, fault=DeviceFailure("camera.closed"))
        if self._used:
            return Report("camera", Device.ONLINE)
        ends_at = time.monotonic() + STATUS_S
        failure = self._made_ready(child, STATUS_S)
        if failure is not None:
            return Report("camera", Device.HARDWARE_ERROR, fault=DeviceFailure(failure.code, failure.device_code, dict(failure.detail)))
        self._saw = True
        child.say(AskStatus())
        told = _next(child, max(ends_at - time.monotonic(), 0.1))
        if isinstance(told, Report):
            return told
        self.forget()
        return Report("camera", Device.HARDWARE_ERROR, fault=DeviceFailure(LOST.code if told is None else "camera.silent"))

    def prepare(self) -> None:
        """Starts the process that waits, if there is none."""
        self._spare()

    def forget(self) -> None:
        """Kills the process that may have seen somebody."""
        with self._lock:
            if self._saw or self._used:
                child, self._child, self._saw, self._used = self._child, None, False, False
                if child is not None:
                    child.kill()
            self._preview.clear()

    # ---- a session

    def begin(self, begin: Begin, left: threading.Event) -> Failure | None:
        """From here on frames go to the preview. `face.models_missing` and the like; `face.process_lost`.

        left: set before `forget` where the person does not want it any more, so that nobody is filmed who has gone meanwhile.
        """
        child = self._spare()
        if child is None:
            return LOST
        failure = self._made_ready(child, READY_S)
        if failure is not None:
            return failure
        with self._lock:
            if left.is_set() or child is not self._child:
                return LOST
            self._used, child.showing = True, True
            return None if child.say(begin) else LOST

    def next(self, wait_s: float) -> Sight | Verdict | Failure | None:
        """What the session has to say next, in order; None where it says nothing for wait_s."""
        child = self._child
        if child is None:
            return LOST
        told = _next(child, wait_s)
        if isinstance(told, Sight | Verdict | Failure):
            return told
        return LOST if told is None and child.process.poll() is not None else None

    def lit(self, colour: Colour) -> None:
        """The light shines so from now on."""
        child = self._child
        if child is not None:
            child.say(Lit(colour, time.monotonic()))

    # ---- the process

    def _spare(self) -> _Child | None:
        """The process that waits, a new one where there is none or it has died by itself."""
        with self._lock:
            if self._closed:
                return None
            if self._child is not None and self._child.process.poll() is not None:
                log.error("the process that films ended by itself: %s", self._child.process.returncode)
                self._child.kill()
                self._child, self._saw, self._used = None, False, False
            if self._child is None:
                self._child = self._started()
            return self._child

    def _started(self) -> _Child | None:
        """None where the system gives no process or no memory."""
        try:
            return self._start()
        except OSError as error:
            log.error("the process that films could not be started: %s", error)
            return None

    def _start(self) -> _Child:
        ours, theirs = socket.socketpair()
        shelf = Shelf.made()
        descriptors = (theirs.fileno(), shelf.descriptor)
        words = [*self._program, *(str(each) for each in descriptors), self._driver, self._port]
        process = subprocess.Popen(
            words, pass_fds=descriptors, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        theirs.close()
        child = _Child(process, Connection(ours.detach()), shelf, self._preview)
        child.listen()
        return child

    def _made_ready(self, child: _Child, wait_s: float) -> Failure | None:
        if child.ready is None:
            told = _next(child, wait_s)
            if not isinstance(told, Ready):
                return LOST
            child.ready = told
        return child.ready.failure


def _next(child: _Child, wait_s: float) -> Told | None:
    try:
        return child.told.get(timeout=wait_s)
    except queue.Empty:
        return None
