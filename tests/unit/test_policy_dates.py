"""The same person on the day before and on the day of a change."""

from datetime import date

import pytest

from kiosk.domain.endorsement import OptionCode
from kiosk.policy import Offer
from tests.policy_people import GUANGZHOU, SHENZHEN, XIAMEN, ZHUHAI, ask, outcome, person, policy, refusal

SHENZHEN_RESIDENT = person(hukou="440305")


def offer(option: str, as_of: date, hukou: str = "440106", at: str = GUANGZHOU, business: bool = False) -> Offer:
    found = ask(person(hukou=hukou, business=business), as_of, at).find(OptionCode.parse(option))
    assert isinstance(found, Offer), found
    return found


@pytest.mark.parametrize(
    ("option", "before", "after"),
    [("HKG:G:3M1", 2000, 1500), ("HKG:G:1Y1", 2000, 1500), ("HKG:G:3M2", 4000, 3000), ("HKG:G:1Y2", 4000, 3000), ("MAC:G:1Y1", 2000, 1500)],
)
def test_fees_fell_on_2017_07_01_and_go_by_entries(option: str, before: int, after: int) -> None:
    assert offer(option, date(2017, 6, 30)).fee_fen == before
    assert offer(option, date(2017, 7, 1)).fee_fen == after
    assert offer(option, date(2026, 11, 22)).fee_fen == after


def test_fees_of_multiple_and_taiwan_endorsements() -> None:
    today = date(2026, 11, 22)
    assert offer("HKG:S:3M*", today, business=True).fee_fen == 8000
    assert offer("MAC:S:1Y*", today, business=True).fee_fen == 8000
    assert offer("HKG:G:1Y*", today, "440305", SHENZHEN).fee_fen == 8000
    assert offer("MAC:G:1YW", today, "440402", ZHUHAI).fee_fen == 8000
    assert offer("TWN:G:6M1", today, "350203", XIAMEN).fee_fen == 1500
    assert offer("HKG:G:1YW", date(2017, 6, 30), "440305", SHENZHEN).fee_fen == 10000
    assert offer("TWN:G:6M1", date(2017, 6, 30)).fee_fen == 2000


def test_stay_days_and_last_day() -> None:
    assert (offer("HKG:G:1Y1", date(2026, 11, 22)).valid_until, offer("HKG:G:1Y1", date(2026, 11, 22)).stay_days) == (date(2027, 11, 21), 7)
    assert offer("HKG:G:3M1", date(2026, 11, 30)).valid_until == date(2027, 2, 27)
    assert offer("MAC:S:3M*", date(2026, 11, 22), business=True).stay_days == 14
    assert offer("TWN:L:6M1", date(2026, 11, 22), "350203", XIAMEN).stay_days == 15


@pytest.mark.parametrize(
    ("hukou", "at", "first_day", "day_before"),
    [
        ("610100", "610100", date(2024, 3, 6), date(2024, 3, 5)),
        ("370211", "370200", date(2024, 3, 6), date(2024, 3, 5)),
        ("140105", "140100", date(2024, 5, 27), date(2024, 5, 26)),
        ("650102", "650100", date(2024, 5, 27), date(2024, 5, 26)),
    ],
)
def test_cities_joined_the_list_in_2024(hukou: str, at: str, first_day: date, day_before: date) -> None:
    for option in ("HKG:G:1Y1", "MAC:G:3M1"):
        assert outcome(person(hukou=hukou), option, day_before, at) == "policy.city_not_listed"
        assert outcome(person(hukou=hukou), option, first_day, at) == "offered"


@pytest.mark.parametrize(("as_of", "count"), [(date(2024, 3, 5), 49), (date(2024, 3, 6), 51), (date(2024, 5, 26), 51), (date(2024, 5, 27), 59)])
def test_the_list_counts_49_then_51_then_59_cities(as_of: date, count: int) -> None:
    batches = [row for row in policy().book.cities.cities if row.list == "individual-travel" and row.in_force(as_of)]
    assert sum(len(row.places) for row in batches) == count
    assert len({prefix for row in batches for prefix in row.places}) == count


