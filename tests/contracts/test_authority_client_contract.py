"""The authority's client against the world's own authority over loopback HTTP, and against scripted answers."""

import asyncio
import json
import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.world import authority as world
from drivers.world.faults import Fault, FaultBoard
from drivers.world.ledger import Ledger
from kiosk.domain.clock import SHANGHAI
from kiosk.domain.contact import Contact
from kiosk.domain.endorsement import Destination, Endorsement, Kind, Validity
from kiosk.domain.failure import Failure
from kiosk.domain.permit import PermitKind
from kiosk.domain.person import RegistryRecord
from kiosk.domain.sensitive import Sensitive
from kiosk.gateways.authority import ApplicationLine, ApplicationState, ApplicationStatus, Authority
from kiosk.gateways.http import Answer, NoAnswer
from tests.contracts.loopback import ScriptedLine, run, served

CASE, PERMIT, TOKEN = "case-0001", "C12345678", "loopback-token"
ID_NUMBER = Sensitive("440103199003071237")
PHONE = Sensitive("13800138000")
NOBODY = Contact()
SOMEBODY = Contact(Sensitive("张伟"), Sensitive("13900139000"), Sensitive("广州市天河区体育西路1号"))
LINES = (
    ApplicationLine(Destination.HKG, Kind.INDIVIDUAL, Validity.parse("1Y1"), date(2027, 11, 21)),
    ApplicationLine(Destination.MAC, Kind.INDIVIDUAL, Validity.parse("3M1"), date(2027, 2, 21)),
)
ENTRY: dict[str, Any] = {
    "id_number": "440103199003071237",
    "name": "陈小明",
    "pinyin": "CHEN,XIAOMING",
    "sex": "M",
    "birth": "1990-03-07",
    "hukou": "440103",
    "residence_permit": "",
    "functionary": False,
    "military": False,
    "business": True,
    "fingerprints": True,
    "permits": [
        {
            "kind": "hkmo",
            "number": PERMIT,
            "issued_on": "2020-01-01",
            "expires_on": "2030-01-01",
            "issue_place": "广东",
            "rewrites": 2,
            "blank_back": False,
            "endorsements": [
                {
                    "destination": "HKG",
                    "kind": "G",
                    "validity": "1Y1",
                    "issued_on": "2025-01-01",
                    "valid_until": "2025-12-31",
                    "used": 1,
                    "number": "E1",
                }
            ],
        }
    ],
}


class _Permit:
    kind = "hkmo"
    expires_on = date(2030, 1, 1)


class _Persona:
    def permit(self, number: str) -> _Permit | None:
        return _Permit() if number == PERMIT else None


class _Hall:
    """The little that the world's authority asks of its hall."""

    def person(self, id_number: str) -> Any:
        return _Persona() if id_number == ENTRY["id_number"] else None

    def registry_entry(self, persona: Any) -> dict[str, Any]:
        return ENTRY

    def today_iso(self) -> str:
        return "2026-11-22"

    def issuer(self) -> str:
        return "广州市公安局"


@dataclass
class Office:
    url: str
    ledger: Ledger
    faults: FaultBoard
    token_file: Path

    def asked(self, act: Callable[[Authority], Any], timeout_s: float = 3.0) -> Any:
        async def exchange() -> Any:
            client = Authority.open(url=self.url, token_file=self.token_file, timeout_s=timeout_s)
            assert isinstance(client, Authority)
            try:
                return await act(client)
            finally:
                await client.aclose()

        return run(exchange())

    def state(self) -> str:
        return str(world.ledger_rows(self.ledger)[0]["state"])


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    ledger, faults = Ledger(tmp_path / "ledger.sqlite"), FaultBoard()
    token_file = tmp_path / "authority.token"
    token_file.write_text(TOKEN + "\n")
    with served(world.Authority(_Hall(), ledger, faults, TOKEN).app()) as url:
        yield Office(url, ledger, faults, token_file)
    ledger.close()


