"""For anybody, anywhere, on any day: each option of the catalogue is spoken of exactly once for each permit, and never in vain."""

import tomllib
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.domain.endorsement import Destination, Endorsement, Kind, OptionCode, Validity
from kiosk.domain.permit import Permit, PermitKind
from kiosk.domain.person import RegistryRecord
from tests.policy_people import ASSETS, HKMO, TAIWAN, person, policy

CATALOGUE = policy().catalogue()
TEXTS = tomllib.loads((ASSETS / "i18n" / "refusals.toml").read_text(encoding="utf-8"))

days = st.dates(date(2014, 1, 1), date(2032, 12, 31))
regions = st.sampled_from("440100 440106 440300 440305 440400 440402 440499 350200 350203 350121 110105 310000 411700 610100 429004".split())  # noqa: SIM905


@st.composite
def endorsements(draw: st.DrawFn, destinations: tuple[Destination, ...]) -> tuple[Endorsement, ...]:
    found = []
    for destination in destinations:
        if draw(st.booleans()):
            validity = Validity.parse(draw(st.sampled_from(["3M1", "3M2", "1Y1", "1Y2", "1Y*", "1YW", "6M1"])))
            issued_on = draw(days)
            kind = draw(st.sampled_from([Kind.INDIVIDUAL, Kind.GROUP, Kind.BUSINESS, Kind.FAMILY]))
            found.append(Endorsement(destination, kind, validity, issued_on, validity.last_day(issued_on), draw(st.integers(0, 2))))
    return tuple(found)


@st.composite
def permits(draw: st.DrawFn, like: Permit) -> Permit:
    letter = "C" if like.kind is PermitKind.HKMO else "L"
    return replace(
        like,
        number=draw(st.sampled_from([letter, letter, letter, "W"])) + f"{draw(st.integers(0, 99999999)):08d}",
        expires_on=draw(days),
        rewrites=draw(st.sampled_from([0, 0, 200, 255])),
        blank_back=draw(st.booleans()),
        endorsements=draw(endorsements(like.kind.destinations)),
    )


@st.composite
def people(draw: st.DrawFn) -> RegistryRecord:
    held = draw(st.lists(st.sampled_from([HKMO, TAIWAN]), max_size=3))
    return person(
        birth=draw(st.dates(date(1940, 1, 1), date(2020, 1, 1))),
        hukou=draw(regions),
        residence_permit=draw(st.one_of(st.just(""), regions)),
        functionary=draw(st.integers(0, 9)) == 0,
        military=draw(st.integers(0, 9)) == 0,
        business=draw(st.booleans()),
        permits=tuple({permit.number: permit for permit in (draw(permits(like)) for like in held)}.values()),
    )


@settings(max_examples=250, deadline=None)
@given(people(), days, regions)
def test_each_option_is_in_exactly_one_of_offers_and_refusals(record: RegistryRecord, as_of: date, region: str) -> None:
    answer = policy().evaluate(record, as_of, region)
    held: dict[PermitKind, list[str | None]] = {kind: [each.number for each in record.permits if each.kind is kind] or [None] for kind in PermitKind}
    for kind in PermitKind:
        for number in held[kind]:
            for (destination, letter), validities in CATALOGUE.items():
                if destination not in kind.destinations:
                    continue
                for validity in validities:
                    option = validity and OptionCode(destination, letter, validity)
                    offers = [each for each in answer.offers if each.permit == number and each.option == option]
                    refusals = [
                        each
                        for each in answer.refusals
                        if each.permit in (None, number)
                        and each.destination in (None, destination)
                        and each.kind in (None, letter)
                        and each.validity in (None, validity)
                    ]
                    assert len(offers) + len(refusals) == 1, (number, destination, letter, validity, offers, refusals)


@settings(max_examples=250, deadline=None)
@given(people(), days, regions)
def test_what_is_offered_can_be_had_and_what_is_refused_can_be_said(record: RegistryRecord, as_of: date, region: str) -> None:
    answer = policy().evaluate(record, as_of, region)
    permits_held = {permit.number: permit for permit in record.permits}
    if record.functionary or record.military:
        assert not answer.offers
    for offer in answer.offers:
        permit = permits_held[offer.permit]
        assert offer.valid_until < permit.expires_on
        assert permit.expires_on - as_of > timedelta(days=110)
        assert offer.fee_fen in (1500, 2000, 3000, 4000, 8000, 10000)
        assert not any(each.destination is offer.option.destination and each.usable(as_of) for each in permit.endorsements)
    known = {row.id for _, _, rows in policy().book.tables() for row in rows}
    for refusal in answer.refusals:
        assert refusal.rule in known
        for sentence in TEXTS[refusal.text_key].values():
            assert "{" not in sentence.format(**refusal.params)
