"""The sounds of the screen: the alarm, and the question whether somebody is still there. A machine without loudspeakers, or without a
sound library, is silent: the page tells it by sight as well."""

import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QLoggingCategory, QUrl, qInstallMessageHandler
from PySide6.QtGui import QGuiApplication

LOG = logging.getLogger("ui.alarm")
SOUNDS = Path(__file__).resolve().parents[1] / "assets" / "sounds"
SOUND, QUESTION = SOUNDS / "alarm.wav", SOUNDS / "question.wav"


class Player(Protocol):
    """What plays a sound, over and over, until it is stopped."""

    def play(self) -> None: ...

    def stop(self) -> None: ...


class Alarm:
    """On Qt's thread. `load` is called at the first alarm only, so that the sound library never holds up the first frame."""

    def __init__(self, load: Callable[[], Player | None] | None = None, sound: Path = SOUND) -> None:
        self._load = load or partial(load_player, sound)
        self._loaded = False
        self._player: Player | None = None
        self.ringing = False

    def ring(self, on: bool) -> None:
        """Begins or ends the alarm; asking again for what already is changes nothing."""
        if on == self.ringing:
            return
        self.ringing = on
        if on and not self._loaded:
            self._loaded = True
            self._player = self._load()
        if self._player is not None:
            (self._player.play if on else self._player.stop)()


def load_player(sound: Path) -> Player | None:
    """Qt's own, repeating for ever; None where there is nothing to sound with. Whatever Qt and the system's sound service say meanwhile is
    not a fault of the machine and is kept off the terminal."""
    if QGuiApplication.platformName() == "offscreen":
        return None  # nobody stands there
    QLoggingCategory.setFilterRules("qt.multimedia.*=false")
    before = qInstallMessageHandler(lambda _kind, _context, _text: None)
    try:
        from PySide6.QtMultimedia import QMediaDevices, QSoundEffect

        if not sound.is_file() or not QMediaDevices.audioOutputs():
            LOG.info("the alarm has no sound: no loudspeaker")
            return None
        effect = QSoundEffect()
        effect.setSource(QUrl.fromLocalFile(str(sound)))
        effect.setLoopCount(QSoundEffect.Loop.Infinite.value)
        effect.setVolume(1.0)
        return effect
    except ImportError:
        LOG.info("the alarm has no sound: no sound library")
        return None
    finally:
        qInstallMessageHandler(before)
