"""Whose time it was: every moment belongs to exactly one of four."""

import pytest

from kiosk.health.stopwatch import KINDS, Stopwatch


class Hands:
    """A clock moved by hand."""

    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at

    def move(self, seconds: float) -> None:
        self.at += seconds


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def watch(hands: Hands) -> Stopwatch:
    return Stopwatch(hands)


def test_what_nobody_claims_is_the_machines_own(watch: Stopwatch, hands: Hands) -> None:
    watch.lap("face")
    hands.move(1)
    with watch.of("device"):
        hands.move(2)
    hands.move(4)
    watch.stop()
    (lap,) = watch.laps
    assert (lap.wall_s, lap.shares_s, lap.software_s) == (7, {"device": 2, "gateway": 0, "traveller": 0}, 5)


def test_where_shares_nest_the_outermost_counts(watch: Stopwatch, hands: Hands) -> None:
    watch.lap("permit")
    with watch.of("traveller"):
        hands.move(1)
        with watch.of("device"):
            hands.move(2)
        hands.move(3)
    watch.stop()
    assert watch.laps[0].shares_s == {"device": 0, "gateway": 0, "traveller": 6}


def test_shares_side_by_side_take_as_long_as_the_slowest(watch: Stopwatch, hands: Hands) -> None:
    watch.lap("attract")
    first, second = watch.of("device"), watch.of("gateway")
    first.__enter__()
    hands.move(1)
    second.__enter__()
    hands.move(2)
    first.__exit__(None, None, None)
    hands.move(4)
    second.__exit__(None, None, None)
    hands.move(8)
    watch.stop()
    lap = watch.laps[0]
    assert lap.shares_s == {"device": 3, "gateway": 4, "traveller": 0} and lap.software_s == 8


def test_a_share_goes_on_in_the_next_lap(watch: Stopwatch, hands: Hands) -> None:
    watch.lap("pay")
    with watch.of("traveller"):
        hands.move(1)
        watch.lap("giving_back")
        hands.move(2)
    watch.stop()
    assert [(lap.name, lap.wall_s, lap.shares_s["traveller"]) for lap in watch.laps] == [("pay", 1, 1), ("giving_back", 2, 2)]


def test_time_outside_a_journey_is_nobodys(watch: Stopwatch, hands: Hands) -> None:
    with watch.of("device"):
        hands.move(5)
    watch.lap("notice")
    hands.move(1)
    watch.stop()
    hands.move(50)
    assert [lap.wall_s for lap in watch.laps] == [1] and sum(watch.laps[0].shares_s.values()) == 0


def test_a_share_that_fails_is_counted_all_the_same(watch: Stopwatch, hands: Hands) -> None:
    watch.lap("chip")
    with pytest.raises(OSError, match="gone"), watch.of("device"):
        hands.move(3)
        raise OSError("gone")
    hands.move(1)
    watch.stop()
    assert watch.laps[0].shares_s["device"] == 3 and watch.laps[0].software_s == 1


def test_every_share_of_every_lap_is_always_there(watch: Stopwatch) -> None:
    watch.lap("a")
    watch.lap("b")
    assert all(tuple(lap.shares_s) == KINDS for lap in watch.laps)
