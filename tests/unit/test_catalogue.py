"""The catalogue is whole: whatever the code can say has its sentence in all three languages, with the placeholders it is given.

Keys written as one literal are found in the source. Keys put together (`f"help.{state}"`) are enumerated in FAMILIES; a new kind of them fails
here until its members are named.
"""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter
from typing import NamedTuple

import pytest

from drivers.card_module.faults import REASONS
from drivers.contract.status import Device
from drivers.lights.codec import Damage
from kiosk.audit import catalogue as audit
from kiosk.audit.verify import Why
from kiosk.case.moves import Custody, Issue, Money, Reason
from kiosk.case.reconciliation import Kind as Difference
from kiosk.config import Devices, Payment
from kiosk.domain.endorsement import Destination, Kind
from kiosk.face.portrait.assess import MEASURES
from kiosk.face.portrait.reading import Why as WhyUnmeasured
from kiosk.face.quality import Flaw
from kiosk.gateways.payment import OrderState, RefundProgress
from kiosk.i18n import Catalogue
from kiosk.journey.confirming import Asking
from kiosk.journey.steps.attract import WAYS
from kiosk.journey.steps.contact import Question
from kiosk.journey.steps.giving_back import STAGES as GIVING_BACK
from kiosk.journey.steps.issuing import STAGES as ISSUING
from kiosk.journey.steps.notice import PARTS
from kiosk.journey.table import State
from kiosk.services.card_back.inspection import Verdict
from kiosk.view import LANGUAGES, Picture
from ui.bridge.writing import SIGN_NAMES

ROOT = Path(__file__).parents[2]
CATALOGUE = Catalogue.load(ROOT / "assets" / "i18n")
KEY = re.compile(r"[a-z_]+(\.[A-Za-z0-9_]+)+")
FILE_NAME = re.compile(r".*\.(toml|md|json|sqlite|key|pub|pem|png|pdf|jpg|mjpg|log|lock|py|qml|html|onnx|tflite|token)")
FAMILY_NAMES = tuple(name for name in Devices.__struct_fields__ if name != "chip")
METHODS = tuple(Payment.__struct_fields__)
NOT_ONLINE = tuple(device.value for device in Device if device is not Device.ONLINE)
# all whose state can keep the machine from serving
REPORTING = ("id_reader", "card_module", "card_printer", "lights", "camera", "face_camera", "back_camera")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FOOTER = re.findall(r'\bfooter\("(\w+)"', (ROOT / "kiosk" / "journey" / "engine.py").read_text(encoding="utf-8"))
VOICE_KEYS = ("repeat", "pause", "go_on", "slower", "faster", "quieter", "louder", "off", "close")
OPTIONS = tomllib.loads((ROOT / "assets" / "policy" / "options.toml").read_text(encoding="utf-8"))
VALIDITIES = {code for way in OPTIONS["ways"] for code in way["validities"]}

