"""Pictures of pages: every step in every language, text size, theme and orientation."""

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QImage

from kiosk.i18n import Catalogue
from kiosk.view import LANGUAGES, Comfort, Preview, Seam, View
from ui.app import messages_kept, the_application
from ui.bridge.palette import PALETTES
from ui.screen import ScreenOptions, Window

ORIENTATIONS = {"portrait": (1080, 1920), "landscape": (1920, 1080)}
TEXT_SIZES = (0, 1, 2, 3)
# PNG without much effort: the pictures are many and of few colours.
PNG_QUALITY = 90
UNSAVED_AT_MOST = 8
FRAME_WAIT_S = 10.0
IDLE_S = 3600.0  # the pictures show the first page awake


def settle(window: Window) -> None:
    """Runs the event loop until the newest view's frame has been drawn."""
    wanted = window.serial_of_applied
    until = time.monotonic() + FRAME_WAIT_S
    while time.monotonic() < until:
        QCoreApplication.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # which processEvents leaves to a running loop
        if window.drawn_serial == wanted:
            return
        time.sleep(0.001)
    raise TimeoutError("no frame was drawn")


def render_all(
    views: Mapping[str, View],
    catalogue: Catalogue,
    out: Path,
    preview: Preview,
    *,
    languages: Sequence[str] = LANGUAGES,
    text_sizes: Sequence[int] = TEXT_SIZES,
    themes: Sequence[str] = tuple(PALETTES),
    orientations: Sequence[str] = tuple(ORIENTATIONS),
    diagonal_inches: float = 21.5,
) -> list[Path]:
    """Writes `out/<orientation>/<language>/<name>-<text size>-<theme>.png` for each view and returns the paths. Main thread; blocks.

    OSError where a picture cannot be written; RuntimeError with what Qt said, where it said anything.
    """
    the_application()
    seam = Seam()
    seam.preview = preview
    written: list[Path] = []
    serial = 0
    began = time.monotonic()  # and stays so: what a page counts down must not depend on how many were drawn before it
    with messages_kept() as messages, ThreadPoolExecutor(1) as saver:
        window = Window(
            seam,
            catalogue,
            ScreenOptions(*ORIENTATIONS[orientations[0]], diagonal_inches=diagonal_inches, double_strike_ms=0, idle_s=IDLE_S, clock=lambda: began),
        )
        saving = []
        for orientation in orientations:
            window.panel.resize(*ORIENTATIONS[orientation])
            for name, view in views.items():
                for language in languages:
                    for text_size in text_sizes:
                        for theme in themes:
                            serial += 1
                            window.show(replace(view, serial=serial, comfort=Comfort(language, text_size, theme)))
                            settle(window)
                            path = out / orientation / language / f"{name}-{text_size}-{theme}.png"
                            saving.append(saver.submit(save, window.quick_window.grabWindow(), path))
                            written.append(path)
                            if len(saving) >= UNSAVED_AT_MOST:
                                saving.pop(0).result()
        for job in saving:
            job.result()
        window.close()
    if messages or window.page.unknown_words:
        raise RuntimeError("; ".join([*messages, *window.page.unknown_words][:5]))
    return written


def save(image: QImage, path: Path) -> None:
    """Writes the PNG, and the folders above it; OSError where that cannot be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not image.save(str(path), "PNG", PNG_QUALITY):  # type: ignore[call-overload]
        raise OSError(f"cannot write {path}")