def submitting(client: Authority) -> Any:
    return client.submit(CASE, PERMIT, ID_NUMBER, PHONE, NOBODY, LINES)


def code(value: object) -> str:
    assert isinstance(value, Failure), value
    return value.code


def test_the_registry_names_the_person_with_permits_and_endorsements(office: Office) -> None:
    record = office.asked(lambda client: client.query_person(ID_NUMBER))
    assert isinstance(record, RegistryRecord)
    assert (record.name, record.birth, record.hukou, record.business) == ("陈小明", date(1990, 3, 7), "440103", True)
    (permit,) = record.permits
    assert (permit.kind, permit.number, permit.rewrites, permit.blank_back) == (PermitKind.HKMO, PERMIT, 2, False)
    assert permit.endorsements == (
        Endorsement(Destination.HKG, Kind.INDIVIDUAL, Validity.parse("1Y1"), date(2025, 1, 1), date(2025, 12, 31), 1, "E1"),
    )


def test_a_person_the_registry_does_not_know_is_said_to_be_unknown(office: Office) -> None:
    assert code(office.asked(lambda client: client.query_person(Sensitive("110101200001010015")))) == "authority.person_unknown"


def test_an_application_goes_from_submission_to_verification(office: Office) -> None:
    submitted = office.asked(submitting)
    assert (submitted.case_id, submitted.status, submitted.reason) == (CASE, ApplicationStatus.APPROVED, None)
    assert office.asked(submitting) == submitted
    issued = office.asked(lambda client: client.issue(CASE))
    assert issued.status is ApplicationStatus.ISSUED
    assert [line.asked for line in issued.lines] == [line.asked for line in LINES]
    assert all(line.number and line.issued_on == date(2026, 11, 22) and line.issuer for line in issued.lines)
    assert office.asked(lambda client: client.issue(CASE)) == issued
    assert office.asked(lambda client: client.verified(CASE)).status is ApplicationStatus.VERIFIED
    assert office.asked(lambda client: client.application(CASE)).status is ApplicationStatus.VERIFIED
    assert code(office.asked(lambda client: client.void(CASE))) == "authority.refused"


@pytest.mark.parametrize("left_out", [(), ("phone",), ("name", "phone"), ("address",)])
def test_a_contact_goes_with_the_application_whole_or_in_part(office: Office, left_out: tuple[str, ...]) -> None:
    told = replace(SOMEBODY, **dict.fromkeys(left_out, Sensitive("")))
    state = office.asked(lambda client: client.submit(CASE, PERMIT, ID_NUMBER, PHONE, told, LINES))
    assert isinstance(state, ApplicationState) and state.status is ApplicationStatus.APPROVED


def test_a_phone_number_without_a_name_is_refused_by_the_authority(office: Office) -> None:
    told = replace(SOMEBODY, name=Sensitive(""))
    assert code(office.asked(lambda client: client.submit(CASE, PERMIT, ID_NUMBER, PHONE, told, LINES))) == "authority.refused"


def test_a_case_never_handed_in_is_none_and_cannot_be_issued(office: Office) -> None:
    assert office.asked(lambda client: client.application(CASE)) == ApplicationState(CASE, ApplicationStatus.NONE)
    for act in ("issue", "verified", "void"):
        assert code(office.asked(lambda client, act=act: getattr(client, act)(CASE))) == "authority.case_unknown"
    assert office.asked(lambda client: client.probe()) is None


def test_a_voided_case_stays_void_and_another_application_under_its_number_is_refused(office: Office) -> None:
    office.asked(submitting)
    assert office.asked(lambda client: client.void(CASE)).status is ApplicationStatus.VOIDED
    assert office.asked(lambda client: client.void(CASE)).status is ApplicationStatus.VOIDED
    refused = office.asked(lambda client: client.issue(CASE))
    assert code(refused) == "authority.refused"
    assert refused.detail["status"] == "409"
    assert code(office.asked(lambda client: client.submit(CASE, PERMIT, ID_NUMBER, None, NOBODY, LINES))) == "authority.refused"
    assert office.state() == "voided"


