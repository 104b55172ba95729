"""People for the policy's tests: an ordinary Guangzhou resident with both card permits, and whatever a test changes about them."""

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

from kiosk.domain.endorsement import Endorsement, OptionCode
from kiosk.domain.failure import Failure
from kiosk.domain.permit import Permit, PermitKind
from kiosk.domain.person import RegistryRecord
from kiosk.policy import Answer, Offer, Policy, Refusal

ASSETS = Path(__file__).parents[1] / "assets"
AS_OF = date(2026, 11, 22)
GUANGZHOU, SHENZHEN, ZHUHAI, XIAMEN = "440100", "440300", "440400", "350200"

HKMO = Permit(PermitKind.HKMO, "C12345678", date(2023, 5, 20), date(2033, 5, 19), "广东")
TAIWAN = Permit(PermitKind.TAIWAN, "L12345678", date(2023, 5, 20), date(2033, 5, 19), "广东")


@cache
def policy() -> Policy:
    loaded = Policy.load(ASSETS / "policy")
    assert not isinstance(loaded, Failure), loaded
    return loaded


def person(**changes: object) -> RegistryRecord:
    ordinary = RegistryRecord(
        id_number="440301199003070019",
        name="张三",
        pinyin="ZHANG,SAN",
        sex="M",
        birth=date(1990, 3, 7),
        hukou="440106",
        residence_permit="",
        functionary=False,
        military=False,
        business=False,
        fingerprints=True,
        permits=(HKMO, TAIWAN),
    )
    return replace(ordinary, **changes)  # type: ignore[arg-type]


def with_endorsement(option: str, issued_on: date, used: int = 0, permit: Permit = HKMO, **changes: object) -> RegistryRecord:
    code = OptionCode.parse(option)
    endorsement = Endorsement(code.destination, code.kind, code.validity, issued_on, code.validity.last_day(issued_on), used)
    other = TAIWAN if permit.kind is PermitKind.HKMO else HKMO
    return person(permits=(replace(permit, endorsements=(endorsement,)), other), **changes)


def ask(record: RegistryRecord, as_of: date = AS_OF, at: str = GUANGZHOU) -> Answer:
    return policy().evaluate(record, as_of, at)


def offered(record: RegistryRecord, as_of: date = AS_OF, at: str = GUANGZHOU) -> set[str]:
    return {str(offer.option) for offer in ask(record, as_of, at).offers}


def outcome(record: RegistryRecord, option: str, as_of: date = AS_OF, at: str = GUANGZHOU) -> str:
    """`offered`, or the code of the refusal."""
    found = ask(record, as_of, at).find(OptionCode.parse(option))
    return "offered" if isinstance(found, Offer) else found.code


def refusal(record: RegistryRecord, option: str, as_of: date = AS_OF, at: str = GUANGZHOU) -> Refusal:
    found = ask(record, as_of, at).find(OptionCode.parse(option))
    assert isinstance(found, Refusal), found
    return found
