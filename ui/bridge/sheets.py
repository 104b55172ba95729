"""The view-models of every kind of body, one of each, as QML reads them; and which file shows which body."""

from typing import Any

from PySide6.QtCore import Property, QObject, Signal
from PySide6.QtQml import QmlAnonymous

from kiosk.view import (
    ActBody,
    Answer,
    Body,
    ChooseBody,
    CompareBody,
    DoneBody,
    FaceBody,
    KeypadBody,
    NoticeBody,
    OtherWayBody,
    OutcomeBody,
    OutOfServiceBody,
    PayBody,
    PayMethodBody,
    ReviewBody,
    TextBody,
    WelcomeBody,
    WorkingBody,
)
from ui.bridge.bodies import (
    ActModel,
    DoneModel,
    FaceModel,
    KeypadModel,
    NoticeModel,
    OutcomeModel,
    OutOfServiceModel,
    PayMethodModel,
    PayModel,
    ReviewModel,
    WelcomeModel,
    WorkingModel,
)
from ui.bridge.choosing import ChooseModel, OtherWayModel
from ui.bridge.confirming import CompareModel
from ui.bridge.drawings import forget_codes
from ui.bridge.forgotten import NOBODYS
from ui.bridge.words import Say
from ui.bridge.writing import WritingModel

QML_IMPORT_NAME = "Kiosk.Bridge"
QML_IMPORT_MAJOR_VERSION = 1

SHEETS: dict[type[Body], tuple[str, type[QObject]]] = {
    WelcomeBody: ("Welcome", WelcomeModel),
    NoticeBody: ("Notice", NoticeModel),
    ActBody: ("Act", ActModel),
    WorkingBody: ("Working", WorkingModel),
    FaceBody: ("Face", FaceModel),
    OtherWayBody: ("OtherWay", OtherWayModel),
    CompareBody: ("Compare", CompareModel),
    ChooseBody: ("Choose", ChooseModel),
    KeypadBody: ("Keypad", KeypadModel),
    TextBody: ("Writing", WritingModel),
    ReviewBody: ("Review", ReviewModel),
    PayMethodBody: ("PayMethod", PayMethodModel),
    PayBody: ("Pay", PayModel),
    DoneBody: ("Done", DoneModel),
    OutcomeBody: ("Outcome", OutcomeModel),
    OutOfServiceBody: ("OutOfService", OutOfServiceModel),
}
"""Body → which file of Kiosk/Steps shows it, and the view-model that the file reads."""


@QmlAnonymous
class Sheets(QObject):
    """The models stay, and what they say changes. exchanged: never sent; qmllint does not read `constant` out of Python."""

    exchanged = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._models: dict[type[Body], Any] = {body: model(self) for body, (_sheet, model) in SHEETS.items()}
        self._writing: WritingModel = self._models[TextBody]

    def _show_body(self, body: Body, answers: tuple[Answer, ...], say: Say) -> None:
        if isinstance(body, TextBody):
            self._writing.show(body, say, max((answer.text_limit for answer in answers), default=0))
            return
        self._writing.forget()
        if isinstance(body, ChooseBody):
            self._models[ChooseBody].show(body, frozenset(answer.id for answer in answers if answer.enabled), say)
        else:
            self._models[type(body)].show(body, say)

    def _forget(self, say: Say) -> None:
        """Nobody stands there: what the pages of the one before said leaves the view-models and the QML beneath them."""
        for body in NOBODYS:
            self._show_body(body, (), say)
        forget_codes()

    @Property(WelcomeModel, notify=exchanged)
    def welcome(self) -> Any:
        return self._models[WelcomeBody]

    @Property(NoticeModel, notify=exchanged)
    def notice(self) -> Any:
        return self._models[NoticeBody]

    @Property(ActModel, notify=exchanged)
    def act(self) -> Any:
        return self._models[ActBody]

    @Property(WorkingModel, notify=exchanged)
    def working(self) -> Any:
        return self._models[WorkingBody]

    @Property(FaceModel, notify=exchanged)
    def face(self) -> Any:
        return self._models[FaceBody]

    @Property(OtherWayModel, notify=exchanged)
    def other_way(self) -> Any:
        return self._models[OtherWayBody]

    @Property(CompareModel, notify=exchanged)
    def compare(self) -> Any:
        return self._models[CompareBody]

    @Property(ChooseModel, notify=exchanged)
    def choose(self) -> Any:
        return self._models[ChooseBody]

    @Property(KeypadModel, notify=exchanged)
    def keypad(self) -> Any:
        return self._models[KeypadBody]

    @Property(WritingModel, notify=exchanged)
    def writing(self) -> Any:
        return self._models[TextBody]

    @Property(ReviewModel, notify=exchanged)
    def review(self) -> Any:
        return self._models[ReviewBody]

    @Property(PayMethodModel, notify=exchanged)
    def pay_method(self) -> Any:
        return self._models[PayMethodBody]

    @Property(PayModel, notify=exchanged)
    def pay(self) -> Any:
        return self._models[PayBody]

    @Property(DoneModel, notify=exchanged)
    def done(self) -> Any:
        return self._models[DoneBody]

    @Property(OutcomeModel, notify=exchanged)
    def outcome(self) -> Any:
        return self._models[OutcomeBody]

    @Property(OutOfServiceModel, notify=exchanged)
    def out_of_service(self) -> Any:
        return self._models[OutOfServiceBody]
