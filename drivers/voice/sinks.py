"""Where sound is played. A sink takes 16-bit mono samples, no faster than they sound, and holds at most a fifth of a second of them.

So short a store is what makes pausing and stopping prompt. A sink belongs to one thing said; it is used by one thread.
"""

import fcntl
import os
import select
import subprocess
import time
import wave
from pathlib import Path
from typing import Protocol

from drivers.contract.failure import Failure
from drivers.contract.voice import Speech

BUFFER_S = 0.2
STUCK_S = 3.0
"""A device that takes nothing for so long plays nothing any more."""
_LOOK_S = 0.02
"""How often it is looked, while the device takes nothing, whether the speech was stopped."""
_PIPE_BYTES = 4096
_F_SETPIPE_SZ = 1031


class Sink(Protocol):
    def write(self, samples: bytes, speech: Speech) -> Failure | None:
        """Blocks until there is room; ends early where the speech is stopped."""

    def finish(self, speech: Speech) -> Failure | None:
        """Blocks until all has sounded."""

    def abandon(self) -> None:
        """What has not sounded does not."""


class AplaySink:
    """`aplay` of alsa-utils in a process of its own, fed by a pipe. `voice.no_device` where it cannot play."""

    def __init__(self, device: str, rate: int) -> None:
        """Raises FileNotFoundError where there is no aplay."""
        self._device = device
        form = ["-q", "-t", "raw", "-f", "S16_LE", "-c", "1", "-r", str(rate), f"--buffer-time={round(BUFFER_S * 1e6)}"]
        command = ["aplay", "-D", device, *form, "-"]
        self._aplay = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self._pipe = self._aplay.stdin.fileno() if self._aplay.stdin is not None else -1
        fcntl.fcntl(self._pipe, _F_SETPIPE_SZ, _PIPE_BYTES)
        os.set_blocking(self._pipe, False)

    def write(self, samples: bytes, speech: Speech) -> Failure | None:
        until = time.monotonic() + STUCK_S
        while samples and not speech.stopped.is_set():
            if time.monotonic() > until:
                return self._broken()
            if not select.select((), (self._pipe,), (), _LOOK_S)[1]:
                continue
            try:
                samples = samples[os.write(self._pipe, samples) :]
            except BlockingIOError:
                time.sleep(_LOOK_S / 10)
            except OSError:
                return self._broken()
        return None

    def finish(self, speech: Speech) -> Failure | None:
        self._close()
        until = time.monotonic() + STUCK_S
        while self._aplay.poll() is None and not speech.stopped.is_set():
            if time.monotonic() > until:
                return self._broken()
            speech.stopped.wait(0.01)
        if speech.stopped.is_set():
            self.abandon()
            return None
        return None if self._aplay.returncode == 0 else self._broken()

    def abandon(self) -> None:
        self._aplay.kill()
        self._close()
        self._aplay.wait()

    def _close(self) -> None:
        if self._aplay.stdin is not None and not self._aplay.stdin.closed:
            try:
                self._aplay.stdin.close()
            except OSError:
                pass

    def _broken(self) -> Failure:
        self.abandon()
        return Failure("voice.no_device", detail={"device": self._device})


class TimedSink:
    """No sound card: takes as long as one would. For simulated halls and tests. record: where the samples go as WAV, nowhere for None."""

    def __init__(self, rate: int, record: Path | None = None) -> None:
        self._rate = rate
        self._sounded_at = 0.0  # when everything taken so far will have sounded
        self._record = None if record is None else wave.open(str(record), "wb")  # noqa: SIM115 - closed by abandon
        if self._record is not None:
            self._record.setparams((1, 2, rate, 0, "NONE", ""))

    def write(self, samples: bytes, speech: Speech) -> Failure | None:
        now = time.monotonic()
        self._sounded_at = max(self._sounded_at, now) + len(samples) / (2 * self._rate)
        if self._record is not None:
            self._record.writeframes(samples)
        speech.stopped.wait(max(0.0, self._sounded_at - BUFFER_S - now))
        return None

    def finish(self, speech: Speech) -> Failure | None:
        speech.stopped.wait(max(0.0, self._sounded_at - time.monotonic()))
        self.abandon()
        return None

    def abandon(self) -> None:
        if self._record is not None:
            self._record.close()
            self._record = None
