"""A representative part of the crash matrix; `make crash-matrix` walks all of it."""

from collections.abc import Iterator

import pytest

from kiosk.case.moves import Act
from tests.crash.boundaries import without_intent
from tests.crash.machine import KINDS
from tests.crash.matrix import FAULTS, LASTS, MODES, Bench, Outcome, Run, chance, varied

EVERY_CUT, EVERY_FAULT = 7, 11


@pytest.fixture
def bench() -> Iterator[Bench]:
    made = Bench.temporary()
    yield made
    made.close()


def whole(bench: Bench, kind: str) -> list[str]:
    """The boundaries of a journey that nothing disturbs."""
    outcome = bench.run(Run(kind, takes=KINDS[kind].takes))
    assert not outcome.violations, outcome
    names: list[str] = outcome.evidence["names"]
    return names


def representative(kind: str, names: list[str]) -> Iterator[Run]:
    for cut in range(1 + chance(kind, EVERY_CUT), len(names) + 1, EVERY_CUT):
        torn = names[cut - 1].startswith(("after begin", "after decide", "after intend", "after conclude"))
        yield varied(Run(kind, None, "r", cut, "w" if torn else "kpd"[cut % 3]))
    for fault in FAULTS[chance(kind, EVERY_FAULT) :: EVERY_FAULT]:
        name = f"{kind}{fault}"
        yield varied(Run(kind, fault, "ors"[chance(name, 3)], 1 + chance(name, len(names)), "kkpd"[chance(name, 4)]))


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_cuts_the_machine_off_everybody_has_what_is_theirs(bench: Bench, kind: str) -> None:
    names = whole(bench, kind)
    broken: list[Outcome] = [outcome for run in representative(kind, names) if (outcome := bench.run(run)).violations]
    assert not broken, [(outcome.run, outcome.where, outcome.violations) for outcome in broken]


@pytest.mark.parametrize("mode", MODES)
def test_a_cut_alone_never_ends_with_staff_and_what_was_paid_for_is_delivered(bench: Bench, mode: str) -> None:
    names = whole(bench, "one")
    for cut in range(names.index("after intend issue") + 1, len(names) + 1, 4):
        outcome = bench.run(Run("one", None, "r", cut, mode))
        assert not outcome.violations and outcome.ends == ["delivered, card with_traveller"], outcome


def test_a_clock_that_went_back_changes_nothing(bench: Bench) -> None:
    names = whole(bench, "changes")
    for cut in range(1, len(names), 9):
        outcome = bench.run(Run("changes", None, "r", cut, "k", back_s=86_400 * 400))
        assert not outcome.violations, outcome


@pytest.mark.parametrize("act", [Act.TAKE_IN, Act.SUBMIT, Act.OPEN_CHARGE])
def test_the_matrix_finds_an_intent_that_is_not_written(bench: Bench, act: Act) -> None:
    names = whole(bench, "one")
    cut = names.index(f"before conclude {act}") + 1
    sound, forgetful = Run("one", None, "r", cut), Run("one", None, "r", cut)
    assert not bench.run(sound).violations
    with without_intent(act):
        assert bench.run(forgetful).violations


def test_the_ends_are_not_all_with_staff(bench: Bench) -> None:
    names = whole(bench, "one")
    ends = [end for cut in range(1, len(names), 5) for end in bench.run(Run("one", None, "r", cut)).ends]
    assert {end.split(",")[0] for end in ends} == {"delivered", "undone"}


def test_a_run_is_made_again_from_its_name() -> None:
    for run in (Run("one"), Run("two", FAULTS[0], "s", 7, "w", False, True, True, 60, 3)):
        assert Run.of(run.id) == run
    assert set(LASTS) == set("ors")
