"""The evaluation: one person, one day, one machine -> offers and refusals.

Reasons are looked for from the most fundamental to the most particular, and the first one found is the one told:
  1. the person (functionary, military, age): one refusal with all four fields null;
  2. the permit (none of this sort, booklet, expired, worn, first endorsement here, usable endorsement): one refusal for each of its destinations;
  3. the option (not at machines, not at this time, not for this resident, not at this machine, permit too short, interval): one refusal for each
     option, or for the whole kind where all of its options share the reason.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

from kiosk.domain.endorsement import Destination, Kind, OptionCode, Validity, add_months
from kiosk.domain.numbers import is_card_permit_number
from kiosk.domain.permit import Permit, PermitKind
from kiosk.domain.person import RegistryRecord
from kiosk.policy.answer import Answer, Offer, Refusal
from kiosk.policy.loading import fee_fen, stay_days
from kiosk.policy.places import city_of, listed, province_wide, within
from kiosk.policy.rows import Closure, PermitRule, PersonRule, Row, RuleBook, Way


@dataclass(frozen=True, slots=True)
class Reason:
    code: str
    rule: str
    params: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Situation:
    record: RegistryRecord
    as_of: date
    region: str


def catalogue(book: RuleBook) -> dict[tuple[Destination, Kind], tuple[Validity | None, ...]]:
    """Every (destination, kind) of the book with the validities that machines ever sell or expressly do not.

    (None,) for a kind that is window business as a whole.
    """
    found: dict[tuple[Destination, Kind], dict[Validity | None, None]] = {}
    for way in book.options.ways:
        for destination in way.destinations:
            found.setdefault((destination, way.kind), {}).update({Validity.parse(code): None for code in way.validities})
    for closure in book.options.closures:
        for destination in closure.destinations:
            for kind in closure.kinds:
                found.setdefault((destination, kind), {}).update({Validity.parse(code): None for code in closure.validities})
    order = list(Destination)
    return {key: tuple(found[key]) or (None,) for key in sorted(found, key=lambda key: order.index(key[0]))}


def evaluate(book: RuleBook, record: RegistryRecord, as_of: date, region: str) -> Answer:
    situation = Situation(record, as_of, region)
    person = _person_reason(book, situation)
    if person is not None:
        return Answer((), (Refusal(None, None, None, None, person.code, person.rule, person.params),))
    missing = next((rule for rule in book.limits.permits if rule.what == "missing"), None)
    missing_code, missing_rule = (missing.code, missing.id) if missing else ("policy.no_permit", "card-permit-needed")
    if not record.permits:
        return Answer((), (Refusal(None, None, None, None, missing_code, missing_rule),))
    offers: list[Offer] = []
    refusals: list[Refusal] = []
    for kind in PermitKind:
        permits = [permit for permit in record.permits if permit.kind is kind]
        if not permits:
            refusals += [Refusal(None, destination, None, None, missing_code, missing_rule) for destination in kind.destinations]
        for permit in permits:
            for destination in kind.destinations:
                permit_reason = _permit_reason(book, situation, permit, destination)
                if permit_reason is not None:
                    refusals.append(Refusal(permit.number, destination, None, None, permit_reason.code, permit_reason.rule, permit_reason.params))
                    continue
                more_offers, more_refusals = _options(book, situation, permit, destination)
                offers += more_offers
                refusals += more_refusals
    return Answer(tuple(offers), tuple(refusals))


def age(birth: date, as_of: date) -> int:
    """Completed years; someone born on 29 February is a year older on 1 March."""
    return as_of.year - birth.year - ((as_of.month, as_of.day) < (birth.month, birth.day))


def _person_reason(book: RuleBook, situation: Situation) -> Reason | None:
    record = situation.record

    def applies(rule: PersonRule) -> bool:
        match rule.what:
            case "functionary":
                return record.functionary
            case "military":
                return record.military
            case "younger_than":
                return age(record.birth, situation.as_of) < rule.years

    for rule in book.limits.persons:
        if rule.in_force(situation.as_of) and applies(rule):
            return Reason(rule.code, rule.id, {"years": str(rule.years)} if rule.years else {})
    return None


def _permit_reason(book: RuleBook, situation: Situation, permit: Permit, destination: Destination) -> Reason | None:
    as_of = situation.as_of
    usable = next((each for each in permit.endorsements if each.destination is destination and each.usable(as_of)), None)

    def applies(rule: PermitRule) -> bool:
        match rule.what:
            case "missing":
                return False
            case "booklet":
                # Whatever is no card number is a booklet's or unknown: neither can be printed on.
                return not is_card_permit_number(permit.kind, permit.number)
            case "expired":
                return permit.expires_on < as_of
            case "worn":
                return permit.rewrites >= rule.limit
            case "first_endorsement":
                return permit.blank_back
            case "usable_endorsement":
                return usable is not None

    for rule in book.limits.permits:
        here = not rule.machine_places or within(situation.region, rule.machine_places)
        if rule.in_force(as_of) and here and applies(rule):
            params = {"expires_on": permit.expires_on.isoformat()}
            if usable is not None:
                params["valid_until"] = usable.valid_until.isoformat()
            return Reason(rule.code, rule.id, params)
    return None


def _options(book: RuleBook, situation: Situation, permit: Permit, destination: Destination) -> tuple[list[Offer], list[Refusal]]:
    offers: list[Offer] = []
    refusals: list[Refusal] = []
    for (where, kind), validities in catalogue(book).items():
        if where is not destination:
            continue
        reasons: dict[Validity | None, Reason] = {}
        for validity in validities:
            found = _option(book, situation, permit, destination, kind, validity)
            if isinstance(found, Offer):
                offers.append(found)
            else:
                reasons[validity] = found
        shared = next(iter(reasons.values()), None)
        if shared is not None and len(reasons) == len(validities) and all(reason == shared for reason in reasons.values()):
            refusals.append(Refusal(permit.number, destination, kind, None, shared.code, shared.rule, shared.params))
        else:
            refusals += [Refusal(permit.number, destination, kind, validity, each.code, each.rule, each.params) for validity, each in reasons.items()]
    return offers, refusals


def _option(book: RuleBook, situation: Situation, permit: Permit, destination: Destination, kind: Kind, validity: Validity | None) -> Offer | Reason:
    as_of = situation.as_of
    way = _way(book, situation, destination, kind, validity)
    if isinstance(way, Reason) or validity is None:
        return way if isinstance(way, Reason) else Reason("policy.window_only", way.id)
    reason = _too_short(book, permit, validity, as_of) or _too_soon(book, situation, destination, kind)
    if reason is not None:
        return reason
    fee = fee_fen(book, destination, validity, as_of)
    stay = stay_days(book, destination, kind, as_of)
    if fee is None or stay is None:
        raise LookupError(f"no fee or stay for {destination}:{kind}:{validity} on {as_of}: loading lets no such book through")
    option = OptionCode(destination, kind, validity)
    return Offer(permit.number, option, validity.last_day(as_of), stay, fee, way.remark, way.id)


def _way(book: RuleBook, situation: Situation, destination: Destination, kind: Kind, validity: Validity | None) -> Way | Reason:
    """A way that is open to this person at this machine today, else the most telling reason.

    Somebody entitled at another machine hears that first; then comes what is closed for all, then who is entitled, then since or until when.
    """
    code = None if validity is None else validity.code
    ways = [way for way in book.options.ways if destination in way.destinations and way.kind is kind and code in way.validities]
    wrong_machine: Reason | None = None
    not_entitled: Reason | None = None
    for way in ways:
        if not way.in_force(situation.as_of):
            continue
        homes = _homes(book, situation, way)
        if not homes or (way.business_list and not situation.record.business):
            not_entitled = not_entitled or Reason(way.applicant_code, way.id)
        elif not _machine_fits(book, situation, way, homes):
            wrong_machine = wrong_machine or Reason(way.machine_code, way.id)
        else:
            return way
    closures = [
        row
        for row in book.options.closures
        if destination in row.destinations and kind in row.kinds and (not row.validities or code in row.validities)
    ]
    closed = next((_closed(row) for row in closures if row.in_force(situation.as_of)), None)
    return wrong_machine or closed or not_entitled or _out_of_time(ways, closures, situation.as_of)


def _closed(row: Closure) -> Reason:
    params = {"since": row.from_.isoformat()}
    if row.to is not None:
        params["again"] = (row.to + timedelta(days=1)).isoformat()
    return Reason(row.code, row.id, params)


def _out_of_time(ways: list[Way], closures: list[Closure], as_of: date) -> Reason:
    coming = min((way for way in ways if way.from_ > as_of), key=lambda way: way.from_, default=None)
    if coming is not None:
        return Reason("policy.not_yet", coming.id, {"earliest": coming.from_.isoformat()})
    past = max((way for way in ways if way.to is not None), key=lambda way: way.to or date.min, default=None)
    if past is not None and past.to is not None:
        return Reason("policy.no_longer", past.id, {"until": past.to.isoformat()})
    row: Row = closures[0]
    return Reason("policy.window_only", row.id)


def _homes(book: RuleBook, situation: Situation, way: Way) -> list[str]:
    """The applicant's places (hukou, residence permit) that entitle to this way; empty = not entitled."""
    record = situation.record
    places = [place for place in (record.hukou, record.residence_permit) if place]
    if way.cities:
        return [place for place in places if listed(book.cities, way.cities, place, situation.as_of)]
    if way.hukou or way.residence:
        return [record.hukou] * within(record.hukou, way.hukou) + [record.residence_permit] * within(record.residence_permit, way.residence)
    return places


