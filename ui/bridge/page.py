"""The page in force, as QML sees it: one view at a time, its words in the traveller's language."""

import math
from collections.abc import Callable

from PySide6.QtCore import Property, QObject, QTimer, Signal, Slot
from PySide6.QtQml import QJSEngine, QmlElement, QmlSingleton

from kiosk.i18n import Catalogue
from kiosk.view import (
    Answer,
    CompareBody,
    Deadline,
    FaceBody,
    Message,
    OutOfServiceBody,
    Preview,
    Role,
    TextBody,
    View,
    WelcomeBody,
    voice_settings,
)
from ui.bridge.camera import CameraFeed
from ui.bridge.panel import Panel
from ui.bridge.rows import RowsModel
from ui.bridge.sheets import SHEETS, Sheets
from ui.bridge.theme import ThemeColours

QML_IMPORT_NAME = "Kiosk.Bridge"
QML_IMPORT_MAJOR_VERSION = 1

MORE_TIME = "more_time"  # the answer of the "do you need more time?" sheet
FOOTER = ("back", "cancel", "help", "language", "text_size", "contrast", "voice", "staff")
NOBODYS_PAGES = (WelcomeBody, OutOfServiceBody)
TICK_MS = 200


def _covered(view: View) -> bool:
    """Whether a sheet lies over the page."""
    return (view.deadline is not None and view.deadline.asked) or any(answer.role is Role.VOICE for answer in view.answers)


def _interrupted(before: View, view: View) -> bool:
    """Whether letters under way cannot go on."""
    return before.comfort.language != view.comfort.language or (_covered(view) and not _covered(before))


