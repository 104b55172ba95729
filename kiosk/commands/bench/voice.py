"""From a new page to its first sound: with the sentences that set-up prepared, beside a voice that prepares nothing, and at the elder mode's pace.

The page before is still being said when the next one comes, as it is to whoever hurries. ALSA's `file` device hands the sound on once `aplay` has
filled its buffer, which is when a card begins, and no faster than it sounds. The quiet that espeak-ng begins a sentence with counts; what a real
card adds of its own, and the look for a headset before each line, are not in the figure.
"""

import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from drivers.contract.failure import Failure as DriverFailure
from drivers.contract.voice import Speech
from drivers.voice.espeak import EspeakVoice
from drivers.voice.prompts import Sound
from kiosk.commands.bench.measure import Line, line
from kiosk.commands.bench.sound_card import Card
from kiosk.commands.said import catalogue
from kiosk.config import assets_directory
from kiosk.domain.failure import Failure
from kiosk.health.desk import in_our_words
from kiosk.journey.gallery import views
from kiosk.journey.voice_keys import ELDER_RATE
from kiosk.policy import Policy
from kiosk.services.speaking import Speaking
from kiosk.view import LANGUAGES, Comfort, View

LIMIT_MS = 500.0


class Heard(EspeakVoice):
    """ready: of each sentence since it was cleared, whether it had been prepared. broken: why nothing was said."""

    def __init__(self, card: Path, prompts: Path | None) -> None:
        super().__init__(f"alsa://file:{card},raw", prompts)
        self.ready: list[bool] = []
        self.broken: Failure | None = None

    def speak(self, speech: Speech) -> DriverFailure | None:
        failure = super().speak(speech)
        if failure is not None:
            self.broken = in_our_words(failure)
        return failure

    def _ready(self, text: str, language: str, rate: tuple[int, int]) -> Sound | None:
        found = super()._ready(text, language, rate)
        self.ready.append(found is not None)
        return found


def measure() -> list[Line] | Failure:
    """Every page of the journey in every language; the limit holds for the slowest of them."""
    policy = Policy.load(assets_directory() / "policy")
    if isinstance(policy, Failure):
        return policy
    pages = list(views(policy).values())
    series: dict[str, list[float]] = {"prepared": [], "bare": [], "elder": []}
    ready = dict.fromkeys(series, 0)
    with tempfile.TemporaryDirectory() as folder:
        for language in LANGUAGES:
            for name, times in series.items():
                voice = Heard(Path(folder) / "card", None if name == "bare" else assets_directory() / "voice")
                comfort = Comfort(language, voice=True, rate=ELDER_RATE if name == "elder" else Comfort().rate)
                found = _first_sounds(voice, Card(Path(folder) / "card"), pages, comfort)
                if isinstance(found, Failure):
                    return found
                times += found[0]
                ready[name] += found[1]
    prepared, bare, elder = series.values()
    if not ready["prepared"]:
        return Failure("bench.file_missing", detail={"file": "assets/voice"})
    return [
        line("voice.first_sound", "ms", prepared, bare),
        _slowest("voice.first_sound_slowest", prepared, bare),
        line("voice.first_sound_elder", "ms", elder),
        _slowest("voice.first_sound_elder_slowest", elder),
        replace(line("voice.prepared", "% of first lines", [100 * ready["prepared"] / len(prepared)]), runs=len(prepared)),
    ]


def _slowest(name: str, times: list[float], baselines: list[float] | None = None) -> Line:
    return replace(line(name, "ms", [max(times)], [max(baselines)] if baselines else (), limit=LIMIT_MS), runs=len(times))


def _first_sounds(voice: Heard, card: Card, pages: list[View], comfort: Comfort) -> tuple[list[float], int] | Failure:
    """Milliseconds of each page; on how many of them set-up had prepared what is said first."""
    speaking = Speaking(voice, catalogue(), lambda _failure: None)
    times: list[float] = []
    prepared: list[bool] = []
    card.listen()  # opening plays an instant of silence
    try:
        missing = voice.open()
        if missing is not None:
            return in_our_words(missing)
        for view in _spoken([pages[-1], *pages], comfort):  # the first is there to be interrupted
            card.listen()
            voice.ready.clear()
            shown_at = time.monotonic()
            speaking.show(view)
            heard_at = card.heard_at()
            if heard_at is None:
                return voice.broken or Failure("bench.not_completed", detail={"outcome": "voice"})
            times.append((heard_at - shown_at) * 1000)
            prepared.append(voice.ready[:1] == [True])
    finally:
        speaking.close()
        card.unplug()
    return times[1:], sum(prepared[1:])


def _spoken(pages: list[View], comfort: Comfort) -> Iterator[View]:
    """Each as a page of its own, though two may differ in a line only."""
    for number, view in enumerate(pages):
        yield replace(view, comfort=replace(comfort, repeats=number))
