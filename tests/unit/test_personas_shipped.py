"""The people that come with the machine: between them they meet the rules' outcomes, on any day."""

from datetime import date

import pytest

from drivers.world.personas import DIRECTORY, HeldPermit, Persona, load_all

DAYS = (date(2026, 11, 22), date(2028, 2, 29), date(2024, 5, 6))
NAMED = {"ordinary", "group-only", "functionary", "military", "minor", "expiring", "taiwan-fujian", "impostor"}


@pytest.fixture(params=DAYS, ids=str)
def everyone(request: pytest.FixtureRequest) -> dict[str, Persona]:
    people = load_all(DIRECTORY, request.param)
    assert isinstance(people, dict), people
    return people


def usable(permit: HeldPermit, destination: str, today: date) -> bool:
    return any(
        each.destination == destination and each.valid_until >= today and (not each.validity[2].isdigit() or each.used < int(each.validity[2]))
        for each in permit.endorsements
    )


def test_the_named_people_are_there(everyone: dict[str, Persona]) -> None:
    assert set(everyone) >= NAMED
    assert len(everyone) >= 16


def test_no_two_share_an_id_number_or_a_permit(everyone: dict[str, Persona]) -> None:
    numbers = [permit.number for persona in everyone.values() for permit in persona.permits]
    assert len(set(numbers)) == len(numbers)
    assert len({persona.id_number for persona in everyone.values()}) == len(everyone)


def test_id_numbers_agree_with_birth_and_sex(everyone: dict[str, Persona]) -> None:
    for persona in everyone.values():
        assert persona.id_number[6:14] == persona.birth.strftime("%Y%m%d"), persona.persona_id
        assert (int(persona.id_number[16]) % 2 == 1) == (persona.sex == "M"), persona.persona_id


def test_everybody_can_stand_before_the_machine(everyone: dict[str, Persona]) -> None:
    assert all(persona.enrolled is not None and persona.live is not None for persona in everyone.values())


@pytest.mark.parametrize("today", DAYS, ids=str)
def test_the_stories_hold(today: date) -> None:
    people = load_all(DIRECTORY, today)
    assert isinstance(people, dict)
    ordinary = people["ordinary"].permits[0]
    assert people["ordinary"].hukou.startswith("4401")
    assert not usable(ordinary, "HKG", today) and not usable(ordinary, "MAC", today) and not ordinary.blank_back
    assert max(each.issued_on for each in ordinary.endorsements if each.destination == "MAC") < today.replace(year=today.year - 1, day=1)
    assert not people["group-only"].hukou.startswith(("44", "4301")) and not people["group-only"].residence_permit
    assert people["functionary"].functionary and people["military"].military
    assert today.year - people["minor"].birth.year < 16
    assert (people["expiring"].permits[0].expires_on - today).days <= 110
    assert people["taiwan-fujian"].hukou.startswith("3502") and people["taiwan-fujian"].permits[0].endorsements
    assert people["impostor"].live != people["impostor"].enrolled
    assert people["no-card-permit"].permits == ()
    assert usable(people["usable-left"].permits[0], "HKG", today) and not usable(people["usable-left"].permits[0], "MAC", today)
    assert usable(people["one-block-kept"].permits[0], "MAC", today) and not usable(people["one-block-kept"].permits[0], "HKG", today)
    assert people["blank-back"].permits[0].blank_back
    assert people["business-listed"].business and not people["business-not-listed"].business
    assert {permit.kind for permit in people["both-permits"].permits} == {"hkmo", "taiwan"}
    assert people["moved-here"].hukou.startswith("4401") and not people["moved-here"].id_number.startswith("44")
