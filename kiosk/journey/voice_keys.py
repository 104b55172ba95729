"""The keys of the voice: say again, pause, slower, faster, quieter, louder, off, and the one that closes their sheet."""

from dataclasses import replace

from kiosk.view import RATES, VOLUMES, Answer, Comfort, Message, Role

ELDER_RATE = 80
"""Of RATES: one step slower than usual."""


def keys(comfort: Comfort) -> tuple[Answer, ...]:
    """What the sheet offers; a scale's key is not offered at its end."""

    def key(name: str, enabled: bool = True) -> Answer:
        return Answer(f"voice.{name}", Message(f"voice.key.{name}"), Role.VOICE, enabled)

    return (
        key("repeat"),
        Answer("voice.pause", Message("voice.key.go_on" if comfort.paused else "voice.key.pause"), Role.VOICE),
        key("slower", comfort.rate > RATES[0]),
        key("faster", comfort.rate < RATES[-1]),
        key("quieter", comfort.volume > VOLUMES[0]),
        key("louder", comfort.volume < VOLUMES[-1]),
        key("off"),
        key("close"),
    )


def after(comfort: Comfort, answer: str) -> Comfort:
    """How the traveller has it after touching one of the keys (or the footer's, which turns the voice on)."""
    rate, volume = RATES.index(comfort.rate), VOLUMES.index(comfort.volume)
    match answer:
        case "footer.voice":
            return replace(comfort, voice=True)
        case "voice.repeat":
            return replace(comfort, repeats=comfort.repeats + 1, paused=False)
        case "voice.pause":
            return replace(comfort, paused=not comfort.paused)
        case "voice.slower":
            return replace(comfort, rate=RATES[max(rate - 1, 0)])
        case "voice.faster":
            return replace(comfort, rate=RATES[min(rate + 1, len(RATES) - 1)])
        case "voice.quieter":
            return replace(comfort, volume=VOLUMES[max(volume - 1, 0)])
        case "voice.louder":
            return replace(comfort, volume=VOLUMES[min(volume + 1, len(VOLUMES) - 1)])
        case "voice.off":
            return silent(comfort)
    return comfort


def silent(comfort: Comfort) -> Comfort:
    """Off, and everything about it as at the start."""
    fresh = Comfort()
    return replace(comfort, voice=False, rate=ELDER_RATE if comfort.elder else fresh.rate, volume=fresh.volume, paused=False, repeats=0)
