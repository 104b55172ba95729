"""The people of the simulated hall: one TOML file each, the file's name the persona's ID; read strictly.

Files are read whole at each call; nothing is cached here.
"""

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from drivers.contract.failure import Failure
from drivers.world.persona_fields import ASSETS, Malformed, Table

DIRECTORY = ASSETS / "personas"
PERSON_KEYS = ("id_number", "name", "pinyin", "sex", "ethnic", "birth", "address", "issuer", "valid_from", "valid_to")
REGISTRY_KEYS = ("hukou", "residence_permit", "functionary", "military", "business", "fingerprints")
PERMIT_KEYS = ("kind", "number", "issued_on", "expires_on", "issue_place", "rewrites", "blank_back", "endorsements")
ENDORSEMENT_KEYS = ("destination", "kind", "validity", "issued_on", "valid_until", "used", "number")
FACE_KEYS = ("enrolled", "live")
DESTINATIONS = {"hkmo": ("HKG", "MAC"), "taiwan": ("TWN",)}
ENDORSEMENT_KINDS = {"hkmo": ("G", "L", "T", "S", "D", "Q", "R"), "taiwan": ("G", "L", "T", "D", "Y", "F", "X", "C", "Q")}
NUMBERS = {"hkmo": ("C and 8 digits or capital letters", r"C[0-9A-Z]{8}"), "taiwan": ("L and 8 digits or capital letters", r"L[0-9A-Z]{8}")}


@dataclass(frozen=True, slots=True)
class HeldEndorsement:
    """One endorsement on a permit, codes as in the contract (`HKG`, `G`, `1Y1`)."""

    destination: str
    kind: str
    validity: str
    issued_on: date
    valid_until: date
    used: int
    number: str | None


@dataclass(frozen=True, slots=True)
class HeldPermit:
    """One card permit. kind: hkmo or taiwan."""

    kind: str
    number: str
    issued_on: date
    expires_on: date
    issue_place: str
    rewrites: int
    blank_back: bool
    endorsements: tuple[HeldEndorsement, ...]


@dataclass(frozen=True, slots=True)
class Persona:
    """One person: what the ID card carries, what the registry knows, the permits, and the face in the chip and at the camera.

    valid_to None means 长期. enrolled and live are picture files, None where the persona serves `offers` only.
    """

    persona_id: str
    id_number: str
    name: str
    pinyin: str
    sex: str
    ethnic: str
    birth: date
    address: str
    issuer: str
    valid_from: date
    valid_to: date | None
    hukou: str
    residence_permit: str
    functionary: bool
    military: bool
    business: bool
    fingerprints: bool
    permits: tuple[HeldPermit, ...]
    enrolled: Path | None
    live: Path | None

    def permit(self, number: str) -> HeldPermit | None:
        return next((permit for permit in self.permits if permit.number == number), None)


def known_ids(directory: Path) -> list[str]:
    """IDs of the files in the directory, in order; empty where there is none."""
    return sorted(file.stem for file in directory.glob("*.toml"))


def load(directory: Path, persona_id: str, as_of: date) -> Persona | Failure:
    """`persona.unknown` names the IDs that there are; `persona.malformed` names file, key and what is allowed."""
    known = known_ids(directory)
    if persona_id not in known:
        return Failure("persona.unknown", None, {"persona": persona_id, "directory": str(directory), "allowed": ", ".join(known) or "-"})
    file = directory / f"{persona_id}.toml"
    try:
        return _persona(persona_id, tomllib.loads(file.read_text("utf-8")), as_of, directory)
    except Malformed as malformed:
        return _malformed(file, malformed.key, malformed.allowed)
    except tomllib.TOMLDecodeError as error:
        return _malformed(file, "-", f"TOML: {error}")
    except UnicodeDecodeError:
        return _malformed(file, "-", "UTF-8")
    except OSError as error:
        return _malformed(file, "-", f"a readable file ({error.strerror})")


