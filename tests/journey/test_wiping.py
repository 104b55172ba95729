"""After each journey nothing that the machine can reach holds anything of the traveller, within a second."""

import asyncio
import gc
import logging
from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from typing import Any

import numpy as np
import pytest

from drivers.contract.chip import PermitChip
from drivers.contract.id_reader import IdCard, Layout
from kiosk.case.casefile import Case, CaseFile
from kiosk.case.moves import Standing
from kiosk.domain.contact import Contact
from kiosk.domain.endorsement import Destination, OptionCode
from kiosk.domain.permit import Permit, PermitKind
from kiosk.domain.person import RegistryRecord
from kiosk.domain.sensitive import Sensitive
from kiosk.journey.confirming import Asking, Confirming
from kiosk.journey.events import Event
from kiosk.journey.house import House
from kiosk.journey.table import State
from kiosk.journey.visit import Turned, Visit
from kiosk.policy import Answer, Offer, Refusal
from kiosk.view import Message, OutcomeBody, Preview, StageState, Tone, WelcomeBody
from tests.journey.fake_steps import Bench
from tests.journey.virtual import run

# never in one piece in this file's own constants: the search below looks through the whole process
PARTS = {"name": "画眉|鸟", "id": "44010619760|3289999", "permit": "CA73|99924", "phone": "1397|7999418", "address": "画眉|巷99号"}
PHOTO = (b"PORT", b"RAIT-OF-A-TRAVELLER")
TURNS = 60
"""Of the loop, from the last touch to the end. Where each is at once, as here, a second is far more."""


def told(what: str) -> str:
    return "".join(PARTS[what].split("|"))


def photo() -> bytes:
    return b"".join(PHOTO)


def filled() -> Visit:
    """A visit in which every field that can hold something of a person does."""
    permit = Permit(PermitKind.HKMO, told("permit"), date(2020, 1, 1), date(2030, 1, 1), "440000")
    record = RegistryRecord(told("id"), told("name"), "HUA,MEI", "M", date(1976, 3, 28), "440106", "", False, False, False, True, (permit,))
    nothing = dict.fromkeys(("english_name", "issuer", "valid_from", "valid_to", "nationality", "permit_number", "issue_count"))
    card = IdCard(
        layout=Layout.RESIDENT,
        name=told("name"),
        sex="M",
        ethnic="01",
        birth="1976-03-28",
        address=told("address"),
        additional_addresses=(told("address"),),
        id_number=told("id"),
        photo_raw=photo(),
        photo_decoder=None,
        photo_image=photo(),
        fingerprints=0,
        frame_bytes=1,
        ms=1.0,
        **nothing,  # type: ignore[arg-type]
    )
    chip = PermitChip("CS", told("permit"), date(1976, 3, 28), date(2030, 1, 1), "M", told("name"), None, None, None, None, photo(), 1)
    offer = Offer(told("permit"), OptionCode.parse("HKG:G:1Y1"), date(2027, 1, 1), 7, 1500, None, "rule")
    personal = Message("word.plain", {"text": told("name")})
    visit = Visit(
        id_card=Sensitive(card),
        record=Sensitive(record),
        permit=Sensitive(permit),
        chip=Sensitive(chip),
        answer=Answer((offer,), (Refusal(told("permit"), None, None, None, "c", "r", {"name": told("name")}),)),
        chosen={Destination.HKG: offer},
        phone=Sensitive(told("phone")),
        contact=Contact(Sensitive(told("name")), Sensitive(told("phone")), Sensitive(told("address"))),
        written=Sensitive(told("address")),
        case=Case("2611221015ABCDEF", date(2026, 11, 22), Standing(), CaseFile(told("permit"), "hkmo", told("id"), phone=told("phone"))),
        problem=personal,
        stages=[(personal, StageState.RUNNING)],
        why=Turned("c", "r", personal),
        confirming=Confirming(Asking.PIN, told("phone"), Sensitive(told("phone")), staff=told("phone"), shown=True),
        ending=OutcomeBody(Tone.NOTICE, personal, personal, personal, personal, told("phone"), ""),
    )
    for digit in told("phone"):
        visit.touch(f"digit:{digit}", told("name"))
    return visit


def holders(collect: bool = True) -> list[str]:
    """Who in the process holds a text or bytes with something of the traveller; the collector knows every container, these know what is in them."""
    if collect:
        gc.collect()
    texts = [told(what) for what in PARTS]
    found = []
    for holder in gc.get_objects():
        for inner in gc.get_referents(holder):
            text = type(inner) is str and holder is not texts and any(text in inner for text in texts)
            if text or (type(inner) in (bytes, bytearray) and photo() in inner):
                found.append(type(holder).__name__)
    return found