# keys that the code puts together, each hole written {}
FAMILIES: dict[str, list[str]] = {
    "help.{}": [f"help.{state.value}" for state in State],
    "footer.{}": [f"footer.{name}" for name in FOOTER],
    "screen.pay.{}": [f"screen.pay.{method}" for method in METHODS],
    "voice.key.{}": [f"voice.key.{name}" for name in VOICE_KEYS],
    "screen.sign.{}": [f"screen.sign.{name}" for name in SIGN_NAMES.values()],
    "screen.day.{}": [f"screen.day.{day}" for day in DAYS],
    "word.day.{}": [f"word.day.{day}" for day in DAYS],
    "word.method.{}": [f"word.method.{method}" for method in METHODS],
    "journey.go.{}": [f"journey.go.{way.replace(',', '_')}" for way in WAYS],
    "notice.{}.heading": [f"notice.{part}.heading" for part in PARTS],
    "notice.{}.text": [f"notice.{part}.text" for part in PARTS],
    "outcome.money.{}": [f"outcome.money.{state}" for state in (*(money.value for money in Money), "paid_later", "paid_staff", "open_staff")],
    "staff.reason.{}": [f"staff.reason.{reason.value}" for reason in Reason],
    "staff.custody.{}": [f"staff.custody.{custody.value}" for custody in Custody],
    "difference.{}": [f"difference.{kind.value}" for kind in Difference],
    "books.{}": [f"books.{word.value}" for words in (Money, Issue, OrderState, RefundProgress) for word in words],
    "pay.{}": [f"pay.{method}" for method in METHODS],
    "word.destination.{}": [f"word.destination.{destination.value}" for destination in Destination],
    "word.kind.{}": [f"word.kind.{kind.value}" for kind in Kind],
    "word.validity.{}": [f"word.validity.{code}" for code in VALIDITIES],
    "face.guidance.{}": [f"face.guidance.{flaw.value}" for flaw in Flaw] + ["face.guidance.hold_still"],
    "staff_confirm.{}.title": [f"staff_confirm.{asking.value}.title" for asking in Asking],
    "staff_confirm.{}.sentence": [f"staff_confirm.{asking.value}.sentence" for asking in Asking],
    "journey.contact.{}.title": [f"journey.contact.{question.value}.title" for question in Question],
    "journey.contact.{}.sentence": [f"journey.contact.{question.value}.sentence" for question in Question],
    "journey.contact.{}.wrong": [f"journey.contact.{question.value}.wrong" for question in Question],
    "portrait.measure.{}": [f"portrait.measure.{name}" for name in MEASURES],
    "portrait.reason.{}": [f"portrait.reason.{why.value}" for why in WhyUnmeasured],
    "failure.{}": [],  # the codes have a test of their own
}
# failure codes that are put together; a hole that is a constant of its file is already filled in
FAILURE_FAMILIES: dict[str, list[str]] = {
    "{}.deadline": [f"{family}.deadline" for family in FAMILY_NAMES],
    "{}.{}": [f"{family}.{state}" for family in REPORTING for state in NOT_ONLINE],
    "{}.jam": ["card_module.jam", "card_printer.jam"],
    "{}.bin_full": ["card_module.bin_full"],
    "{}.port_absent": ["id_reader.port_absent", "receipt_printer.port_absent", "lights.port_absent"],
    "{}.port_busy": ["id_reader.port_busy", "receipt_printer.port_busy", "lights.port_busy"],
    "{}.port_unusable": ["id_reader.port_unusable", "receipt_printer.port_unusable", "lights.port_unusable"],
    "{}.port_lost": ["id_reader.port_lost", "receipt_printer.port_lost", "lights.port_lost"],
    "card_module.{}": [f"card_module.{reason}" for reason in REASONS.values()],
    "id_reader.{}": [f"id_reader.{reason}" for reason in ("bad_checksum", "wrong_length", "no_card", "select_failed", "read_failed", "unknown_code")],
    "receipt_printer.{}": [f"receipt_printer.{cause}" for cause in ("cover_open", "paper_end", "cutter", "jam", "hardware", "overheated", "offline")],
    "lights.{}": [f"lights.{damage.value}" for damage in Damage],
    "face.{}": [f"face.{flaw.value}" for flaw in Flaw],
    "card_back.{}": [f"card_back.{verdict.value}" for verdict in Verdict if verdict is not Verdict.AS_MEANT],
    "authority.{}": ["authority.person_unknown", "authority.case_unknown"],
    "world.{}": ["world.port_in_use", "world.port_unusable"],
    "audit.record_{}": [f"audit.record_{why.value}" for why in Why],
}
# dotted words that look like a key or a code and are neither
OTHER_WORDS = {
    "payment.wechat": "table of the profile",
    "payment.alipay": "table of the profile",
    "device.unknown": "beginning of usage codes",
    "machine.simulated": "key of the profile",
    "machine.region": "key of the profile",
    "journal.pair": "line of the bench",
    "journal.added": "line of the bench",
    "voice.first_sound": "line of the bench",
    "voice.first_sound_slowest": "line of the bench",
    "voice.first_sound_elder": "line of the bench",
    "voice.first_sound_elder_slowest": "line of the bench",
    "voice.prepared": "line of the bench",
    "face.fill_gain": "key of the profile",
    "authority.case_conflict": "refusal by the authority that arrives as authority.refused",
}
FACE_BENCH = ("verify_frame", "track", "load", "memory", "embedding", "embedding_difference", "mesh", "mesh_refined", "mesh_difference", "preview")
OTHER_WORDS |= {f"face.{what}": "line of the bench" for what in FACE_BENCH}
OTHER_WORDS |= {f"voice.{key}": "answer on the sheet of the voice's keys" for key in VOICE_KEYS}
OTHER_WORDS |= {entry.id: "event of the audit" for entry in audit.load().entries}
WITH_PARAMETERS = ("Message", "turn", "Failure", "DeviceFailure")


