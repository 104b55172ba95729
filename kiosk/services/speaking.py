"""Says what the screen shows, while the traveller has the voice on: watches the seam as the screen does, in a thread of its own.

A new page interrupts, and so does any touch but those on the voice's own keys. A page that only changes a line says that line; `repeats` of the
traveller's comfort says the page again. Nothing of a page is kept once the voice is off.
"""

import logging
import threading
from collections.abc import Callable
from typing import NamedTuple

from drivers.contract.voice import Output, Speech, Voice
from kiosk.domain.failure import Failure
from kiosk.health.desk import in_our_words
from kiosk.i18n import Catalogue
from kiosk.services.speech_script import aloud, script
from kiosk.services.spoken_text import spoken
from kiosk.view import Comfort, Message, Touch, View, voice_settings

log = logging.getLogger(__name__)
VOICELESS = ("voice.no_synthesizer", "voice.no_player", "voice.no_device", "voice.bad_setting")
"""Failures after which nothing can be said at all."""
JOIN_S = 5.0


class Line(NamedTuple):
    """One line of the page in its language: for whoever stands there, and for a headset."""

    aloud: str
    private: str


class Speaking:
    """failed: told, on this thread, when nothing can be said. All methods may be called from any thread and do not block."""

    def __init__(self, voice: Voice, catalogue: Catalogue, failed: Callable[[Failure], None]) -> None:
        self._voice, self._catalogue, self._failed = voice, catalogue, failed
        self._changed = threading.Condition()
        self._lines: tuple[Line, ...] = ()
        self._said: set[Line] = set()
        self._page: object = None  # what makes two views the same page to a listener
        self._comfort = Comfort()
        self._line: Line | None = None  # being said
        self._speech: Speech | None = None
        self._thread: threading.Thread | None = None
        self._closed = False

    def show(self, view: View) -> None:
        """A new page, or the same one changed."""
        with self._changed:
            before, comfort = self._comfort, view.comfort
            self._comfort = comfort
            if not comfort.voice or self._closed:
                self._quiet()
                return
            page = (view.step, type(view.body), comfort.language, comfort.repeats)
            lines = self._told(view)
            if page != self._page:
                self._said.clear()
                self._interrupt()
            elif (before.rate, before.volume) != (comfort.rate, comfort.volume):
                self._interrupt()  # the line under way is said again as it was asked for
                lines = (self._settings(comfort), *lines)
                self._said.discard(lines[0])
            elif self._line not in lines:
                self._interrupt()
            self._page, self._lines = page, lines
            self._said.intersection_update(lines)
            if self._speech is not None:
                (self._speech.pause if comfort.paused else self._speech.go_on)()
            self._wake()

    def touched(self, touch: Touch) -> None:
        """Whoever touches has heard enough of this page; the voice's own keys are part of listening."""
        if touch.answer.startswith("voice."):
            return
        with self._changed:
            self._said.update(self._lines)
            self._interrupt()

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._quiet()
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join(JOIN_S)

    # -- with the lock held -----------------------------------------------------------------------------------------------------------

    def _told(self, view: View) -> tuple[Line, ...]:
        return tuple(self._worded(message, view.comfort.language) for message in script(view))

    def _worded(self, message: Message, language: str) -> Line:
        return Line(*(spoken(self._catalogue.say(each, language), language) for each in (aloud(message), message)))

    def _settings(self, comfort: Comfort) -> Line:
        return self._worded(voice_settings(comfort), comfort.language)

    def _interrupt(self) -> None:
        if self._speech is not None:
            self._speech.stop()
        self._line = None

    def _quiet(self) -> None:
        self._interrupt()
        self._lines, self._page = (), None
        self._said.clear()

    def _wake(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="speaking", daemon=True)
            self._thread.start()
        self._changed.notify_all()

    # -- the thread -------------------------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        while (line := self._next()) is not None:
            self._say(line)
            del line  # while this thread waits it holds nothing of a page

    def _next(self) -> Line | None:
        """The next line to say; None at the end of the machine."""
        with self._changed:
            while not self._closed:
                if not self._comfort.paused:
                    self._line = next((line for line in self._lines if line not in self._said), None)
                    if self._line is not None:
                        return self._line
                self._changed.wait()
            return None

    def _say(self, line: Line) -> None:
        private = self._voice.headset()
        with self._changed:
            if self._line is not line:
                return  # interrupted before it began
            comfort = self._comfort
            text, to = (line.private, Output.HEADSET) if private else (line.aloud, Output.SPEAKER)
            speech = self._speech = Speech(text, comfort.language, comfort.rate, comfort.volume, to)
            if comfort.paused:
                speech.pause()
        failure = self._voice.speak(speech)
        with self._changed:
            self._speech = None
            # where the headset was pulled out, the line is said once more without what is private
            if self._line is line and not speech.stopped.is_set() and (failure is None or failure.code != "voice.no_headset"):
                self._said.add(line)
            if failure is not None and failure.code in VOICELESS:
                self._said.update(self._lines)
        if failure is not None and failure.code in VOICELESS:
            log.warning("nothing can be said: %s", failure.code)
            self._failed(in_our_words(failure))
