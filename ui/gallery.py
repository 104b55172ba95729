"""One picture of every control in every state, for each theme and language (ui/qml/Kiosk/Gallery)."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QUrl
from PySide6.QtQuick import QQuickView

from kiosk.i18n import Catalogue
from kiosk.view import Comfort, Deadline, Preview
from ui.app import messages_kept, the_application
from ui.bridge.attention import Attention
from ui.bridge.engine import QML, equip
from ui.bridge.page import Page
from ui.bridge.palette import PALETTES
from ui.bridge.panel import Panel
from ui.bridge.theme import ThemeColours
from ui.render import save
from ui.samples import sample_views
from ui.screen import ScreenOptions

LANGUAGES = ("zh-Hans", "en")
SECONDS_LEFT = 25


class Gallery:
    """The sheet of controls in a window that is as high as it needs. Its page is one with a camera, a place and a deadline, for the controls that
    show those. The catalogue knows the samples' words."""

    def __init__(self, catalogue: Catalogue, preview: Preview, comfort: Comfort) -> None:
        options = ScreenOptions()
        self.panel, self.theme, self.attention = Panel(options.width_px, options.height_px, options.diagonal_inches), ThemeColours(), Attention()
        self.page = Page(catalogue, self.panel, self.theme, preview, lambda _answer, _step, _text: False, lambda: 0.0, 0)
        self.page.show(replace(sample_views()["face"], comfort=comfort, deadline=Deadline(SECONDS_LEFT, SECONDS_LEFT)))
        self.view = QQuickView()
        equip(self.view.engine(), self.page, self.panel, self.theme, self.attention, preview)
        self.view.setSource(QUrl.fromLocalFile(str(QML / "Kiosk" / "Gallery" / "Controls.qml")))
        self.view.show()
        self.view.grabWindow()  # lays out what waits for its layout
        self.view.setHeight(round(self.view.rootObject().implicitHeight()))

    def close(self) -> None:
        self.view.hide()
        self.view.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def render_controls(
    catalogue: Catalogue, out: Path, preview: Preview, *, languages: Sequence[str] = LANGUAGES, themes: Sequence[str] = tuple(PALETTES)
) -> list[Path]:
    """Writes `out/controls/<language>-<theme>.png` for each and returns the paths. Main thread; blocks.

    OSError where a picture cannot be written; RuntimeError with what Qt said, where it said anything.
    """
    the_application()
    written: list[Path] = []
    unknown: list[str] = []
    with messages_kept() as messages:
        for language in languages:
            for theme in themes:
                gallery = Gallery(catalogue, preview, Comfort(language, theme=theme))
                path = out / "controls" / f"{language}-{theme}.png"
                save(gallery.view.grabWindow(), path)
                unknown += gallery.page.unknown_words
                gallery.close()
                written.append(path)
    if messages or unknown:
        raise RuntimeError("; ".join([*messages, *unknown][:5]))
    return written
