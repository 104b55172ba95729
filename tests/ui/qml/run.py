"""Runs the cases of this folder: `python -m tests.ui.qml.run RESULT.xml [file or Case::function …]`."""

import sys
from pathlib import Path

from PySide6.QtQuickTest import QUICK_TEST_MAIN_WITH_SETUP

from tests.ui.qml.probe import Setup
from ui.app import the_application

if __name__ == "__main__":
    the_application()
    here = str(Path(__file__).parent)
    sys.exit(
        QUICK_TEST_MAIN_WITH_SETUP(
            "controls", Setup, ["controls", "-o", f"{sys.argv[1]},junitxml", "-o", "-,txt", "-nocrashhandler", *sys.argv[2:]], here
        )
    )