def _machine_fits(book: RuleBook, situation: Situation, way: Way, homes: list[str]) -> bool:
    match way.machines:
        case "any":
            return True
        case "listed":
            return within(situation.region, way.machine_places)
        case "home_city":
            here = city_of(book.cities, situation.region)
            at_home = any(city_of(book.cities, home) == here for home in homes)
            return at_home or province_wide(book.cities, way.cities, situation.record.hukou, situation.region, situation.as_of)


def _too_short(book: RuleBook, permit: Permit, validity: Validity, as_of: date) -> Reason | None:
    for row in book.limits.margins:
        if row.in_force(as_of) and f"{validity.count}{validity.unit}" in row.periods:
            start = add_months(as_of, validity.months) if row.after_period else as_of
            needed = start + timedelta(days=row.days)
            if not permit.expires_on > needed:
                return Reason(row.code, row.id, {"needed": needed.isoformat(), "expires_on": permit.expires_on.isoformat()})
    return None


def _too_soon(book: RuleBook, situation: Situation, destination: Destination, kind: Kind) -> Reason | None:
    """Counted over all of the person's permits: a new card does not end the interval."""
    for row in book.limits.intervals:
        if not (row.in_force(situation.as_of) and row.destination is destination and kind in row.kinds):
            continue
        endorsements = [each for permit in situation.record.permits for each in permit.endorsements]
        issued = [each.issued_on for each in endorsements if each.destination is destination and each.kind in row.counted_from]
        if issued and situation.as_of < (earliest := max(issued) + timedelta(days=row.days)):
            return Reason(row.code, row.id, {"days": str(row.days), "earliest": earliest.isoformat()})
    return None
