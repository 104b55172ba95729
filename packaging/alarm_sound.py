"""Makes the machine's sounds, each to be repeated: alarm.wav, two tones in turn while a permit lies forgotten in the slot, and question.wav, the same
two once and softly every five seconds while a page asks whether somebody is still there.

Usage: python packaging/alarm_sound.py [FOLDER], assets/sounds without one. Made from nothing but sines, so the sounds are the project's own; the
same files every time. 880 and 1175 Hz lie where old ears still hear well and where a hall's murmur is weak.
"""

import math
import struct
import sys
import wave
from pathlib import Path
from typing import NamedTuple

RATE_HZ = 22050
TONES_HZ = (880.0, 1174.66)
TONE_S = 0.28
FADE_S = 0.012  # without it each tone would begin and end with a click


class Sound(NamedTuple):
    turns: int
    silence_s: float
    loudness: float


SOUNDS = {"alarm.wav": Sound(2, 0.4, 0.7), "question.wav": Sound(1, 5 - 2 * TONE_S, 0.35)}


def tone(hertz: float, loudness: float) -> list[float]:
    """One tone with its octave, faded at both ends, −1…1."""
    count = round(TONE_S * RATE_HZ)
    fade = round(FADE_S * RATE_HZ)

    def sample(index: int) -> float:
        turn = 2 * math.pi * hertz * index / RATE_HZ
        envelope = min(1.0, index / fade, (count - 1 - index) / fade)
        return loudness * envelope * (0.8 * math.sin(turn) + 0.2 * math.sin(2 * turn))

    return [sample(index) for index in range(count)]


def samples(made: Sound) -> bytes:
    """16-bit little-endian samples of one round."""
    values = [value for _ in range(made.turns) for hertz in TONES_HZ for value in tone(hertz, made.loudness)]
    values += [0.0] * round(made.silence_s * RATE_HZ)
    return struct.pack(f"<{len(values)}h", *(round(value * 32767) for value in values))


def write(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, made in SOUNDS.items():
        with wave.open(str(folder / name), "wb") as sound:
            sound.setnchannels(1)
            sound.setsampwidth(2)
            sound.setframerate(RATE_HZ)
            sound.writeframes(samples(made))


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[1] / "assets" / "sounds")
