"""`python -m kiosk.commands.prompts [DIR]`: what pages say first, synthesised beforehand into assets/voice/ (or DIR).

What is there already is kept, what fits no sentence any more is removed; without espeak-ng nothing is done and the machine has no voice.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from drivers.contract.failure import Failure
from drivers.voice import prompts
from drivers.voice.espeak import EspeakVoice
from kiosk.commands.said import FAILED, OK, catalogue, talk
from kiosk.config import assets_directory
from kiosk.i18n import Catalogue
from kiosk.journey.gallery import views
from kiosk.policy import Policy
from kiosk.services.speech_script import script
from kiosk.services.spoken_text import spoken
from kiosk.view import LANGUAGES

BESIDES = ("face.guidance.",)
"""Sentences that come by themselves on a page that is there already."""


def fixed(words: Catalogue, policy: Policy) -> Iterator[tuple[str, str]]:
    """(language, text) of what each page says first, where it has no placeholder: while it sounds, the rest is synthesised."""
    shown = {lines[0].key for view in views(policy).values() if (lines := list(script(view)))}
    keys = [key for key in sorted(words.keys()) if key in shown or key.startswith(BESIDES)]
    seen: set[tuple[str, str]] = set()
    for language in LANGUAGES:
        for key in keys:
            text = words.text(key, language)
            sentence = (language, spoken(text, language))
            if "{" not in text and sentence not in seen:
                seen.add(sentence)
                yield sentence


def render(directory: Path, voice: EspeakVoice) -> tuple[int, int] | Failure:
    """How many sentences there are, and how many were made now. OSError where the folder cannot be written."""
    policy = Policy.load(assets_directory() / "policy")
    if not isinstance(policy, Policy):
        raise RuntimeError(policy.code)
    directory.mkdir(parents=True, exist_ok=True)
    wanted: set[str] = set()
    made = 0
    for language, text in fixed(catalogue(), policy):
        name = voice.prompt_name(text, language)
        if isinstance(name, Failure):
            return name
        wanted.add(name)
        if prompts.load(directory / name) is None:
            sound = voice.synthesised(text, language)
            if isinstance(sound, Failure):
                return sound
            prompts.keep(directory / name, sound)
            made += 1
    for file in directory.glob("*"):
        if file.name not in wanted:
            file.unlink()
    return len(wanted), made


def main(arguments: list[str]) -> int:
    directory = Path(arguments[0]) if arguments else assets_directory() / "voice"
    voice = EspeakVoice("timed://")
    failure = voice.open()
    if failure is not None:
        talk(catalogue().text(f"failure.{failure.code}", "en", failure.detail))
        return OK
    done = render(directory, voice)
    if isinstance(done, Failure):
        talk(catalogue().text(f"failure.{done.code}", "en", done.detail))
        return FAILED
    talk(f"spoken prompts: {done[0]}, {done[1]} made now")
    return OK


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