def test_the_taiwan_list_counted_47_cities() -> None:
    batches = [row for row in policy().book.cities.cities if row.list == "taiwan-individual" and row.in_force(date(2019, 7, 31))]
    assert len({prefix for row in batches for prefix in row.places}) == sum(len(row.places) for row in batches) == 47


@pytest.mark.parametrize(
    ("option", "as_of", "expected"),
    [
        ("HKG:L:1Y1", date(2018, 8, 31), "policy.not_yet"),
        ("HKG:L:1Y1", date(2019, 3, 31), "policy.window_for_now"),
        ("HKG:L:1Y1", date(2019, 4, 1), "offered"),
        ("MAC:L:1Y1", date(2019, 4, 1), "offered"),
        ("HKG:L:1Y1", date(2020, 1, 27), "offered"),
        ("HKG:L:1Y1", date(2020, 1, 28), "policy.stopped"),
        ("HKG:G:1Y1", date(2020, 1, 27), "offered"),
        ("HKG:G:1Y1", date(2020, 1, 28), "policy.stopped"),
        ("HKG:G:1Y1", date(2023, 1, 7), "policy.stopped"),
        ("HKG:G:1Y1", date(2023, 1, 8), "offered"),
        ("HKG:L:1Y1", date(2023, 1, 7), "policy.stopped"),
        ("HKG:L:1Y1", date(2023, 1, 8), "offered"),
        ("MAC:G:1Y1", date(2020, 9, 22), "policy.stopped"),
        ("MAC:G:1Y1", date(2020, 9, 23), "policy.window_for_now"),
        ("MAC:L:1Y1", date(2022, 10, 31), "policy.window_for_now"),
        ("MAC:L:1Y1", date(2022, 11, 1), "offered"),
        ("MAC:G:1Y1", date(2022, 11, 1), "offered"),
    ],
)
def test_travel_stopped_and_came_back(option: str, as_of: date, expected: str) -> None:
    assert outcome(person(), option, as_of) == expected


@pytest.mark.parametrize(
    ("option", "from_home_city"), [("MAC:L:3M1", date(2022, 11, 1)), ("HKG:L:3M1", date(2023, 1, 8)), ("HKG:L:1Y2", date(2023, 1, 8))]
)
def test_group_travel_came_back_at_home_first_and_at_any_machine_on_2023_05_15(option: str, from_home_city: date) -> None:
    away, home = person(hukou="411700"), person(hukou="411700", residence_permit="440106")
    assert outcome(away, option, from_home_city) == "policy.not_local"
    assert outcome(away, option, date(2023, 5, 14)) == "policy.not_local"
    assert outcome(home, option, from_home_city) == "offered"
    assert outcome(away, option, from_home_city, at="411702") == "offered"
    assert outcome(away, option, date(2023, 5, 15)) == "offered"


def test_a_county_that_answers_to_its_province_is_a_city_of_its_own() -> None:
    record, spring_2023 = person(hukou="429004"), date(2023, 3, 1)
    assert outcome(record, "HKG:L:1Y1", spring_2023, at="429004") == "offered"
    assert outcome(record, "HKG:L:1Y1", spring_2023, at="429005") == "policy.not_local"


def test_guangdong_s_own_people_may_use_any_of_its_machines_since_2015_10_31() -> None:
    assert outcome(person(), "HKG:G:1Y1", date(2015, 10, 30), SHENZHEN) == "policy.not_local"
    assert outcome(person(), "HKG:G:1Y1", date(2015, 10, 31), SHENZHEN) == "offered"


def test_multiple_business_at_machines_since_2024_05_06() -> None:
    listed = person(business=True, hukou="411700")
    assert outcome(listed, "HKG:S:1Y*", date(2024, 5, 5)) == "policy.window_for_now"
    assert outcome(listed, "HKG:S:1Y*", date(2024, 5, 6)) == "offered"
    assert outcome(person(), "HKG:S:1Y*", date(2024, 5, 6)) == "policy.business_not_listed"


