"""A card that comes out by itself, while no journey runs: its traveller may still stand there, so the page and the alarm are shown."""

from collections.abc import Iterator
from contextlib import contextmanager

from kiosk.case.casefile import Case
from kiosk.case.moves import Act
from kiosk.journey.engine import Engine
from kiosk.journey.house import House
from kiosk.journey.table import State
from kiosk.journey.visit import Visit
from kiosk.view import Seam


@contextmanager
def shown(engine: Engine, house: House, seam: Seam) -> Iterator[None]:
    """While the machine settles between journeys. Nothing is published where no card comes out; not to be used while a permit is inside."""
    visit = Visit(presenting=True)
    pages = 0

    def starting(_case: Case, act: Act) -> None:
        nonlocal pages
        if act is Act.PRESENT:
            pages += 1
            seam.publish(engine.view_of(State.GIVING_BACK, visit))

    def alarmed(on: bool) -> None:
        if visit.alarmed != on:
            visit.alarmed = on
            seam.publish(engine.view_of(State.GIVING_BACK, visit))

    house.executor.starting, house.slot.alarmed = starting, alarmed
    try:
        yield
    finally:
        house.executor.starting, house.slot.alarmed = lambda _case, _act: None, lambda _on: None
        if pages:
            engine.show_again()
