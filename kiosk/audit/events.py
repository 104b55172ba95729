"""Made by `make manual` from catalogue.toml. Do not edit: change the catalogue and make it again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from kiosk.audit import kinds
from kiosk.audit.event import Event
from kiosk.audit.kinds import Check

ACT = frozenset(
    {
        "take_in",
        "submit",
        "open_charge",
        "close_charge",
        "refund",
        "issue",
        "write_back",
        "restore_back",
        "inspect",
        "report_verified",
        "present",
        "retain",
        "void",
    }
)
STATUS = frozenset(
    {
        "done",
        "not_done",
        "unknown",
    }
)
WISH = frozenset(
    {
        "undecided",
        "deliver",
        "withdraw",
    }
)
MONEY = frozenset(
    {
        "none",
        "open",
        "paid",
        "refund_pending",
        "refunded",
        "closed",
    }
)
ISSUE = frozenset(
    {
        "none",
        "submitted",
        "approved",
        "issued",
        "verified",
        "rejected",
        "voided",
    }
)
BACK = frozenset(
    {
        "as_found",
        "unknown",
        "written",
        "blank",
    }
)
CUSTODY = frozenset(
    {
        "with_traveller",
        "in_machine",
        "retained",
        "unknown",
    }
)
REASON = frozenset(
    {
        "card_stuck",
        "card_not_found",
        "bin_full",
        "back_unseen",
        "back_not_restored",
        "payment_unclear",
        "payment_contradiction",
        "refund_refused",
        "authority_unclear",
        "authority_contradiction",
        "journal_unreadable",
    }
)
OUTCOME = frozenset(
    {
        "completed",
        "refused",
        "withdrawn",
        "refunded",
        "needs_staff",
    }
)
DIFFERENCE = frozenset(
    {
        "case_unreadable",
        "application_unknown",
        "application_missing",
        "application_state",
        "application_endorsements",
        "order_unknown",
        "order_missing",
        "order_state",
        "order_amount",
        "order_paid_twice",
        "order_not_in_bill",
        "refund_unknown",
        "refund_missing",
        "refund_state",
        "refund_amount",
        "refunded_twice",
        "refund_not_in_bill",
    }
)
ALGORITHM = frozenset(
    {
        "sha256",
        "sm3",
    }
)
NOTICE = frozenset(
    {
        "card_retained",
        "needs_staff",
        "paper",
    }
)
ANSWER = frozenset(
    {
        "yes",
        "no",
    }
)
BAND = frozenset(
    {
        "match",
        "retry",
        "no_match",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditBegan(Event):
    """The log's first record: how its records are hashed, and the fingerprint (SHA-256) of the public key that signs it."""

    EVENT: ClassVar[str] = "audit.began"
    CHECKS: ClassVar[Mapping[str, Check]] = {
        "algorithm": kinds.one_of(ALGORITHM),
        "public_key": kinds.hash_,
    }

    algorithm: str
    public_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineStarted(Event):
    """The program started on this profile, with this revision of its store; cases that an earlier run left open are still open."""

    EVENT: ClassVar[str] = "machine.started"
    CHECKS: ClassVar[Mapping[str, Check]] = {
        "revision": kinds.revision,
        "open_cases": kinds.count,
    }

    revision: str
    open_cases: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineStopped(Event):
    """The program ended in good order."""

    EVENT: ClassVar[str] = "machine.stopped"
    CHECKS: ClassVar[Mapping[str, Check]] = {
        "open_cases": kinds.count,
    }

    open_cases: int


