"""The running screen: its thread, its pictures, its end; and the installation beneath it."""

import os
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import numpy
import pytest
import zxingcpp
from PIL import Image
from PySide6.QtCore import QTimer
from PySide6.QtGui import QImage

from kiosk.i18n import Catalogue
from kiosk.view import LANGUAGES, Comfort, Deadline, Seam, Touch, View
from ui import render
from ui.app import Screen, run
from ui.bridge.palette import PALETTES
from ui.bridge.words import opening_hours, yuan
from ui.contact_sheet import contact_sheet
from ui.render import render_all, settle
from ui.samples import sample_preview
from ui.screen import ScreenOptions

ROOT = Path(__file__).resolve().parents[2]


def test_a_worker_walks_through_pages_by_pressing_real_controls(words: Catalogue, samples: dict[str, View], tmp_path: Path) -> None:
    seam, taken, got = Seam(), threading.Event(), []
    seam.take_touches(lambda touch: (got.append(touch), taken.set()))

    def worker(screen: Screen) -> None:
        for serial, (name, answer) in enumerate((("attract", "destination.HKG"), ("notice", "agree"), ("choose-many", "choose.MAC:G:twice_3m")), 1):
            taken.clear()
            seam.publish(replace(samples[name], serial=serial))
            assert screen.wait_shown(serial, 5)
            screen.grab(tmp_path / f"{name}.png")
            assert screen.press(answer)
            assert taken.wait(5)
        assert not screen.press("no.such.answer")
        assert screen.messages == []

    assert run(seam, words, ScreenOptions(540, 960, double_strike_ms=20), worker) == 0
    assert got == [Touch(1, "destination.HKG"), Touch(2, "agree"), Touch(3, "choose.MAC:G:twice_3m")]
    for name in ("attract", "notice", "choose-many"):
        assert QImage(str(tmp_path / f"{name}.png")).size().toTuple() == (540, 960)


def test_an_error_of_the_worker_comes_out_of_run(words: Catalogue) -> None:
    def worker(screen: Screen) -> None:
        raise ValueError("the machine broke")

    with pytest.raises(ValueError, match="the machine broke"):
        run(Seam(), words, ScreenOptions(540, 960), worker)


def test_closing_the_window_asks_the_machine_first(words: Catalogue) -> None:
    closing, screens = threading.Event(), []

    def worker(screen: Screen) -> None:
        screens.append(screen)
        QTimer.singleShot(0, screen.window.quick_window, screen.window.quick_window.close)
        assert closing.wait(5)
        assert screen.window.quick_window.isVisible()

    assert run(Seam(), words, ScreenOptions(540, 960, on_close=closing.set), worker) == 0


def test_sigterm_asks_the_machine_to_end_and_the_process_ends_with_0(tmp_path: Path) -> None:
    program = tmp_path / "machine.py"
    program.write_text(
        "import os, signal, sys, threading\n"
        "from pathlib import Path\n"
        "from kiosk.view import Seam\n"
        "from ui.app import run\n"
        "from ui.samples import sample_catalogue\n"
        "from ui.screen import ScreenOptions\n"
        "closing = threading.Event()\n"
        "def worker(screen):\n"
        "    os.kill(os.getpid(), signal.SIGTERM)\n"
        "    print('asked' if closing.wait(5) else 'deaf')\n"
        "words = sample_catalogue(Path(sys.argv[1]))\n"
        "sys.exit(run(Seam(), words, ScreenOptions(540, 960, on_close=closing.set), worker))\n"
    )
    screens = ROOT / "assets" / "i18n"
    ended = subprocess.run([sys.executable, str(program), str(screens)], cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=60)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "asked\n", "")


