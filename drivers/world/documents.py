"""What a persona carries, as the emulators take it: the identity card's data and the chip of a permit."""

from drivers.chip.emulator import PermitApplet
from drivers.chip.issuer import TestAuthority
from drivers.id_reader.emulator import IdCardData, photo_block, resident_text
from drivers.world.faults import FaultBoard
from drivers.world.personas import HeldPermit, Persona
from drivers.world.portraits import chip_picture, id_photo

ISSUER = "中华人民共和国出入境管理局"


def id_card_of(persona: Persona) -> IdCardData:
    """Raises ValueError where the persona's picture cannot be used or a field does not fit the card."""
    text = resident_text(
        persona.name,
        persona.sex,
        persona.ethnic,
        persona.birth.isoformat(),
        persona.address,
        persona.id_number,
        persona.issuer,
        persona.valid_from.isoformat(),
        persona.valid_to.isoformat() if persona.valid_to else "长期",
    )
    photo = photo_block(id_photo(persona.enrolled) if persona.enrolled else b"")
    return IdCardData(text, photo, bytes(1024) if persona.fingerprints else b"")


def chip_of(issuing: TestAuthority, faults: FaultBoard, persona: Persona, permit: HeldPermit) -> PermitApplet:
    """A freshly personalised chip, about 0.2 s. Raises ValueError where the persona's picture cannot be used."""
    if persona.enrolled is None:
        raise ValueError("no picture for the chip")
    chip = issuing.personalise(
        document_type="CS" if permit.kind == "hkmo" else "CD",
        number=permit.number,
        birth=persona.birth,
        expires_on=permit.expires_on,
        sex=persona.sex,
        name=persona.name,
        pinyin=persona.pinyin,
        personal_number=persona.id_number,
        issuer=ISSUER,
        issued_on=permit.issued_on,
        face_jpeg2000=chip_picture(persona.enrolled),
    )
    chip.faults = faults
    return chip
