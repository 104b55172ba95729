"""The machine's own memory after a traveller has left: a real journey against a real hall, then a search through every object in reach."""

import asyncio
import gc
import logging
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from drivers.world import portraits, process
from drivers.world.client import WorldClient
from kiosk import app
from kiosk.commands.said import catalogue
from kiosk.commands.scripted import ready
from kiosk.config import Profile, load_profile
from kiosk.domain.endorsement import OptionCode
from kiosk.domain.permit import PermitKind
from kiosk.journey.visit import Visit
from kiosk.traveller import Traveller
from kiosk.view import ActBody, KeypadBody, Seam, TextBody, TextField, Touch, View
from tests.e2e import canary

TEXTS = tuple(canary.TEXTS.values())
OWN = {id(value) for value in vars(canary).values()}
"""The search's own words."""


def hits(pictures: tuple[bytes, ...]) -> Iterator[tuple[object, object]]:
    """Each object that holds a text or bytes of the traveller, or a picture that is not black; with what it holds."""
    gc.collect()
    encoded = [text.encode(encoding) for text in TEXTS for encoding in ("utf-8", "utf-16-le")] + [p[len(p) // 2 :][:24] for p in pictures]
    for holder in gc.get_objects():
        if holder is encoded or holder is pictures:
            continue
        for inner in gc.get_referents(holder):
            kind = type(inner)
            if kind is str:
                hit = id(inner) not in OWN and any(text in inner for text in TEXTS)
            elif kind in (bytes, bytearray):
                hit = id(inner) not in OWN and any(text in inner for text in encoded)
            else:
                hit = kind is np.ndarray and inner.ndim == 3 and inner.dtype == np.uint8 and bool(inner.any())
            if hit:
                yield holder, inner


def holders(pictures: tuple[bytes, ...], others: Sequence[object]) -> list[str]:
    """Who holds something of the traveller. others: what the process held before, of other tests' people and pictures."""
    known = {id(other) for other in others}
    return [
        f"{type(holder).__name__} {getattr(holder, '__qualname__', '')}: {type(inner).__name__}"
        for holder, inner in hits(pictures)
        if id(inner) not in known
    ]


@pytest.fixture
def profile(tmp_path: Path) -> Iterator[Profile]:
    world = process.start(tmp_path / "hall", canary.personas_in(tmp_path / "personas"), "fast")
    assert isinstance(world, process.WorldProcess), world
    profile = load_profile(world.profile)
    assert isinstance(profile, Profile)
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield profile
    world.stop()
    for opened in set(root.handlers) - set(handlers):
        opened.close()
    root.handlers, root.level = handlers, level


class Person(Traveller):
    """Tells a telephone number, somebody to turn to and an address, too, and notes how much of them the machine holds while they stand there."""

    told = False
    pictures: tuple[bytes, ...] = ()
    others: Sequence[object] = ()
    seen = 0

    async def _act(self, view: View) -> None:
        if isinstance(view.body, KeypadBody):
            typed = len(view.body.shown)
            await self._press(view, "next" if typed == len(canary.PHONE) else f"digit:{canary.PHONE[typed]}")
            return
        if isinstance(view.body, TextBody):
            written = canary.NAME if view.body.what is TextField.NAME else canary.ADDRESS
            self.seam.post(Touch(view.serial, "next", written))
            return
        if view.step == "review" and not self.told:
            self.told = True
            await self._press(view, "contact")
            return
        if view.step == "review" and not self.seen:
            assert len(view.body.lines) == 6, "holder, permit, endorsement, phone, contact, address"
            self.seen = len(holders(self.pictures, self.others))
        await super()._act(view)


async def visit(machine: app.Machine, profile: Profile, choose: str, pictures: tuple[bytes, ...], others: Sequence[object]) -> tuple[Visit, int]:
    """One whole journey; nothing of the person who walked it is left in here."""
    assert profile.simulated is not None
    world = WorldClient(profile.simulated.control_url)
    seam = machine.seam

    async def press(view: View, answer: str) -> bool:
        return seam.post(Touch(view.serial, answer))

    world.scene("live", "canary")
    person = Person(seam, world, "canary", {PermitKind.HKMO: canary.PERMIT}, [OptionCode.parse(choose)], "wechat", press)
    person.pictures, person.others = pictures, others
    walking = asyncio.create_task(person.walk())
    served = await machine.engine.serve()
    walking.cancel()
    await asyncio.wait([walking])
    seam._watchers.clear()
    world.lift_id_card()
    world.close()
    return served, person.seen


@pytest.mark.timeout(300)
def test_after_a_completed_and_a_refused_journey_no_object_in_reach_holds_the_traveller(profile: Profile) -> None:
    pictures = (portraits.chip_picture(canary.FACES / "obama.jpg"), portraits.id_photo(canary.FACES / "obama.jpg"))
    for cache in (portraits.scene_picture, portraits._portrait):
        cache.cache_clear()  # the hall's own, here in the test's process

    async def main() -> None:
        others = [inner for _holder, inner in hits(pictures)]  # no tuple: the search would find it half made, and break it
        machine = app.build(profile, catalogue(), seam=Seam())
        assert isinstance(machine, app.Machine), machine
        try:
            assert await ready(machine) is None
            machine.engine.listen(asyncio.get_running_loop())
            served, seen = await visit(machine, profile, "HKG:G:1Y1", pictures, others)
            assert served.case is not None and served.case.standing.issue.value == "verified"
            assert seen > 10, "the search sees what the machine knows while the traveller stands there"
            assert holders(pictures, others) == []
            assert not isinstance(machine.seam.view.body, ActBody) and machine.house.preview.newest() == (0, None)
            served, _ = await visit(machine, profile, "HKG:G:1Y*", pictures, others)
            assert served.turned is not None
            assert holders(pictures, others) == []
        finally:
            await machine.close()

    asyncio.run(main())
