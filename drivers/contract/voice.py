"""A voice that says sentences: to whoever stands there by the loudspeaker, or to one person by the headset."""

import threading
import time
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from drivers.contract.failure import Failure
from drivers.contract.status import Report

SLOWEST_PERCENT, FASTEST_PERCENT = 50, 200


class Output(StrEnum):
    SPEAKER = "speaker"
    HEADSET = "headset"  # private: nobody else hears it


@dataclass(slots=True)
class Speech:
    """One thing to be said, and the hand on it while it is. stop, pause and go_on may be called from any thread, also before it has begun.

    language: zh-Hans (Mandarin), zh-Hant (Cantonese) or en. rate_percent: 50..200 of the usual speed, the pitch stays. volume: 0..100 % of the
    full amplitude, so that half is 6 dB less. began_at: monotonic seconds of the first sound handed to the device, None before.
    """

    text: str = field(repr=False)
    language: str
    rate_percent: int = 100
    volume: int = 50
    to: Output = Output.SPEAKER
    began_at: float | None = None
    stopped: threading.Event = field(default_factory=threading.Event, repr=False)
    _going: threading.Event = field(default_factory=threading.Event, repr=False)

    def __post_init__(self) -> None:
        self._going.set()

    def stop(self) -> None:
        self.stopped.set()
        self._going.set()

    def pause(self) -> None:
        self._going.clear()

    def go_on(self) -> None:
        self._going.set()

    @property
    def paused(self) -> bool:
        return not self._going.is_set()

    def wait_going(self) -> bool:
        """Waits while it is paused; False once it is stopped."""
        self._going.wait()
        return not self.stopped.is_set()

    def sounding(self) -> None:
        """The driver says that sound comes out."""
        if self.began_at is None:
            self.began_at = time.monotonic()


class Voice(Protocol):
    """All calls are thread-safe; one thing is said at a time."""

    def open(self) -> Failure | None:
        """Looks whether everything is there that speaking takes."""

    def close(self) -> None:
        """Stops what is being said."""

    def status(self) -> Report:
        """Whether it could speak now. Does not disturb what is being said."""

    def speak(self, speech: Speech) -> Failure | None:
        """Blocks until it was said or stopped (None); what was being said before is stopped first.

        `voice.bad_text` for a text without anything to say or longer than the driver takes, `voice.bad_setting` for a language, rate or volume
        that it has not, `voice.no_headset` for a private one where no headset is plugged in or it was pulled out meanwhile, `voice.no_synthesizer`,
        `voice.no_player`, `voice.no_device` where a part is missing, `voice.synthesis_failed` where the synthesizer broke off.
        """

    def headset(self) -> bool:
        """Whether somebody listens by a headset now. Takes some milliseconds."""

    def forget(self) -> None:
        """Stops and lets go of the text. Does not block."""
