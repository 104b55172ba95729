"""What a voice says of a page: every title, sentence, value and name of something to touch, in the order in which a listener needs them.

It is made from the messages that the screen shows, so that it cannot say anything else. Personal data is said to a headset only; a loudspeaker says
that it stands on the screen (EN 301 549, 5.1.3.9).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping

from kiosk.view import (
    ActBody,
    Answer,
    Body,
    Choice,
    ChooseBody,
    CompareBody,
    DoneBody,
    FaceBody,
    KeypadBody,
    Message,
    NoticeBody,
    OtherWayBody,
    OutcomeBody,
    OutOfServiceBody,
    Parameter,
    PayBody,
    PayMethodBody,
    ReviewBody,
    Role,
    StageState,
    TextBody,
    View,
    WelcomeBody,
    WorkingBody,
)

PRIVATE = frozenset({"text", "value", "number", "name"})
"""Parameters that carry what is the traveller's own: names, numbers of cards, telephones and cases, masked or not. Only here is said which."""
FEN_PER_YUAN = 100


def aloud(message: Message) -> Message:
    """The same message with everything private replaced by "shown on the screen"."""

    def heard(name: str, value: Parameter) -> Parameter:
        if isinstance(value, Message):
            return aloud(value)
        return Message("voice.on_screen") if name in PRIVATE else value

    return Message(message.key, {name: heard(name, value) for name, value in message.params.items()})


def script(view: View) -> tuple[Message, ...]:
    """The page's lines, private ones included (see `aloud`). Never empty, and no line twice."""
    lines: list[Message] = []
    if view.deadline is not None and view.deadline.asked:
        lines += [
            Message("screen.still_there.title"),
            Message("voice.seconds_left", {"n": view.deadline.told_s}),
            Message("screen.still_there.sentence"),
        ]
    lines.append(view.title)
    if view.problem is not None:
        lines.append(view.problem)
    lines += _offered("voice.sheet", view, (Role.VOICE,))
    lines += view.speech
    lines += _of(view.body)
    if view.place is not None:
        lines.append(Message("screen.place", {"n": view.place[0], "m": view.place[1]}))
    if view.simulated:
        lines.append(Message("screen.simulated"))
    told = {(choice.answer, choice.title.key) for choice in _choices(view.body)}
    lines += _offered("voice.touch", view, (Role.PRIMARY, Role.SECONDARY, Role.CHOICE), told)
    lines += _offered("voice.footer", view, (Role.FOOTER,))
    return tuple(line for number, line in enumerate(lines) if line not in lines[:number])


def _offered(heading: str, view: View, roles: tuple[Role, ...], told: Collection[tuple[str, str]] = ()) -> Iterator[Message]:
    """The names of what can be touched, under a heading; the digits of a keypad in one line. told: what the body has named already, as (id, key)."""
    answers = [answer for answer in view.answers if answer.role in roles and (answer.id, answer.label.key) not in told]
    if answers:
        yield Message(heading)
    digits = [answer for answer in answers if _is_digit(answer)]
    if digits:
        yield Message("voice.digits", {"digits": " ".join(answer.id[-1] for answer in digits)})
    for answer in answers:
        if answer not in digits:
            yield answer.label if answer.enabled else Message("voice.unavailable", {"what": answer.label})


def _is_digit(answer: Answer) -> bool:
    return answer.id.startswith("digit") and answer.id[-1].isdigit()


def _choices(body: Body) -> tuple[Choice, ...]:
    return tuple(choice for group in body.groups for choice in group.choices) if isinstance(body, ChooseBody) else ()


def _of(body: Body) -> Iterator[Message]:
    match body:
        case WelcomeBody(hall, hours):
            yield from (hall, *_hours(hours))
        case NoticeBody(paragraphs):
            yield from (part for paragraph in paragraphs for part in paragraph)
        case ActBody(_, sentence, hint, person):
            yield sentence
            yield from () if hint is None else (hint,)
            yield from () if person is None else (_own("voice.person", person),)
        case WorkingBody(stages, _, sentence):
            yield from () if sentence is None else (sentence,)
            yield from (Message(STAGES[state], {"stage": stage}) for stage, state in stages)
        case FaceBody(guidance, _, _, _):
            yield guidance
        case OtherWayBody(sentence):
            yield sentence
        case CompareBody(person, sentence):
            yield from (sentence, _own("voice.person", person))
        case ChooseBody():
            yield from _choosing(body)
        case KeypadBody(shown, _, sentence):
            yield from (sentence, _own("voice.entered", shown)) if shown else (sentence,)
        case TextBody(_, written, sentence):
            yield from (sentence, _own("voice.entered", written)) if written else (sentence,)
        case ReviewBody(lines, total):
            yield from (*_pairs(lines), _total(total))
        case PayMethodBody(amount):
            yield _total(amount)
        case PayBody(method, _, amount, tail):
            yield from (Message(f"screen.pay.{method}"), _total(amount), _own("voice.order_tail", tail))
        case DoneBody(lines, code):
            yield from (*_pairs(lines), *(() if code is None else (Message("screen.code"),)))
        case OutcomeBody():
            yield from (body.happened, body.money, body.card, body.next, _own("voice.number", body.number), *_hours(body.hours))
        case OutOfServiceBody(reason, hours):
            yield from (reason, *_hours(hours))


STAGES: Mapping[StageState, str] = {
    StageState.WAITING: "voice.stage_waiting",
    StageState.RUNNING: "voice.stage_running",
    StageState.DONE: "voice.stage_done",
}


def _choosing(body: ChooseBody) -> Iterator[Message]:
    for group in body.groups:
        yield from (group.title, *group.refusals)
        for choice in group.choices:
            where = {"where": group.title, "what": choice.title, "detail": choice.detail}
            if choice.why_not is not None:
                yield Message("voice.refused", {**where, "why": choice.why_not})
            elif choice.fee_fen is not None:
                yield Message("voice.chosen" if choice.selected else "voice.option", {**where, "fee": _yuan(choice.fee_fen)})
            else:
                yield Message("voice.pair", {"label": choice.title, "said": choice.detail})
    yield _total(body.total_fen)


def _own(key: str, value: str) -> Message:
    """A line about something private."""
    return Message(key, {"value": value})


def _pairs(lines: Iterable[tuple[Message, Message]]) -> Iterator[Message]:
    return (Message("voice.pair", {"label": label, "said": said}) for label, said in lines)


def _total(fen: int) -> Message:
    return Message("voice.pair", {"label": Message("screen.total"), "said": _yuan(fen)})


def _yuan(fen: int) -> Message:
    whole, rest = divmod(fen, FEN_PER_YUAN)
    return Message("voice.yuan", {"amount": f"{whole}.{rest:02d}" if rest else str(whole)})


def _hours(hours: str) -> Iterator[Message]:
    if hours:
        yield Message("voice.pair", {"label": Message("screen.outcome.hours"), "said": Message("voice.plain", {"words": hours})})