def test_a_rejection_comes_with_its_reason_and_voiding_it_is_accepted(office: Office) -> None:
    office.faults.put("authority", "submit", Fault("reject"))
    state = office.asked(submitting)
    assert state.status is ApplicationStatus.REJECTED
    assert state.reason
    assert office.asked(lambda client: client.void(CASE)).status is ApplicationStatus.REJECTED


@pytest.mark.parametrize("kind", ["refuse", "silence", "garbage", "lost_answer"])
@pytest.mark.parametrize("moment", ["registry", "submit", "query", "issue", "verified", "void"])
def test_no_clear_answer_is_unclear_and_asking_again_is_safe(office: Office, moment: str, kind: str) -> None:
    acts: dict[str, Callable[[Authority], Any]] = {
        "registry": lambda client: client.query_person(ID_NUMBER),
        "submit": submitting,
        "query": lambda client: client.application(CASE),
        "issue": lambda client: client.issue(CASE),
        "verified": lambda client: client.verified(CASE),
        "void": lambda client: client.void(CASE),
    }

    async def walk(client: Authority) -> Any:
        if moment != "submit":
            await submitting(client)
        if moment == "verified":
            await client.issue(CASE)
        office.faults.put("authority", moment, Fault(kind))
        impatient = Authority.open(url=office.url, token_file=office.token_file, timeout_s=0.3)
        assert isinstance(impatient, Authority)
        first = await acts[moment](impatient)
        await impatient.aclose()
        return first, await acts[moment](client)

    first, second = office.asked(walk)
    assert code(first) == "authority.unclear"
    assert not isinstance(second, Failure)


def test_a_wrong_token_says_nothing_of_the_application_and_an_absent_office_is_unreachable(office: Office, tmp_path: Path) -> None:
    office.token_file.write_text("another-token")
    assert code(office.asked(submitting)) == "authority.unclear"
    office.url = "http://127.0.0.1:9"
    assert code(office.asked(submitting)) == "authority.unreachable"


