"""The exit-entry authority: the registry of persons and permits, and the applications that the machine hands in.

No is kept apart from not knowing, as with the payment providers: `authority.refused` (a definite no, detail: status, code),
`authority.person_unknown`, `authority.case_unknown` (both definite), `authority.unreachable` (not sent), `authority.unclear` (may have been done:
ask `application`), `authority.contradiction` (an answer about somebody or something else, never believed).
Every act is idempotent by the case. Nothing personal is put into an address, a failure or a log.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal, TypeVar
from urllib.parse import quote

import msgspec

from kiosk.domain.contact import Contact
from kiosk.domain.endorsement import Destination, Endorsement, Kind, Validity
from kiosk.domain.failure import Failure
from kiosk.domain.permit import Permit, PermitKind
from kiosk.domain.person import RegistryRecord
from kiosk.domain.sensitive import Sensitive
from kiosk.gateways.http import Answer, Line, NoAnswer, decoded, logged, wrong_address, wrong_word

T = TypeVar("T")

# Said of the machine's token or of the moment, not of the application: whether it was done is not known.
_NO_ANSWER = (401, 403, 408, 425, 429)
_ValidityCode = Annotated[str, msgspec.Meta(pattern=r"^[1-9][MY][12*W]\Z")]
_Region = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{6}\Z")]
_RegionOrNone = Annotated[str, msgspec.Meta(pattern=r"^([0-9]{6})?\Z")]
_Count = Annotated[int, msgspec.Meta(ge=0)]
# what goes onto the card and into its code: a longer or stranger word is an answer that was not understood
_Number = Annotated[str, msgspec.Meta(pattern=r"^[0-9A-Z]{1,20}\Z")]
_Name = Annotated[str, msgspec.Meta(min_length=1, max_length=32)]


class ApplicationStatus(StrEnum):
    """NONE: the authority has no such application. VERIFIED, VOIDED and REJECTED are final."""

    NONE = "none"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    ISSUED = "issued"
    VERIFIED = "verified"
    VOIDED = "voided"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class ApplicationLine:
    """One endorsement of an application; number, issued_on and issuer only once it is issued."""

    destination: Destination
    kind: Kind
    validity: Validity
    valid_until: date
    number: str | None = None
    issued_on: date | None = None
    issuer: str | None = None

    @property
    def asked(self) -> tuple[str, str, str, date]:
        """What was applied for, without what the authority added."""
        return self.destination, self.kind, self.validity.code, self.valid_until


@dataclass(frozen=True, slots=True)
class ApplicationState:
    """What the authority says of one case. reason: why it rejected. lines: empty where the answer named none."""

    case_id: str
    status: ApplicationStatus
    reason: str | None = None
    lines: tuple[ApplicationLine, ...] = ()


class _Endorsement(msgspec.Struct):
    destination: Destination
    kind: Kind
    validity: _ValidityCode
    issued_on: date
    valid_until: date
    used: _Count
    number: str | None = None


class _Permit(msgspec.Struct):
    kind: PermitKind
    number: Annotated[str, msgspec.Meta(min_length=1)]
    issued_on: date
    expires_on: date
    issue_place: str
    rewrites: _Count
    blank_back: bool
    endorsements: list[_Endorsement]


class _Person(msgspec.Struct):
    id_number: str
    name: Annotated[str, msgspec.Meta(min_length=1)]
    pinyin: str
    sex: Literal["M", "F"]
    birth: date
    hukou: _Region
    residence_permit: _RegionOrNone
    functionary: bool
    military: bool
    business: bool
    fingerprints: bool
    permits: list[_Permit]


class _Found(msgspec.Struct):
    person: _Person


class _Line(msgspec.Struct):
    destination: Destination
    kind: Kind
    validity: _ValidityCode
    valid_until: date
    number: _Number | None = None
    issued_on: date | None = None
    issuer: _Name | None = None


class _Application(msgspec.Struct):
    state: ApplicationStatus
    case_id: str
    reason: str | None = None
    endorsements: list[_Line] = []


class _Listed(msgspec.Struct):
    day: date
    count: _Count
    applications: list[_Application]


class _Accepted(msgspec.Struct):
    accepted: Literal[True]


class _Code(msgspec.Struct):
    code: str


class _Error(msgspec.Struct):
    error: _Code


class Authority:
    """Asynchronous client; each call ends within `timeout_s` with a value. Make it with `open`."""

    def __init__(self, line: Line, token: str) -> None:
        self._line = line
        self._token = token

    @classmethod
    def open(cls, *, url: str, token_file: Path, timeout_s: float = 5.0) -> "Authority | Failure":
        """`[authority]` of the profile. No network. `gateway.address`, `gateway.setting`, `gateway.key_unreadable`."""
        try:
            token = token_file.read_text("ascii").strip()
        except (OSError, ValueError):
            return Failure("gateway.key_unreadable", detail={"file": token_file.name})
        wrong = wrong_address(url) or wrong_word(token_file=token)
        return wrong if wrong is not None else cls(Line(url, timeout_s), token)

    async def aclose(self) -> None:
        await self._line.aclose()

    async def query_person(self, id_number: Sensitive[str]) -> RegistryRecord | Failure:
        """The registry's row. `authority.person_unknown` where there is none; `authority.contradiction` where it is somebody else's."""
        answer = await self._ask("POST", "/registry/query", {"id_number": id_number.reveal()})
        found = _shaped(answer, _Found)
        if isinstance(found, Failure):
            return found
        if found.person.id_number != id_number.reveal():
            return _contradiction("id_number")
        return _record(found.person)

    async def submit(
        self,
        case_id: str,
        permit_number: str,
        id_number: Sensitive[str],
        phone: Sensitive[str] | None,
        contact: Contact,
        lines: Sequence[ApplicationLine],
    ) -> ApplicationState | Failure:
        """Hands the application in, or asks for the same again. The authority must name the same case and the same endorsements."""
        document = {
            "permit_number": permit_number,
            "id_number": id_number.reveal(),
            "phone": None if phone is None else phone.reveal(),
            "contact": None if contact.empty else {part: getattr(contact, part).reveal() or None for part in ("name", "phone", "address")},
            "endorsements": [
                {
                    "destination": line.destination.value,
                    "kind": line.kind.value,
                    "validity": line.validity.code,
                    "valid_until": line.valid_until.isoformat(),
                }
                for line in lines
            ],
        }
        state = self._state(await self._ask("PUT", _path(case_id), document), case_id)
        if isinstance(state, ApplicationState) and sorted(line.asked for line in state.lines) != sorted(line.asked for line in lines):
            return _contradiction("endorsements")
        return state

    async def application(self, case_id: str) -> ApplicationState | Failure:
        """What the authority holds of the case; NONE where it has never heard of it."""
        state = self._state(await self._ask("GET", _path(case_id)), case_id)
        if isinstance(state, Failure) and state.code == "authority.case_unknown":
            return ApplicationState(case_id, ApplicationStatus.NONE)
        return state

    async def applications(self, day: date) -> tuple[ApplicationState, ...] | Failure:
        """Every application that this machine (its token) handed in on `day`, Asia/Shanghai. The list says how long it is: half a list is none."""
        listed = _shaped(await self._ask("GET", f"/applications?day={day.isoformat()}"), _Listed)
        if isinstance(listed, Failure):
            return listed
        if listed.day != day:
            return _contradiction("day")
        if listed.count != len(listed.applications) or len({each.case_id for each in listed.applications}) != listed.count:
            return _contradiction("count")
        return tuple(_application(each) for each in listed.applications)

    async def issue(self, case_id: str) -> ApplicationState | Failure:
        """Makes the endorsements valid; each line comes back with its number. The caller compares them with what was approved."""
        state = await self._act(case_id, "issue", (ApplicationStatus.ISSUED, ApplicationStatus.VERIFIED))
        if isinstance(state, ApplicationState) and (not state.lines or any(line.number is None or line.issued_on is None for line in state.lines)):
            return _unclear("incomplete")
        return state

    async def verified(self, case_id: str) -> ApplicationState | Failure:
        """Reports that the card's back was looked at and shows what was issued."""
        return await self._act(case_id, "verified", (ApplicationStatus.VERIFIED,))

    async def void(self, case_id: str) -> ApplicationState | Failure:
        """Takes the application back for ever: VOIDED, or REJECTED where the authority had turned it down itself. A verified one is refused."""
        return await self._act(case_id, "void", (ApplicationStatus.VOIDED, ApplicationStatus.REJECTED))

    async def notify(self, machine: str, case_id: str, kind: str, reason: str | None, at: datetime) -> Failure | None:
        """Tells the hall of a card that the machine keeps (`card_retained`) or a case that needs staff (`needs_staff`). Idempotent by case and kind.
        Codes only: nothing personal is in a notice."""
        notice = {"machine": machine, "case_id": case_id, "kind": kind, "reason": reason, "at": at.isoformat()}
        accepted = _shaped(await self._ask("POST", "/notices", notice), _Accepted)
        return accepted if isinstance(accepted, Failure) else None

    async def probe(self) -> Failure | None:
        """None where the authority answers and takes the machine's token; asks about a case that does not exist."""
        state = await self.application("PROBE-NO-CASE")
        return state if isinstance(state, Failure) else None

    async def _act(self, case_id: str, act: str, ends: tuple[ApplicationStatus, ...]) -> ApplicationState | Failure:
        state = self._state(await self._ask("POST", f"{_path(case_id)}/{act}", {}), case_id)
        if isinstance(state, ApplicationState) and state.status not in ends:
            return _contradiction("state")
        return state

    def _state(self, answer: Answer | Failure, case_id: str) -> ApplicationState | Failure:
        said = _shaped(answer, _Application)
        if isinstance(said, Failure):
            return said
        if said.case_id != case_id:
            return _contradiction("case_id")
        if said.state is ApplicationStatus.NONE:
            return _unclear("not_understood")
        return _application(said)

    async def _ask(self, method: str, target: str, document: object = None) -> Answer | Failure:
        request = self._line.request(method, target, None if document is None else msgspec.json.encode(document))
        request.headers["Authorization"] = f"Bearer {self._token}"
        answer = await self._line.send(request)
        if answer is NoAnswer.UNREACHABLE:
            return logged(Failure("authority.unreachable"))
        return _unclear("no_answer") if isinstance(answer, NoAnswer) else answer