@QmlElement
@QmlSingleton
class Page(Sheets):
    """What the page says and offers, and the one way to answer it.

    `post(answer, step, text)` hands a touch over and returns whether it was taken. A touch disarms the page until the next view, or for `REARM_MS`
    where none comes; after the step or the kind of its body has changed the page stays deaf for `double_strike_ms`, because a trembling hand
    strikes twice and the second stroke was not meant for the new page.
    """

    REARM_MS = 1000

    changed = Signal()
    ticked = Signal()
    armed_changed = Signal()
    close_requested = Signal()
    stirred = Signal()  # somebody writes

    def __init__(
        self,
        catalogue: Catalogue,
        panel: Panel,
        theme: ThemeColours,
        preview: Preview,
        post: Callable[[str, str, str], bool],
        clock: Callable[[], float],
        double_strike_ms: int,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._catalogue, self._panel, self._theme, self._post = catalogue, panel, theme, post
        self.clock = clock
        self.double_strike_ms = double_strike_ms
        self.unknown_words: list[str] = []
        self._view: View | None = None
        self._sheet = ""
        self._title = self._problem = self._place_text = self._voice_settings = ""
        self._seconds_left = -1
        self._touched = self._settling = False
        self._actions = RowsModel(("answerId", "label", "primary", "offered"), self)
        self._choices = RowsModel(("answerId", "label", "offered"), self)
        self._footer = RowsModel(("answerId", "label", "icon", "offered", "lit"), self)
        self._voice_keys = RowsModel(("answerId", "label", "primary", "offered"), self)
        self._camera = CameraFeed(preview, self)
        self._writing.changed.connect(self._show_actions)
        self._writing.stirred.connect(self.stirred)
        self._rearm = QTimer(self, singleShot=True, interval=self.REARM_MS)
        self._rearm.timeout.connect(self._untouch)
        self._settle = QTimer(self, singleShot=True)
        self._settle.timeout.connect(self._settled)
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(self._count_down)

    @staticmethod
    def create(engine: QJSEngine) -> QObject:
        return engine.property("page")  # type: ignore[no-any-return]

    # -- from the machine -----------------------------------------------------------------------------------------------------------------

    def show(self, view: View) -> None:
        """Puts a view on the screen. Qt's thread."""
        before, self._view = self._view, view
        if before is not None and isinstance(before.body, TextBody) and _interrupted(before, view):
            self._writing.drop_letters()  # or Qt would make characters of them as the line loses its focus
        self._panel.speak(view.comfort.language)
        self._theme.wear(view.comfort.theme)
        self._title = self._say(view.title)
        self._problem = self._say(view.problem) if view.problem else ""
        self._place_text = self._say(Message("screen.place", {"n": view.place[0], "m": view.place[1]})) if view.place else ""
        self._voice_settings = self._say(voice_settings(view.comfort))
        self._show_answers(view)
        self._show_body(view.body, view.answers, self._say)
        self._sheet = SHEETS[type(view.body)][0]
        self._camera.watch(isinstance(view.body, FaceBody | CompareBody))
        self._rearm.stop()
        self._touched = False
        if before is not None and (before.step, type(before.body)) != (view.step, type(view.body)):
            self.deafen()
        self.changed.emit()
        self.armed_changed.emit()
        if before is not None and isinstance(view.body, NOBODYS_PAGES) and not isinstance(before.body, NOBODYS_PAGES):
            self._forget(self._say)
        self._count_down()
        if view.deadline is None:
            self._tick.stop()
        elif not self._tick.isActive():
            self._tick.start()

    def _say(self, message: Message) -> str:
        language = self._view.comfort.language if self._view else "zh-Hans"
        try:
            return self._catalogue.say(message, language)
        except KeyError as missing:
            self.unknown_words.append(f"{message.key}: {missing}")
            return message.key

    def _show_answers(self, view: View) -> None:
        def of(*roles: Role) -> list[Answer]:
            return [answer for answer in view.answers if answer.role in roles and answer.id != MORE_TIME]

        self._show_actions()
        self._choices.show([(each.id, self._say(each.label), each.enabled) for each in of(Role.CHOICE)])
        self._voice_keys.show([(each.id, self._say(each.label), each.id == "voice.close", each.enabled) for each in of(Role.VOICE)])
        offered = {answer.id: answer for answer in of(Role.FOOTER)}
        rows: list[tuple[str | bool, ...]] = []
        # a page of nobody's offers none, and keeps their places
        names = [name for name in FOOTER if f"footer.{name}" in offered] or FOOTER
        for name in names:
            answer = offered.get(f"footer.{name}")
            label = self._say(answer.label if answer else Message(f"footer.{name}"))
            lit = name == "voice" and view.comfort.voice
            rows.append((f"footer.{name}", label, name, answer is not None and answer.enabled, lit))
        self._footer.show(rows)

    def _show_actions(self) -> None:
        """The strong action at the right hand. One that takes what was written is offered once there is something to take."""
        answers = self._view.answers if self._view else ()
        actions = [each for role in (Role.SECONDARY, Role.PRIMARY) for each in answers if each.role is role and each.id != MORE_TIME]
        ready = self._writing.ready
        rows = [(each.id, self._say(each.label), each.role is Role.PRIMARY, each.enabled and (ready or not each.text_limit)) for each in actions]
        self._actions.show(rows)

    def deafen(self) -> None:
        """The page hears nothing for `double_strike_ms`."""
        if self.double_strike_ms:
            self._settling = True
            self._settle.start(self.double_strike_ms)
            self.armed_changed.emit()

    # -- from the traveller ---------------------------------------------------------------------------------------------------------------

    @Slot(str, str)
    def touch(self, answer: str, step: str) -> None:
        """A control was released. `step` is the one on which the finger went down: a page that changed under the finger is not answered."""
        if not self.armed:
            return
        self._touched = True
        self._rearm.start()
        self.armed_changed.emit()
        if not self._post(answer, step, self._writing.handed_over if self._takes_text(answer) else ""):
            self._untouch()

    def _takes_text(self, answer: str) -> bool:
        return self._view is not None and any(each.id == answer and each.text_limit for each in self._view.answers)

    @Slot()
    def request_close(self) -> None:
        """The window's close button."""
        self.close_requested.emit()

    def _untouch(self) -> None:
        self._rearm.stop()
        self._touched = False
        self.armed_changed.emit()

    def _settled(self) -> None:
        self._settling = False
        self.armed_changed.emit()

    def _count_down(self) -> None:
        deadline = self._deadline
        left = math.ceil(deadline.ends_at - self.clock()) if deadline else -1
        shown = max(left, 0) if deadline and (deadline.asked or left <= deadline.alert_s) else -1
        if shown != self._seconds_left:
            self._seconds_left = shown
            self.ticked.emit()

    @property
    def _deadline(self) -> Deadline | None:
        return self._view.deadline if self._view else None

    @property
    def view(self) -> View | None:
        return self._view

    # -- what QML reads -------------------------------------------------------------------------------------------------------------------

    @Slot(str, str, result=str)
    def word(self, key: str, language: str) -> str:
        """A label of the screen itself. The language is named so that QML asks again when it changes."""
        return self._catalogue.text(key, language) if key in self._catalogue else self._say(Message(key))

    @Property(str, notify=changed)
    def step(self) -> str:
        return self._view.step if self._view else ""

    @Property(str, notify=changed)
    def sheet(self) -> str:
        """Which file of Kiosk/Steps shows the body; empty before the first view."""
        return self._sheet

    @Property(str, notify=changed)
    def title(self) -> str:
        return self._title

    @Property(str, notify=changed)
    def problem(self) -> str:
        return self._problem

    @Property(bool, notify=changed)
    def alarm(self) -> bool:
        return self._view.alarm if self._view else False

    @Property(str, notify=changed)
    def language(self) -> str:
        return self._view.comfort.language if self._view else "zh-Hans"

    @Property(bool, notify=changed)
    def low_reach(self) -> bool:
        return self._view.comfort.low_reach if self._view else False

    @Property(int, notify=changed)
    def text_size(self) -> int:
        return self._view.comfort.text_size if self._view else 1

    @Property(bool, notify=changed)
    def simulated(self) -> bool:
        return self._view.simulated if self._view else False

    @Property(int, notify=changed)
    def place(self) -> int:
        """1..places, 0 off the line."""
        return self._view.place[0] if self._view and self._view.place else 0

    @Property(int, notify=changed)
    def places(self) -> int:
        return self._view.place[1] if self._view and self._view.place else 0

    @Property(str, notify=changed)
    def place_text(self) -> str:
        return self._place_text

    @Property(bool, notify=changed)
    def asked(self) -> bool:
        return self._deadline.asked if self._deadline else False

    @Property(bool, notify=changed)
    def more_time_offered(self) -> bool:
        return self._view is not None and self._view.offers(MORE_TIME)

    @Property(bool, notify=changed)
    def cancel_offered(self) -> bool:
        return self._view is not None and self._view.offers("footer.cancel")

    @Property(int, notify=ticked)
    def seconds_left(self) -> int:
        """-1 while there is nothing to count."""
        return self._seconds_left

    @Property(float, notify=changed)
    def alert_s(self) -> float:
        return self._deadline.alert_s if self._deadline else 0.0

    @Property(bool, notify=armed_changed)
    def armed(self) -> bool:
        return not (self._touched or self._settling)

    @Property(bool, notify=armed_changed)
    def deaf(self) -> bool:
        """A stroke that begins now was meant for the page before."""
        return self._settling

    @Property(RowsModel, notify=changed)
    def actions(self) -> RowsModel:
        return self._actions

    @Property(RowsModel, notify=changed)
    def choices(self) -> RowsModel:
        return self._choices

    @Property(RowsModel, notify=changed)
    def footer(self) -> RowsModel:
        return self._footer

    @Property(RowsModel, notify=changed)
    def voice_keys(self) -> RowsModel:
        return self._voice_keys

    @Property(bool, notify=changed)
    def voice_sheet(self) -> bool:
        """Whether the voice's keys lie over the page."""
        return self._view is not None and any(answer.role is Role.VOICE for answer in self._view.answers)

    @Property(str, notify=changed)
    def voice_settings(self) -> str:
        return self._voice_settings

    @Property(CameraFeed, notify=changed)
    def camera(self) -> CameraFeed:
        return self._camera
