"""What a paper says, in order, for any way of drawing it: the roll and the PDF page show the same."""

from dataclasses import dataclass

from kiosk.config import Machine
from kiosk.domain.money import yuan
from kiosk.services.papers.data import IssuedLine, ReceiptData, SlipData, TicketData
from kiosk.services.papers.wording import Words
from kiosk.services.papers.wrapping import quotable


@dataclass(frozen=True, slots=True)
class Heading:
    hall: str
    title: str
    subtitle: str
    banner: str
    """The simulated machine's line, "" on a real one."""


@dataclass(frozen=True, slots=True)
class Number:
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Row:
    label: str
    value: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Rows:
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Endorsement:
    """letter: the kind's, as it stands on the card."""

    place: str
    kind: str
    letter: str
    entries: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Endorsements:
    items: tuple[Endorsement, ...]


@dataclass(frozen=True, slots=True)
class Amount:
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """strong: what the traveller has to do."""

    label: str
    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Code:
    """A QR and what it is for."""

    text: str
    caption: str


@dataclass(frozen=True, slots=True)
class Closing:
    """What to do with the paper, and its copy for the phone."""

    sentence: Sentence
    code: Code


@dataclass(frozen=True, slots=True)
class Notes:
    texts: tuple[str, ...]


Section = Heading | Number | Rows | Endorsements | Amount | Sentence | Closing | Notes


def receipt_code(data: ReceiptData, simulated: bool) -> str:
    """The receipt for a phone, in the QR's alphanumeric set: no name, no permit, no endorsement number.

    `RECEIPT 2611221430ABCDEF / HKG G 1Y1 2027-11-21 / CNY 15.00 WECHAT / ORDER *DEF-1 / 2026-11-22 14:30:05`
    """
    parts = ["SIMULATED"] if simulated else []
    parts.append(f"RECEIPT {data.case_id}")
    parts += [f"{line.destination} {line.kind} {line.validity} {line.valid_until.isoformat()}" for line in data.lines]
    parts += [f"CNY {yuan(data.amount_fen)} {data.method.upper()}", f"ORDER *{data.order_no[-5:]}", f"{data.at:%Y-%m-%d %H:%M:%S}"]
    return " / ".join(parts)


def receipt(data: ReceiptData, words: Words, machine: Machine, simulated: bool) -> tuple[Section, ...]:
    return (
        _heading("paper.receipt.title", words, simulated),
        Number(words("paper.receipt.number"), quotable(data.case_id)),
        Rows((Row(words("paper.time"), f"{data.at:%Y-%m-%d %H:%M:%S}"), Row(words("paper.machine"), machine.id))),
        Endorsements(tuple(_endorsement(line, words) for line in data.lines)),
        Amount(words("paper.receipt.amount"), words("word.yuan", yuan=yuan(data.amount_fen))),
        Rows(
            (
                Row(words("paper.receipt.method"), words(f"word.method.{data.method}")),
                Row(words("paper.receipt.order"), data.order_no),
                Row(words("paper.receipt.holder"), data.holder),
                Row(words("paper.receipt.permit"), data.permit),
            )
        ),
        Closing(
            Sentence(words("paper.receipt.help_label"), words("paper.receipt.help", where=words.window)),
            Code(receipt_code(data, simulated), words("paper.receipt.code")),
        ),
        Notes((words("paper.receipt.check"), words("paper.receipt.masked"))),
    )


def ticket(data: TicketData, words: Words, machine: Machine, simulated: bool) -> tuple[Section, ...]:
    rows = []
    if machine.window:
        rows.append(Row(words("paper.ticket.window"), machine.window, strong=True))
    if machine.hours:
        rows.append(Row(words("paper.ticket.hours"), words.hours))
    rows += [Row(words("paper.time"), f"{data.at:%Y-%m-%d %H:%M:%S}"), Row(words("paper.machine"), machine.id)]
    return (
        _heading("paper.ticket.title", words, simulated),
        Number(words("paper.ticket.number"), quotable(data.number)),
        Sentence(words("paper.ticket.happened"), words.say(data.happened)),
        Sentence(words("paper.ticket.money"), words.say(data.money)),
        Sentence(words("paper.ticket.card"), words.say(data.card)),
        Sentence(words("paper.ticket.next"), words.say(data.next), strong=True),
        Rows(tuple(rows)),
        Notes((words("paper.ticket.keep"),)),
    )


def slip(data: SlipData, words: Words, machine: Machine, simulated: bool) -> tuple[Section, ...]:
    """A number and its sentences for each case; then what to do with all of them."""
    cases: list[Section] = []
    for line in data.lines:
        cases += [Number(words("paper.slip.number"), quotable(line.number)), Sentence(words("paper.slip.card"), words.say(line.card))]
        if line.reason is not None:
            cases.append(Sentence(words("paper.slip.reason"), words.say(line.reason)))
    return (
        _heading("paper.slip.title", words, simulated),
        *cases,
        Sentence(words("paper.slip.next"), words("paper.slip.do"), strong=True),
        Rows((Row(words("paper.time"), f"{data.at:%Y-%m-%d %H:%M:%S}"), Row(words("paper.machine"), machine.id))),
        Notes((words("paper.slip.no_names"),)),
    )


def _heading(key: str, words: Words, simulated: bool) -> Heading:
    title, other = words.title(key)
    return Heading(words.hall, title, other, words("paper.simulated") if simulated else "")


def _endorsement(line: IssuedLine, words: Words) -> Endorsement:
    rows = [Row(words("paper.receipt.valid_until"), line.valid_until.isoformat(), strong=True)]
    if line.stay_days is not None:
        rows.append(Row(words("paper.receipt.stay"), words("word.stay", days=line.stay_days)))
    if line.number:
        rows.append(Row(words("paper.receipt.endorsement_number"), line.number))
    return Endorsement(words.place(line), words.kind(line), line.kind, words.validity(line), tuple(rows))
