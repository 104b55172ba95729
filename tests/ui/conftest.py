"""One Qt application and one window for all screen tests: offscreen, drawn in software."""

import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["QT_QUICK_BACKEND"] = "software"

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication

from kiosk.i18n import Catalogue
from kiosk.journey.gallery import views
from kiosk.policy import Policy
from kiosk.view import Comfort, Seam, Touch, View
from ui.app import messages_kept, the_application
from ui.render import ORIENTATIONS, settle
from ui.samples import sample_catalogue, sample_preview, sample_views
from ui.screen import ScreenOptions, Window

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Stage:
    """A window, the seam it watches, and what was posted and said."""

    window: Window
    seam: Seam
    messages: list[str]
    touches: list[Touch] = field(default_factory=list)
    serial: int = 0

    def show(self, view: View, orientation: str = "portrait", comfort: Comfort | None = None) -> View:
        self.window.panel.resize(*ORIENTATIONS[orientation])
        self.serial += 1
        shown = replace(view, serial=self.serial, comfort=comfort or view.comfort)
        self.seam.publish(shown)
        self.pump(lambda: self.window.serial_of_applied == self.serial)
        settle(self.window)
        return shown

    def by_touch_alone(self) -> None:
        """As for a traveller who has pressed no key yet."""
        self.window.attention.use_keys(False)
        self.window.keyboard._spots.clear()

    def pump(self, until=None, timeout_s: float = 5.0) -> None:
        """Runs Qt's events until the condition holds; without one, a few rounds."""
        deadline = time.monotonic() + timeout_s
        for _ in range(10):
            QCoreApplication.processEvents()
        while until is not None and not until():
            QCoreApplication.processEvents()
            if time.monotonic() > deadline:
                pytest.fail("the screen did not get there")


@pytest.fixture(scope="session")
def words() -> Catalogue:
    return sample_catalogue(ROOT / "assets" / "i18n")


@pytest.fixture(scope="session")
def samples() -> dict[str, View]:
    return sample_views()


@pytest.fixture(scope="session")
def journey_pages() -> dict[str, View]:
    """Every page of the journey."""
    policy = Policy.load(ROOT / "assets" / "policy")
    assert isinstance(policy, Policy)
    return views(policy)


@pytest.fixture(scope="session")
def pages(samples: dict[str, View], journey_pages: dict[str, View]) -> dict[str, View]:
    """The samples, and every page of the journey."""
    return {**samples, **journey_pages}


@contextmanager
def stage_with(words: Catalogue) -> Iterator[Stage]:
    """A window of its own, whose page shows what the seam brings."""
    the_application()
    seam = Seam()
    seam.preview = sample_preview()
    with messages_kept() as messages:
        window = Window(seam, words, ScreenOptions(double_strike_ms=0, idle_s=3600))  # slow tests must not find the page asleep
        stage = Stage(window, seam, messages)
        seam.take_touches(stage.touches.append)
        window.crossing.open()
        yield stage
        window.close()
        assert messages == [], "Qt said something while the window closed"


@pytest.fixture(scope="session")
def whole_stage(words: Catalogue) -> Iterator[Stage]:
    with stage_with(words) as stage:
        yield stage


@pytest.fixture
def stage(whole_stage: Stage) -> Iterator[Stage]:
    """The window, with nothing posted or said yet, and touched by nobody. Any message of Qt or QML, and any word that no catalogue knows, fails
    the test."""
    whole_stage.by_touch_alone()
    whole_stage.touches.clear()
    whole_stage.messages.clear()
    yield whole_stage
    assert whole_stage.messages == []
    assert whole_stage.window.page.unknown_words == []


@pytest.fixture
def twice_struck(stage: Stage) -> Iterator[None]:
    """A page that is deaf for a moment after a new one has come; in the other tests it listens at once."""
    stage.window.page.double_strike_ms = 600
    yield
    stage.window.page.double_strike_ms = 0


@pytest.fixture
def in_front(stage: Stage) -> None:
    """Windows of other tests had Qt's focus; on the machine there is one."""
    stage.window.quick_window.requestActivate()
    stage.pump(stage.window.quick_window.isActive)


@pytest.fixture
def name_page(stage: Stage, samples: dict[str, View], in_front: None) -> Stage:
    stage.show(samples["review"])
    stage.show(samples["contact-name"])
    return stage
