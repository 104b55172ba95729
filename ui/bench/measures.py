"""What is measured of a screen: each answers with its raw values."""

import itertools
import resource
import time
from collections.abc import Callable

from PySide6.QtCore import QRectF, Qt, QTimer
from PySide6.QtGui import QImage
from PySide6.QtQuick import QQuickItem

from ui.bench.glass import PRESS, RELEASE, Glass, Subject
from ui.press import items

TOUCHES, ROUNDS = 100, 2
ANIMATION_MS, TRANSITION_MS = 16, 300
IDLE_WINDOWS, IDLE_MS = 3, 1000
JOURNEY = (
    *("attract", "notice", "id_card", "registry", "permit", "permit_check", "face", "face-turn", "face-colour", "choose"),
    *("phone", "review", "approval", "pay_method", "pay", "issuing", "take_card", "receipt", "goodbye"),
)


def touch(subject: Subject, glass: Glass) -> list[float]:
    """Milliseconds from a finger's press to the first frame that shows it, on each control of the page in turn."""
    controls = len(subject.controls())
    for number in range(controls):
        if not _changes_the_picture(subject, glass, number):
            raise RuntimeError(f"{subject.controls()[number].objectName()} does not show a finger on it")
    values = []
    for number in range(TOUCHES):
        control = subject.controls()[number % controls]
        values.append(_press(glass, control))
        _release(subject, glass, control)
    return values


def page(subject: Subject, glass: Glass) -> list[float]:
    """Milliseconds from a finger's release to the first frame of the page it leads to."""
    return [_turn(subject, glass) for _page in range(ROUNDS * subject.pages)]


def frames(subject: Subject, glass: Glass) -> list[float]:
    """Milliseconds between the frames of an animation of 60 Hz, for so long after each release as a change of page may take."""
    moving = QTimer(interval=ANIMATION_MS, timerType=Qt.TimerType.PreciseTimer)
    moving.timeout.connect(subject.quick_window.update)
    moving.start()
    values = []
    for _page in range(subject.pages):
        glass.frames.clear()
        _turn(subject, glass)
        began = glass.struck_at
        glass.rest(TRANSITION_MS)
        ended = began + TRANSITION_MS / 1000
        values += [(after - before) * 1000 for before, after in itertools.pairwise(glass.frames) if after > began and before < ended]
    return values


def idle(_subject: Subject, glass: Glass) -> list[float]:
    """Percent of one core that a page takes while nobody touches it; what the camera takes is in it."""
    values = []
    for _window in range(IDLE_WINDOWS):
        used, began = _used_s(), time.perf_counter()
        glass.rest(IDLE_MS)
        values.append(100 * (_used_s() - used) / (time.perf_counter() - began))
    return values


MEASURES: dict[str, tuple[tuple[str, ...], Callable[[Subject, Glass], list[float]]]] = {
    "touch": (("face",), touch),
    "page": ((), page),
    "frames": (JOURNEY, frames),
    "idle": (("attract",), idle),
}
"""Name → the machine's pages it is about (none: all) and how it is taken."""


def first_round(subject: Subject, glass: Glass) -> list[tuple[int, int]]:
    """(texts, rectangles) of each page. Builds each page for the first time, which the day's first traveller waits for and the measures do not."""
    counted = []
    for _page in range(subject.pages):
        shown = list(items(subject.quick_window.contentItem()))
        counted.append((sum(each.inherits("QQuickText") for each in shown), sum(each.inherits("QQuickRectangle") for each in shown)))
        _turn(subject, glass)
    return counted


def _press(glass: Glass, control: QQuickItem) -> float:
    glass.strike(PRESS, control)
    return glass.wait(lambda: bool(control.property("down")))


def _release(subject: Subject, glass: Glass, control: QQuickItem) -> float:
    before = subject.drawn()
    glass.strike(RELEASE, control)
    return glass.wait(lambda: subject.drawn() > before)


def _turn(subject: Subject, glass: Glass) -> float:
    control = subject.controls()[-1]
    _press(glass, control)
    return _release(subject, glass, control)


def _changes_the_picture(subject: Subject, glass: Glass, number: int) -> bool:
    """Whether a finger on that control changes the control's pixels: what `down` says can be seen."""
    control = subject.controls()[number]
    area = control.mapRectToScene(QRectF(0, 0, control.width(), control.height())).toRect()

    def picture() -> QImage:
        return subject.quick_window.grabWindow().copy(area)

    before = picture()
    _press(glass, control)
    changed = picture() != before
    _release(subject, glass, control)
    return changed


def _used_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
