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


def secondary(answer: str, key: str, enabled: bool = True) -> Answer:
    return Answer(answer, Message(key), Role.SECONDARY, enabled)


def choice(answer: str, label: Message, enabled: bool = True) -> Answer:
    return Answer(answer, label, Role.CHOICE, enabled)
