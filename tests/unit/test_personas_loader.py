"""The strict loader of persona files: the contract's keys to the letter, and every mistake named by file, key and what is allowed."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from drivers.contract.failure import Failure
from drivers.world.persona_fields import id_check_character
from drivers.world.personas import Persona, load, load_all

TODAY = date(2026, 11, 22)
WHOLE = """
[person]
id_number = "11010519491231002X"
name = "张三"
pinyin = "ZHANG,SAN"
sex = "F"
ethnic = "01"
birth = "1949-12-31"
address = "北京市朝阳区一号"
issuer = "北京市公安局朝阳分局"
valid_from = "2010-01-01"
valid_to = "长期"

[registry]
hukou = "110105"
residence_permit = "440100"
functionary = false
military = false
business = true
fingerprints = true

[[permits]]
kind = "hkmo"
number = "CA0000001"
issued_on = "today-30d"
expires_on = "today+100d"
issue_place = "110000"
rewrites = 2

[[permits.endorsements]]
destination = "HKG"
kind = "G"
validity = "1Y1"
issued_on = "today"
valid_until = "today+364d"
used = 0
number = "D12345678"

[face]
enrolled = "me.png"
live = "package:skimage/data/astronaut.png"
"""


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    (tmp_path / "me.png").write_bytes(b"\x89PNG\r\n\x1a\nrest")
    return tmp_path


def loaded(directory: Path, text: str) -> Persona | Failure:
    (directory / "someone.toml").write_text(text, "utf-8")
    return load(directory, "someone", TODAY)


def test_every_key_of_the_contract_is_read(directory: Path) -> None:
    persona = loaded(directory, WHOLE)
    assert isinstance(persona, Persona)
    assert (persona.persona_id, persona.name, persona.pinyin, persona.sex) == ("someone", "张三", "ZHANG,SAN", "F")
    assert persona.birth == date(1949, 12, 31)
    assert persona.valid_to is None
    assert (persona.hukou, persona.residence_permit, persona.business, persona.fingerprints) == ("110105", "440100", True, True)
    permit = persona.permits[0]
    assert (permit.issued_on, permit.expires_on) == (TODAY - timedelta(days=30), TODAY + timedelta(days=100))
    assert permit.blank_back is False
    endorsement = permit.endorsements[0]
    assert (endorsement.issued_on, endorsement.valid_until) == (TODAY, TODAY + timedelta(days=364))
    assert (endorsement.destination, endorsement.kind, endorsement.validity) == ("HKG", "G", "1Y1")
    assert (endorsement.used, endorsement.number) == (0, "D12345678")
    assert persona.enrolled == directory / "me.png"
    assert persona.live is not None and persona.live.name == "astronaut.png"


def test_optional_keys_may_be_left_out(directory: Path) -> None:
    text = WHOLE.replace('residence_permit = "440100"\n', "").replace("business = true\n", "").replace('number = "D12345678"\n', "")
    persona = loaded(directory, text.split("[face]")[0])
    assert isinstance(persona, Persona)
    assert (persona.residence_permit, persona.business, persona.enrolled, persona.live) == ("", False, None, None)
    assert persona.permits[0].endorsements[0].number is None


def test_a_person_without_a_card_permit_and_one_with_a_blank_back(directory: Path) -> None:
    none = loaded(directory, WHOLE.split("[[permits]]")[0])
    assert isinstance(none, Persona) and none.permits == ()
    blank = loaded(directory, WHOLE.split("[[permits.endorsements]]")[0].rstrip() + "\nblank_back = true\n")
    assert isinstance(blank, Persona) and blank.permits[0].blank_back and blank.permits[0].endorsements == ()


@pytest.mark.parametrize(
    ("old", "new", "key", "allowed"),
    [
        ('name = "张三"\n', "", "person.name", "required"),
        ('name = "张三"', "name = 3", "person.name", "1 to 15"),
        ('name = "张三"', 'name = "张三"\nnick = "x"', "person.nick", "id_number, name"),
        ("11010519491231002X", "110105194912310021", "person.id_number", "check character X"),
        ("11010519491231002X", "11010519491231002", "person.id_number", "17 digits"),
        ('pinyin = "ZHANG,SAN"', 'pinyin = "Zhang San"', "person.pinyin", "SURNAME,GIVEN"),
        ('sex = "F"', 'sex = "X"', "person.sex", "M, F"),
        ('sex = "F"', 'sex = ["F"]', "person.sex", "M, F"),
        ('ethnic = "01"', 'ethnic = "1"', "person.ethnic", "two digits"),
        ('birth = "1949-12-31"', "birth = 1949-12-31", "person.birth", "YYYY-MM-DD"),
        ('birth = "1949-12-31"', 'birth = "1949-02-30"', "person.birth", "YYYY-MM-DD"),
        ('"today-30d"', '"today-30"', "permits[0].issued_on", "today-30d"),
        ('"today-30d"', '"today-99999999d"', "permits[0].issued_on", "today-30d"),
        ('hukou = "110105"', 'hukou = "1101"', "registry.hukou", "six digits"),
        ('residence_permit = "440100"', 'residence_permit = "Guangzhou"', "registry.residence_permit", "six digits"),
        ("military = false", 'military = "no"', "registry.military", "true, false"),
        ("military = false", "military = 0", "registry.military", "true, false"),
        ('kind = "hkmo"', 'kind = "passport"', "permits[0].kind", "hkmo, taiwan"),
        ("CA0000001", "L00000001", "permits[0].number", "C and 8"),
        ("rewrites = 2", "rewrites = -1", "permits[0].rewrites", "0 or more"),
        ("rewrites = 2", "rewrites = true", "permits[0].rewrites", "0 or more"),
        ("rewrites = 2", "rewrites = 2\nblank_back = true", "permits[0].blank_back", "never had one"),
        ('destination = "HKG"', 'destination = "TWN"', "permits[0].endorsements[0].destination", "HKG, MAC"),
        ('kind = "G"', 'kind = "Z"', "permits[0].endorsements[0].kind", "G, L"),
        ("1Y1", "1Y9", "permits[0].endorsements[0].validity", "3M1"),
        ("used = 0", 'used = "0"', "permits[0].endorsements[0].used", "0 or more"),
        ("used = 0", "used = 0\ncolour = 1", "permits[0].endorsements[0].colour", "destination, kind"),
        ('"me.png"', '"you.png"', "face.enrolled", "faces:NAME"),
        ('"me.png"', '"someone.toml"', "face.enrolled", "faces:NAME"),
        ('"package:skimage/data/astronaut.png"', '"package:no_such_package/a.png"', "face.live", "faces:NAME"),
        ('"package:skimage/data/astronaut.png"', '"faces:nobody.jpg"', "face.live", "faces:NAME"),
        ("[face]", "[feet]", "feet", "person, registry, permits, face"),
        ("[registry]", "[[registry]]", "registry", "a table with"),
        ("[[permits]]", "[permits]", "permits", "[[permits]]"),
        ("[person]", "[person", "-", "TOML"),
    ],
)
def test_a_mistake_names_the_file_the_key_and_what_is_allowed(directory: Path, old: str, new: str, key: str, allowed: str) -> None:
    assert old in WHOLE
    failure = loaded(directory, WHOLE.replace(old, new, 1))
    assert isinstance(failure, Failure)
    assert failure.code == "persona.malformed"
    assert failure.detail["file"] == str(directory / "someone.toml")
    assert failure.detail["key"] == key
    assert allowed in failure.detail["allowed"]


def test_two_permits_of_one_person_need_two_numbers(directory: Path) -> None:
    permit = WHOLE[WHOLE.index("[[permits]]") : WHOLE.index("[face]")]
    failure = loaded(directory, WHOLE.replace(permit, permit + permit))
    assert isinstance(failure, Failure) and failure.detail["key"] == "permits[1].number"


def test_bytes_that_are_no_utf8_are_a_malformed_persona(directory: Path) -> None:
    (directory / "someone.toml").write_bytes(b"\xff\xfe\x00")
    failure = load(directory, "someone", TODAY)
    assert isinstance(failure, Failure) and failure.code == "persona.malformed"


def test_an_unknown_persona_is_told_which_ones_there_are(directory: Path) -> None:
    loaded(directory, WHOLE)
    for wanted in ("nobody", "../someone", ""):
        failure = load(directory, wanted, TODAY)
        assert isinstance(failure, Failure)
        assert failure.code == "persona.unknown"
        assert failure.detail["allowed"] == "someone"


def test_load_all_stops_at_the_first_malformed_file(directory: Path) -> None:
    loaded(directory, WHOLE)
    assert set(load_all(directory, TODAY)) == {"someone"}  # type: ignore[arg-type]
    (directory / "another.toml").write_text("[person]\n", "utf-8")
    failure = load_all(directory, TODAY)
    assert isinstance(failure, Failure) and failure.detail["file"].endswith("another.toml")


@pytest.mark.parametrize("number", ["11010519491231002X", "440301199003070019", "35020319850615002X", "110101201006011236", "310101197512124514"])
def test_check_characters_of_known_numbers(number: str) -> None:
    assert id_check_character(number[:17]) == number[17]
