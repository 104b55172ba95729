"""What the camera's pictures are taken for: the back as it came, as it was brought back, as it was meant, or spoiled."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from kiosk.case.acts import Result, Status
from kiosk.case.casefile import Case
from kiosk.case.moves import Back, Custody, Issue, Money, Standing, Wish
from kiosk.domain.failure import Failure
from kiosk.services import issuing
from kiosk.services.card_back.inspection import Inspection, Verdict
from kiosk.services.slot import Slot
from tests.case.small_world import FILE, TODAY
from tests.unit.test_slot_acts import Bench, R

KEPT = msgspec.structs.replace(FILE, picture=b"grey", picture_codes=("OLD",), issued=FILE.wanted)
INSIDE = Standing(Wish.WITHDRAW, Money.PAID, Issue.ISSUED, Back.UNKNOWN, Custody.IN_MACHINE, began=True, pictured=True)
SEEN, OTHER, BLUR, NONE = Verdict.AS_MEANT, Verdict.DIFFERS, Verdict.UNREADABLE, Verdict.NO_CARD
NOBODY: Any = None


def judged(standing: Standing, monkeypatch: pytest.MonkeyPatch, kept: Verdict, drawn: Verdict, meant: Verdict = OTHER) -> Back | None:
    """kept: against the picture of the back as it came. drawn: against our own drawing of it. meant: against the new back."""
    new = sorted(issuing.codes_of(issuing.new_back(Case("2611221015ABCDEF", TODAY, INSIDE, KEPT))))

    def against(_frame: Any, _picture: Any, codes: Any) -> Inspection:
        return Inspection(meant if sorted(codes) == new else drawn, (), "picture")

    monkeypatch.setattr(issuing, "inspect", against)
    monkeypatch.setattr(issuing, "compare_pictured", lambda *_: Inspection(kept, (), "picture"))
    found = issuing.Inspect(NOBODY)._judge(Case("2611221015ABCDEF", TODAY, standing, KEPT), NOBODY)
    return None if found is None else Back(str(found.changes["back"]))


@pytest.mark.parametrize(
    ("kept", "drawn", "back"),
    [
        (SEEN, OTHER, Back.AS_FOUND),  # nobody touched another machine's print
        (OTHER, SEEN, Back.AS_FOUND),  # it was brought back in our own drawing
        (OTHER, OTHER, Back.BLANK),
        (BLUR, OTHER, None),
        (OTHER, NONE, None),
    ],
)
def test_undoing_knows_the_back_as_it_came_and_as_it_was_brought_back(
    kept: Verdict, drawn: Verdict, back: Back | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert judged(INSIDE, monkeypatch, kept, drawn) is back


def test_delivering_believes_only_the_new_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    delivering = replace(INSIDE, wish=Wish.DELIVER)
    assert judged(delivering, monkeypatch, OTHER, OTHER, meant=SEEN) is Back.WRITTEN
    assert judged(delivering, monkeypatch, SEEN, OTHER, meant=OTHER) is Back.AS_FOUND  # the printer jammed before it began
    assert judged(delivering, monkeypatch, SEEN, OTHER, meant=BLUR) is None
    assert judged(INSIDE, monkeypatch, OTHER, OTHER, meant=SEEN) is Back.BLANK  # what is to be undone is spoiled, not written


def test_a_spoiled_back_says_whether_the_new_code_can_still_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    case = Case("2611221015ABCDEF", TODAY, INSIDE, KEPT)
    for codes, remains in (((), False), (("OLD",), False), (tuple(issuing.codes_of(KEPT.issued)), True)):
        monkeypatch.setattr(issuing, "inspect", lambda *_: Inspection(OTHER, (), "picture"))
        monkeypatch.setattr(issuing, "compare_pictured", lambda *_, codes=codes: Inspection(OTHER, codes, "picture"))
        found = issuing.Inspect(NOBODY)._judge(case, NOBODY)
        assert found is not None and found.changes == {"back": Back.BLANK, "remains": remains}


class Eye:
    """A back camera whose frames are what `sees` says, one after the other."""

    def __init__(self, sees: Callable[[int], Any]) -> None:
        self._sees, self.looks = sees, 0

    def frame(self) -> Any:
        self.looks += 1
        return self._sees(self.looks)


def first_look(sees: Callable[[int], Any], monkeypatch: pytest.MonkeyPatch) -> tuple[Result, Eye]:
    monkeypatch.setattr(issuing, "pictured", lambda frame: None if frame == "empty" else (b"grey", ("OLD",)))
    bench, eye = Bench(R), Eye(sees)
    slot: Slot = bench.slot
    slot.desk._devices["back_camera"] = eye  # type: ignore[attr-defined]
    standing = Standing(Wish.DELIVER, custody=Custody.IN_MACHINE, began=True)
    return asyncio.run(issuing.Inspect(slot).do(Case("2611221015ABCDEF", TODAY, standing, FILE), "key")), eye


def test_the_first_look_keeps_a_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    result, eye = first_look(lambda count: "empty" if count == 1 else "card", monkeypatch)
    assert result.status is Status.DONE and result.changes == {"back": Back.AS_FOUND, "pictured": True} and eye.looks == 2
    assert result.notes == {"picture": b"grey", "picture_codes": ("OLD",)}


@pytest.mark.parametrize("seen", ["empty", Failure("back_camera.silent")])
def test_a_first_look_that_shows_nothing_says_so(seen: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    result, _ = first_look(lambda _count: seen, monkeypatch)
    assert result.status is Status.NOT_DONE and result.failure is not None and not result.changes
    assert result.failure.code == ("card_back.unreadable" if seen == "empty" else "back_camera.silent")


def test_a_back_that_was_printed_on_is_never_taken_for_the_one_handed_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """An older version's case has no picture; after a print it is too late to take one."""
    monkeypatch.setattr(issuing, "pictured", lambda _frame: (b"grey", ("NEW",)))
    monkeypatch.setattr(issuing, "inspect", lambda *_: Inspection(OTHER, (), "picture"))
    bench, eye = Bench(R), Eye(lambda _count: "card")
    bench.slot.desk._devices["back_camera"] = eye  # type: ignore[attr-defined]
    for standing in (replace(INSIDE, pictured=False, writes=1), replace(INSIDE, pictured=False, back=Back.AS_FOUND, writes=1)):
        result = asyncio.run(issuing.Inspect(bench.slot).do(Case("2611221015ABCDEF", TODAY, standing, FILE), "key"))
        assert result.changes == {"back": Back.BLANK, "remains": False} and not result.notes


def test_what_the_drawing_cannot_show_is_not_drawn_where_the_picture_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    twice = msgspec.structs.replace(KEPT, before=(FILE.before[0], FILE.before[0]))  # no layout has two blocks for one place
    monkeypatch.setattr(issuing, "compare_pictured", lambda *_: Inspection(SEEN, (), "picture"))
    found = issuing.Inspect(NOBODY)._judge(Case("2611221015ABCDEF", TODAY, INSIDE, twice), NOBODY)
    assert found is not None and found.changes == {"back": Back.AS_FOUND}
