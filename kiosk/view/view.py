"""What a screen may know (`View`) and what it may post (`Touch`)."""

from dataclasses import dataclass, field
from enum import StrEnum

from kiosk.view.bodies import Body
from kiosk.view.message import Message

LANGUAGES = ("zh-Hans", "zh-Hant", "en")
RATES = (50, 65, 80, 100, 125, 160, 200)
"""Percent of the usual speed (VVSG 2.0, 7.1-K: 50 to 200 % in six to eight steps)."""
REACH_MM = (380.0, 1220.0)
"""Above the floor: what somebody in a wheelchair reaches (Section 508, 407.8; EN 301 549, 8.3.2)."""
VOLUMES = (3, 6, 12, 25, 50, 100)
"""Percent of the full amplitude: each step is 6 dB."""


class Role(StrEnum):
    PRIMARY = "primary"  # the one strong action of the page
    SECONDARY = "secondary"
    CHOICE = "choice"  # belongs to the body (a destination, an option, a digit)
    VOICE = "voice"  # the voice's own keys, on a sheet over the page
    FOOTER = "footer"  # back, cancel, help, language, text size, contrast, voice, staff


@dataclass(frozen=True, slots=True)
class Answer:
    """Something the traveller may touch now. A disabled one is shown and cannot be posted.

    text_limit: how many characters of the traveller's own writing must come with it (at least one), 0 where none may.
    """

    id: str
    label: Message
    role: Role
    enabled: bool = True
    text_limit: int = 0

    def takes(self, text: str) -> bool:
        return (0 < len(text) <= self.text_limit) if self.text_limit else not text


@dataclass(frozen=True, slots=True)
class Deadline:
    """The page's time: the screen shows a countdown for the last `alert_s` seconds. ends_at is monotonic seconds of the machine's clock.

    told_s: the seconds left as the voice says them; a page is published anew where they change.
    """

    ends_at: float
    alert_s: float
    asked: bool = False  # True while "do you need more time?" is on
    told_s: int = 0


@dataclass(frozen=True, slots=True)
class Comfort:
    """How this traveller wants the screen and the voice; reset at the end of the journey.

    rate, volume: of RATES and VOLUMES. repeats: how often the page was asked for again. elder: "larger and slower", set by one touch.
    """

    language: str = "zh-Hans"
    text_size: int = 1  # 0..3, cap heights 3.5–4.2, 4.8–5.6, 6.4–7.1, 8.5–9.0 mm
    theme: str = "default"  # default, black_on_white, white_on_black, low
    voice: bool = False
    low_reach: bool = False  # everything that can be touched within a wheelchair's reach
    rate: int = 100
    volume: int = 50
    paused: bool = False
    repeats: int = 0
    elder: bool = False

    @property
    def unhurried(self) -> bool:
        """Whether they need more time for a page than most."""
        return self.elder or self.voice


def voice_settings(comfort: Comfort) -> Message:
    """How fast and how loud the voice is, for the sheet of its keys and for the voice itself."""
    return Message("voice.settings", {"rate": comfort.rate, "level": VOLUMES.index(comfort.volume) + 1, "levels": len(VOLUMES)})


@dataclass(frozen=True, slots=True)
class View:
    """One page. serial grows with each page published; a Touch names the serial it answers.

    step: the journey's state. place: (n, of m) of the progress line, None off the line. problem: a sentence shown above the body.
    speech: what a voice says of the page, in order. alarm: something of the traveller's lies forgotten: sound and sight until it no longer does.
    """

    serial: int
    step: str
    place: tuple[int, int] | None
    title: Message
    body: Body
    answers: tuple[Answer, ...]
    comfort: Comfort
    problem: Message | None = None
    deadline: Deadline | None = None
    speech: tuple[Message, ...] = ()
    simulated: bool = False
    alarm: bool = False

    def offers(self, answer: str, text: str = "") -> bool:
        """Whether the answer may be posted now, with that text."""
        return any(offered.id == answer and offered.enabled and offered.takes(text) for offered in self.answers)


@dataclass(frozen=True, slots=True)
class Touch:
    """The traveller touched `answer` on the page `serial`; with `text`, where the answer takes what they wrote."""

    serial: int
    answer: str
    text: str = field(default="", repr=False)
