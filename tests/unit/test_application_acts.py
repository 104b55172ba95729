"""The acts at the authority's counter: no is kept apart from not knowing, and nothing contradictory is believed."""

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from datetime import date
from typing import Any

import msgspec
import pytest

from kiosk.case.acts import Result, Status
from kiosk.case.casefile import Block, Case
from kiosk.case.moves import Issue, Standing
from kiosk.domain.contact import Contact
from kiosk.domain.endorsement import Destination, Kind, Validity
from kiosk.domain.failure import Failure
from kiosk.domain.sensitive import Sensitive
from kiosk.gateways.authority import ApplicationLine, ApplicationState, ApplicationStatus
from kiosk.health.stopwatch import Stopwatch
from kiosk.services.application import APPROVAL, Desk, IssueEndorsements, ReportVerified, Submit, Void
from tests.case.small_world import FILE, ID_NUMBER, NEW, PHONE, TODAY, HastyClock

CASE = Case("2611221015ABCDEF", TODAY, Standing(), FILE)
UNCLEAR = Failure("authority.unclear", detail={"reason": "no_answer"})
REFUSED = Failure("authority.refused", detail={"status": "409", "code": "state"})
UNKNOWN_CASE = Failure("authority.case_unknown")
LINE = ApplicationLine(Destination.HKG, Kind.INDIVIDUAL, Validity.parse("1Y1"), date(2027, 11, 21), "E00000007", date(2026, 11, 23), "广州出入境")


def says(status: ApplicationStatus, *lines: ApplicationLine) -> ApplicationState:
    return ApplicationState(CASE.case_id, status, None, lines)


S = ApplicationStatus


class Counter:
    """Answers from lists, the last one again and again."""

    def __init__(self, **answers: list[Any]) -> None:
        self._answers = answers
        self.asked: list[str] = []
        self.submitted: tuple[Any, ...] = ()

    def _next(self, name: str) -> Any:
        self.asked.append(name)
        left = self._answers[name]
        answer = left.pop(0) if len(left) > 1 else left[0]
        return says(answer) if isinstance(answer, ApplicationStatus) else answer

    async def submit(self, *given: Any) -> Any:
        self.submitted = given
        return self._next("submit")

    async def application(self, _case_id: str) -> Any:
        return self._next("application")

    async def issue(self, _case_id: str) -> Any:
        return self._next("issue")

    async def verified(self, _case_id: str) -> Any:
        return self._next("verified")

    async def void(self, _case_id: str) -> Any:
        return self._next("void")


def desk(counter: Counter) -> Desk:
    gateway: Any = counter
    return Desk(gateway, HastyClock(), Stopwatch())


def run(work: Coroutine[Any, Any, Result]) -> Result:
    return asyncio.run(work)


def came_to(result: Result) -> tuple[Status, object, str | None]:
    return result.status, result.changes.get("issue"), result.failure.code if result.failure else None


def test_the_application_says_who_and_what() -> None:
    counter = Counter(submit=[S.APPROVED])
    assert came_to(run(Submit(desk(counter)).do(CASE, "k"))) == (Status.DONE, Issue.APPROVED, None)
    case_id, permit, id_number, phone, contact, lines = counter.submitted
    assert (case_id, permit, id_number, phone) == (CASE.case_id, FILE.permit_number, Sensitive(ID_NUMBER), Sensitive(PHONE))
    assert contact == Contact()
    assert [line.asked for line in lines] == [("HKG", "G", "1Y1", date(2027, 11, 21))]


def test_the_application_says_whom_to_turn_to_where_somebody_was_named() -> None:
    counter = Counter(submit=[S.APPROVED])
    told = msgspec.structs.replace(FILE, contact_name="张伟", address="广州市天河区体育西路1号")
    run(Submit(desk(counter)).do(replace(CASE, file=told), "k"))
    assert counter.submitted[4] == Contact(Sensitive("张伟"), Sensitive(""), Sensitive("广州市天河区体育西路1号"))


def test_a_slow_approval_is_waited_for() -> None:
    counter = Counter(submit=[S.SUBMITTED], application=[S.SUBMITTED, S.SUBMITTED, S.APPROVED])
    assert came_to(run(Submit(desk(counter)).do(CASE, "k"))) == (Status.DONE, Issue.APPROVED, None)
    assert counter.asked == ["submit", "application", "application", "application"]


