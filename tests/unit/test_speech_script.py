"""Every page has something to say in every language, all that can be touched is named, and nothing private is said aloud."""

import re
from pathlib import Path

import pytest

from drivers.voice.text import plain
from kiosk.i18n import Catalogue
from kiosk.journey.gallery import person, views
from kiosk.policy import Policy
from kiosk.services.speech_script import aloud, script
from kiosk.services.spoken_text import spoken
from kiosk.view import LANGUAGES, ActBody, Answer, CompareBody, KeypadBody, Message, OutcomeBody, PayBody, ReviewBody, Role, View
from tests.counts import count
from ui.samples import sample_catalogue, sample_views

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def words() -> Catalogue:
    return sample_catalogue(ROOT / "assets" / "i18n")


@pytest.fixture(scope="module")
def pages() -> dict[str, View]:
    policy = Policy.load(ROOT / "assets" / "policy")
    assert isinstance(policy, Policy)
    return {**views(policy), **{f"sample {name}": view for name, view in sample_views().items()}}


def said(view: View, words: Catalogue, language: str, private: bool) -> list[str]:
    return [spoken(words.say(line if private else aloud(line), language), language) for line in script(view)]


def own(view: View) -> set[str]:
    """What the page shows of the traveller: values, in whichever body they stand."""
    found: set[str] = set()
    body = view.body
    if isinstance(body, ActBody | CompareBody) and body.person:
        found |= {body.person, *body.person.split()}
    if isinstance(body, KeypadBody):
        found.add(body.shown)
    if isinstance(body, PayBody):
        found |= {body.order_tail, body.code}
    if isinstance(body, OutcomeBody):
        found.add(body.number)
    if isinstance(body, ReviewBody):
        found |= {str(value) for _label, said_ in body.lines for value in said_.params.values() if "*" in str(value)}
    record = person()
    found |= {record.id_number, record.name, record.pinyin, record.permits[0].number, "13800138000", "138001"}
    found |= {"2611221015ABCDEF", "11221015042", "S2041"}
    return {value for value in found if value}


def squeezed(text: str) -> str:
    return re.sub(r"[^0-9A-Za-z\u4e00-\u9fff]", "", text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_says_its_title_and_every_answer_in_every_language(
    pages: dict[str, View], words: Catalogue, language: str, record_property
) -> None:
    missing, named, told = [], 0, 0
    for name, view in pages.items():
        for private in (False, True):
            lines = said(view, words, language, private)
            assert lines and all(plain(line) for line in lines), f"{name}: a line that no voice can say"
            told += len(lines)
            assert spoken(words.say(view.title, language), language) in lines
            for answer in view.answers:
                named += 1
                label = spoken(words.say(answer.label, language), language)
                if not any(label in line for line in lines):
                    missing.append(f"{name}: {answer.id} ({label})")
            if view.problem is not None:
                assert spoken(words.say(aloud(view.problem), language), language) in lines or private
    assert missing == []
    assert named == 2 * sum(len(view.answers) for view in pages.values())
    count(record_property, "speech", screens=(len(pages), len(pages) * len(LANGUAGES)), scripts=2 * len(pages), lines=told, answers_named=named)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_of_the_traveller_is_said_aloud(pages: dict[str, View], words: Catalogue, language: str) -> None:
    leaks, looked = [], 0
    for name, view in pages.items():
        written = "\n".join(words.say(aloud(line), language) for line in script(view))
        heard = squeezed("\n".join(said(view, words, language, private=False)))
        for value in own(view):
            looked += 1
            # one character of a name may stand in any sentence: alone it counts only as the page writes it, with its stars
            if value in written if len(squeezed(value)) < 2 else squeezed(value) in heard:
                leaks.append(f"{name}: {value}")
    assert leaks == []
    assert looked > 500


@pytest.mark.parametrize(("page", "value"), [("10-review", "C"), ("09-phone", "138"), ("22-problem", "2611221015"), ("13-pay", "")])
def test_a_headset_says_what_the_loudspeaker_does_not(pages: dict[str, View], words: Catalogue, page: str, value: str) -> None:
    aloud_lines, private_lines = (squeezed(" ".join(said(pages[page], words, "en", private))) for private in (False, True))
    assert value in private_lines and aloud_lines != private_lines
    assert squeezed("shown on the screen") in aloud_lines and squeezed("shown on the screen") not in private_lines


def test_what_cannot_be_chosen_says_why(pages: dict[str, View], words: Catalogue) -> None:
    lines = said(pages["sample choose"], words, "en", False)
    assert any(line.startswith("Not available: Hong Kong") and "esident" in line for line in lines)
    assert any(line.startswith("Chosen:") for line in lines)


def test_the_five_sentences_of_an_ending_are_said_in_order(pages: dict[str, View]) -> None:
    view = pages["22-problem"]
    assert isinstance(view.body, OutcomeBody)
    lines = script(view)
    places = [lines.index(each) for each in (view.title, view.body.happened, view.body.money, view.body.card, view.body.next)]
    assert places == sorted(places)


def test_a_number_inside_a_sentence_is_private_too() -> None:
    told = aloud(Message("outer", {"inner": Message("receipt.no_paper", {"number": "GZ-1"}), "amount": "¥15.00"}))
    assert told == Message("outer", {"inner": Message("receipt.no_paper", {"number": Message("voice.on_screen")}), "amount": "¥15.00"})


def test_an_answer_that_is_not_offered_is_named_as_such(words: Catalogue, pages: dict[str, View]) -> None:
    back = Answer("footer.back", Message("footer.back"), Role.FOOTER, False)
    view = pages["01-attract"]
    assert back in view.answers and "Back, not available now" in said(view, words, "en", False)


@pytest.mark.parametrize(
    ("written", "language", "heard"),
    [
        ("¥15.00", "en", "15 yuan"),
        ("¥15.50", "zh-Hans", "15.50元"),
        ("until 2027-02-21", "en", "until 21 February 2027"),
        ("自2024-11-30之后", "zh-Hans", "自2 0 2 4 年11月30日之后"),
        ("Mon-Fri 09:00-17:00", "en", "Monday to Friday 09:00 to 17:00"),
        ("Mon-Fri 09:00-17:00", "zh-Hant", "周一至周五 09:00至17:00"),
        ("call 12367", "en", "call 1 2 3 6 7"),
        ("138****1234", "en", "1 3 8 , 1 2 3 4"),
        ("7 days", "en", "7 days"),
    ],
)
def test_written_signs_are_said_as_people_say_them(written: str, language: str, heard: str) -> None:
    assert spoken(written, language) == heard