def test_pictures_of_every_theme_language_and_orientation_are_written(words: Catalogue, samples: dict[str, View], tmp_path: Path) -> None:
    written = render_all({"refused": samples["refused"]}, words, tmp_path, sample_preview(), text_sizes=[1, 2])
    assert len(written) == len(set(written)) == len(PALETTES) * len(LANGUAGES) * 2 * 2
    assert all(path.is_file() for path in written)
    assert QImage(str(tmp_path / "landscape" / "en" / "refused-2-low.png")).size().toTuple() == (1920, 1080)
    assert len({path.read_bytes() for path in written}) == len(written)
    sheet = contact_sheet(written, "en", tmp_path)
    assert sheet is not None and contact_sheet(written, "fr", tmp_path) is None
    # text size 1 in both orientations, a row each: there, in its place, is the page
    seen = numpy.asarray(Image.open(sheet).convert("RGB")).astype(int)
    for top, path in ((62, "portrait/en/refused-1-default.png"), (530, "landscape/en/refused-1-default.png")):
        page = Image.open(tmp_path / path).convert("RGB")
        small = numpy.asarray(page.resize((216, 384) if page.height > page.width else (384, 216), Image.Resampling.BOX)).astype(int)
        there = seen[top : top + small.shape[0], 14 : 14 + small.shape[1]]
        assert abs(there - small).mean() < 6, path


def test_a_countdown_in_a_picture_does_not_depend_on_how_many_were_drawn_before(
    words: Catalogue, samples: dict[str, View], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(render, "settle", lambda window: (settle(window), time.sleep(1.1)))
    view = replace(samples["review"], deadline=Deadline(time.monotonic() + 25, 30))
    first, second = render_all(
        {"a": view, "b": view}, words, tmp_path, sample_preview(), languages=["en"], text_sizes=[1], themes=["default"], orientations=["portrait"]
    )
    assert first.read_bytes() == second.read_bytes()


def test_each_theme_paints_its_own_paper(stage, samples: dict[str, View]) -> None:
    for theme, palette in PALETTES.items():
        stage.show(samples["review"], comfort=Comfort(theme=theme))
        image = stage.window.quick_window.grabWindow()
        margin = stage.window.panel.px_per_mm * 4  # nothing stands there
        assert image.pixelColor(round(margin), image.height() * 2 // 3).name().upper() == palette.paper


def test_the_payment_code_on_the_screen_can_be_read(stage, samples: dict[str, View], tmp_path: Path) -> None:
    for theme in PALETTES:
        stage.show(samples["pay"], comfort=Comfort(theme=theme))
        stage.window.quick_window.grabWindow().save(str(tmp_path / "pay.png"))
        read = zxingcpp.read_barcodes(numpy.asarray(Image.open(tmp_path / "pay.png").convert("L")))
        assert [each.text for each in read] == [samples["pay"].body.code]


def test_money_reads_as_yuan_and_hours_in_the_pages_language(words: Catalogue) -> None:
    assert (yuan(1500), yuan(8005), yuan(0)) == ("¥15.00", "¥80.05", "¥0.00")
    assert opening_hours("Mon-Fri 09:00-17:00", lambda message: words.say(message, "zh-Hans")) == "周一-周五 09:00-17:00"
    assert opening_hours("Mon-Fri 09:00-17:00", lambda message: words.say(message, "en")) == "Mon-Fri 09:00-17:00"


def test_pages_do_not_pile_up_in_memory(stage, samples: dict[str, View]) -> None:
    def resident_mb() -> float:
        return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6

    def walk() -> None:
        for view in samples.values():
            stage.show(view)

    walk()
    before = resident_mb()
    for _ in range(5):
        walk()
    assert resident_mb() - before < 20


def test_a_call_into_qt_does_not_cost_none_a_reference() -> None:
    """PySide6 6.12.0 does, on Python older than 3.12: the interpreter dies after some thousand calls. Such a pair must never be installed."""
    timer = QTimer()
    before = sys.getrefcount(None)
    for _ in range(500):
        timer.stop()
    assert sys.getrefcount(None) - before > -250


def test_qmllint_finds_nothing() -> None:
    linted = subprocess.run([str(ROOT / "packaging" / "qml_lint.sh"), str(Path(sys.executable).parent)], capture_output=True, text=True, timeout=120)
    assert (linted.returncode, linted.stdout) == (0, ""), linted.stderr[:4000]


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}
