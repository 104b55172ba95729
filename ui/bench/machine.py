"""The machine's screen, played by a seam of its own: sample pages in the order of a journey, of which those with a live picture show `film`."""

import itertools
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QPointF
from PySide6.QtQuick import QQuickItem

from kiosk.view import Preview, Seam, Touch
from ui.press import usable_controls
from ui.samples import sample_catalogue, sample_views
from ui.screen import ScreenOptions, Window

TEXTS = Path(__file__).resolve().parents[2] / "assets" / "i18n"
WIDTH, HEIGHT, FRAME_S = 1280, 720, 1 / 30
AWAKE_S = 3600.0


class Machine:
    """Shows the sample pages of these names (none: all of them), one after the other."""

    def __init__(self, names: Sequence[str], preview: Preview) -> None:
        samples = sample_views()
        self._views = [samples[name] for name in names or samples]
        self.pages = len(self._views)
        self._serial = -1
        seam = self._seam = Seam()
        seam.preview = preview
        # double_strike_ms: the moment for which a new page is deaf is meant, and no work
        self._window = Window(seam, sample_catalogue(TEXTS), ScreenOptions(double_strike_ms=0, idle_s=AWAKE_S))
        self.quick_window = self._window.quick_window
        seam.take_touches(self._next)
        self._next(None)
        self._window.crossing.open()

    def _next(self, _touch: Touch | None) -> None:
        self._serial += 1
        self._seam.publish(replace(self._views[self._serial % self.pages], serial=self._serial))

    def controls(self) -> list[QQuickItem]:
        window = self.quick_window.contentItem()
        answers = [each for each in usable_controls(self.quick_window) if each.objectName().startswith("answer:")]
        return [each for each in answers if window.contains(each.mapToScene(QPointF(each.width() / 2, each.height() / 2)))]

    def drawn(self) -> int:
        return self._window.drawn_serial

    def on_drawn(self, look: Callable[[], None]) -> None:
        self._window.on_drawn = look

    def close(self) -> None:
        self._window.close()


def film() -> Preview:
    """What a camera of 720p shows, for as long as the process lives."""
    preview, pause = Preview(), threading.Event()

    def run() -> None:
        for picture in itertools.cycle([bytes([grey]) * (WIDTH * HEIGHT * 3) for grey in (90, 160)]):
            preview.put(WIDTH, HEIGHT, picture)
            pause.wait(FRAME_S)

    threading.Thread(target=run, name="camera", daemon=True).start()
    return preview
