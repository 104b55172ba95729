"""The case's memory: an intent before each act, an outcome after it, each durable with its audit record before anything else happens."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import msgspec

from kiosk.audit.event import Event
from kiosk.audit.events import ActConcluded, ActIntended, CardRetained, CaseBegan, CaseDecided, CaseEnded
from kiosk.audit.log import AuditLog
from kiosk.case.acts import Result, Status
from kiosk.case.casefile import Case, CaseFile
from kiosk.case.moves import Act, Consequence, Custody, Standing, after, consequent, counted, next_act, settled
from kiosk.domain.clock import Clock
from kiosk.domain.failure import Failure
from kiosk.store.cases import VERSION, CaseStore, Outcome, StoredAct
from kiosk.store.transaction import Transaction

CHARGE_LIFE_S = 600
"""How long an order can be paid."""
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def ended(standing: Standing) -> bool:
    """Settled, or nothing left to do but for staff."""
    return settled(standing) or (standing.needs_staff is not None and next_act(standing) is None and not standing.deferred)


class Journal:
    """All calls are synchronous and durable on return. Each may raise StoreFailed (`kiosk.store.transaction`): then nothing of it is written."""

    def __init__(self, store: CaseStore, clock: Clock, audit: AuditLog) -> None:
        self._store = store
        self._clock = clock
        self._audit = audit

    def begin(self, as_of: date, file: CaseFile) -> Case:
        """A new case; its number is what people quote: date, time and five random characters without look-alikes."""
        now = self._clock.now()
        case_id = f"{now:%y%m%d%H%M}" + "".join(secrets.choice(_ALPHABET) for _ in range(6))
        case = Case(case_id, as_of, Standing(), file)
        with self._store.transaction() as write:
            self._store.insert(write, case_id, as_of.isoformat(), now.timestamp(), _encode(case.standing), _encode_file(file))
            self._audit.append(write, CaseBegan(case_id=case_id))
        return case

    def load(self, case_id: str) -> Case | Failure:
        """`journal.unreadable` for a case of an unknown version or state: never a guess."""
        stored = self._store.case(case_id)
        if stored is None or stored.file is None or not 1 <= stored.version <= VERSION:
            return Failure("journal.unreadable", detail={"case_id": case_id})
        try:
            for act in self._store.acts(case_id):
                Act(act.act), Status(act.outcome or Status.UNKNOWN)
            return Case(
                case_id,
                date.fromisoformat(stored.as_of),
                msgspec.json.decode(stored.standing, type=Standing),
                msgspec.json.decode(stored.file, type=CaseFile),
            )
        except (msgspec.DecodeError, ValueError):
            return Failure("journal.unreadable", detail={"case_id": case_id})

    def open_ids(self) -> list[str]:
        return self._store.open_ids()

    def with_staff(self) -> list[str]:
        """Cases that ended with a reason for staff, oldest first."""
        return self._store.ended_ids('"needs_staff":"')

    def retained(self) -> list[str]:
        """Ended cases whose card lies in the bin, oldest first."""
        return self._store.ended_ids('"custody":"retained"')

    def begun(self) -> list[tuple[str, float]]:
        """Cases with the moment (Unix seconds) at which they were begun; without those that retention has emptied. Oldest first."""
        return self._store.whole_ids()

    def known(self) -> frozenset[str]:
        """The numbers of all cases that the journal has a row of."""
        return self._store.all_ids()

    def pending(self, case: Case) -> StoredAct | None:
        return self._store.pending(case.case_id)

    def decide(self, case: Case, standing: Standing, file: CaseFile | None = None, event: Event | None = None) -> Case:
        """Writes down what was decided (choice confirmed, turn back), not an act of its own. event: what the audit says of it, where that is
        more than where the case stands now."""
        changed = replace(case, standing=standing, file=file or case.file)
        with self._store.transaction() as write:
            # a note on a case that had ended (the hall was told) does not begin its days anew
            self._change(write, changed, keep_end=ended(case.standing) and standing == case.standing)
            self._audit.append(write, event or _decided(changed), *_ended(case, changed))
        return changed

    def intend(self, case: Case, act: Act) -> tuple[Case, StoredAct]:
        """The order's end is fixed with its number, so that asking again asks for the same; an earlier order's code goes."""
        file = None
        if act is Act.OPEN_CHARGE:
            file = msgspec.structs.replace(case.file, code=None, expires_at=self._clock.now().timestamp() + CHARGE_LIFE_S)
        changed = replace(case, standing=counted(case.standing, act), file=file or case.file)
        key = {Act.OPEN_CHARGE: changed.order_no, Act.CLOSE_CHARGE: changed.order_no, Act.REFUND: changed.refund_no}.get(act, case.case_id)
        with self._store.transaction() as write:
            stored = self._store.intend(write, case.case_id, act, key, self._clock.now().timestamp())
            self._change(write, changed, under_way=True)
            self._audit.append(write, ActIntended(case_id=case.case_id, act=act, sequence=stored.sequence))
        return changed, stored

    def conclude(self, case: Case, act: StoredAct, result: Result, consequence: Consequence | None, extra: Mapping[str, object]) -> Case:
        """Writes the outcome and what follows from it. extra: axis values that stand besides the result's own."""
        kind = Act(act.act)
        standing = after(case.standing, kind, {**extra, **result.changes})  # type: ignore[dict-item]
        if consequence is not None:
            standing = consequent(standing, kind, consequence)
        file = case.file
        if result.notes:
            file = msgspec.structs.replace(file, **result.notes)
        if (why := result.failure) is not None:
            file = msgspec.structs.replace(file, cause=why.code, cause_device_code=why.device_code, cause_detail=dict(why.detail))
        outcome = Outcome(result.status, self._clock.now().timestamp(), why.code if why else None, why.device_code if why else None)
        changed = replace(case, standing=standing, file=file)
        with self._store.transaction() as write:
            self._store.conclude(write, act, outcome)
            self._change(write, changed)
            self._audit.append(write, _concluded(case, act, outcome), *_retained(case, changed), *_ended(case, changed))
        return changed

    def count_question(self, act: StoredAct) -> None:
        self._store.count_question(act)

    def _change(self, write: Transaction, case: Case, under_way: bool = False, keep_end: bool = False) -> None:
        """under_way: an act is about to be done, so the case is open whatever it has come to. keep_end: it stays ended when it did."""
        ended_at = self._clock.now().timestamp() if ended(case.standing) and not under_way else None
        self._store.change(write, case.case_id, case.as_of.isoformat(), _encode(case.standing), _encode_file(case.file))
        if not keep_end:
            self._store.set_end(write, case.case_id, ended_at)


