"""From a new page to its first sound, with the sentences that set-up prepared, beside a voice that prepares nothing.

The page before is still being said when the next one comes, as it is to whoever hurries. ALSA's `file` device takes the sound as a sound card would
get it, in `aplay`'s periods; what a real card adds of its own is not in the figure, nor the quiet that espeak-ng begins a sentence with (up to 77 ms
in the prepared ones).
"""

import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from drivers.contract.failure import Failure as DriverFailure
from drivers.contract.voice import Speech
from drivers.voice.espeak import EspeakVoice
from kiosk.commands.bench.measure import Line, line
from kiosk.commands.said import catalogue
from kiosk.config import assets_directory
from kiosk.domain.failure import Failure
from kiosk.health.desk import in_our_words
from kiosk.journey.gallery import views
from kiosk.policy import Policy
from kiosk.services.speaking import Speaking
from kiosk.view import LANGUAGES, Comfort, View

LIMIT_MS = 500.0
WAIT_S = 10.0


class Heard(EspeakVoice):
    """A voice on a sound card that is a file, which lasts until it is interrupted: the file takes every sound at once."""

    def __init__(self, card: Path, prompts: Path | None) -> None:
        super().__init__(f"alsa://file:{card},raw", prompts)
        self._card = card

    def speak(self, speech: Speech) -> DriverFailure | None:
        failure = super().speak(speech)
        if failure is None:
            speech.stopped.wait()
        return failure

    def empty(self) -> None:
        """The next sound will be the first."""
        self._card.unlink(missing_ok=True)

    def began_at(self) -> float | None:
        """Waits for the first sound since; monotonic seconds, None where none comes."""
        until = time.monotonic() + WAIT_S
        while (now := time.monotonic()) < until:
            if self._card.exists() and self._card.stat().st_size > 0:
                return now
            time.sleep(0.0005)
        return None


def measure() -> list[Line] | Failure:
    """Every page of the journey in every language; the limit holds for the slowest of them."""
    policy = Policy.load(assets_directory() / "policy")
    if isinstance(policy, Failure):
        return policy
    pages = list(views(policy).values())
    prepared: list[float] = []
    bare: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        for language in LANGUAGES:
            for times, prompts in ((prepared, assets_directory() / "voice"), (bare, None)):
                found = _first_sounds(Heard(Path(folder) / "card", prompts), pages, language)
                if isinstance(found, Failure):
                    return found
                times += found
    slowest = line("voice.first_word_slowest", "ms", [max(prepared)], [max(bare)], limit=LIMIT_MS)
    return [line("voice.first_word", "ms", prepared, bare), replace(slowest, runs=len(prepared))]


def _first_sounds(voice: Heard, pages: list[View], language: str) -> list[float] | Failure:
    """Milliseconds of each page."""
    missing = voice.open()
    if missing is not None:
        return in_our_words(missing)
    broken: list[Failure] = []
    speaking = Speaking(voice, catalogue(), broken.append)
    times: list[float] = []
    try:
        for view in _spoken(pages, language):
            voice.empty()
            shown_at = time.monotonic()
            speaking.show(view)
            began_at = voice.began_at()
            if began_at is None:
                return broken[0] if broken else Failure("bench.not_completed", detail={"outcome": "voice"})
            times.append((began_at - shown_at) * 1000)
    finally:
        speaking.close()
    return times


def _spoken(pages: list[View], language: str) -> Iterator[View]:
    """Each as a page of its own, though two may differ in a line only."""
    for number, view in enumerate(pages):
        yield replace(view, comfort=Comfort(language, voice=True, repeats=number))
