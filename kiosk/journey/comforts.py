"""What the traveller may do to the screen and the voice: what each touch makes of their `Comfort`."""

from dataclasses import replace

from kiosk.journey import voice_keys
from kiosk.view import LANGUAGES, Answer, Comfort, Message, Role

THEMES = ("default", "black_on_white", "white_on_black", "low")
TEXT_SIZES = 4
ELDER, LOW = "elder", "low"
ELDER_TEXT_SIZE = TEXT_SIZES - 1
"""The largest, in which every page has room: its smallest capitals (8.5 mm) are seen under more than 0.7° from 600 mm (EN 301 549, 5.1.4)."""
NOT_FOR_ELDERS = frozenset({"footer.text_size", "footer.contrast"})
"""Keys of the footer that the elder mode leaves out, so that the others are larger and fewer."""


def first_page_keys(comfort: Comfort, out_of_reach: bool) -> tuple[Answer, ...]:
    """One touch each for whoever wants everything larger and slower, and, where the panel stands too high or too low for them, within reach of who
    sits; the second touch takes it off."""
    elder = Answer(ELDER, Message("journey.elder_off" if comfort.elder else "journey.elder"), Role.SECONDARY)
    low = Answer(LOW, Message("journey.low_off" if comfort.low_reach else "journey.low"), Role.SECONDARY)
    return (elder, low) if out_of_reach else (elder,)


def after(comfort: Comfort, answer: str, voice: bool) -> Comfort:
    """How the traveller has it after touching `answer`; as before where it is none of these. voice: whether the machine can speak."""
    match answer:
        case "footer.language":
            return replace(comfort, language=_following(LANGUAGES, comfort.language))
        case "footer.text_size":
            return replace(comfort, text_size=(comfort.text_size + 1) % TEXT_SIZES)
        case "footer.contrast":
            return replace(comfort, theme=_following(THEMES, comfort.theme))
        case "low":
            return replace(comfort, low_reach=not comfort.low_reach)
        case "elder":
            return _elder(comfort, not comfort.elder, voice)
        case _:
            return voice_keys.after(comfort, answer)


def with_headset(comfort: Comfort, plugged: bool, by_headset: bool) -> Comfort:
    """Plugged in: the voice is on, and a page that was said aloud is said again with what is private. Pulled out: a voice that only the headset
    turned on goes silent, so that the hall does not hear the rest. by_headset: whether the last one turned it on."""
    if plugged:
        return voice_keys.after(comfort, "voice.repeat") if comfort.voice else replace(comfort, voice=True, paused=False)
    return voice_keys.silent(comfort) if by_headset and not comfort.elder else comfort


def _following(every: tuple[str, ...], now: str) -> str:
    return every[(every.index(now) + 1) % len(every)]


def _elder(comfort: Comfort, on: bool, voice: bool) -> Comfort:
    silent = voice_keys.silent(replace(comfort, elder=on, text_size=ELDER_TEXT_SIZE if on else Comfort().text_size))
    return replace(silent, voice=on and voice)