def _decided(case: Case) -> CaseDecided:
    s = case.standing
    return CaseDecided(case_id=case.case_id, wish=s.wish, money=s.money, issue=s.issue, back=s.back, custody=s.custody, needs_staff=s.needs_staff)


def _concluded(case: Case, act: StoredAct, outcome: Outcome) -> ActConcluded:
    return ActConcluded(
        case_id=case.case_id, act=act.act, sequence=act.sequence, status=outcome.outcome, code=outcome.code, device_code=outcome.device_code
    )


def _retained(before: Case, after_it: Case) -> list[Event]:
    newly = after_it.standing.custody is Custody.RETAINED and before.standing.custody is not Custody.RETAINED
    return [CardRetained(case_id=before.case_id)] if newly else []


def _ended(before: Case, after_it: Case) -> list[Event]:
    """The case's end, once: a case that staff go on with ends again only where it was open in between."""
    s = after_it.standing
    if not ended(s) or ended(before.standing):
        return []
    return [CaseEnded(case_id=before.case_id, money=s.money, issue=s.issue, back=s.back, custody=s.custody, needs_staff=s.needs_staff)]


def _encode(standing: Standing) -> str:
    return msgspec.json.encode(standing).decode()


def _encode_file(file: CaseFile) -> bytes:
    return msgspec.json.encode(file)