def test_nothing_personal_is_logged_or_put_into_an_address(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        office.asked(lambda client: client.query_person(ID_NUMBER))
        office.asked(submitting)
    assert ID_NUMBER.reveal() not in caplog.text
    assert PERMIT not in caplog.text
    line = ScriptedLine(NoAnswer.UNCLEAR, NoAnswer.UNCLEAR)
    client = Authority(line, TOKEN)
    run(_both(client))
    assert all(ID_NUMBER.reveal() not in str(request.url) for request in line.requests)


async def _both(client: Authority) -> None:
    await asyncio.gather(client.query_person(ID_NUMBER), client.submit(CASE, PERMIT, ID_NUMBER, PHONE, NOBODY, LINES))


def scripted(status: int, document: object) -> Authority:
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    return Authority(ScriptedLine(Answer(status, httpx.Headers(), body)), TOKEN)


def application(**other: object) -> dict[str, Any]:
    rows = [{"destination": x.destination, "kind": x.kind, "validity": x.validity.code, "valid_until": x.valid_until.isoformat()} for x in LINES]
    return {"case_id": CASE, "state": "approved", "reason": None, "endorsements": rows, **other}


def test_a_registry_row_of_somebody_else_is_a_contradiction() -> None:
    said = run(scripted(200, {"person": {**ENTRY, "id_number": "440103199003071238"}}).query_person(ID_NUMBER))
    assert code(said) == "authority.contradiction"


@pytest.mark.parametrize(
    "change",
    [
        {"sex": "X"},
        {"birth": "1990-02-30"},
        {"hukou": "44010"},
        {"hukou": "440100\n"},
        {"residence_permit": "guangzhou"},
        {"military": "no"},
        {"military": None},
        {"name": ""},
        {"permits": {}},
        {"permits": [{**ENTRY["permits"][0], "kind": "passport"}]},
        {"permits": [{**ENTRY["permits"][0], "rewrites": -1}]},
        {"permits": [{**ENTRY["permits"][0], "expires_on": None}]},
        {"permits": [{**ENTRY["permits"][0], "endorsements": [{**ENTRY["permits"][0]["endorsements"][0], "validity": "9X9"}]}]},
        {"permits": [{**ENTRY["permits"][0], "endorsements": [{**ENTRY["permits"][0]["endorsements"][0], "used": -1}]}]},
    ],
)
def test_a_registry_row_that_is_not_whole_and_right_is_not_used(change: dict[str, object]) -> None:
    assert code(run(scripted(200, {"person": {**ENTRY, **change}}).query_person(ID_NUMBER))) == "authority.unclear"


def test_every_member_of_the_registry_row_must_be_there() -> None:
    for name in ENTRY:
        cut = {key: value for key, value in ENTRY.items() if key != name}
        assert code(run(scripted(200, {"person": cut}).query_person(ID_NUMBER))) == "authority.unclear"


@pytest.mark.parametrize(
    "change", [{"case_id": "case-0002"}, {"endorsements": []}, {"endorsements": [{**application()["endorsements"][0], "valid_until": "2028-01-01"}]}]
)
def test_an_approval_of_something_else_is_a_contradiction(change: dict[str, object]) -> None:
    assert code(run(submitting(scripted(200, application(**change))))) == "authority.contradiction"


def test_an_act_that_ends_in_another_state_is_a_contradiction() -> None:
    assert code(run(scripted(200, application(state="approved")).issue(CASE))) == "authority.contradiction"
    assert code(run(scripted(200, application(state="issued")).verified(CASE))) == "authority.contradiction"
    assert code(run(scripted(200, application(state="issued")).void(CASE))) == "authority.contradiction"


def test_an_answer_that_does_not_say_of_which_case_is_not_used() -> None:
    nameless = {name: value for name, value in application().items() if name != "case_id"}
    for act in (submitting, lambda client: client.application(CASE), lambda client: client.issue(CASE), lambda client: client.void(CASE)):
        assert code(run(act(scripted(200, nameless)))) == "authority.unclear"
        assert code(run(act(scripted(200, application(case_id="case-0002"))))) == "authority.contradiction"


@pytest.mark.parametrize("state", ["paused", "none", "", None, 3])
def test_a_state_that_has_no_name_here_is_unclear(state: object) -> None:
    assert code(run(scripted(200, application(state=state)).application(CASE))) == "authority.unclear"


@pytest.mark.parametrize("row", [{"number": "E1; drop"}, {"number": "E" * 30}, {"number": ""}, {"number": 7}, {"issuer": "广" * 40}])
def test_what_cannot_stand_on_a_card_is_not_a_number(row: dict[str, object]) -> None:
    rows = [{**each, "number": "E00000001", "issued_on": "2026-11-22", "issuer": "广东", **row} for each in application()["endorsements"]]
    assert code(run(scripted(200, application(state="issued", endorsements=rows)).issue(CASE))) == "authority.unclear"


TODAY = date(2026, 11, 22)


def test_the_list_of_a_day_is_whole_or_nothing(office: Office) -> None:
    assert office.asked(lambda client: client.applications(date(2020, 1, 1))) == ()
    office.asked(submitting)
    today = datetime.now(SHANGHAI).date()
    (listed,) = office.asked(lambda client: client.applications(today))
    assert (listed.case_id, listed.status, len(listed.lines)) == (CASE, ApplicationStatus.APPROVED, 2)
    office.faults.put("authority", "list", Fault("half_list"))
    assert code(office.asked(lambda client: client.applications(today))) == "authority.contradiction"


def test_a_book_begun_by_an_older_hall_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "ledger.sqlite"
    with closing(sqlite3.connect(file)) as old:
        columns = "position integer primary key, case_id text unique, permit_number text, id_number text, state text, reason text, body text"
        old.execute(f"create table authority ({columns}, endorsements text)")
        old.execute("insert into authority values (1, 'case-0001', 'C1', 'x', 'voided', null, '{}', '[]')")
        old.commit()
    for _ in range(2):
        ledger = Ledger(file)
        assert [(each.case_id, each.submitted_at) for each in ledger.applications()] == [("case-0001", 0.0)]
        ledger.close()


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"day": "2026-11-21"}, "authority.contradiction"),
        ({"count": 2}, "authority.contradiction"),
        ({"count": 2, "applications": [application(), application()]}, "authority.contradiction"),
        ({"applications": [application(), application()]}, "authority.contradiction"),
        ({"count": -1}, "authority.unclear"),
        ({"count": None}, "authority.unclear"),
        ({"applications": None}, "authority.unclear"),
        ({"applications": [{"state": "approved"}]}, "authority.unclear"),
        ({"applications": [application(state="paused")]}, "authority.unclear"),
    ],
)
def test_a_list_that_contradicts_itself_is_not_used(change: dict[str, object], expected: str) -> None:
    whole = {"day": "2026-11-22", "count": 1, "applications": [application()]}
    assert len(run(scripted(200, whole).applications(TODAY))) == 1  # type: ignore[arg-type]
    assert code(run(scripted(200, {**whole, **change}).applications(TODAY))) == expected


