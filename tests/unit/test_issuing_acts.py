"""What the camera's pictures are taken for: another machine's print passes by its codes only where this machine has begun none of its own."""

from dataclasses import replace
from typing import Any

import pytest

from kiosk.case.casefile import Case
from kiosk.case.moves import Act, Back, Custody, Issue, Money, Standing, Wish, counted
from kiosk.services import issuing
from kiosk.services.card_back.inspection import Inspection, Verdict
from tests.case.small_world import FILE, TODAY

INSIDE = Standing(Wish.WITHDRAW, Money.PAID, Issue.ISSUED, Back.UNKNOWN, Custody.IN_MACHINE, began=True)


def judged(standing: Standing, monkeypatch: pytest.MonkeyPatch) -> Back | None:
    """The picture differs from what was there before, the codes are the same."""
    codes = tuple(sorted(issuing.codes_of(FILE.before)))
    monkeypatch.setattr(issuing, "inspect", lambda *_: Inspection(Verdict.DIFFERS, codes, "picture"))
    nobody: Any = None
    return issuing.Inspect(nobody)._judge(Case("2611221015ABCDEF", TODAY, standing, FILE), nobody)


def test_another_machines_print_is_known_by_its_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    assert judged(INSIDE, monkeypatch) is Back.AS_FOUND


@pytest.mark.parametrize("act", [Act.WRITE_BACK, Act.RESTORE_BACK])
def test_a_print_cut_off_half_way_does_not_pass_by_the_codes_that_are_left(act: Act, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = counted(INSIDE, act)
    assert begun.writes == begun.restores == 0
    assert judged(begun, monkeypatch) is Back.BLANK
    assert judged(replace(begun, touched=False), monkeypatch) is Back.AS_FOUND
