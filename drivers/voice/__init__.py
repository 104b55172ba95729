"""Speech by espeak-ng, played by ALSA or, in a simulated hall, into a sink that takes as long as the sound lasts."""
