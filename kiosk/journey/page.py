"""What a step shows; the engine adds the footer, the place on the line and the time that is left."""

from dataclasses import dataclass

from kiosk.view import Answer, Body, Message, Role


@dataclass(frozen=True, slots=True)
class Page:
    title: Message
    body: Body
    answers: tuple[Answer, ...] = ()
    problem: Message | None = None
    speech: tuple[Message, ...] = ()
    alarm: bool = False


def primary(answer: str, key: str, enabled: bool = True) -> Answer:
    return Answer(answer, Message(key), Role.PRIMARY, enabled)


def writing(answer: str, key: str, limit: int) -> Answer:
    """The strong action that takes what was written, of up to `limit` characters."""
    return Answer(answer, Message(key), Role.PRIMARY, text_limit=limit)


def secondary(answer: str, key: str, enabled: bool = True) -> Answer:
    return Answer(answer, Message(key), Role.SECONDARY, enabled)


def digit_keys(erasable: bool, offered: bool = True) -> tuple[Answer, ...]:
    """Ten digits as on a telephone, and the key that takes the last one back: `digit:0` … `digit:9`, `erase`."""
    keys = (choice(f"digit:{digit}", Message("word.plain", {"text": str(digit)}), offered) for digit in (1, 2, 3, 4, 5, 6, 7, 8, 9, 0))
    return (*keys, choice("erase", Message("journey.phone.erase"), erasable and offered))


def choice(answer: str, label: Message, enabled: bool = True) -> Answer:
    return Answer(answer, label, Role.CHOICE, enabled)
