"""The sheet of controls that `kiosk screens` draws: every control stands on it, in every state it has, and nothing is cut."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage
from PySide6.QtQuick import QQuickItem

from kiosk.i18n import Catalogue
from kiosk.view import Comfort
from tests.ui.geometry import faults_of_text, texts
from ui.app import messages_kept
from ui.gallery import Gallery, render_controls
from ui.press import items
from ui.samples import sample_preview

ROOT = Path(__file__).resolve().parents[2]
QMLDIR = ROOT / "ui" / "qml" / "Kiosk" / "Controls" / "qmldir"
CONTROLS = {line.split()[0] for line in QMLDIR.read_text(encoding="utf-8").splitlines()[1:]}
BASES = {"Pressable", "AnswerControl", "Entry"}  # what others are made from, without a look of their own


def kinds(item: QQuickItem) -> Iterator[str]:
    """The names of the QML types that the item is, its own first."""
    described = item.metaObject()
    while described is not None:
        yield described.className().split("_QMLTYPE_")[0]
        described = described.superClass()


@pytest.fixture
def sheet(whole_stage: object, words: Catalogue) -> Iterator[QQuickItem]:
    with messages_kept() as messages:
        gallery = Gallery(words, sample_preview(), Comfort("en"))
        gallery.view.grabWindow()
        yield gallery.view.rootObject()
        gallery.close()
        assert messages == []
        assert gallery.page.unknown_words == []


def test_every_control_stands_on_the_sheet_and_those_to_press_in_every_state(sheet: QQuickItem) -> None:
    shown = [item for item in items(sheet) if item.width() > 0 and item.height() > 0]
    assert CONTROLS - {next(kinds(item)) for item in shown} == BASES
    states: dict[str, set[str]] = {}
    for shelf in (item for item in shown if item.objectName().startswith("shelf:")):
        name = shelf.objectName().removeprefix("shelf:")
        specimens = [item for item in items(shelf) if name in kinds(item)]
        own = [item for item in items(shelf) if item.objectName().startswith("state:")]
        assert len(specimens) >= len(own), name
        if specimens[0].property("pressable"):
            states[name] = {state.objectName() for state in own}
            assert any(each.property("down") for each in specimens), f"no pressed {name}"
            assert any(not each.isEnabled() for each in specimens), f"no {name} that is not offered"
            rings = [item for item in items(shelf) if "FocusRing" in kinds(item)]
            assert len(rings) == 1, f"no {name} in focus"
    pressables = {kind for item in shown if item.property("pressable") for kind in kinds(item)} & CONTROLS
    assert states.keys() == pressables - BASES
    assert [name for name, seen in states.items() if not {"state:normal", "state:long"} <= seen] == []


def test_nothing_on_the_sheet_is_cut(sheet: QQuickItem) -> None:
    whole = QRectF(0, 0, sheet.width(), sheet.height())
    assert [fault for text in texts(sheet) for fault in faults_of_text(text, whole)] == []


def test_a_picture_is_written_for_each_theme_and_language(whole_stage: object, words: Catalogue, tmp_path: Path) -> None:
    written = render_controls(words, tmp_path, sample_preview(), languages=["zh-Hans"], themes=["default", "white_on_black"])
    assert [path.name for path in written] == ["zh-Hans-default.png", "zh-Hans-white_on_black.png"]
    assert [QImage(str(path)).pixelColor(2, 2).name() for path in written] == ["#f6f7f9", "#000000"]
