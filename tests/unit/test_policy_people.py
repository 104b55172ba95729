"""Who may have what, and where: the person, the permit and the place."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from kiosk.domain.permit import Permit, PermitKind
from kiosk.domain.person import RegistryRecord
from kiosk.policy import Refusal
from tests.policy_people import AS_OF, GUANGZHOU, HKMO, SHENZHEN, TAIWAN, XIAMEN, ZHUHAI, ask, offered, outcome, person, refusal, with_endorsement

INDIVIDUAL = {"HKG:G:3M1", "HKG:G:3M2", "HKG:G:1Y1", "HKG:G:1Y2", "MAC:G:3M1", "MAC:G:1Y1"}
GROUP = {"HKG:L:3M1", "HKG:L:3M2", "HKG:L:1Y1", "HKG:L:1Y2", "MAC:L:3M1", "MAC:L:1Y1"}
BUSINESS = {"HKG:S:3M*", "HKG:S:1Y*", "MAC:S:3M*", "MAC:S:1Y*"}
XIAN, XIAN_DISTRICT = "610100", "610113"


def test_a_guangzhou_resident_gets_individual_and_group_travel_for_both_places() -> None:
    assert offered(person()) == INDIVIDUAL | GROUP


def test_a_resident_of_an_unlisted_city_gets_group_travel_only() -> None:
    record = person(hukou="411700")
    assert offered(record) == GROUP
    assert refusal(record, "HKG:G:1Y1").code == "policy.city_not_listed"


@pytest.mark.parametrize(
    ("hukou", "residence_permit", "at", "individual"),
    [
        ("440106", "", "440300", True),  # Guangdong: any machine in the province
        ("445281", "", "440100", True),
        ("440106", "", "350200", False),  # but not beyond it
        ("440106", "110105", "110000", True),  # usual residence
        ("440106", "110105", "110101", True),  # a municipality is one city
        ("411700", "440106", "440100", True),
        ("411700", "440106", "440300", False),  # province-wide is for hukou, not for residence permits
        ("411700", "440106", "411700", False),  # a machine at home does not help: home is not listed
        ("610113", "411700", "610100", True),
        ("610113", "411700", "411700", False),
        ("500235", "", "500103", True),
        ("350103", "", "350100", True),
        ("350100", "", "350100", True),
        ("350112", "", "350100", True),
        ("350121", "", "350100", False),  # Fuzhou: urban districts only
        ("350181", "", "350100", False),
        ("320583", "", "320500", True),
        ("429004", "", "420100", False),
    ],
)
def test_individual_travel_is_for_listed_cities_at_home_or_where_one_lives(hukou: str, residence_permit: str, at: str, individual: bool) -> None:
    record = person(hukou=hukou, residence_permit=residence_permit)
    assert offered(record, at=at) - GROUP == (INDIVIDUAL if individual else set())
    assert offered(record, at=at) >= GROUP


def test_away_from_home_the_reason_is_the_machine_s_place_not_the_person() -> None:
    assert outcome(person(hukou=XIAN_DISTRICT), "HKG:G:1Y1", at=GUANGZHOU) == "policy.not_local"
    assert outcome(person(hukou=XIAN_DISTRICT), "HKG:G:1Y1", at=XIAN) == "offered"


def test_hukou_never_comes_from_the_id_number() -> None:
    assert offered(person(id_number="11010519491231002X", hukou="411700")) == GROUP
    assert offered(person(id_number="411702199003070017", hukou="440106")) == INDIVIDUAL | GROUP


@pytest.mark.parametrize(
    ("record", "code", "rule"),
    [
        (person(functionary=True), "policy.functionary", "functionary-window"),
        (person(military=True), "policy.military", "military-window"),
        (person(functionary=True, military=True, birth=date(2015, 1, 1)), "policy.functionary", "functionary-window"),
        (person(birth=date(2015, 1, 1)), "policy.minor", "under-16-window"),
        (person(permits=()), "policy.no_permit", "card-permit-needed"),
        (person(functionary=True, permits=()), "policy.functionary", "functionary-window"),
    ],
)
def test_what_concerns_the_whole_person_is_one_refusal_of_everything(record: RegistryRecord, code: str, rule: str) -> None:
    answer = ask(record)
    assert answer.offers == ()
    (only,) = answer.refusals
    assert (only.permit, only.destination, only.kind, only.validity, only.code, only.rule) == (None, None, None, None, code, rule)


def test_sixteen_is_reached_on_the_birthday() -> None:
    born = date(2010, 11, 23)
    assert outcome(person(birth=born), "HKG:L:1Y1", as_of=date(2026, 11, 22)) == "policy.minor"
    assert outcome(person(birth=born), "HKG:L:1Y1", as_of=date(2026, 11, 23)) == "offered"
    leap = date(2008, 2, 29)
    assert outcome(person(birth=leap), "HKG:L:3M1", as_of=date(2024, 2, 28)) == "policy.minor"
    assert outcome(person(birth=leap), "HKG:L:3M1", as_of=date(2024, 2, 29)) == "offered"


def test_a_missing_sort_of_permit_refuses_only_its_destinations() -> None:
    no_taiwan = ask(person(permits=(HKMO,)))
    assert {str(offer.option.destination) for offer in no_taiwan.offers} == {"HKG", "MAC"}
    assert [(each.permit, each.destination, each.kind, each.code) for each in no_taiwan.refusals if each.destination == "TWN"] == [
        (None, "TWN", None, "policy.no_permit")
    ]
    no_hkmo = ask(person(permits=(TAIWAN,)))
    missing = [(each.destination, each.kind) for each in no_hkmo.refusals if each.code == "policy.no_permit"]
    assert missing == [("HKG", None), ("MAC", None)]


@pytest.mark.parametrize(
    ("permit", "code"),
    [
        (replace(HKMO, expires_on=AS_OF - timedelta(days=1)), "policy.permit_expired"),
        (replace(HKMO, number="W12345678"), "policy.booklet"),
        (replace(HKMO, number="W12345678", expires_on=date(2019, 9, 13)), "policy.booklet"),
        (replace(HKMO, rewrites=255), "policy.card_worn"),
    ],
)
def test_a_permit_the_machine_cannot_endorse_is_refused_for_its_destinations(permit: Permit, code: str) -> None:
    answer = ask(person(permits=(permit,)))
    assert answer.offers == ()
    found = [(each.permit, each.destination, each.kind, each.validity) for each in answer.refusals if each.code == code]
    assert found == [(permit.number, "HKG", None, None), (permit.number, "MAC", None, None)]


def test_the_card_may_be_rewritten_255_times_and_no_more() -> None:
    assert outcome(person(permits=(replace(HKMO, rewrites=254),)), "HKG:L:1Y1") == "offered"


def test_of_two_permits_each_is_answered_for_itself() -> None:
    old = replace(HKMO, number="C00000001", expires_on=date(2026, 1, 1))
    answer = ask(person(permits=(old, HKMO)))
    assert {offer.permit for offer in answer.offers} == {HKMO.number}
    assert {each.destination for each in answer.refusals if each.permit == old.number} == {"HKG", "MAC"}


@pytest.mark.parametrize(("at", "refused"), [(SHENZHEN, True), ("440305", True), (XIAMEN, True), (GUANGZHOU, False), (ZHUHAI, False)])
def test_a_first_endorsement_goes_to_the_window_in_shenzhen_and_xiamen_only(at: str, refused: bool) -> None:
    record = person(permits=(replace(HKMO, blank_back=True),))
    assert (outcome(record, "HKG:L:1Y1", at=at) == "policy.first_endorsement") is refused
    assert bool(ask(record, at=at).offers) is not refused


@pytest.mark.parametrize(
    ("used", "as_of", "blocked"),
    [
        (0, date(2026, 10, 14), True),  # its last day
        (0, date(2026, 10, 15), False),  # expired
        (1, date(2026, 8, 1), True),  # one of two left
        (2, date(2026, 8, 1), False),  # used up
    ],
)
def test_a_usable_endorsement_blocks_every_kind_for_its_destination_and_no_other(used: int, as_of: date, blocked: bool) -> None:
    record = with_endorsement("HKG:G:3M2", date(2026, 7, 15), used, business=True)
    for option in ("HKG:G:1Y1", "HKG:L:1Y1", "HKG:S:1Y*"):
        assert outcome(record, option, as_of) == ("policy.usable_endorsement" if blocked else "offered")
    assert outcome(record, "MAC:G:1Y1", as_of) == "offered"


def test_an_unlimited_endorsement_is_usable_however_often_it_was_used() -> None:
    record = with_endorsement("HKG:S:1Y*", date(2026, 7, 15), used=40)
    found = refusal(record, "HKG:L:1Y1")
    assert (found.code, found.kind, found.params["valid_until"]) == ("policy.usable_endorsement", None, "2027-07-14")


def test_macau_again_sixty_days_after_the_last_one_was_issued() -> None:
    record = with_endorsement("MAC:G:3M1", date(2026, 6, 1), used=1)
    for option in ("MAC:G:3M1", "MAC:G:1Y1"):
        assert outcome(record, option, date(2026, 7, 30)) == "policy.macau_interval"
        assert outcome(record, option, date(2026, 7, 31)) == "offered"
    found = refusal(record, "MAC:G:1Y1", date(2026, 6, 2))
    assert (found.rule, found.params["earliest"]) == ("macau-interval", "2026-07-31")
    assert outcome(record, "MAC:L:1Y1", date(2026, 6, 2)) == "offered"
    assert outcome(record, "HKG:G:1Y1", date(2026, 6, 2)) == "offered"


def test_hong_kong_has_no_interval_and_group_travel_to_macau_starts_none() -> None:
    assert outcome(with_endorsement("HKG:G:3M1", date(2026, 11, 20), used=1), "HKG:G:3M1") == "offered"
    assert outcome(with_endorsement("MAC:L:3M1", date(2026, 11, 20), used=1), "MAC:G:3M1") == "offered"


def test_a_new_card_does_not_end_the_macau_interval() -> None:
    old = with_endorsement("MAC:G:3M1", date(2026, 11, 1), used=1).permits[0]
    record = person(permits=(HKMO, replace(old, number="C00000001", expires_on=date(2026, 11, 10))))
    assert {each.code for each in ask(record).refusals if each.permit == HKMO.number and each.destination == "MAC" and each.kind == "G"} >= {
        "policy.macau_interval"
    }


@pytest.mark.parametrize(
    ("option", "too_short", "enough"),
    [
        ("HKG:L:3M1", date(2027, 3, 12), date(2027, 3, 13)),  # 110 and 111 days after 2026-11-22
        ("HKG:S:3M*", date(2027, 3, 12), date(2027, 3, 13)),
        ("HKG:L:1Y1", date(2027, 12, 12), date(2027, 12, 13)),  # a year and 20 days
        ("MAC:G:1Y1", date(2027, 12, 12), date(2027, 12, 13)),
    ],
)
def test_the_permit_must_outlive_the_endorsement_by_the_margin(option: str, too_short: date, enough: date) -> None:
    def record(expires_on: date) -> RegistryRecord:
        return person(permits=(replace(HKMO, expires_on=expires_on),), business=True)

    assert outcome(record(too_short), option) == "policy.permit_too_short"
    assert outcome(record(enough), option) == "offered"
    assert refusal(record(too_short), option).params["needed"] == too_short.isoformat()


def test_the_margin_of_half_a_year() -> None:
    def record(expires_on: date) -> RegistryRecord:
        return person(hukou="350203", permits=(replace(TAIWAN, expires_on=expires_on),))

    assert outcome(record(date(2027, 6, 11)), "TWN:G:6M1", at=XIAMEN) == "policy.permit_too_short"
    assert outcome(record(date(2027, 6, 12)), "TWN:G:6M1", at=XIAMEN) == "offered"


def test_multiple_business_is_for_listed_staff_at_any_machine() -> None:
    assert offered(person(hukou="411700", business=True), at="220100") == GROUP | BUSINESS
    assert outcome(person(), "HKG:S:1Y*") == "policy.business_not_listed"


def test_what_needs_documents_is_window_business_for_everyone() -> None:
    window = [each for each in ask(person(business=True)).refusals if each.code == "policy.window_only"]
    found = {(each.destination, each.kind) for each in window if each.validity is None}
    assert found >= {(place, kind) for place in ("HKG", "MAC") for kind in "TDQR"}
    assert found >= {("TWN", kind) for kind in "TDYFXCQ"}
    assert outcome(person(business=True), "HKG:S:3M1") == "policy.window_only"


def test_an_option_that_nobody_sells_is_refused_too() -> None:
    assert outcome(person(), "MAC:G:3M2") == "policy.not_sold"


@pytest.mark.parametrize(
    ("hukou", "residence_permit", "at", "expected"),
    [
        ("440305", "", SHENZHEN, "offered"),
        ("411700", "440300", SHENZHEN, "offered"),
        ("440305", "", "440307", "offered"),
        ("440305", "", GUANGZHOU, "policy.shenzhen_machine"),
        ("440106", "", SHENZHEN, "policy.shenzhen_resident"),
    ],
)
def test_unlimited_trips_to_hong_kong_are_for_shenzhen_residents_at_shenzhen_machines(
    hukou: str, residence_permit: str, at: str, expected: str
) -> None:
    assert outcome(person(hukou=hukou, residence_permit=residence_permit), "HKG:G:1Y*", at=at) == expected


def test_a_shenzhen_resident_keeps_the_ordinary_options_beside_the_special_one() -> None:
    assert offered(person(hukou="440305"), at=SHENZHEN) == INDIVIDUAL | GROUP | {"HKG:G:1Y*"}


@pytest.mark.parametrize(
    ("hukou", "residence_permit", "weekly", "unlimited"),
    [
        ("440402", "", "offered", "policy.hengqin_resident"),
        ("440400", "", "offered", "policy.hengqin_resident"),
        ("411700", "440402", "policy.zhuhai_hukou", "policy.hengqin_resident"),
        ("440499", "", "offered", "offered"),
        ("411700", "440499", "policy.zhuhai_hukou", "offered"),
        ("440106", "", "policy.zhuhai_hukou", "policy.hengqin_resident"),
    ],
)
def test_special_trips_to_macau_by_zhuhai_hukou_and_by_hengqin_residence(hukou: str, residence_permit: str, weekly: str, unlimited: str) -> None:
    record = person(hukou=hukou, residence_permit=residence_permit)
    assert outcome(record, "MAC:G:1YW", at=ZHUHAI) == weekly
    assert outcome(record, "MAC:G:1Y*", at=ZHUHAI) == unlimited


def test_special_trips_to_macau_are_issued_in_zhuhai_only() -> None:
    for option in ("MAC:G:1YW", "MAC:G:1Y*"):
        assert outcome(person(hukou="440499"), option, at=GUANGZHOU) == "policy.zhuhai_machine"


@pytest.mark.parametrize(
    ("hukou", "residence_permit", "at", "expected"),
    [
        ("350203", "", XIAMEN, "offered"),
        ("411700", "350203", "350206", "offered"),
        ("350203", "", GUANGZHOU, "policy.kinmen_machine"),
        ("440106", "", XIAMEN, "policy.taiwan_stopped"),
        ("440106", "", GUANGZHOU, "policy.taiwan_stopped"),
    ],
)
def test_taiwan_is_kinmen_and_matsu_for_local_residents_at_xiamen_machines(hukou: str, residence_permit: str, at: str, expected: str) -> None:
    record = person(hukou=hukou, residence_permit=residence_permit)
    for option in ("TWN:G:6M1", "TWN:L:6M1"):
        assert outcome(record, option, at=at) == expected


def test_kinmen_and_matsu_are_not_for_a_first_endorsement() -> None:
    record = person(hukou="350203", permits=(replace(TAIWAN, blank_back=True),))
    assert outcome(record, "TWN:G:6M1", at=XIAMEN) == "policy.first_endorsement"


def test_permit_kinds_decide_their_destinations() -> None:
    answer = ask(person(hukou="350203", permits=(TAIWAN,)), at=XIAMEN)
    assert {offer.permit for offer in answer.offers} == {TAIWAN.number}
    assert all(isinstance(each, Refusal) for each in answer.refusals)
    assert PermitKind.TAIWAN.destinations == ("TWN",)
