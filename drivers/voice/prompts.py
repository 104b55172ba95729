"""Sentences synthesised beforehand: one WAV file each, named by what it says and how.

The name is a hash of language, text, voice, speed and the synthesizer's version: a file made under other circumstances is simply not found. One that
is cut off or otherwise no WAV counts as missing too. Only fixed sentences are ever written here, none that a page put together.
"""

import hashlib
import wave
from pathlib import Path

Sound = tuple[int, bytes]
"""Samples a second, and the samples: 16 bit, mono."""


def name_of(language: str, text: str, voice: str, speed: tuple[int, int], version: str) -> str:
    return hashlib.sha256("\0".join((language, text, voice, *map(str, speed), version)).encode()).hexdigest()[:32] + ".wav"


def load(path: Path) -> Sound | None:
    """None where there is no such file, or it is not whole."""
    try:
        with wave.open(str(path), "rb") as sound:
            samples = sound.readframes(sound.getnframes())
            whole = (sound.getnchannels(), sound.getsampwidth()) == (1, 2) and len(samples) == 2 * sound.getnframes() > 0
            return (sound.getframerate(), samples) if whole else None
    except (OSError, EOFError, wave.Error):
        return None


def keep(path: Path, sound: Sound) -> None:
    """Written whole or not at all. OSError where it cannot be."""
    rate, samples = sound
    part = path.with_suffix(".part")
    with wave.open(str(part), "wb") as file:
        file.setparams((1, 2, rate, 0, "NONE", ""))
        file.writeframes(samples)
    part.replace(path)