def test_the_offices_own_words_stand_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    run(scripted(409, {"error": {"code": "case_conflict"}}).issue(CASE))
    run(scripted(503, b"").issue(CASE))
    run(scripted(200, application(state="approved")).issue(CASE))
    assert "authority.refused code=case_conflict status=409" in caplog.text
    assert "authority.unclear reason=status_503" in caplog.text and "authority.contradiction what=state" in caplog.text
    assert CASE not in caplog.text


def test_an_issue_without_numbers_is_unclear() -> None:
    assert code(run(scripted(200, application(state="issued")).issue(CASE))) == "authority.unclear"
    assert code(run(scripted(200, application(state="issued", endorsements=[])).issue(CASE))) == "authority.unclear"


@pytest.mark.parametrize(
    ("status", "document", "expected"),
    [
        (500, {"error": {"code": "person_unknown"}}, "authority.unclear"),
        (404, b"<html>not found</html>", "authority.unclear"),
        (404, {"error": {"code": "no_such_route"}}, "authority.refused"),
        (429, {"error": {"code": "busy"}}, "authority.unclear"),
        (302, {"error": {"code": "person_unknown"}}, "authority.unclear"),
        (403, {"error": {"code": "person_unknown"}}, "authority.unclear"),
        (401, {"error": {"code": "token"}}, "authority.unclear"),
        (200, {"error": {"code": "person_unknown"}}, "authority.unclear"),
    ],
)
def test_only_the_offices_own_no_is_a_no(status: int, document: object, expected: str) -> None:
    assert code(run(scripted(status, document).query_person(ID_NUMBER))) == expected


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
NEARLY = st.fixed_dictionaries({name: JSON | st.just(value) for name, value in ENTRY.items()}).map(lambda row: {"person": row})
STATES = st.fixed_dictionaries({}, optional={name: JSON | st.just(value) for name, value in application().items()})
ERRORS = st.text(max_size=20).map(lambda word: {"error": {"code": word}})
BODIES = (JSON | NEARLY | STATES | ERRORS).map(lambda document: json.dumps(document).encode()) | st.binary(max_size=100)


@settings(max_examples=150, deadline=None)
@given(body=BODIES, status=st.sampled_from([200, 204, 301, 400, 404, 409, 429, 500]))
def test_whatever_is_answered_nothing_raises(body: bytes, status: int) -> None:
    person = run(scripted(status, body).query_person(ID_NUMBER))
    assert isinstance(person, RegistryRecord | Failure)
    if isinstance(person, RegistryRecord):
        assert person.id_number == ID_NUMBER.reveal()
    for act in (submitting, lambda client: client.application(CASE), lambda client: client.issue(CASE), lambda client: client.void(CASE)):
        assert isinstance(run(act(scripted(status, body))), ApplicationState | Failure)
