"""The acts at the authority: submit, issue, report verified, void. Idempotent by case number."""

from datetime import date

import msgspec

from kiosk.case.acts import Result, Status
from kiosk.case.casefile import Block, Case
from kiosk.case.moves import Issue
from kiosk.domain.clock import Clock, Window
from kiosk.domain.contact import Contact
from kiosk.domain.endorsement import Destination, Kind, Validity
from kiosk.domain.failure import Failure
from kiosk.domain.sensitive import Sensitive
from kiosk.gateways.authority import ApplicationLine, ApplicationState, Authority
from kiosk.health.stopwatch import Stopwatch

APPROVAL = Window(30, 1.0)
UNDONE = frozenset({Issue.VOIDED, Issue.REJECTED})
"""What voiding asks for. It may be anything that stands under the case's number: it is to be no more."""
DEFINITE = ("authority.refused", "authority.person_unknown", "authority.case_unknown")


class Desk:
    """The authority's counter, with its time measured."""

    def __init__(self, gateway: Authority, clock: Clock, stopwatch: Stopwatch) -> None:
        self.gateway = gateway
        self.clock = clock
        self.stopwatch = stopwatch

    async def state(self, case: Case) -> ApplicationState | Failure:
        with self.stopwatch.of("gateway"):
            return await self.gateway.application(case.case_id)


def _failed(failure: Failure) -> Result:
    return Result(Status.NOT_DONE if failure.code in DEFINITE else Status.UNKNOWN, failure=failure)


async def _ask(desk: Desk, case: Case, reached: frozenset[Issue]) -> Result:
    """Whether the application has come as far as one of `reached`."""
    application = await desk.state(case)
    if isinstance(application, Failure):
        return Result(Status.UNKNOWN, failure=application)
    state = Issue(application.status.value)
    if state is Issue.VERIFIED and state not in reached:
        return _contradiction("state")  # nobody has reported it as seen
    if reached != UNDONE and _of_another(case, application):
        return _contradiction("endorsements")
    if state not in reached:
        return Result(Status.NOT_DONE, {"issue": state})
    return _issued_result(case, application) if state is Issue.ISSUED else Result(Status.DONE, {"issue": state})


def _contradiction(what: str) -> Result:
    return Result(Status.UNKNOWN, failure=Failure("authority.contradiction", detail={"what": what}))


def _of_another(case: Case, application: ApplicationState) -> bool:
    """Whether it speaks of other endorsements than those asked for; an answer need not name any."""
    wanted = sorted((block.destination, block.kind, block.validity) for block in case.file.wanted)
    return bool(application.lines) and wanted != sorted((line.destination.value, line.kind.value, line.validity.code) for line in application.lines)


def _issued_result(case: Case, application: ApplicationState) -> Result:
    """Issued, with the numbers to print; never where anything else is issued than was asked for."""
    numbered = application.lines and all(line.number is not None and line.issued_on is not None for line in application.lines)
    if _of_another(case, application) or not numbered:
        return _contradiction("endorsements")
    return Result(Status.DONE, {"issue": Issue.ISSUED}, {"issued": _issued(case, application)})


def _issued(case: Case, application: ApplicationState) -> tuple[Block, ...]:
    """The wanted blocks with the authority's number, issuer and days. The lines are the wanted ones, one for each destination."""
    lines = {line.destination.value: line for line in application.lines}

    def block(wanted: Block) -> Block:
        line = lines[wanted.destination]
        return msgspec.structs.replace(
            wanted,
            number=line.number,
            issuer=line.issuer or wanted.issuer,
            issued_on=line.issued_on.isoformat() if line.issued_on else wanted.issued_on,
            valid_until=line.valid_until.isoformat(),
        )

    return tuple(block(wanted) for wanted in case.file.wanted)


class Submit:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def do(self, case: Case, key: str) -> Result:
        file = case.file
        lines = [
            ApplicationLine(Destination(b.destination), Kind(b.kind), Validity.parse(b.validity), date.fromisoformat(b.valid_until))
            for b in file.wanted
        ]
        phone = Sensitive(file.phone) if file.phone else None
        told = Contact(*(Sensitive(part or "") for part in (file.contact_name, file.contact_phone, file.address)))
        with self._desk.stopwatch.of("gateway"):
            application = await self._desk.gateway.submit(case.case_id, file.permit_number, Sensitive(file.id_number), phone, told, lines)
        if isinstance(application, Failure):
            return _failed(application)
        async for look in self._desk.clock.looks(APPROVAL):
            if look:
                answer = await self._desk.state(case)
                if isinstance(answer, Failure):
                    return Result(Status.UNKNOWN, failure=answer)
                application = answer
            if _of_another(case, application):
                return _contradiction("endorsements")
            state = Issue(application.status.value)
            if state is Issue.ISSUED:
                return _issued_result(case, application)
            if state is not Issue.SUBMITTED:
                refused = Failure("authority.rejected") if state is Issue.REJECTED else None
                return Result(Status.DONE, {"issue": state}, failure=refused)
        return Result(Status.NOT_DONE, {"issue": Issue.SUBMITTED}, failure=Failure("authority.slow"))

    async def ask(self, case: Case, key: str) -> Result:
        return await _ask(self._desk, case, frozenset({Issue.APPROVED, Issue.REJECTED, Issue.SUBMITTED, Issue.ISSUED, Issue.VOIDED}))


class IssueEndorsements:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def do(self, case: Case, key: str) -> Result:
        with self._desk.stopwatch.of("gateway"):
            application = await self._desk.gateway.issue(case.case_id)
        if isinstance(application, Failure):
            return _failed(application)
        if application.status.value != Issue.ISSUED:
            return _contradiction("state")
        return _issued_result(case, application)

    async def ask(self, case: Case, key: str) -> Result:
        return await _ask(self._desk, case, frozenset({Issue.ISSUED}))


class ReportVerified:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def do(self, case: Case, key: str) -> Result:
        with self._desk.stopwatch.of("gateway"):
            application = await self._desk.gateway.verified(case.case_id)
        if isinstance(application, Failure):
            return _failed(application)
        return _contradiction("endorsements") if _of_another(case, application) else Result(Status.DONE, {"issue": Issue.VERIFIED})

    async def ask(self, case: Case, key: str) -> Result:
        return await _ask(self._desk, case, frozenset({Issue.VERIFIED}))


class Void:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def do(self, case: Case, key: str) -> Result:
        with self._desk.stopwatch.of("gateway"):
            application = await self._desk.gateway.void(case.case_id)
        if isinstance(application, Failure):
            if application.code == "authority.case_unknown":
                return Result(Status.DONE, {"issue": Issue.NONE})  # it never arrived
            return _failed(application)
        return Result(Status.DONE, {"issue": Issue.VOIDED})

    async def ask(self, case: Case, key: str) -> Result:
        result = await _ask(self._desk, case, UNDONE)
        if result.status is Status.NOT_DONE and result.changes.get("issue") is Issue.NONE:
            return Result(Status.DONE, {"issue": Issue.NONE})
        return result
