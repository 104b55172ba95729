"""What the registry answers about a person: the persona's file, and what the authority marked verified since the last reset."""

from collections.abc import Callable, Iterable
from typing import Any

from drivers.world.ledger import Application
from drivers.world.personas import HeldEndorsement, HeldPermit, Persona


def entry(persona: Persona, verified: Iterable[Application], rewrites: Callable[[str], int]) -> dict[str, Any]:
    """`person` of POST /registry/query. rewrites: erase-and-print cycles of the card with a permit number, from the card itself."""
    mine = [application for application in verified if application.id_number == persona.id_number]
    return {
        "id_number": persona.id_number,
        "name": persona.name,
        "pinyin": persona.pinyin,
        "sex": persona.sex,
        "birth": persona.birth.isoformat(),
        "hukou": persona.hukou,
        "residence_permit": persona.residence_permit,
        "functionary": persona.functionary,
        "military": persona.military,
        "business": persona.business,
        "fingerprints": persona.fingerprints,
        "permits": [
            _permit(permit, [case for case in mine if case.permit_number == permit.number], rewrites(permit.number)) for permit in persona.permits
        ],
    }


def _permit(permit: HeldPermit, verified: list[Application], rewrites: int) -> dict[str, Any]:
    endorsements = [_held(each) for each in permit.endorsements]
    for application in verified:
        replaced = {row["destination"] for row in application.endorsements}
        endorsements = [each for each in endorsements if each["destination"] not in replaced]
        endorsements += [_issued(row) for row in application.endorsements]
    return {
        "kind": permit.kind,
        "number": permit.number,
        "issued_on": permit.issued_on.isoformat(),
        "expires_on": permit.expires_on.isoformat(),
        "issue_place": permit.issue_place,
        "rewrites": rewrites,
        "blank_back": permit.blank_back and not verified,
        "endorsements": endorsements,
    }


def _held(endorsement: HeldEndorsement) -> dict[str, Any]:
    return {
        "destination": endorsement.destination,
        "kind": endorsement.kind,
        "validity": endorsement.validity,
        "issued_on": endorsement.issued_on.isoformat(),
        "valid_until": endorsement.valid_until.isoformat(),
        "used": endorsement.used,
        "number": endorsement.number,
    }


def _issued(row: Any) -> dict[str, Any]:
    return {name: row[name] for name in ("destination", "kind", "validity", "issued_on", "valid_until", "number")} | {"used": 0}
