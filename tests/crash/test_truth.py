"""The walk of the acts together with the truth outside finds nothing broken, and would."""

import pytest

from kiosk.case.moves import Act, Reason
from tests.crash.truth import walk


def test_whenever_the_power_goes_the_journal_knows_enough() -> None:
    done = walk()
    print(f"{len(done.points)} points, ends {dict(done.ends)}")
    assert not done.violations, done.violations[:3]
    assert len(done.points) > 1000 and done.ends["settled"] > 2 * (sum(done.ends.values()) - done.ends["settled"])
    assert set(done.ends) - {"settled"} <= set(Reason)


@pytest.mark.parametrize("act", [Act.TAKE_IN, Act.SUBMIT, Act.OPEN_CHARGE, Act.WRITE_BACK])
def test_the_walk_finds_an_intent_that_is_not_written(act: Act) -> None:
    assert walk(unjournalled=act).violations
