"""What a page tells assistive technology, held against what it shows and what the machine calls it."""

import re
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtGui import QAccessible
from PySide6.QtQuick import QQuickItem

from kiosk.i18n import Catalogue
from kiosk.view import Message, View
from tests.ui.geometry import Laid
from tests.ui.reading import ROLES, Said, said_of

ROOT = Path(__file__).resolve().parents[2]
ICONS = {path.stem for path in (ROOT / "assets" / "icons").iterdir()}
CHINESE = re.compile("[\u4e00-\u9fff]")
KEY = re.compile(r"[a-z_]+([.:][a-zA-Z0-9_+:]+)+")
# What a page may tell; anything else is a part that forgot what it is.
TOLD = ROLES | {getattr(QAccessible.Role, name) for name in ("StaticText", "Heading", "AlertMessage", "Graphic", "ListItem", "ProgressBar")}
PAGERS = {"pager:previous": "screen.pager.previous", "pager:next": "screen.pager.next"}
DIALOG = {"answer:more_time": "screen.still_there.more_time", "answer:footer.cancel": "screen.still_there.cancel"}


def faults_told(laid: Laid, everything: list[Said], view: View, words: Catalogue) -> Iterator[str]:
    """`everything`: what the page tells in all. Every control by its name and role; nothing told that a key cannot press, nothing written that is
    not told."""
    language = view.comfort.language
    for control in laid.touchable():
        yield from faults_of(control.item, label_of(view, control.name, words), words, language)
    for each in everything:
        if not each.name.strip():
            yield f"a {each.role} without a name"
        if each.role not in TOLD:
            yield f"{each.name!r} is a {each.role}"
    told = sum(each.role in ROLES and not each.disabled for each in everything)
    pressed = sum(control.item.isEnabled() for control in laid.controls)
    if told != pressed:
        yield f"{told} buttons are told as usable and {pressed} can be pressed"
    names = "\n".join(each.name for each in everything)
    for text in laid.texts:
        if text.name.strip("_") not in names:
            yield f"{text.name!r} is written and not told"


def label_of(view: View, name: str, words: Catalogue) -> Message | None:
    """What the machine calls the control of that name; None for an option that cannot be had (it answers nothing)."""
    if view.deadline is not None and view.deadline.asked and name in DIALOG:
        return Message(DIALOG[name])
    if name in PAGERS:
        return Message(PAGERS[name])
    answer = next((each for each in view.answers if f"answer:{each.id}" == name), None)
    if answer is None and name.startswith("answer:footer."):
        return Message(name.removeprefix("answer:"))
    return answer.label if answer else None


def faults_of(control: QQuickItem, label: Message | None, words: Catalogue, language: str) -> Iterator[str]:
    said, who = said_of(control), control.objectName()
    if said.role not in ROLES:
        yield f"{who} is a {said.role}"
    if not said.name.strip(" ,") or KEY.fullmatch(said.name) or said.name in ICONS or ", ," in said.name:
        yield f"{who} is called {said.name!r}"
    if label is not None and words.say(label, language) not in said.name:
        yield f"{who} is called {said.name!r}, not {words.say(label, language)!r}"
    # another language's name; a sign, the same in all; the characters that pinyin may mean
    own = who == "answer:footer.language" or len(said.name) == 1 or who.removeprefix("pick:").isdigit()
    if not own and bool(CHINESE.search(said.name)) != (language != "en"):
        yield f"{who} is called {said.name!r} on a page in {language}"
    if (said.focusable, said.disabled) != (control.isEnabled(), not control.isEnabled()):
        yield f"{who} is told as {said}"
    if (control.property("whyNot") or "") not in said.name:
        yield f"{who} does not say why it cannot be had"
