"""Makes assets/sounds/alarm.wav: two tones in turn, then a silence, to be repeated while a permit lies forgotten in the slot.

Usage: python packaging/alarm_sound.py [FILE]. Made from nothing but sines, so the sound is the project's own; the same file every time.
880 and 1175 Hz lie where old ears still hear well and where a hall's murmur is weak.
"""

import math
import struct
import sys
import wave
from pathlib import Path

RATE_HZ = 22050
TONES_HZ = (880.0, 1174.66)
TONE_S = 0.28
TURNS = 2
SILENCE_S = 0.4
FADE_S = 0.012  # without it each tone would begin and end with a click
LOUDNESS = 0.7


def tone(hertz: float) -> list[float]:
    """One tone with its octave, faded at both ends, −1…1."""
    count = round(TONE_S * RATE_HZ)
    fade = round(FADE_S * RATE_HZ)

    def sample(index: int) -> float:
        turn = 2 * math.pi * hertz * index / RATE_HZ
        envelope = min(1.0, index / fade, (count - 1 - index) / fade)
        return LOUDNESS * envelope * (0.8 * math.sin(turn) + 0.2 * math.sin(2 * turn))

    return [sample(index) for index in range(count)]


def alarm() -> bytes:
    """16-bit little-endian samples of one round."""
    samples = [value for _ in range(TURNS) for hertz in TONES_HZ for value in tone(hertz)]
    samples += [0.0] * round(SILENCE_S * RATE_HZ)
    return struct.pack(f"<{len(samples)}h", *(round(value * 32767) for value in samples))


def write(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(file), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE_HZ)
        sound.writeframes(alarm())


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[1] / "assets" / "sounds" / "alarm.wav")
