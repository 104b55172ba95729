"""After a traveller, neither the screen nor anything behind it shows what their pages said."""

import gc
import re
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage

from kiosk.view import CompareBody, FaceBody, KeypadBody, Message, PayBody, ReviewBody, View, WorkingBody
from tests.ui.conftest import Stage
from ui.bridge import drawings

CANARY = "".join(("百灵", "鸟77"))
FACES = re.compile("image://(camera|portrait)/[1-9]")


def said(text: str) -> Message:
    return Message("word.plain", {"text": text})


def words_of(item: QObject) -> set[str]:
    """Every string that the objects of the page hold, QML's own properties with them."""
    found: set[str] = set()
    for each in (item, *item.findChildren(QObject)):
        meta = each.metaObject()
        for index in range(meta.propertyCount()):
            value = each.property(meta.property(index).name()) if meta.property(index).typeName() in ("QString", "QUrl", "QVariant") else None
            found.add(str(value))
    return found


def holders() -> list[str]:
    """Containers in reach of the collector that hold the canary, but for the ones of this test."""
    gc.collect()
    inner = ((each, text) for each in gc.get_objects() for text in gc.get_referents(each) if type(text) is str)
    return [type(each).__name__ for each, text in inner if CANARY in text and text != CANARY]


def personal(samples: dict[str, View]) -> list[View]:
    name = "*" + CANARY
    act = samples["permit"]
    return [
        replace(act, body=replace(act.body, person=name)),
        replace(samples["face"], body=FaceBody(said(name), None, None, 0.4)),
        replace(samples["compare"], body=CompareBody(name, said(name))),
        replace(samples["review"], body=ReviewBody(((said("a"), said(name)),), 1500), problem=said(name)),
        replace(samples["phone"], body=KeypadBody(name, 11, said(name))),
        replace(samples["pay"], body=PayBody("wechat", f"weixin://{name}", 1500, name)),
        replace(samples["issuing"], body=WorkingBody(((said(name), samples["issuing"].body.stages[0][1]),), 0.5, said(name))),
        replace(samples["goodbye"], body=replace(samples["goodbye"].body, happened=said(name), number=name)),
    ]


def picture(stage: Stage) -> QImage:
    return stage.window.quick_window.grabWindow()


def test_the_first_page_leaves_nothing_of_the_pages_before(stage: Stage, samples: dict[str, View]) -> None:
    stage.show(samples["attract"])
    clean = picture(stage)
    pages = personal(samples)
    for view in pages:
        stage.show(view)
        shown = words_of(stage.window.page) | words_of(stage.window.quick_window)
        assert any(CANARY in text for text in shown), view.step
        assert any(FACES.search(text) for text in shown) is isinstance(view.body, FaceBody | CompareBody), "the face, the portrait"
    assert drawings._modules.cache_info().currsize
    pages.clear()
    del view, shown
    stage.show(samples["attract"])
    stage.pump()
    assert not [text for text in words_of(stage.window.page) | words_of(stage.window.quick_window) if CANARY in text or FACES.search(text)]
    rows = [model.rows for model in stage.window.page.findChildren(QObject) if hasattr(model, "rows")]
    assert rows and CANARY not in repr(rows)
    assert drawings._modules.cache_info().currsize == 0
    assert picture(stage) == clean
    assert holders() == []


def test_what_is_out_of_service_shows_nobody_either(stage: Stage, samples: dict[str, View]) -> None:
    stage.show(personal(samples)[1])
    stage.show(samples["out_of_service"])
    stage.pump()
    assert CANARY not in repr([model.rows for model in stage.window.page.findChildren(QObject) if hasattr(model, "rows")])


def test_no_page_has_a_field_that_text_could_be_copied_from() -> None:
    root = Path(__file__).resolve().parents[2] / "ui"
    fields = re.compile(r"TextInput|TextField *\{|TextEdit|TextArea|InputPanel|QClipboard")
    line = root / "qml" / "Kiosk" / "Steps" / "Writing.qml"  # the one line to write; nothing of it can be marked (tests/ui/test_writing.py)
    having = {file for file in (*root.rglob("*.qml"), *root.rglob("*.py")) if fields.search(file.read_text(encoding="utf-8"))}
    assert having - {root / "press.py"} == {line}
