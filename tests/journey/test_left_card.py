"""A card that comes out at the start, after a power cut: whoever still stands there sees and hears it, though no journey runs."""

from types import SimpleNamespace
from typing import Any

from kiosk.case.casefile import Case
from kiosk.case.moves import Act, Standing
from kiosk.domain.clock import SystemClock
from kiosk.journey import left_card
from kiosk.journey.engine import Engine
from kiosk.journey.steps import all_steps
from kiosk.view import Message, Seam, View
from tests.case.small_world import FILE, TODAY

CASE = Case("2611221015ABCDEF", TODAY, Standing(), FILE)


def house() -> Any:
    quiet = SimpleNamespace(starting=lambda _case, _act: None)
    alarm = SimpleNamespace(alarmed=lambda _on: None)
    return SimpleNamespace(clock=SystemClock(), executor=quiet, slot=alarm, simulated=True, hall=Message("word.hall"), hours="", out_of_reach=False)


def test_the_page_and_the_alarm_are_shown_while_the_machine_settles() -> None:
    seam, at = Seam(), house()
    pages: list[View] = []
    seam.watch(pages.append)
    with left_card.shown(Engine(all_steps(), at, seam), at, seam):
        at.executor.starting(CASE, Act.VOID)
        assert pages == []  # nothing to see yet
        at.executor.starting(CASE, Act.PRESENT)
        for on in (True, True, False):
            at.slot.alarmed(on)
    told = [(page.title.key, page.alarm) for page in pages]
    # and at last what stood there before
    assert told == [("take.title", False), ("take.alarm_title", True), ("take.title", False), ("journey.attract.title", False)]
    assert [page.serial for page in pages] == sorted({page.serial for page in pages})
    assert not any(page.offers("footer.cancel") for page in pages[:3])


def test_afterwards_a_journey_alone_says_what_is_shown() -> None:
    seam, at = Seam(), house()
    with left_card.shown(Engine(all_steps(), at, seam), at, seam):
        pass
    at.executor.starting(CASE, Act.PRESENT)
    at.slot.alarmed(True)
    assert seam.view is None