def load_all(directory: Path, as_of: date) -> dict[str, Persona] | Failure:
    """Every persona of the directory by ID, or the first failure."""
    everyone = {}
    for persona_id in known_ids(directory):
        persona = load(directory, persona_id, as_of)
        if isinstance(persona, Failure):
            return persona
        everyone[persona_id] = persona
    return everyone


def _malformed(file: Path, key: str, allowed: str) -> Failure:
    return Failure("persona.malformed", None, {"file": str(file), "key": key, "allowed": allowed})


def _persona(persona_id: str, content: dict[str, object], today: date, beside: Path) -> Persona:
    def table(value: object, key: str, allowed: tuple[str, ...]) -> Table:
        return Table(value, key, allowed, today, beside)

    whole = table(content, "", ("person", "registry", "permits", "face"))
    person = table(whole.raw("person"), "person", PERSON_KEYS)
    registry = table(whole.raw("registry"), "registry", REGISTRY_KEYS)
    face = table(whole.raw("face"), "face", FACE_KEYS) if whole.has("face") else None
    permits = []
    for index, value in enumerate(whole.tables("permits")):
        permits.append(_permit(table(value, f"permits[{index}]", PERMIT_KEYS), f"permits[{index}]", today, beside))
        if len({permit.number for permit in permits}) < len(permits):
            raise Malformed(f"permits[{index}].number", "a number that no other permit of the person bears")
    region = "six digits, a city's own code (440100) or a district's"
    return Persona(
        persona_id=persona_id,
        id_number=person.id_number("id_number"),
        name=person.text("name", "1 to 15 characters", longest=15),
        pinyin=person.text("pinyin", "SURNAME,GIVEN in capital letters", r"[A-Z][A-Z' -]*,[A-Z][A-Z' -]*"),
        sex=person.choice("sex", "M", "F"),
        ethnic=person.text("ethnic", "two digits of GB/T 3304", r"[0-9]{2}"),
        birth=person.day("birth"),
        address=person.text("address", "1 to 35 characters", longest=35),
        issuer=person.text("issuer", "1 to 15 characters", longest=15),
        valid_from=person.day("valid_from"),
        valid_to=person.day_or_forever("valid_to"),
        hukou=registry.text("hukou", region, r"[0-9]{6}"),
        residence_permit=registry.text("residence_permit", f'{region}, or ""', r"([0-9]{6})?", default=""),
        functionary=registry.flag("functionary"),
        military=registry.flag("military"),
        business=registry.flag("business", default=False),
        fingerprints=registry.flag("fingerprints"),
        permits=tuple(permits),
        enrolled=face.picture("enrolled") if face else None,
        live=face.picture("live") if face else None,
    )


def _permit(table: Table, key: str, today: date, beside: Path) -> HeldPermit:
    kind = table.choice("kind", "hkmo", "taiwan")
    blank = table.flag("blank_back", default=False)
    endorsements = []
    for index, value in enumerate(table.tables("endorsements")):
        if blank:
            raise Malformed(f"{key}.blank_back", "false where endorsements are listed: a blank back never had one")
        row = Table(value, f"{key}.endorsements[{index}]", ENDORSEMENT_KEYS, today, beside)
        endorsements.append(_endorsement(row, kind))
    return HeldPermit(
        kind=kind,
        number=table.text("number", *NUMBERS[kind]),
        issued_on=table.day("issued_on"),
        expires_on=table.day("expires_on"),
        issue_place=table.text("issue_place"),
        rewrites=table.count("rewrites"),
        blank_back=blank,
        endorsements=tuple(endorsements),
    )


def _endorsement(row: Table, permit_kind: str) -> HeldEndorsement:
    return HeldEndorsement(
        destination=row.choice("destination", *DESTINATIONS[permit_kind]),
        kind=row.choice("kind", *ENDORSEMENT_KINDS[permit_kind]),
        validity=row.text("validity", "a validity code: 3M1 3M2 3M* 1Y1 1Y2 1Y* 1YW 6M1", r"[1-9][MY][12*W]"),
        issued_on=row.day("issued_on"),
        valid_until=row.day("valid_until"),
        used=row.count("used"),
        number=row.text("number") if row.has("number") else None,
    )