def test_an_approval_that_does_not_come_leaves_the_application_to_be_voided() -> None:
    office = desk(Counter(submit=[S.SUBMITTED], application=[S.SUBMITTED]))
    assert came_to(run(Submit(office).do(CASE, "k"))) == (Status.NOT_DONE, Issue.SUBMITTED, "authority.slow")
    assert isinstance(office.clock, HastyClock) and office.clock.slept_s == APPROVAL.seconds


def test_a_rejection_is_an_answer_with_its_reason() -> None:
    assert came_to(run(Submit(desk(Counter(submit=[S.REJECTED]))).do(CASE, "k"))) == (Status.DONE, Issue.REJECTED, "authority.rejected")
    late = Counter(submit=[S.SUBMITTED], application=[S.REJECTED])
    assert came_to(run(Submit(desk(late)).do(CASE, "k"))) == (Status.DONE, Issue.REJECTED, "authority.rejected")


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (REFUSED, Status.NOT_DONE),
        (Failure("authority.person_unknown"), Status.NOT_DONE),
        (UNCLEAR, Status.UNKNOWN),
        (Failure("authority.unreachable"), Status.UNKNOWN),
        (Failure("authority.contradiction"), Status.UNKNOWN),
    ],
)
def test_only_a_definite_no_counts_as_not_handed_in(answer: Failure, status: Status) -> None:
    assert came_to(run(Submit(desk(Counter(submit=[answer]))).do(CASE, "k"))) == (status, None, answer.code)


def test_silence_while_waiting_for_approval_is_unknown() -> None:
    counter = Counter(submit=[S.SUBMITTED], application=[UNCLEAR])
    assert came_to(run(Submit(desk(counter)).do(CASE, "k"))) == (Status.UNKNOWN, None, "authority.unclear")


@pytest.mark.parametrize(
    ("said", "status", "issue"),
    [
        (S.NONE, Status.NOT_DONE, Issue.NONE),
        (S.SUBMITTED, Status.DONE, Issue.SUBMITTED),
        (S.APPROVED, Status.DONE, Issue.APPROVED),
        (S.REJECTED, Status.DONE, Issue.REJECTED),
        (S.VOIDED, Status.DONE, Issue.VOIDED),
        (S.VERIFIED, Status.UNKNOWN, None),  # nobody has reported it
        (S.ISSUED, Status.UNKNOWN, None),  # without saying what
        (UNCLEAR, Status.UNKNOWN, None),
    ],
)
def test_asking_whether_it_was_handed_in(said: Any, status: Status, issue: Issue | None) -> None:
    assert came_to(run(Submit(desk(Counter(application=[said]))).ask(CASE, "k")))[:2] == (status, issue)


def test_what_was_issued_carries_the_authoritys_number_and_days() -> None:
    result = run(IssueEndorsements(desk(Counter(issue=[says(S.ISSUED, LINE)]))).do(CASE, "k"))
    assert came_to(result) == (Status.DONE, Issue.ISSUED, None)
    (block,) = result.notes["issued"]  # type: ignore[misc]
    assert isinstance(block, Block)
    assert (block.number, block.issuer, block.issued_on, block.valid_until, block.remark) == (
        "E00000007",
        "广州出入境",
        "2026-11-23",
        "2027-11-21",
        NEW.remark,
    )


@pytest.mark.parametrize(
    "lines",
    [
        (),
        (replace(LINE, validity=Validity.parse("1Y2")),),
        (replace(LINE, destination=Destination.MAC),),
        (LINE, replace(LINE, destination=Destination.MAC)),
        (replace(LINE, number=None),),
        (replace(LINE, issued_on=None),),
    ],
)
def test_something_else_issued_than_was_asked_for_is_not_printed(lines: tuple[ApplicationLine, ...]) -> None:
    result = run(IssueEndorsements(desk(Counter(issue=[says(S.ISSUED, *lines)]))).do(CASE, "k"))
    assert came_to(result) == (Status.UNKNOWN, None, "authority.contradiction") and not result.notes
    for act in (IssueEndorsements, Submit):
        asked = run(act(desk(Counter(application=[says(S.ISSUED, *lines)]))).ask(CASE, "k"))
        assert came_to(asked) == (Status.UNKNOWN, None, "authority.contradiction") and not asked.notes
    submitted = run(Submit(desk(Counter(submit=[says(S.ISSUED, *lines)]))).do(CASE, "k"))
    assert came_to(submitted) == (Status.UNKNOWN, None, "authority.contradiction")
    voiding = run(Void(desk(Counter(application=[says(S.ISSUED, *lines)]))).ask(CASE, "k"))
    assert came_to(voiding) == (Status.NOT_DONE, Issue.ISSUED, None)  # whatever it is, it can be voided


