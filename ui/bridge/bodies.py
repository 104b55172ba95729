"""A view-model for each kind of body: words already in the traveller's language, money already as it is written. They live as long as the
screen and change in place, so that QML never meets one that is gone."""

from PySide6.QtCore import Property, QObject, Signal
from PySide6.QtQml import QmlAnonymous

from kiosk.view import (
    ActBody,
    DoneBody,
    FaceBody,
    KeypadBody,
    NoticeBody,
    OutcomeBody,
    OutOfServiceBody,
    PayBody,
    PayMethodBody,
    ReviewBody,
    WelcomeBody,
    WorkingBody,
)
from ui.bridge.rows import RowsModel
from ui.bridge.words import Say, opening_hours, yuan

QML_IMPORT_NAME = "Kiosk.Bridge"
QML_IMPORT_MAJOR_VERSION = 1


@QmlAnonymous
class WelcomeModel(QObject):
    """The first page."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hall = ""
        self._hours = ""

    def show(self, body: WelcomeBody, say: Say) -> None:
        self._hall = say(body.hall)
        self._hours = opening_hours(body.hours, say)
        self.changed.emit()

    @Property(str, notify=changed)
    def hall(self) -> str:
        return self._hall

    @Property(str, notify=changed)
    def hours(self) -> str:
        return self._hours


@QmlAnonymous
class NoticeModel(QObject):
    """Notice and consent. Rows: heading, text."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._paragraphs = RowsModel(("heading", "words"), self)

    def show(self, body: NoticeBody, say: Say) -> None:
        self._paragraphs.show([(say(heading), say(words)) for heading, words in body.paragraphs])
        self.changed.emit()

    @Property(RowsModel, notify=changed)
    def paragraphs(self) -> RowsModel:
        return self._paragraphs


@QmlAnonymous
class ActModel(QObject):
    """One physical act."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._picture = ""
        self._sentence = ""
        self._hint = ""
        self._person = ""

    def show(self, body: ActBody, say: Say) -> None:
        self._picture = body.picture.value
        self._sentence = say(body.sentence)
        self._hint = say(body.hint) if body.hint else ""
        self._person = body.person or ""
        self.changed.emit()

    @Property(str, notify=changed)
    def picture(self) -> str:
        return self._picture

    @Property(str, notify=changed)
    def sentence(self) -> str:
        return self._sentence

    @Property(str, notify=changed)
    def hint(self) -> str:
        return self._hint

    @Property(str, notify=changed)
    def person(self) -> str:
        return self._person


@QmlAnonymous
class WorkingModel(QObject):
    """The machine works. fraction is -1 where it is not known. Rows: words, stage."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._fraction = -1.0
        self._sentence = ""
        self._stages = RowsModel(("words", "stage"), self)

    def show(self, body: WorkingBody, say: Say) -> None:
        self._fraction = -1.0 if body.fraction is None else body.fraction
        self._sentence = say(body.sentence) if body.sentence else ""
        self._stages.show([(say(words), state.value) for words, state in body.stages])
        self.changed.emit()

    @Property(float, notify=changed)
    def fraction(self) -> float:
        return self._fraction

    @Property(str, notify=changed)
    def sentence(self) -> str:
        return self._sentence

    @Property(RowsModel, notify=changed)
    def stages(self) -> RowsModel:
        return self._stages


@QmlAnonymous
class FaceModel(QObject):
    """Guidance beside the live picture; colour is "" where the screen shows its page, arrow is "" for none."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._guidance = ""
        self._arrow = self._colour = ""
        self._progress = 0.0

    def show(self, body: FaceBody, say: Say) -> None:
        self._guidance = say(body.guidance)
        self._arrow, self._colour, self._progress = body.arrow or "", body.colour or "", body.progress
        self.changed.emit()

    @Property(str, notify=changed)
    def guidance(self) -> str:
        return self._guidance

    @Property(str, notify=changed)
    def arrow(self) -> str:
        return self._arrow

    @Property(str, notify=changed)
    def colour(self) -> str:
        return self._colour

    @Property(float, notify=changed)
    def progress(self) -> float:
        return self._progress


@QmlAnonymous
class KeypadModel(QObject):
    """Digits typed so far, as they may be shown."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shown = ""
        self._length = 0
        self._sentence = ""

    def show(self, body: KeypadBody, say: Say) -> None:
        self._shown = body.shown
        self._length = body.length
        self._sentence = say(body.sentence)
        self.changed.emit()

    @Property(str, notify=changed)
    def shown(self) -> str:
        return self._shown

    @Property(int, notify=changed)
    def length(self) -> int:
        return self._length

    @Property(str, notify=changed)
    def sentence(self) -> str:
        return self._sentence


