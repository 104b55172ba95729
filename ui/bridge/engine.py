"""What an engine needs before it can load a file of the screen: the singletons of Kiosk.Bridge, the image providers, the modules."""

from pathlib import Path

from PySide6.QtQml import QQmlEngine

from kiosk.view import Preview
from ui.bridge.attention import Attention
from ui.bridge.camera import CameraFrames, Portraits
from ui.bridge.drawings import Drawings, QrCodes
from ui.bridge.page import Page
from ui.bridge.panel import Panel
from ui.bridge.theme import ThemeColours
from ui.pinyin import open_decoder

QML = Path(__file__).resolve().parents[1] / "qml"


def equip(engine: QQmlEngine, page: Page, panel: Panel, theme: ThemeColours, attention: Attention, preview: Preview) -> None:
    """The engine keeps none of them alive."""
    for name, singleton in (("page", page), ("panel", panel), ("theme_colours", theme), ("attention", attention)):
        engine.setProperty(name, singleton)
    engine.addImageProvider("drawings", Drawings())
    engine.addImageProvider("codes", QrCodes())
    engine.addImageProvider("camera", CameraFrames(preview))
    engine.addImageProvider("portrait", Portraits(preview))
    engine.addImportPath(str(QML))
    open_decoder(engine)
