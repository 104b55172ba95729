"""View-models of what is chosen: the options of all destinations as one list, in the order they are read; and another way than the camera."""

from collections.abc import Iterable

from PySide6.QtCore import Property, QObject, Signal
from PySide6.QtQml import QmlAnonymous

from kiosk.view import Choice, ChooseBody, Message, OtherWayBody
from ui.bridge.rows import Row, RowsModel
from ui.bridge.words import Say, yuan

QML_IMPORT_NAME = "Kiosk.Bridge"
QML_IMPORT_MAJOR_VERSION = 1

ROLES = ("kind", "group", "words", "detail", "fee", "chosen", "whyNot", "answerId", "offered")


@QmlAnonymous
class ChooseModel(QObject):
    """Rows of kind `group` (a heading), `choice` (something to touch, or greyed with its reason), `reason` (that reason by itself, for letters so
    large that card and reason have no room on one page) and `refusal` (a sentence)."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._total = ""
        self._any_chosen = False
        self._entries = RowsModel(ROLES, self)

    def show(self, body: ChooseBody, offered: frozenset[str], say: Say) -> None:
        """`offered` are the answers that may be posted now. What can be had comes first; what a group refuses for one and the same reason is one
        row, because a traveller has to turn pages to read it."""
        rows: list[Row] = []
        for group in body.groups:
            title = say(group.title)
            rows.append(("group", title, title, "", "", False, "", "", False))
            rows.extend(_choice(title, choice, offered, say) for choice in group.choices if choice.why_not is None)
            rows.extend(_refused(title, group.choices, say))
            rows.extend(("refusal", title, say(refusal), "", "", False, "", "", False) for refusal in group.refusals)
        self._entries.show(rows)
        self._total = yuan(body.total_fen)
        self._any_chosen = any(choice.selected for group in body.groups for choice in group.choices)
        self.changed.emit()

    @Property(str, notify=changed)
    def total(self) -> str:
        return self._total

    @Property(bool, notify=changed)
    def any_chosen(self) -> bool:
        return self._any_chosen

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


def _choice(group: str, choice: Choice, offered: frozenset[str], say: Say) -> Row:
    fee = "" if choice.fee_fen is None else yuan(choice.fee_fen)
    return ("choice", group, say(choice.title), say(choice.detail), fee, choice.selected, "", choice.answer, choice.answer in offered)


def _refused(group: str, choices: Iterable[Choice], say: Say) -> list[Row]:
    reasons: dict[str, list[str]] = {}
    for choice in choices:
        if choice.why_not is not None:
            reasons.setdefault(say(choice.why_not), []).append(say(choice.title))
    between = say(Message("screen.list.separator"))
    rows: list[Row] = []
    for reason, titles in reasons.items():
        rows.append(("choice", group, between.join(dict.fromkeys(titles)), "", "", False, reason, "", False))
        rows.append(("reason", group, reason, "", "", False, "", "", False))
    return rows
