"""Chances at the camera stay used up across journeys, for a while."""

from kiosk.domain.failure import Failure
from kiosk.face.verdict import Spent
from kiosk.services.face_chances import KEPT_S, MOST, FaceChances


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_they_are_the_holders_own_and_come_back_after_half_an_hour() -> None:
    clock = Clock()
    chances = FaceChances(clock)
    chances.note("C10200311", Spent(4, 1))
    assert chances.of("C10200311") == Spent(4, 1) and chances.of("C13408865") == Spent()
    clock.now += KEPT_S - 1
    assert chances.of("C10200311") == Spent(4, 1)
    clock.now += 2
    assert chances.of("C10200311") == Spent()


def test_who_is_let_through_begins_anew() -> None:
    chances = FaceChances(Clock())
    chances.note("C10200311", Spent(4, 1))
    chances.note("C10200311", Spent())
    assert chances.of("C10200311") == Spent()


def test_no_number_is_kept_and_not_without_end() -> None:
    chances = FaceChances(Clock())
    for number in range(MOST + 5):
        chances.note(f"C{number:08d}", Spent(1, 0))
    assert chances.of("C00000000") == Spent() and chances.of(f"C{MOST + 4:08d}") == Spent(1, 0)
    assert len(chances._spent) == MOST and not any(b"C0000" in name for name in chances._spent)


def test_what_is_left_when_nothing_is() -> None:
    assert Spent(5, 2).refusal is None
    assert Spent(6, 0).refusal == Failure("face.not_alive")
    assert Spent(0, 3).refusal == Failure("face.unsure")
