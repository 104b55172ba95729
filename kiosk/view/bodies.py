"""The dozen kinds of content a screen can have. All frozen; personal data arrives masked, but for a text its writer goes on with."""

from dataclasses import dataclass, field
from enum import StrEnum

from kiosk.view.message import Message


class Picture(StrEnum):
    """Which physical act the drawing shows."""

    PLACE_ID_CARD = "place_id_card"
    LIFT_ID_CARD = "lift_id_card"
    INSERT_PERMIT = "insert_permit"
    TAKE_PERMIT = "take_permit"
    TAKE_PAPER = "take_paper"


@dataclass(frozen=True, slots=True)
class WelcomeBody:
    """The first screen: answers are the destinations. hours and hall are shown beneath."""

    hall: Message
    hours: str


@dataclass(frozen=True, slots=True)
class NoticeBody:
    """Notice and consent: short paragraphs, each with a heading."""

    paragraphs: tuple[tuple[Message, Message], ...]


@dataclass(frozen=True, slots=True)
class ActBody:
    """Asks for one physical act: a drawing and one sentence. `hint` says what else to know (which side up). person: masked, where known."""

    picture: Picture
    sentence: Message
    hint: Message | None = None
    person: str | None = None


class StageState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class WorkingBody:
    """The machine works: named stages with their state; fraction 0..1 where it is known, None where not."""

    stages: tuple[tuple[Message, StageState], ...]
    fraction: float | None = None
    sentence: Message | None = None


@dataclass(frozen=True, slots=True)
class FaceBody:
    """Live preview (see `Preview`) with one sentence of guidance.

    arrow: where to turn or move, drawn over the picture: left, right (as in a mirror), up, down, nearer, farther, or None. colour: `#RRGGBB`,
    what the whole screen shines now, None where it shows its page. progress: 0…1.
    """

    guidance: Message
    arrow: str | None
    colour: str | None
    progress: float


@dataclass(frozen=True, slots=True)
class OtherWayBody:
    """Who cannot or will not use the camera: one sentence why there are other ways; the answers are the ways."""

    sentence: Message


@dataclass(frozen=True, slots=True)
class CompareBody:
    """For staff: the portrait of the permit's chip (see `Preview`), the holder's name, masked, and one sentence what to compare."""

    person: str
    sentence: Message


@dataclass(frozen=True, slots=True)
class Choice:
    """One option: the answer to post is `answer`. why_not is set where it cannot be had (then it is shown, greyed, with its reason)."""

    answer: str
    title: Message
    detail: Message
    fee_fen: int | None
    selected: bool
    why_not: Message | None = None


@dataclass(frozen=True, slots=True)
class ChoiceGroup:
    """The options of one destination; remarks are what the traveller must know of it."""

    destination: str
    title: Message
    choices: tuple[Choice, ...]
    refusals: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class ChooseBody:
    groups: tuple[ChoiceGroup, ...]
    total_fen: int


@dataclass(frozen=True, slots=True)
class KeypadBody:
    """Digits typed so far, already masked for display; `length` is how many are wanted."""

    shown: str
    length: int
    sentence: Message


class TextField(StrEnum):
    """What a text is for: it decides which keys are there."""

    NAME = "name"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class TextBody:
    """A line to write. written: what stood there before, unmasked, for whoever wrote it to go on with. How long it may get stands in the answer
    that takes it (`Answer.text_limit`)."""

    what: TextField
    written: str = field(repr=False)
    sentence: Message


@dataclass(frozen=True, slots=True)
class ReviewBody:
    """Check-your-answers: label and value lines, then the sum."""

    lines: tuple[tuple[Message, Message], ...]
    total_fen: int


@dataclass(frozen=True, slots=True)
class PayMethodBody:
    amount_fen: int


@dataclass(frozen=True, slots=True)
class PayBody:
    """The payment QR: `code` is its text. order_tail: the order number's last digits, to compare with the phone."""

    method: str
    code: str
    amount_fen: int
    order_tail: str


@dataclass(frozen=True, slots=True)
class DoneBody:
    """After the card is taken: what was issued, and how the receipt is wanted. receipt_code: QR text when the receipt goes to the phone."""

    lines: tuple[tuple[Message, Message], ...]
    receipt_code: str | None = None


class Tone(StrEnum):
    DONE = "done"
    NOTICE = "notice"
    TROUBLE = "trouble"


@dataclass(frozen=True, slots=True)
class OutcomeBody:
    """How it ended, in five sentences; number is what to quote (case or ticket number)."""

    tone: Tone
    happened: Message
    money: Message
    card: Message
    next: Message
    number: str
    hours: str


@dataclass(frozen=True, slots=True)
class OutOfServiceBody:
    reason: Message
    hours: str


Body = (
    WelcomeBody
    | NoticeBody
    | ActBody
    | WorkingBody
    | FaceBody
    | OtherWayBody
    | CompareBody
    | ChooseBody
    | KeypadBody
    | TextBody
    | ReviewBody
    | PayMethodBody
    | PayBody
    | DoneBody
    | OutcomeBody
    | OutOfServiceBody
)