def test_asking_whether_it_was_issued_brings_the_numbers_too() -> None:
    result = run(IssueEndorsements(desk(Counter(application=[says(S.ISSUED, LINE)]))).ask(CASE, "k"))
    assert result.status is Status.DONE and result.notes["issued"][0].number == "E00000007"  # type: ignore[index]
    assert came_to(run(IssueEndorsements(desk(Counter(application=[S.APPROVED]))).ask(CASE, "k"))) == (Status.NOT_DONE, Issue.APPROVED, None)


def test_the_report_is_believed_only_when_the_authority_says_verified() -> None:
    assert came_to(run(ReportVerified(desk(Counter(verified=[S.VERIFIED]))).do(CASE, "k"))) == (Status.DONE, Issue.VERIFIED, None)
    assert came_to(run(ReportVerified(desk(Counter(verified=[REFUSED]))).do(CASE, "k"))) == (Status.NOT_DONE, None, "authority.refused")
    assert run(ReportVerified(desk(Counter(verified=[UNCLEAR]))).do(CASE, "k")).status is Status.UNKNOWN
    assert came_to(run(ReportVerified(desk(Counter(application=[S.ISSUED]))).ask(CASE, "k"))) == (Status.NOT_DONE, Issue.ISSUED, None)


def test_voiding_what_never_arrived_is_done() -> None:
    assert came_to(run(Void(desk(Counter(void=[S.VOIDED]))).do(CASE, "k"))) == (Status.DONE, Issue.VOIDED, None)
    assert came_to(run(Void(desk(Counter(void=[UNKNOWN_CASE]))).do(CASE, "k"))) == (Status.DONE, Issue.NONE, None)
    assert came_to(run(Void(desk(Counter(application=[S.NONE]))).ask(CASE, "k"))) == (Status.DONE, Issue.NONE, None)
    assert came_to(run(Void(desk(Counter(application=[S.REJECTED]))).ask(CASE, "k"))) == (Status.DONE, Issue.REJECTED, None)
    assert came_to(run(Void(desk(Counter(application=[S.ISSUED]))).ask(CASE, "k"))) == (Status.NOT_DONE, Issue.ISSUED, None)


def test_a_case_to_be_voided_that_the_authority_holds_verified_is_a_contradiction() -> None:
    assert came_to(run(Void(desk(Counter(void=[REFUSED]))).do(CASE, "k"))) == (Status.NOT_DONE, None, "authority.refused")
    result = run(Void(desk(Counter(application=[S.VERIFIED]))).ask(CASE, "k"))
    assert came_to(result) == (Status.UNKNOWN, None, "authority.contradiction")


@pytest.mark.parametrize("status", [S.SUBMITTED, S.APPROVED, S.VERIFIED, S.VOIDED])
def test_an_answer_about_other_endorsements_is_believed_by_no_act_but_the_voiding(status: ApplicationStatus) -> None:
    other = says(status, replace(LINE, destination=Destination.MAC))
    counter = Counter(submit=[says(S.SUBMITTED), other], application=[other], verified=[other], void=[other])
    acts = desk(counter)
    answers = [run(act.ask(CASE, "k")) for act in (Submit(acts), IssueEndorsements(acts), ReportVerified(acts))]
    answers += [run(Submit(acts).do(CASE, "k")), run(ReportVerified(acts).do(CASE, "k"))]
    voided = says(S.VOIDED, *other.lines)
    assert run(Void(desk(Counter(void=[voided]))).do(CASE, "k")).status is Status.DONE
    assert run(Void(desk(Counter(application=[voided]))).ask(CASE, "k")).status is Status.DONE
    for answer in answers:
        assert came_to(answer) == (Status.UNKNOWN, None, "authority.contradiction")