def test_a_wiped_visit_holds_nothing_and_the_filled_one_did() -> None:
    visit = filled()
    assert len(holders()) > 10
    visit.wipe()
    assert holders() == [] and visit.confirming == Confirming()
    assert visit.inbox.empty(), "digits that were touched and not yet taken"
    assert visit.case is not None and visit.case.case_id == "2611221015ABCDEF", "the case's number stays for the result"


def test_no_field_of_a_visit_is_forgotten_by_the_wiping() -> None:
    """Whoever adds a field to the visit says here whether it is wiped (and fills it above) or harmless."""
    wiped = {"id_card", "record", "permit", "chip", "answer", "chosen", "phone", "case", "problem", "stages", "why", "ending", "inbox", "changed"}
    wiped |= {"confirming", "contact", "written"}
    harmless = {"comfort", "wanted", "turned", "ended_by", "receipt", "ticket_printed", "help", "staff_wanted", "fraction", "presenting", "alarmed"}
    harmless |= {"face_declined", "staff_can_confirm", "camera_left", "voice_sheet", "voice_by_headset", "asked_contact"}
    assert {field.name for field in fields(Visit)} == wiped | harmless | {"sight", "inserted", "stopwatch"}


@pytest.mark.parametrize("name", ["id_card", "record", "permit", "chip", "phone", "written"])
def test_a_visits_repr_shows_nobody_and_would_without_the_wrapper(name: str) -> None:
    visit = filled()
    texts = [*(told(what) for what in PARTS), repr(photo()), "digit"]
    assert not any(text in repr(visit) for text in texts)
    setattr(visit, name, getattr(visit, name).reveal())
    guarded_itself = name in ("id_card", "chip")  # what the drivers hand over hides its content once more
    assert any(text in repr(visit) for text in texts) is not guarded_itself


def journey(bench: Bench) -> Any:
    """A step that leaves traces wherever a step can: in the visit, in listeners, in a failure's traceback, in a cycle, in the preview."""

    async def step(visit: Visit, house: House) -> Event:
        for field in fields(Visit):
            if field.name not in ("stopwatch", "inbox", "changed"):
                setattr(visit, field.name, getattr(filled(), field.name))
        visit.turned = None
        face = np.full((4, 4, 3), 200, np.uint8)
        house.preview.put(4, 4, face.data.cast("B"))
        bench.frame = house.preview.newest()[1][2]  # type: ignore[attr-defined, index]
        name = told("name")
        house.executor.starting = lambda _case, _act: name and None
        house.slot.alarmed = lambda _on: name and None
        cycle: list[Any] = [told("name")]
        cycle.append(cycle)
        visit.changed()
        await visit.next_touch()
        raise RuntimeError(told("id"))

    return step


@pytest.fixture
def silent() -> Iterator[None]:
    """pytest keeps what is logged, with the exception and all its frames; the machine's log file keeps neither."""
    logging.disable()
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("way", ["finished", "cancelled", "forget fails"])
def test_nothing_is_reachable_a_moment_after_the_last_touch(way: str, silent: None) -> None:
    async def main() -> None:
        bench = Bench()
        bench.seam._watchers.clear()  # the test's own list of pages
        bench.steps[State.REVIEW].run_as = journey(bench)

        async def returned(_visit: Visit, _house: House) -> Event:
            return Event.RETURNED_BROKEN

        bench.steps[State.GIVING_BACK].run_as = returned
        if way == "forget fails":
            bench.house.identity.forget = fails
        serving = bench.start(State.REVIEW)
        await bench.on(State.REVIEW)
        await asyncio.sleep(0.1)
        assert len(holders()) > 10
        await bench.touch("go")
        await bench.on(State.PROBLEM)
        began, turns = bench.house.clock.monotonic(), 0
        if way == "cancelled":
            serving.cancel()
        else:
            await bench.touch("go")
        while not serving.done():
            await asyncio.sleep(0)
            turns += 1
            assert turns < TURNS
        assert bench.house.clock.monotonic() - began < 1
        assert not any(bench.frame), "the preview's last frame is overwritten"  # type: ignore[attr-defined]
        assert isinstance(bench.page.body, WelcomeBody) and bench.page.answers == (), "the screen shows nobody's page"
        served = None
        if way == "finished":
            served = await serving
            assert served.case is not None
        elif not serving.cancelled():
            assert serving.exception() is not None
        del serving
        assert holders(collect=False) == [], "the machine has collected by itself, and what it hands to its caller is wiped"
        del served
        assert bench.engine._visit.record is None and bench.house.preview.newest() == (0, None)

    async def fails() -> None:
        raise RuntimeError("the networks are gone")

    run(main())


def test_a_frame_is_written_over_the_one_before() -> None:
    preview = Preview()
    preview.put(2, 1, b"firsts")
    before = preview.newest()[1]
    preview.put(2, 1, b"second")
    assert before is not None and before[2] == b"second"
    preview.put(1, 1, b"new")
    assert not any(before[2]), "one of another size is overwritten, too"
    now = preview.newest()[1]
    preview.clear()
    assert now is not None and not any(now[2])
