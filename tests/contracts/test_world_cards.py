"""Cards outlive a restart: burned backs, the bin, the place inside; whatever cannot be read counts as a fresh hall."""

from datetime import date
from pathlib import Path

import pytest

from drivers.contract.failure import Failure
from drivers.world.backs import initial_back
from drivers.world.card_path import CardPath, ChipApplet, Place
from drivers.world.cards import CardBox
from drivers.world.personas import DIRECTORY, HeldEndorsement, HeldPermit, Persona, load

TODAY = date(2026, 11, 22)


@pytest.fixture
def people() -> dict[str, Persona]:
    found = {name: load(DIRECTORY, name, TODAY) for name in ("ordinary", "both-permits")}
    assert not any(isinstance(each, Failure) for each in found.values())
    return {name: each for name, each in found.items() if isinstance(each, Persona)}


def chip(_: Persona, __: HeldPermit) -> ChipApplet:
    return ChipApplet()


def box(directory: Path) -> CardBox:
    return CardBox(directory / "cards.json", CardPath(), chip)


def rows(cards: CardBox) -> dict[str, dict[str, object]]:
    return {row["number"]: row for row in cards.rows()}


def test_burned_backs_the_bin_and_the_place_inside_are_kept(tmp_path: Path, people: dict[str, Persona]) -> None:
    path = CardPath()
    before = CardBox(tmp_path / "cards.json", path, chip)
    before.restore(people)
    inside, retained = before.find("ordinary", "C10200311"), before.find("both-permits", "C11762034")
    assert inside is not None and retained is not None
    inside.card.back = initial_back([HeldEndorsement("HKG", "L", "3M1", TODAY, date(2027, 2, 21), 0, "E00000009")])
    inside.card.back.burned = True
    inside.card.rewrites += 1
    path.card, path.place = inside.card, Place.INLET
    path.bin.append(retained.card)
    before.save()

    after_path = CardPath()
    after = CardBox(tmp_path / "cards.json", after_path, chip)
    after.restore(people)
    assert rows(after) == rows(before)
    assert rows(after)["C10200311"] == {
        "number": "C10200311",
        "where": "in_machine",
        "back": [{"destination": "HKG", "kind": "L", "validity": "3M1", "valid_until": "2027-02-21"}],
        "rewrites": 3,
    }
    assert rows(after)["C11762034"]["where"] == "retained"
    assert after_path.place is Place.INLET and after_path.card is not None and after_path.card.chip is not None


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", '{"cards": [{"persona": "ordinary"}]}', '{"cards": [], "with_staff": [], "bin": [], "inside": 7}'],
)
def test_a_file_that_cannot_be_read_counts_as_a_fresh_hall(tmp_path: Path, people: dict[str, Persona], content: str) -> None:
    (tmp_path / "cards.json").write_text(content)
    cards = box(tmp_path)
    cards.restore(people)
    assert {row["where"] for row in cards.rows()} == {"traveller"}


def test_a_card_whose_persona_is_gone_is_gone_too(tmp_path: Path, people: dict[str, Persona]) -> None:
    path = CardPath()
    before = CardBox(tmp_path / "cards.json", path, chip)
    before.restore(people)
    held = before.find("ordinary", "C10200311")
    assert held is not None
    path.card, path.place = held.card, Place.READER
    before.save()
    path = CardPath()
    after = CardBox(tmp_path / "cards.json", path, chip)
    after.restore({"both-permits": people["both-permits"]})
    assert "C10200311" not in rows(after)
    assert path.card is None


def test_another_date_in_force_redraws_only_untouched_backs(tmp_path: Path, people: dict[str, Persona]) -> None:
    cards = box(tmp_path)
    cards.restore(people)
    burned, untouched = cards.find("ordinary", "C10200311"), cards.find("both-permits", "C11762034")
    assert burned is not None and untouched is not None
    burned.card.back.burned = True
    dots = burned.card.back.dots, untouched.card.back.dots
    later = {name: load(DIRECTORY, name, date(2027, 5, 1)) for name in people}
    cards.refer_to({name: each for name, each in later.items() if isinstance(each, Persona)})
    assert burned.card.back.dots == dots[0]
    assert untouched.card.back.dots != dots[1]
