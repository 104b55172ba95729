"""What is being written on the page with a line to write: it stays here, on the screen's side, until the traveller says that it is done."""

from PySide6.QtCore import Property, QElapsedTimer, QObject, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtQml import QmlAnonymous

from kiosk.view import TextBody, TextField
from ui.bridge.words import Say

QML_IMPORT_NAME = "Kiosk.Bridge"
QML_IMPORT_MAJOR_VERSION = 1

LETTERS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
SIGNS = {TextField.NAME: ("·.'-",), TextField.ADDRESS: ("1234567890", "-/#.,·", "，。、（）")}
SIGN_NAMES = {
    "·": "middle_dot",
    ".": "full_stop",
    "'": "apostrophe",
    "-": "hyphen",
    "/": "slash",
    "#": "hash",
    ",": "comma",
    "，": "wide_comma",
    "。": "wide_full_stop",
    "、": "list_comma",
    "（": "left_bracket",
    "）": "right_bracket",
}
"""What a listener is told of a mark, as `screen.sign.…`; letters and digits are told as they are."""
STIR_EVERY_MS = 5000


@QmlAnonymous
class WritingModel(QObject):
    """draft: written so far. composing: letters that are not characters yet. restarted: another line is begun, with `draft` in it.

    stirred: somebody writes; not more often than every five seconds, and nothing of what they write.
    """

    changed = Signal()
    restarted = Signal()
    stirred = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._begun: tuple[TextField, str] | None = None
        self._sentence = ""
        self._draft = ""
        self._limit = 0
        self._composing = False
        self._stirred = QElapsedTimer()

    def show(self, body: TextBody, say: Say, limit: int) -> None:
        """limit: how many characters the page takes."""
        self._sentence, self._limit = say(body.sentence), limit
        if (begun := (body.what, body.written)) != self._begun:
            self._begun, self._draft, self._composing = begun, body.written, False
            self.restarted.emit()
        self.changed.emit()

    def forget(self) -> None:
        """The page has gone, and what was written on it."""
        if self._begun is not None:
            self._begun, self._draft, self._composing, self._sentence = None, "", False, ""
            self._stirred.invalidate()
            self.restarted.emit()
            self.changed.emit()

    @property
    def handed_over(self) -> str:
        return self._draft.strip()

    @property
    def ready(self) -> bool:
        """Whether there is something to hand over: whole characters only, never a guess at what half a word was to be."""
        return bool(self.handed_over) and not self._composing

    @Slot(str, bool)
    def write(self, draft: str, composing: bool) -> None:
        """Nothing is taken from a page that has gone."""
        if self._begun is None:
            return
        if not self._stirred.isValid() or self._stirred.hasExpired(STIR_EVERY_MS):
            self._stirred.start()
            self.stirred.emit()
        if (draft, composing) != (self._draft, self._composing):
            self._draft, self._composing = draft, composing
            self.changed.emit()

    @Slot()
    def drop_letters(self) -> None:
        """Letters under way are no characters of the line yet; they go, and with them what the decoder makes of them."""
        QGuiApplication.inputMethod().reset()

    @Slot(str, result="QVariantList")
    def rows(self, mode: str) -> list[list[str]]:
        """The keys of a mode (`pinyin`, `latin`, `signs`), row by row."""
        return [list(row) for row in (SIGNS[self._what] if mode == "signs" else LETTERS)]

    @Slot(str, result=str)
    def sign_key(self, sign: str) -> str:
        """The catalogue's key for a mark; empty for what is its own name."""
        return f"screen.sign.{SIGN_NAMES[sign]}" if sign in SIGN_NAMES else ""

    @property
    def _what(self) -> TextField:
        return self._begun[0] if self._begun else TextField.NAME

    @Property(str, notify=changed)
    def what(self) -> str:
        return self._what.value

    @Property(str, notify=changed)
    def sentence(self) -> str:
        return self._sentence

    @Property(str, notify=changed)
    def draft(self) -> str:
        return self._draft

    @Property(int, notify=changed)
    def limit(self) -> int:
        return self._limit
