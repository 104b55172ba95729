"""Opens the decoder that turns pinyin into characters, without the dictionary in which it would write down what travellers type.

Qt Virtual Keyboard's decoder opens a dictionary of its user's words as it is first used (`qtvirtualkeyboard/pinyin/usr_dict.dat` beneath the
configuration's folder), learns from every choice and saves what it learned. A folder in the file's place makes that impossible: the decoder then
goes without, for the life of the process. The line to write asks for none either (`Qt.ImhSensitiveData`).
Whatever else the keyboard would keep is sent to a folder that is gone at once.
"""

import os
import tempfile
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtQml import QQmlComponent, QQmlEngine

DICTIONARY = Path("qtvirtualkeyboard") / "pinyin" / "usr_dict.dat"
OPENED = """
import QtQuick
import QtQuick.VirtualKeyboard.Plugins.Pinyin
import QtQuick.VirtualKeyboard.Settings
PinyinInputMethod {{ Component.onCompleted: VirtualKeyboardSettings.userDataPath = "{folder}" }}
"""
CONFIGURATION = "XDG_CONFIG_HOME"


class PinyinMissing(Exception):
    """The decoder could not be opened: a broken installation."""


def open_decoder(engine: QQmlEngine) -> None:
    """Before anything of the screen uses pinyin. Takes some ten milliseconds the first time."""
    before = os.environ.get(CONFIGURATION)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / DICTIONARY).mkdir(parents=True)
        os.environ[CONFIGURATION] = folder
        try:
            component = QQmlComponent(engine)
            component.setData(OPENED.format(folder=folder).encode(), "")
            opened = component.create()
            if not isinstance(opened, QObject):
                raise PinyinMissing(component.errorString())
            opened.deleteLater()
        finally:
            if before is None:
                del os.environ[CONFIGURATION]
            else:
                os.environ[CONFIGURATION] = before
