"""Driver of a voice: espeak-ng makes the sound, a sink plays it, and this leads one into the other so that it can be paused and stopped.

See `drivers.voice.port` for how a profile says where the sound goes. On a machine without sound every call answers with a coded failure.
"""

import re
import shutil
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from drivers.contract.failure import Failure
from drivers.contract.status import Device, Report
from drivers.contract.voice import FASTEST_PERCENT, SLOWEST_PERCENT, Output, Speech
from drivers.voice import prompts
from drivers.voice.port import placed, plugged
from drivers.voice.sinks import AplaySink, Sink, TimedSink
from drivers.voice.speeds import VOICES, speed
from drivers.voice.synthesis import PROGRAM, Synthesis
from drivers.voice.text import plain

_FAMILY = "voice"
PIECE_S = 0.02
JACK_EVERY_S = 0.25
"""How often it is looked, while something private is said, whether the headset is still plugged in: a sound card may turn to its loudspeaker."""
_VERSION_S = 5.0


class EspeakVoice:
    """See `drivers.contract.voice.Voice`. prompts: folder of sentences synthesised beforehand, None for none. Raises ValueError for a bad port."""

    def __init__(self, port: str, prompts: Path | None = None) -> None:
        self._placed = placed(port)
        self._prompts = prompts
        self._version = ""
        self._turn = threading.Lock()  # one thing is said at a time
        self._now: Speech | None = None

    def open(self) -> Failure | None:
        return self._parts() or self._device_tried()

    def close(self) -> None:
        self.forget()

    def forget(self) -> None:
        speech = self._now
        if speech is not None:
            speech.stop()

    def status(self) -> Report:
        fault = self._parts() or (self._device_tried() if self._now is None else None)
        return Report(_FAMILY, Device.ONLINE if fault is None else Device.NO_DEVICE, firmware=self._version or None, fault=fault)

    def headset(self) -> bool:
        return bool(self._placed.headset) and plugged(self._placed.jack)

    def speak(self, speech: Speech) -> Failure | None:
        text = plain(speech.text)
        if text is None:
            return Failure("voice.bad_text")
        if speech.language not in VOICES or not SLOWEST_PERCENT <= speech.rate_percent <= FASTEST_PERCENT or not 0 <= speech.volume <= 100:
            return Failure("voice.bad_setting", detail={"allowed": f"{', '.join(VOICES)}; {SLOWEST_PERCENT}–{FASTEST_PERCENT} %; 0–100"})
        if speech.to is Output.HEADSET and not self.headset():
            return Failure("voice.no_headset")
        self.forget()
        with self._turn:
            self._now = speech
            try:
                return self._said(text, speech)
            finally:
                self._now = None

    def prompt_name(self, text: str, language: str) -> str | Failure:
        """Under which name the sentence is kept, said at the usual speed."""
        failure, words = self._parts(), plain(text)
        if failure is not None or words is None:
            return failure or Failure("voice.bad_text")
        return prompts.name_of(language, words, VOICES[language], speed(language, 100), self._version)

    def synthesised(self, text: str, language: str) -> prompts.Sound | Failure:
        """The sentence at the usual speed. For set-up; OSError where there is no espeak-ng."""
        words = plain(text)
        if words is None:
            return Failure("voice.bad_text")
        made, sound = Synthesis(words, VOICES[language], speed(language, 100)), b""
        try:
            while piece := made.read(1 << 16):
                sound += piece
        finally:
            made.close()
        return made.failure or (made.rate, sound)

    def _parts(self) -> Failure | None:
        """What is missing of the programs."""
        if shutil.which(PROGRAM) is None:
            return Failure("voice.no_synthesizer")
        if self._placed.scheme == "alsa" and shutil.which("aplay") is None:
            return Failure("voice.no_player")
        if not self._version:
            try:
                said = subprocess.run([PROGRAM, "--version"], capture_output=True, text=True, timeout=_VERSION_S).stdout
            except (OSError, subprocess.SubprocessError):
                return Failure("voice.no_synthesizer")
            found = re.search(r"\d+(\.\d+)+", said)
            self._version = found.group() if found else ""
        return None

    def _device_tried(self) -> Failure | None:
        """Plays an instant of silence: the only way to know that a device can be played on."""
        silence = Speech("", "en")
        sink = self._sink(Output.SPEAKER, 22050)
        return sink if isinstance(sink, Failure) else sink.write(bytes(882), silence) or sink.finish(silence)

    def _sink(self, to: Output, rate: int) -> Sink | Failure:
        try:
            if self._placed.scheme == "timed":
                return TimedSink(rate, Path(self._placed.record) if self._placed.record else None)
            return AplaySink(self._placed.headset if to is Output.HEADSET else self._placed.speaker, rate)
        except FileNotFoundError:
            return Failure("voice.no_player")
        except OSError:
            return Failure("voice.no_device", detail={"device": self._placed.record or self._placed.speaker})

    def _said(self, text: str, speech: Speech) -> Failure | None:
        failure = self._parts()
        if failure is not None or speech.stopped.is_set():
            return failure
        rate = speed(speech.language, speech.rate_percent)
        ready = self._ready(text, speech.language, rate)
        if ready is not None:
            begun = 0

            def from_file(count: int) -> bytes:
                nonlocal begun
                begun += count
                return ready[1][begun - count : begun]

            return self._played(ready[0], from_file, speech)
        try:
            made = Synthesis(text, VOICES[speech.language], rate)
        except OSError:
            return Failure("voice.no_synthesizer")
        try:
            return made.failure or self._played(made.rate, made.read, speech) or (None if speech.stopped.is_set() else made.failure)
        finally:
            made.close()

    def _ready(self, text: str, language: str, rate: tuple[int, int]) -> prompts.Sound | None:
        if self._prompts is None:
            return None
        return prompts.load(self._prompts / prompts.name_of(language, text, VOICES[language], rate, self._version))

    def _played(self, rate: int, read: Callable[[int], bytes], speech: Speech) -> Failure | None:
        sink = self._sink(speech.to, rate)
        if isinstance(sink, Failure):
            return sink
        size, looked = 2 * round(rate * PIECE_S), time.monotonic()
        while piece := read(size):
            if not speech.wait_going():
                break
            if speech.to is Output.HEADSET and time.monotonic() - looked > JACK_EVERY_S:
                looked = time.monotonic()
                if not self.headset():
                    sink.abandon()
                    return Failure("voice.no_headset")
            failure = sink.write(_quieter(piece, speech.volume), speech)
            if failure is not None:
                return failure
            speech.sounding()
        if speech.stopped.is_set():
            sink.abandon()
            return None
        return sink.finish(speech)


def _quieter(samples: bytes, volume: int) -> bytes:
    heard = np.frombuffer(samples, "<i2").astype(np.float32) * (volume / 100)
    return heard.astype("<i2").tobytes()
