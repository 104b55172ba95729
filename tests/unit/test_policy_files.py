"""The rule files and their sentences; and what happens when a file is broken."""

import json
import shutil
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from string import Formatter

import pytest

from kiosk.domain.failure import Failure
from kiosk.policy import Policy, answer_json
from tests.policy_people import AS_OF, ASSETS, HKMO, XIAMEN, ask, person, policy, with_endorsement

TEXTS: dict[str, dict[str, str]] = tomllib.loads((ASSETS / "i18n" / "refusals.toml").read_text(encoding="utf-8"))
FAILURES: dict[str, dict[str, str]] = tomllib.loads((ASSETS / "i18n" / "failures_policy.toml").read_text(encoding="utf-8"))
PARAMS = {"years", "expires_on", "valid_until", "since", "earliest", "until", "needed", "days"}
NEXT_STEP = {"zh-Hans": ("请", "12367"), "zh-Hant": ("請", "12367"), "en": ("lease",)}


def text(key: str, language: str, params: Mapping[str, str]) -> str:
    return TEXTS[key][language].format(**params)


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ASSETS / "policy", tmp_path / "policy"))


def change(directory: Path, file: str, old: str, new: str) -> Failure:
    path = directory / file
    content = path.read_text(encoding="utf-8")
    assert content.count(old) >= 1
    path.write_text(content.replace(old, new, 1), encoding="utf-8")
    loaded = Policy.load(directory)
    assert isinstance(loaded, Failure)
    return loaded


def test_every_row_names_its_source_and_its_first_day() -> None:
    rows = [row for _, _, rows in policy().book.tables() for row in rows]
    assert len(rows) > 60
    for row in rows:
        assert row.source and isinstance(row.from_, date), row.id
    assert any(row.uncertain for row in rows)


def test_every_code_and_remark_in_the_rules_has_its_sentences() -> None:
    book = policy().book
    codes = {code for way in book.options.ways for code in (way.applicant_code, way.machine_code)}
    codes |= {row.code for row in book.options.closures} | {row.code for row in book.limits.persons} | {row.code for row in book.limits.permits}
    codes |= {row.code for row in book.limits.margins} | {row.code for row in book.limits.intervals}
    codes |= {"policy.window_only", "policy.not_yet", "policy.no_longer", "policy.not_sold"}
    remarks = {way.remark for way in book.options.ways if way.remark}
    assert {f"refusal.{code}" for code in codes} | remarks == set(TEXTS)


def test_every_sentence_speaks_three_languages_and_ends_in_what_to_do_next() -> None:
    for key, languages in TEXTS.items():
        assert list(languages) == ["zh-Hans", "zh-Hant", "en"], key
        names = [{name for _, name, _, _ in Formatter().parse(sentence) if name} for sentence in languages.values()]
        assert names[0] == names[1] == names[2] and names[0] <= PARAMS, key
        if key.startswith("refusal."):
            for language, sentence in languages.items():
                last = sentence.rstrip("。.").replace(". ", "。").split("。")[-1]
                assert any(word in last for word in NEXT_STEP[language]), (key, language)
    assert {len(languages) for languages in FAILURES.values()} == {3}


def test_the_json_of_an_answer_is_the_contract_s() -> None:
    record = with_endorsement("HKG:G:1Y1", date(2026, 6, 1), hukou="350203")
    document = answer_json(ask(record, at=XIAMEN), AS_OF, text)
    assert json.loads(json.dumps(document)) == document
    assert set(document) == {"as_of", "offers", "refusals"}
    offers, refusals = document["offers"], document["refusals"]
    assert isinstance(offers, list) and isinstance(refusals, list)
    assert document["as_of"] == "2026-11-22"
    assert {
        "permit": "L12345678",
        "destination": "TWN",
        "kind": "G",
        "validity": "6M1",
        "valid_until": "2027-05-21",
        "stay_days": 15,
        "fee_fen": 1500,
        "remark": "限金门、马祖",
    } in offers
    assert offers[0]["remark"] is None and offers[0]["permit"] == HKMO.number
    blocked = next(each for each in refusals if each["code"] == "policy.usable_endorsement")
    assert list(blocked) == ["permit", "destination", "kind", "validity", "code", "rule", "text"]
    assert (blocked["permit"], blocked["destination"], blocked["kind"], blocked["validity"]) == (HKMO.number, "HKG", None, None)
    assert "2027-05-31" in blocked["text"]["en"]