@dataclass(frozen=True, slots=True, kw_only=True)
class JourneyEnded(Event):
    """A traveller's visit ended; the case where one was begun."""

    EVENT: ClassVar[str] = "journey.ended"
    CHECKS: ClassVar[Mapping[str, Check]] = {
        "outcome": kinds.one_of(OUTCOME),
        "case_id": kinds.optional(kinds.case_id),
    }

    outcome: str
    case_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FaceChecked(Event):
    """The camera's answer: whether the permit's living holder stood there; `refused` says why not, `face.left` where somebody broke it off.
    Distances from the chip's portrait and from the ID card's photo are in ten-thousandths, of the model named; how many attempts at liveness
    were begun; what the face answered to the fill light in the last of them, as `[face] fill_gain` of the profile, in ten-thousandths. No
    picture is ever kept.
    """

    EVENT: ClassVar[str] = "face.checked"
    CHECKS: ClassVar[Mapping[str, Check]] = {
        "case_id": kinds.optional(kinds.case_id),
        "refused": kinds.optional(kinds.code),
        "band": kinds.optional(kinds.one_of(BAND)),
        "distance": kinds.optional(kinds.count),
        "second": kinds.optional(kinds.count),
        "attempts": kinds.count,
        "gain": kinds.optional(kinds.count),
        "model": kinds.optional(kinds.hash_),
    }

    case_id: str | None = None
    refused: str | None = None
    band: str | None = None
    distance: int | None = None
    second: int | None = None
    attempts: int
    gain: int | None = None
    model: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseBegan(Event):
    """A case was opened, before anything was done for it."""

    EVENT: ClassVar[str] = "case.began"
    CHECKS: ClassVar[Mapping[str, Check]] = {
        "case_id": kinds.case_id,
    }

    case_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDecided(Event):
    """Where the case stands after a decision that is no act: a choice confirmed, turned back, put off, handed to staff."""

    EVENT: ClassVar[str] = "case.decided"
    CHECKS: ClassVar[Mapping[str, Check]] = {
        "case_id": kinds.case_id,
        "wish": kinds.one_of(WISH),
        "money": kinds.one_of(MONEY),
        "issue": kinds.one_of(ISSUE),
        "back": kinds.one_of(BACK),
        "custody": kinds.one_of(CUSTODY),
        "needs_staff": kinds.optional(kinds.one_of(REASON)),
    }

    case_id: str
    wish: str
    money: str
    issue: str
    back: str
    custody: str
    needs_staff: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActIntended(Event):
    """An act is about to be done; sequence counts the acts of the case."""

    EVENT: ClassVar[str] = "act.intended"
    CHECKS: ClassVar[Mapping[str, Check]] = {
        "case_id": kinds.case_id,
        "act": kinds.one_of(ACT),
        "sequence": kinds.count,
    }

    case_id: str
    act: str
    sequence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ActConcluded(Event):
    """What the act came to, with the failure's code and the device's raw code where there was one."""

    EVENT: ClassVar[str] = "act.concluded"
    CHECKS: ClassVar[Mapping[str, Check]] = {
        "case_id": kinds.case_id,
        "act": kinds.one_of(ACT),
        "sequence": kinds.count,
        "status": kinds.one_of(STATUS),
        "code": kinds.optional(kinds.code),
        "device_code": kinds.optional(kinds.byte),
    }

    case_id: str
    act: str
    sequence: int
    status: str
    code: str | None = None
    device_code: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseEnded(Event):
    """The case is settled, or only staff can go on with it."""

    EVENT: ClassVar[str] = "case.ended"
    CHECKS: ClassVar[Mapping[str, Check]] = {
        "case_id": kinds.case_id,
        "money": kinds.one_of(MONEY),
        "issue": kinds.one_of(ISSUE),
        "back": kinds.one_of(BACK),
        "custody": kinds.one_of(CUSTODY),
        "needs_staff": kinds.optional(kinds.one_of(REASON)),
    }

    case_id: str
    money: str
    issue: str
    back: str
    custody: str
    needs_staff: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CardRetained(Event):
    """A card that was not taken went into the bin."""

    EVENT: ClassVar[str] = "card.retained"
    CHECKS: ClassVar[Mapping[str, Check]] = {
        "case_id": kinds.case_id,
    }

    case_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CardHandedBack(Event):
    """Staff gave a card from the bin to its holder; `by` is the code they gave."""

    EVENT: ClassVar[str] = "card.handed_back"
    CHECKS: ClassVar[Mapping[str, Check]] = {
        "case_id": kinds.case_id,
        "by": kinds.staff,
    }

    case_id: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HallNotified(Event):
    """The hall has accepted a notice of the case (a card kept, staff needed), or it stands on paper."""

    EVENT: ClassVar[str] = "hall.notified"
    CHECKS: ClassVar[Mapping[str, Check]] = {
        "case_id": kinds.case_id,
        "notice": kinds.one_of(NOTICE),
    }

    case_id: str
    notice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffRetried(Event):
    """Staff have mended what stood in the way and let the machine go on with the case."""

    EVENT: ClassVar[str] = "staff.retried"
    CHECKS: ClassVar[Mapping[str, Check]] = {
        "case_id": kinds.case_id,
        "by": kinds.staff,
    }

    case_id: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffSettled(Event):
    """Staff have settled the case by hand; where it stands now is their word, which no gateway contradicted."""

    EVENT: ClassVar[str] = "staff.settled"
    CHECKS: ClassVar[Mapping[str, Check]] = {
        "case_id": kinds.case_id,
        "by": kinds.staff,
        "money": kinds.one_of(MONEY),
        "issue": kinds.one_of(ISSUE),
        "back": kinds.one_of(BACK),
        "custody": kinds.one_of(CUSTODY),
    }

    case_id: str
    by: str
    money: str
    issue: str
    back: str
    custody: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffEnrolled(Event):
    """An account to log in with at the machine was made for this staff number, or given a new PIN."""

    EVENT: ClassVar[str] = "staff.enrolled"
    CHECKS: ClassVar[Mapping[str, Check]] = {
        "staff": kinds.staff,
    }

    staff: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffRevoked(Event):
    """The account of this staff number was taken away."""

    EVENT: ClassVar[str] = "staff.revoked"
    CHECKS: ClassVar[Mapping[str, Check]] = {
        "staff": kinds.staff,
    }

    staff: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffLoginFailed(Event):
    """Somebody tried to log in at the machine in vain; the number only where there is an account for it."""

    EVENT: ClassVar[str] = "staff.login_failed"
    CHECKS: ClassVar[Mapping[str, Check]] = {
        "staff": kinds.optional(kinds.staff),
    }

    staff: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FaceConfirmedByStaff(Event):
    """Staff, logged in, compared the person at the machine with the portrait of the permit's chip, in place of the camera: whether they are its
    holder.
    """

    EVENT: ClassVar[str] = "face.confirmed_by_staff"
    CHECKS: ClassVar[Mapping[str, Check]] = {
        "case_id": kinds.optional(kinds.case_id),
        "staff": kinds.staff,
        "confirmed": kinds.one_of(ANSWER),
    }

    case_id: str | None = None
    staff: str
    confirmed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconciliationRan(Event):
    """The journal was compared with the authority's and the payment providers' books of that day; `count` differences were found."""

    EVENT: ClassVar[str] = "reconciliation.ran"
    CHECKS: ClassVar[Mapping[str, Check]] = {
        "day": kinds.day,
        "count": kinds.count,
    }

    day: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconciliationMissed(Event):
    """That day could not be compared (no bill, or one that is wrong), and a later one was; it is tried again for a month."""

    EVENT: ClassVar[str] = "reconciliation.missed"
    CHECKS: ClassVar[Mapping[str, Check]] = {
        "day": kinds.day,
    }

    day: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconciliationDifference(Event):
    """One difference that the comparison before it found; without the numbers where the other side's are not of this machine's making."""

    EVENT: ClassVar[str] = "reconciliation.difference"
    CHECKS: ClassVar[Mapping[str, Check]] = {
        "case_id": kinds.optional(kinds.case_id),
        "order_no": kinds.optional(kinds.order_no),
        "difference": kinds.one_of(DIFFERENCE),
    }

    case_id: str | None = None
    order_no: str | None = None
    difference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyCreated(Event):
    """The key of the encrypted fields was made, at the store's first start; what was sealed with another one cannot be opened from here on."""

    EVENT: ClassVar[str] = "key.created"
    CHECKS: ClassVar[Mapping[str, Check]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionPurged(Event):
    """Retention took away what was due: `files` encrypted case files of cases that ended before `files_before`, `cases` whole rows with their acts
    of cases that ended before `cases_before`, and `logs` old log files.
    """

    EVENT: ClassVar[str] = "retention.purged"
    CHECKS: ClassVar[Mapping[str, Check]] = {
        "files": kinds.count,
        "files_before": kinds.day,
        "cases": kinds.count,
        "cases_before": kinds.day,
        "logs": kinds.count,
    }

    files: int
    files_before: str
    cases: int
    cases_before: str
    logs: int
