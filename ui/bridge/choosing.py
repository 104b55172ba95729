"""View-models of what is chosen: the options of all destinations as one list, in the order they are read; and another way than the camera."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from PySide6.QtCore import Property, QObject, Signal
from PySide6.QtQml import QmlAnonymous

from kiosk.view import Choice, ChoiceGroup, ChooseBody, Message, OtherWayBody
from ui.bridge.rows import Row, RowsModel
from ui.bridge.words import Say, yuan

QML_IMPORT_NAME = "Kiosk.Bridge"
QML_IMPORT_MAJOR_VERSION = 1

ROLES = ("kind", "refused", "words", "title", "detail", "fee", "chosen", "whyNot", "answerId", "offered")
BETWEEN = Message("screen.list.separator")


@QmlAnonymous
class ChooseModel(QObject):
    """Rows of kind `group` (a heading), `choice` (something to touch, or greyed with its reason) and `refusal` (a sentence). First all that can be
    had, then all that is `refused`: the screen shows one or the other. `words` are the whole name, `title` what its heading leaves to be said."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._total = ""
        self._any_chosen = self._any_offered = self._any_refused = False
        self._entries = RowsModel(ROLES, self)

    def show(self, body: ChooseBody, offered: frozenset[str], say: Say) -> None:
        """`offered` are the answers that may be posted now."""
        rows = [row for group in body.groups for row in _had(group, offered, say)]
        self._any_offered = any(row[0] == "choice" for row in rows)
        refused = _refused(body.groups, say)
        self._any_refused = bool(refused)
        self._entries.show([*rows, *refused])
        self._total = yuan(body.total_fen)
        self._any_chosen = any(choice.selected for group in body.groups for choice in group.choices)
        self.changed.emit()

    @Property(str, notify=changed)
    def total(self) -> str:
        return self._total

    @Property(bool, notify=changed)
    def any_chosen(self) -> bool:
        return self._any_chosen

    @Property(bool, notify=changed)
    def any_offered(self) -> bool:
        return self._any_offered

    @Property(bool, notify=changed)
    def any_refused(self) -> bool:
        return self._any_refused

    @Property(RowsModel, notify=changed)
    def entries(self) -> RowsModel:
        return self._entries


@QmlAnonymous
class OtherWayModel(QObject):
    """Why there are other ways than the camera."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._sentence = ""

    def show(self, body: OtherWayBody, say: Say) -> None:
        self._sentence = say(body.sentence)
        self.changed.emit()

    @Property(str, notify=changed)
    def sentence(self) -> str:
        return self._sentence


def _heading(words: str, refused: bool) -> Row:
    return ("group", refused, words, "", "", "", False, "", "", False)


def _had(group: ChoiceGroup, offered: frozenset[str], say: Say) -> Iterator[Row]:
    """The options of a destination, those of one kind under one heading, then its remarks."""
    choices = [choice for choice in group.choices if choice.why_not is None]
    for kind, of_kind in groupby(choices, lambda choice: _parted(choice)[0]):
        yield _heading(say(Message("screen.choose.heading", {"where": group.title, "kind": kind}) if kind else group.title), False)
        yield from (_choice(choice, offered, say) for choice in of_kind)
    if group.refusals and not choices:
        yield _heading(say(group.title), False)
    yield from (("refusal", False, say(refusal), "", "", "", False, "", "", False) for refusal in group.refusals)


def _parted(choice: Choice) -> tuple[Message | None, Message]:
    """The kind, where the title says it and how long apart; and the rest of the title."""
    kind, validity = choice.title.params.get("kind"), choice.title.params.get("validity")
    return (kind, validity) if isinstance(kind, Message) and isinstance(validity, Message) else (None, choice.title)


def _choice(choice: Choice, offered: frozenset[str], say: Say) -> Row:
    fee = "" if choice.fee_fen is None else yuan(choice.fee_fen)
    title = say(_parted(choice)[1])
    return ("choice", False, say(choice.title), title, say(choice.detail), fee, choice.selected, "", choice.answer, choice.answer in offered)


def _refused(groups: Iterable[ChoiceGroup], say: Say) -> list[Row]:
    """What is refused for one and the same reason is one row, and what is so for several destinations stands under them all: a traveller has to
    turn pages to read it."""
    between = say(BETWEEN)
    destinations: dict[tuple[str, str], list[str]] = {}
    for group in groups:
        titles: dict[str, list[str]] = {}
        for choice in group.choices:
            if choice.why_not is not None:
                titles.setdefault(say(choice.why_not), []).append(say(choice.title))
        for reason, refused in titles.items():
            destinations.setdefault((reason, between.join(dict.fromkeys(refused))), []).append(say(group.title))
    under: dict[str, list[Row]] = {}
    for (reason, names), where in destinations.items():
        under.setdefault(between.join(where), []).append(("choice", True, names, names, "", "", False, reason, "", False))
    return [row for where, rows in under.items() for row in (_heading(where, True), *rows)]