@pytest.mark.parametrize(
    ("file", "old", "new", "key"),
    [
        ("fees.toml", "fee_fen = 2000", 'fee_fen = "20"', "fees[0].fee_fen"),
        ("fees.toml", 'source = "S6"\n', "", "fees[0].source"),
        ("fees.toml", 'source = "S6"', 'source = ""', "fees.single-before-2017.source"),
        ("fees.toml", "from = 2014-05-20", "from = 2014", "fees[0].from"),
        ("fees.toml", "fee_fen = 2000", "fee_fen = 2000\ncolour = 1", "fees[0].colour"),
        ("options.toml", 'kind = "G"', 'kind = "Z"', "ways[0].kind"),
        ("options.toml", '["3M1", "3M2", "1Y1", "1Y2"]', '["3M1", "4Q9"]', "ways.hkg-individual-2015.validities"),
        ("options.toml", 'cities = "individual-travel"', 'cities = "nowhere"', "ways.hkg-individual-2015.cities"),
        ("options.toml", 'machine_places = ["4403"]', 'machine_places = ["Shenzhen"]', "ways.hkg-shenzhen-weekly-2015.machine_places"),
        ("options.toml", 'id = "hkg-individual"', 'id = "hkg-individual-2015"', "ways.hkg-individual-2015.id"),
        ("options.toml", "to = 2020-01-27", "to = 2010-01-27", "ways.hkg-individual-2015.to"),
        ("options.toml", 'machines = "home_city"', 'machines = "listed"', "ways.hkg-individual-2015.machine_places"),
        ("fees.toml", "from = 2017-07-01", "from = 2017-07-02", "fees"),
        ("fees.toml", "to = 2017-06-30", "to = 2017-07-30", "fees"),
        ("stays.toml", "from = 2024-05-06", "from = 2024-05-07", "stays"),
        ("limits.toml", 'periods = ["3M"]', 'periods = ["2M"]', "margins"),
        ("limits.toml", 'what = "military"', 'what = "teacher"', "persons[1].what"),
    ],
)
def test_a_wrong_value_is_a_failure_that_names_file_and_key(rules: Path, file: str, old: str, new: str, key: str) -> None:
    failure = change(rules, file, old, new)
    assert failure.code == "policy.malformed"
    assert (failure.detail["file"], failure.detail["key"]) == (file, key)
    assert failure.detail["allowed"]
    for sentence in FAILURES["failure.policy.malformed"].values():
        assert file in sentence.format(**failure.detail)


def test_a_file_that_is_no_toml_or_no_utf8_is_a_failure(rules: Path) -> None:
    assert change(rules, "cities.toml", "[[cities]]", "[[cities").code == "policy.malformed"
    (rules / "cities.toml").write_bytes(b"\xff\xfe")
    failure = Policy.load(rules)
    assert isinstance(failure, Failure) and failure.code == "policy.malformed" and failure.detail["file"] == "cities.toml"


@pytest.mark.parametrize("file", ["options.toml", "limits.toml", "fees.toml", "stays.toml", "cities.toml"])
def test_a_missing_file_is_a_failure_that_names_it(rules: Path, file: str) -> None:
    (rules / file).unlink()
    failure = Policy.load(rules)
    assert failure == Failure("policy.unreadable", detail={"file": file})


def test_a_corrected_fee_is_used_at_once(rules: Path) -> None:
    path = rules / "fees.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("fee_fen = 1500", "fee_fen = 1600", 1), encoding="utf-8")
    loaded = Policy.load(rules)
    assert isinstance(loaded, Policy)
    assert {offer.fee_fen for offer in loaded.evaluate(person(), AS_OF, "440100").offers} == {1600, 3000}