class Call(NamedTuple):
    """Something said: a literal key, or the pattern of one put together; given: names of its parameters, None where the source does not tell."""

    where: str
    key: str
    given: frozenset[str] | None

    def members(self, families: dict[str, list[str]]) -> list[str]:
        """A family that nobody enumerated has none here; the tests of whole families name it."""
        return families.get(self.key, []) if "{}" in self.key else [self.key]


@cache
def sources(*rooms: str) -> tuple[tuple[str, ast.Module], ...]:
    """The rooms' files. The screen's sample pages have words of their own and are left out."""
    files = sorted(path for room in rooms for path in (ROOT / room).rglob("*.py") if path.name != "samples.py")
    return tuple((path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))) for path in files)


def written(node: ast.expr, constants: dict[str, str]) -> Iterator[str]:
    """The key or keys an expression can be: a literal, either branch of a choice, or a pattern; nothing where it is just a name."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=body, orelse=orelse):
            yield from written(body, constants)
            yield from written(orelse, constants)
        case ast.JoinedStr(values=values):
            yield "".join(_part(value, constants) for value in values)


def _part(value: ast.expr, constants: dict[str, str]) -> str:
    if isinstance(value, ast.Constant):
        return str(value.value)
    inner = value.value if isinstance(value, ast.FormattedValue) else value
    return constants.get(inner.id, "{}") if isinstance(inner, ast.Name) else "{}"


def parameters(node: ast.expr | None, dictionaries: dict[str, frozenset[str]]) -> frozenset[str] | None:
    match node:
        case None:
            return frozenset()
        case ast.Dict(keys=keys) if all(isinstance(key, ast.Constant) for key in keys):
            return frozenset(str(key.value) for key in keys if isinstance(key, ast.Constant))
        case ast.Name(id=name):
            return dictionaries.get(name)
        case _:
            return None


def calls(rooms: tuple[str, ...], names: dict[str, int], detail_name: str) -> Iterator[Call]:
    """Calls of the functions `names` with the place of their key; parameters stand right after it, or by `detail_name`."""
    for where, module in sources(*rooms):
        constants, dictionaries = _assigned(module)
        for node in ast.walk(module):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr if isinstance(node.func, ast.Attribute) else ""
            place = names.get(name, -1)
            if not 0 <= place < len(node.args):
                continue
            given = {keyword.arg: keyword.value for keyword in node.keywords}
            after = 2 if name.endswith("Failure") else place + 1  # a failure's device code stands between
            detail = given.get(detail_name, node.args[after] if len(node.args) > after else None)
            told = parameters(detail, dictionaries) if name in WITH_PARAMETERS else None
            for key in written(node.args[place], constants):
                yield Call(f"{where}:{node.lineno}", key, told)


def _assigned(module: ast.Module) -> tuple[dict[str, str], dict[str, frozenset[str]]]:
    """Names that stand for one text in the whole file, and names that stand for a dictionary with literal keys."""
    texts: dict[str, str] = {}
    dictionaries: dict[str, frozenset[str]] = {}
    for node in ast.walk(module):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
        for target in targets:
            if isinstance(target, ast.Name) and isinstance(value, ast.Constant) and isinstance(value.value, str) and node in module.body:
                texts[target.id] = value.value
            if isinstance(target, ast.Name) and isinstance(value, ast.Dict):
                found = parameters(value, {})
                if found is not None:
                    dictionaries[target.id] = found & dictionaries.get(target.id, found)
    return texts, dictionaries


def said() -> list[Call]:
    names = {"Message": 0, "primary": 1, "secondary": 1, "turn": 2, "words": 0}
    return [call for call in calls(("kiosk", "ui"), names, "params") if not call.where.startswith("kiosk/journey/page.py")]


def failed() -> list[Call]:
    return list(calls(("kiosk", "drivers"), {"Failure": 0, "DeviceFailure": 0}, "detail"))


def placeholders(text: str) -> set[str]:
    return {name for _literal, name, _spec, _conversion in Formatter().parse(text) if name is not None}


def texts() -> Iterator[tuple[str, dict[str, str]]]:
    for key in sorted(CATALOGUE.keys()):
        yield key, {language: CATALOGUE.text(key, language) for language in LANGUAGES}


# -- what the code says stands in the catalogue


def test_every_key_the_pages_name_has_its_text() -> None:
    found = said()
    assert len(FOOTER) >= 8
    assert len(found) > 120, "the source was not understood any more"
    patterns = {call.key: call.where for call in found if "{}" in call.key}
    assert {key: where for key, where in patterns.items() if key not in FAMILIES} == {}, "enumerate this family of keys in FAMILIES"
    assert [(call.where, key) for call in found for key in call.members(FAMILIES) if key not in CATALOGUE] == []


@pytest.mark.parametrize("family", FAMILIES)
def test_every_member_of_a_family_of_keys_has_its_text(family: str) -> None:
    assert [key for key in FAMILIES[family] if key not in CATALOGUE] == []


def test_the_stages_of_the_machines_own_work_have_their_texts() -> None:
    assert {key for key in (*ISSUING.values(), *GIVING_BACK.values()) if key not in CATALOGUE} == set()


def test_every_failure_code_has_its_sentence() -> None:
    found = failed()
    assert len(found) > 120, "the source was not understood any more"
    patterns = {call.key: call.where for call in found if "{}" in call.key}
    assert {key: where for key, where in patterns.items() if key not in FAILURE_FAMILIES} == {}, "enumerate this family of codes in FAILURE_FAMILIES"
    codes = {code: call.where for call in found for code in call.members(FAILURE_FAMILIES)}
    assert {code: where for code, where in codes.items() if f"failure.{code}" not in CATALOGUE} == {}


def test_every_dotted_word_of_the_source_that_belongs_to_the_catalogue_stands_in_it() -> None:
    """Keys and codes that reach their place by way of a name or a table."""
    areas = {part for key in sorted(CATALOGUE.keys()) for part in key.split(".")[: 2 if key.startswith(("failure.", "refusal.")) else 1]}
    words = {
        node.value: f"{where}:{node.lineno}"
        for where, module in sources("kiosk", "ui", "drivers")
        for node in ast.walk(module)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and KEY.fullmatch(node.value) and not FILE_NAME.fullmatch(node.value)
    }
    known = CATALOGUE.keys() | OTHER_WORDS.keys()
    missing = {
        word: where
        for word, where in words.items()
        if word.split(".")[0] in areas and known.isdisjoint({word, f"failure.{word}", f"refusal.{word}"}) and not word.endswith("_")
    }
    assert missing == {}


def test_every_refusal_of_the_policys_tables_has_its_sentence() -> None:
    tables = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "assets" / "policy").glob("*.toml"))
    codes = set(re.findall(r'"(policy\.[a-z_]+)"', tables))
    assert len(codes) > 5
    assert {code for code in codes if f"refusal.{code}" not in CATALOGUE} == set()


def test_every_label_the_screen_names_has_its_text() -> None:
    pages = [path for path in (ROOT / "ui" / "qml").rglob("*.qml") if path.parent.name != "Gallery"]  # which shows samples, by a catalogue of its own
    qml = "".join(path.read_text(encoding="utf-8") for path in pages)
    families = {"screen.pay.": METHODS, "screen.picture.": tuple(picture.value for picture in Picture)}
    begun = set(re.findall(r'Words\.say\("([^"]+)" \+', qml))
    whole = set(re.findall(r'Words\.say\("([^"]+)"\)', qml))
    assert len(whole) > 10
    assert begun == families.keys()
    keys = whole | {f"{beginning}{end}" for beginning, ends in families.items() for end in ends}
    assert {key for key in keys if key not in CATALOGUE} == set()


# -- and can be said with what it is given


def test_no_sentence_of_a_page_asks_for_more_than_it_is_given() -> None:
    short = {
        f"{call.where} {key}": sorted(asked - call.given)
        for call in said()
        if call.given is not None and call.key != "failure.{}"
        for key in call.members(FAMILIES)
        if key in CATALOGUE and (asked := placeholders(CATALOGUE.text(key, "en"))) - call.given
    }
    assert short == {}


def test_no_sentence_of_a_failure_asks_for_more_than_the_failure_carries() -> None:
    short = {
        f"{call.where} {code}": sorted(asked - call.given)
        for call in failed()
        if call.given is not None
        for code in call.members(FAILURE_FAMILIES)
        if f"failure.{code}" in CATALOGUE and (asked := placeholders(CATALOGUE.text(f"failure.{code}", "en"))) - call.given
    }
    assert short == {}


# -- the texts themselves


def test_the_three_languages_have_the_same_placeholders() -> None:
    shared = {key for key, each in texts() if len({frozenset(placeholders(text)) for text in each.values()}) != 1}
    assert shared == {"word.hall"}  # a hall has one name in Chinese and one in English
    assert [key for key, each in texts() if any(not name.isidentifier() for text in each.values() for name in placeholders(text))] == []


def test_no_text_is_empty_or_has_loose_ends() -> None:
    def loose(key: str, text: str) -> bool:
        between = key.endswith(".separator")  # stands between two words and may bring its own space
        return not text or "\n" in text or (text != text.strip() and not between)

    assert [key for key, each in texts() for text in each.values() if loose(key, text)] == []


def test_the_machine_never_shouts() -> None:
    assert [key for key, each in texts() for text in each.values() if "!" in text or "！" in text] == []


def test_chinese_has_chinese_punctuation() -> None:
    """Half-width marks stand within times, amounts, and names of files and commands only: never beside a Chinese character or mark, nor a space."""
    chinese, mark = r"[\u4e00-\u9fff，。：；、（）「」“”]", r"[,:;?()\"]"
    wrong = re.compile(rf"{chinese}\s*(?:{mark}|\.(?!\w))|{mark}\s*{chinese}|{mark}\s|\s{mark}|}}(?:[?)]|[,:;](?![0-9{{])|\.$)|[”」] | [“「]")
    assert [(key, language) for key, each in texts() for language in ("zh-Hans", "zh-Hant") if wrong.search(each[language])] == []


def test_each_language_is_written_in_its_own_characters() -> None:
    """Simplified ones of GB 2312, traditional ones of Big5; English without any, unless the text shows both languages on purpose."""
    both = {"paper.simulated", "footer.language"}
    wrong = []
    for key, each in texts():
        chinese = {language: "".join(re.findall(r"[\u4e00-\u9fff]", text)) for language, text in each.items()}
        for language, charset in (("zh-Hans", "gb2312"), ("zh-Hant", "big5")):
            foreign = [character for character in chinese[language] if not character.encode(charset, "ignore")]
            if foreign:
                wrong.append((key, language, "".join(foreign)))
        if chinese["en"] and key not in both:
            wrong.append((key, "en", chinese["en"]))
        if "。" in each["zh-Hans"] and (not chinese["zh-Hant"] or each["en"] == each["zh-Hans"]):
            wrong.append((key, "zh-Hans", "not translated"))
    assert wrong == []
