"""The catalogue of events: read strictly, current in code and page, and closed to personal data."""

from enum import StrEnum

import pytest

from kiosk.audit import catalogue, kinds
from kiosk.audit.catalogue import WrongCatalogue
from kiosk.audit.event import Event
from kiosk.audit.events import ActConcluded, CaseBegan, CaseDecided, CaseEnded, JourneyEnded
from kiosk.case.acts import Status
from kiosk.case.moves import Act, Back, Custody, Issue, Money, Reason, Wish
from kiosk.commands import manual
from kiosk.journey import result

PERSONAL = (
    "陈明远",
    "CHEN,MINGYUAN",
    "chenmingyuan",
    "Chen Mingyuan",
    "44010319900307123X",
    "440103199003071234",
    "C88888888",
    "CA0000001",
    "L12345678",
    "M00000001",
    "13800138000",
    "+8613800138000",
    "广州市天河区体育东路1号",
    "1990-03-07",
    "someone@example.com",
)
CASE_ID = "2611221015ABCDEF"


def test_the_generated_code_is_what_the_catalogue_says_today() -> None:
    assert catalogue.CODE.read_text(encoding="utf-8") == catalogue.code(catalogue.load()), "events.py fell behind: make manual"


def test_the_page_lists_every_event_with_its_fields() -> None:
    page = manual.events()
    for entry in catalogue.load().entries:
        assert f"| `{entry.id}` |" in page and entry.meaning in page
        assert all(f"{name}: `{field.kind}" in page for name, field in entry.fields.items())


ENTRY = '["a.b"]\ntype = "case"\nmeaning = "Something."\nfields = {{ x = "{kind}" }}\n'


@pytest.mark.parametrize("kind", ["text", "name", "str", "", "?", "count??", "case_id ", "person"])
def test_an_unknown_kind_is_refused(kind: str) -> None:
    with pytest.raises(WrongCatalogue, match=r"a\.b\.x"):
        catalogue.load(ENTRY.format(kind=kind))


@pytest.mark.parametrize(
    "text",
    [
        '["nodot"]\ntype = "case"\nmeaning = "X."\nfields = {}\n',
        '["a.b"]\ntype = "gossip"\nmeaning = "X."\nfields = {}\n',
        '["a.b"]\ntype = "case"\nmeaning = ""\nfields = {}\n',
        '["a.b"]\ntype = "case"\nmeaning = "X."\n',
        '["a.b"]\ntype = "case"\nmeaning = "X."\nfields = {}\nnote = "y"\n',
        '["a.b"]\ntype = "case"\nmeaning = "X."\nfields = { X-1 = "count" }\n',
        '[words]\ncount = ["one"]\n',
        '[words]\ncolour = ["red", "red"]\n',
        '[words]\ncolour = ["陈明远"]\n',
        "[words]\ncolour = []\n",
        "[words]\ncolour = [1]\n",
    ],
)
def test_a_catalogue_that_says_something_else_is_refused(text: str) -> None:
    with pytest.raises(WrongCatalogue):
        catalogue.load(text)


def test_a_kind_of_the_list_is_taken_with_and_without_its_mark() -> None:
    entry = catalogue.load(ENTRY.format(kind="count?")).entries[0]
    assert (entry.class_name, entry.fields["x"]) == ("AB", catalogue.Field("count", True))


def test_every_kind_type_and_word_list_is_used_by_an_event() -> None:
    listed = catalogue.load()
    used = {field.kind for entry in listed.entries for field in entry.fields.values()}
    assert used == {*kinds.KINDS, *listed.words}
    assert {entry.type for entry in listed.entries} == set(catalogue.TYPES)


@pytest.mark.parametrize("name", sorted(kinds.KINDS))
def test_no_kind_takes_anything_personal(name: str) -> None:
    check = getattr(kinds, kinds.KINDS[name][0].removeprefix("kinds."))
    assert not [value for value in (*PERSONAL, 13800138000, 440103199003071234, 1990.5, b"x", ["x"]) if check(value)]


@pytest.mark.parametrize("words", sorted(catalogue.load().words))
def test_a_word_list_takes_its_words_only(words: str) -> None:
    check = kinds.one_of(frozenset(catalogue.load().words[words]))
    assert all(check(word) for word in catalogue.load().words[words])
    assert not any(check(value) for value in (*PERSONAL, "", None, 1, "done "))


def events() -> list[type[Event]]:
    from kiosk.audit import events as module

    return [kind for kind in vars(module).values() if isinstance(kind, type) and issubclass(kind, Event) and kind is not Event]


@pytest.mark.parametrize("kind", events(), ids=lambda kind: str(kind.EVENT))
def test_an_event_cannot_be_made_with_anything_personal_in_any_of_its_fields(kind: type[Event]) -> None:
    for name in kind.CHECKS:
        for value in PERSONAL:
            # the other fields are wrong too; what counts is that this one alone is refused, and that the message does not repeat it
            assert not kind.CHECKS[name](value)
    if kind.CHECKS:
        with pytest.raises(ValueError, match="does not fit its kind") as refused:
            kind(**dict.fromkeys(kind.CHECKS, PERSONAL[0]))
        assert PERSONAL[0] not in str(refused.value)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("case_id", "C88888888"),
        ("act", "eat"),
        ("sequence", -1),
        ("sequence", True),
        ("sequence", 13800138000),
        ("code", "jam"),
        ("device_code", 256),
    ],
)
def test_a_value_that_does_not_fit_its_kind_raises(field: str, value: object) -> None:
    right: dict[str, object] = {"case_id": CASE_ID, "act": "submit", "sequence": 1, "status": "done"}
    ActConcluded(**right)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=f"act.concluded: {field}"):
        ActConcluded(**{**right, field: value})  # type: ignore[arg-type]


def test_words_of_an_enumeration_are_written_as_their_text() -> None:
    event = CaseDecided(case_id=CASE_ID, wish=Wish.DELIVER, money=Money.PAID, issue=Issue.ISSUED, back=Back.WRITTEN, custody=Custody.IN_MACHINE)
    assert event.fields()["money"] == "paid" and type(event.fields()["money"]) is str and event.fields()["needs_staff"] is None


@pytest.mark.parametrize(
    ("words", "enumeration"),
    [
        ("act", Act),
        ("status", Status),
        ("wish", Wish),
        ("money", Money),
        ("issue", Issue),
        ("back", Back),
        ("custody", Custody),
        ("reason", Reason),
    ],
)
def test_the_word_lists_are_the_machines_own(words: str, enumeration: type[StrEnum]) -> None:
    assert set(catalogue.load().words[words]) == {member.value for member in enumeration}


def test_the_outcomes_of_a_journey_are_the_contracts() -> None:
    outcomes = {result.COMPLETED, result.REFUSED, result.WITHDRAWN, result.REFUNDED, result.NEEDS_STAFF}
    assert set(catalogue.load().words["outcome"]) == outcomes
    assert JourneyEnded(outcome="refused").case_id is None


def test_every_failure_code_of_the_program_can_be_written() -> None:
    from kiosk.commands.said import catalogue as texts

    codes = [key.removeprefix("failure.") for key in list(texts().keys()) if key.startswith("failure.")]
    unfit = [code for code in codes if not kinds.code(code)]
    assert set(unfit) == {"machine_running", "unlisted"}  # neither is ever the end of an act


def test_every_class_is_named_after_its_event() -> None:
    assert {kind.EVENT for kind in events()} == {entry.id for entry in catalogue.load().entries}
    assert (CaseBegan.EVENT, CaseEnded.EVENT) == ("case.began", "case.ended")
