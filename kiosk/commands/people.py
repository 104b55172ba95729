"""Personas as the machine's own values."""

from datetime import date
from pathlib import Path

from drivers.contract.failure import Failure as DeviceFailure
from drivers.world import personas
from drivers.world.personas import Persona
from kiosk.domain.endorsement import Destination, Endorsement, Kind, Validity
from kiosk.domain.failure import Failure
from kiosk.domain.permit import Permit, PermitKind
from kiosk.domain.person import RegistryRecord
from kiosk.health.desk import in_our_words


def load(directory: Path | None, persona_id: str, as_of: date) -> Persona | Failure:
    persona = personas.load(directory or personas.DIRECTORY, persona_id, as_of)
    return in_our_words(persona) if isinstance(persona, DeviceFailure) else persona


def record_of(persona: Persona) -> RegistryRecord:
    """What the registry says of this persona."""
    return RegistryRecord(
        id_number=persona.id_number,
        name=persona.name,
        pinyin=persona.pinyin,
        sex=persona.sex,
        birth=persona.birth,
        hukou=persona.hukou,
        residence_permit=persona.residence_permit,
        functionary=persona.functionary,
        military=persona.military,
        business=persona.business,
        fingerprints=persona.fingerprints,
        permits=tuple(
            Permit(
                PermitKind(permit.kind),
                permit.number,
                permit.issued_on,
                permit.expires_on,
                permit.issue_place,
                permit.rewrites,
                permit.blank_back,
                tuple(
                    Endorsement(
                        Destination(held.destination),
                        Kind(held.kind),
                        Validity.parse(held.validity),
                        held.issued_on,
                        held.valid_until,
                        held.used,
                        held.number,
                    )
                    for held in permit.endorsements
                ),
            )
            for permit in persona.permits
        ),
    )