def _path(case_id: str) -> str:
    return "/applications/" + quote(case_id, safe="")


def _shaped(answer: Answer | Failure, shape: type[T]) -> T | Failure:
    """The document of a 200; a 4xx that names its code is a definite no; everything else is unclear."""
    if isinstance(answer, Failure):
        return answer
    if answer.status == 200:
        document = decoded(answer.body, shape)
        return _unclear("not_understood") if document is None else document
    error = decoded(answer.body, _Error)
    if error is None or not 400 <= answer.status < 500 or answer.status in _NO_ANSWER:
        return _unclear(f"status_{answer.status}")
    if answer.status == 404 and error.error.code in ("person_unknown", "case_unknown"):
        return Failure(f"authority.{error.error.code}")
    word = error.error.code if error.error.code.isidentifier() and error.error.code.isascii() else "?"
    return logged(Failure("authority.refused", detail={"status": str(answer.status), "code": word[:64]}))


def _unclear(reason: str) -> Failure:
    return logged(Failure("authority.unclear", detail={"reason": reason}))


def _contradiction(what: str) -> Failure:
    return logged(Failure("authority.contradiction", detail={"what": what}))


def _application(said: _Application) -> ApplicationState:
    return ApplicationState(said.case_id, said.state, said.reason, tuple(_line(line) for line in said.endorsements))


def _line(line: _Line) -> ApplicationLine:
    return ApplicationLine(line.destination, line.kind, Validity.parse(line.validity), line.valid_until, line.number, line.issued_on, line.issuer)


def _record(person: _Person) -> RegistryRecord:
    return RegistryRecord(
        id_number=person.id_number,
        name=person.name,
        pinyin=person.pinyin,
        sex=person.sex,
        birth=person.birth,
        hukou=person.hukou,
        residence_permit=person.residence_permit,
        functionary=person.functionary,
        military=person.military,
        business=person.business,
        fingerprints=person.fingerprints,
        permits=tuple(_permit(permit) for permit in person.permits),
    )


def _permit(permit: _Permit) -> Permit:
    return Permit(
        kind=permit.kind,
        number=permit.number,
        issued_on=permit.issued_on,
        expires_on=permit.expires_on,
        issue_place=permit.issue_place,
        rewrites=permit.rewrites,
        blank_back=permit.blank_back,
        endorsements=tuple(
            Endorsement(row.destination, row.kind, Validity.parse(row.validity), row.issued_on, row.valid_until, row.used, row.number)
            for row in permit.endorsements
        ),
    )