@pytest.mark.parametrize(
    ("option", "as_of", "expected"),
    [
        ("HKG:G:1YW", date(2019, 6, 1), "offered"),
        ("HKG:G:1YW", date(2021, 6, 1), "policy.stopped"),
        ("HKG:G:1YW", date(2024, 11, 30), "offered"),
        ("HKG:G:1YW", date(2024, 12, 1), "policy.no_longer"),
        ("HKG:G:1Y*", date(2024, 11, 30), "policy.not_yet"),
        ("HKG:G:1Y*", date(2024, 12, 1), "offered"),
    ],
)
def test_shenzhen_s_weekly_trips_gave_way_to_unlimited_ones(option: str, as_of: date, expected: str) -> None:
    assert outcome(SHENZHEN_RESIDENT, option, as_of, SHENZHEN) == expected


def test_weekly_trips_were_for_hukou_only() -> None:
    record = person(hukou="411700", residence_permit="440305")
    assert outcome(record, "HKG:G:1YW", date(2024, 11, 30), SHENZHEN) == "policy.shenzhen_hukou"


def test_special_trips_to_macau_began_with_2025() -> None:
    for option in ("MAC:G:1YW", "MAC:G:1Y*"):
        record = person(hukou="440499")
        assert outcome(record, option, date(2024, 12, 31), ZHUHAI) == "policy.not_yet"
        assert refusal(record, option, date(2024, 12, 31), ZHUHAI).params["earliest"] == "2025-01-01"
        assert outcome(record, option, date(2025, 1, 1), ZHUHAI) == "offered"


@pytest.mark.parametrize(
    ("option", "hukou", "at", "as_of", "expected"),
    [
        ("TWN:G:6M1", "440106", GUANGZHOU, date(2019, 7, 31), "offered"),
        ("TWN:G:6M1", "440106", GUANGZHOU, date(2019, 8, 1), "policy.taiwan_stopped"),
        ("TWN:G:6M1", "411700", GUANGZHOU, date(2019, 7, 31), "policy.city_not_listed"),
        ("TWN:L:6M1", "411700", GUANGZHOU, date(2019, 4, 1), "offered"),
        ("TWN:L:6M1", "411700", GUANGZHOU, date(2019, 3, 31), "policy.not_yet"),
        ("TWN:L:6M1", "411700", GUANGZHOU, date(2021, 1, 1), "policy.taiwan_stopped"),
        ("TWN:G:6M1", "350203", XIAMEN, date(2019, 9, 19), "policy.taiwan_stopped"),
        ("TWN:G:6M1", "350203", XIAMEN, date(2019, 9, 20), "offered"),
        ("TWN:G:6M1", "350203", XIAMEN, date(2020, 1, 28), "policy.taiwan_stopped"),
        ("TWN:G:6M1", "350203", XIAMEN, date(2024, 8, 21), "policy.taiwan_stopped"),
        ("TWN:G:6M1", "350203", XIAMEN, date(2024, 8, 22), "offered"),
        ("TWN:L:6M1", "350203", XIAMEN, date(2024, 8, 21), "policy.taiwan_stopped"),
        ("TWN:L:6M1", "350203", XIAMEN, date(2024, 8, 22), "offered"),
    ],
)
def test_taiwan_through_the_years(option: str, hukou: str, at: str, as_of: date, expected: str) -> None:
    assert outcome(person(hukou=hukou), option, as_of, at) == expected


def test_the_remark_names_the_islands_that_are_open_that_day() -> None:
    assert offer("TWN:G:6M1", date(2019, 9, 20), "350203", XIAMEN).remark == "remark.kinmen_matsu_penghu"
    assert offer("TWN:G:6M1", date(2024, 9, 26), "350203", XIAMEN).remark == "remark.matsu"
    assert offer("TWN:G:6M1", date(2024, 9, 27), "350203", XIAMEN).remark == "remark.kinmen_matsu"
    assert offer("HKG:G:1Y1", date(2026, 11, 22)).remark is None