@QmlAnonymous
class ReviewModel(QObject):
    """Check your answers. Rows: label, value."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._total = ""
        self._lines = RowsModel(("label", "value"), self)

    def show(self, body: ReviewBody, say: Say) -> None:
        self._total = yuan(body.total_fen)
        self._lines.show([(say(label), say(value)) for label, value in body.lines])
        self.changed.emit()

    @Property(str, notify=changed)
    def total(self) -> str:
        return self._total

    @Property(RowsModel, notify=changed)
    def lines(self) -> RowsModel:
        return self._lines


@QmlAnonymous
class PayMethodModel(QObject):
    """What is to be paid."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._amount = ""

    def show(self, body: PayMethodBody, say: Say) -> None:
        self._amount = yuan(body.amount_fen)
        self.changed.emit()

    @Property(str, notify=changed)
    def amount(self) -> str:
        return self._amount


@QmlAnonymous
class PayModel(QObject):
    """The payment code."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._method = ""
        self._code = ""
        self._amount = ""
        self._order_tail = ""

    def show(self, body: PayBody, say: Say) -> None:
        self._method = body.method
        self._code = body.code
        self._amount = yuan(body.amount_fen)
        self._order_tail = body.order_tail
        self.changed.emit()

    @Property(str, notify=changed)
    def method(self) -> str:
        return self._method

    @Property(str, notify=changed)
    def code(self) -> str:
        return self._code

    @Property(str, notify=changed)
    def amount(self) -> str:
        return self._amount

    @Property(str, notify=changed)
    def order_tail(self) -> str:
        return self._order_tail


@QmlAnonymous
class DoneModel(QObject):
    """What was issued. receipt_code is empty where no code is to be shown. Rows: label, value."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._receipt_code = ""
        self._lines = RowsModel(("label", "value"), self)

    def show(self, body: DoneBody, say: Say) -> None:
        self._receipt_code = body.receipt_code or ""
        self._lines.show([(say(label), say(value)) for label, value in body.lines])
        self.changed.emit()

    @Property(str, notify=changed)
    def receipt_code(self) -> str:
        return self._receipt_code

    @Property(RowsModel, notify=changed)
    def lines(self) -> RowsModel:
        return self._lines


@QmlAnonymous
class OutcomeModel(QObject):
    """How it ended, in five sentences."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tone = ""
        self._happened = ""
        self._money = ""
        self._card = ""
        self._next_step = ""
        self._number = ""
        self._hours = ""

    def show(self, body: OutcomeBody, say: Say) -> None:
        self._tone = body.tone.value
        self._happened = say(body.happened)
        self._money = say(body.money)
        self._card = say(body.card)
        self._next_step = say(body.next)
        self._number = body.number
        self._hours = opening_hours(body.hours, say)
        self.changed.emit()

    @Property(str, notify=changed)
    def tone(self) -> str:
        return self._tone

    @Property(str, notify=changed)
    def happened(self) -> str:
        return self._happened

    @Property(str, notify=changed)
    def money(self) -> str:
        return self._money

    @Property(str, notify=changed)
    def card(self) -> str:
        return self._card

    @Property(str, notify=changed)
    def next_step(self) -> str:
        return self._next_step

    @Property(str, notify=changed)
    def number(self) -> str:
        return self._number

    @Property(str, notify=changed)
    def hours(self) -> str:
        return self._hours


@QmlAnonymous
class OutOfServiceModel(QObject):
    """Why the machine serves nobody now."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reason = ""
        self._hours = ""

    def show(self, body: OutOfServiceBody, say: Say) -> None:
        self._reason = say(body.reason)
        self._hours = opening_hours(body.hours, say)
        self.changed.emit()

    @Property(str, notify=changed)
    def reason(self) -> str:
        return self._reason

    @Property(str, notify=changed)
    def hours(self) -> str:
        return self._hours
