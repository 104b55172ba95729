"""The case's memory: an intent before each act, an outcome after it, each durable before anything else happens."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import msgspec

from kiosk.case.acts import Result
from kiosk.case.casefile import Case, CaseFile
from kiosk.case.moves import Act, Consequence, Standing, after, consequent, counted, next_act, settled
from kiosk.domain.clock import Clock
from kiosk.domain.failure import Failure
from kiosk.store.cases import VERSION, CaseStore, StoredAct

CHARGE_LIFE_S = 600
"""How long an order can be paid."""
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def ended(standing: Standing) -> bool:
    """Settled, or nothing left to do but for staff."""
    return settled(standing) or (standing.needs_staff is not None and next_act(standing) is None and not standing.deferred)


class Journal:
    """All calls are synchronous and durable on return."""

    def __init__(self, store: CaseStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def begin(self, as_of: date, file: CaseFile) -> Case:
        """A new case; its number is what people quote: date, time and five random characters without look-alikes."""
        now = self._clock.now()
        case_id = f"{now:%y%m%d%H%M}" + "".join(secrets.choice(_ALPHABET) for _ in range(6))
        case = Case(case_id, as_of, Standing(), file)
        self._store.insert(case_id, as_of.isoformat(), now.timestamp(), _encode(case.standing), _encode_file(file))
        return case

    def load(self, case_id: str) -> Case | Failure:
        """`journal.unreadable` for a case of an unknown version or state: never a guess."""
        stored = self._store.case(case_id)
        if stored is None or stored.version != VERSION or stored.file is None:
            return Failure("journal.unreadable", detail={"case_id": case_id})
        try:
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

    def pending(self, case: Case) -> StoredAct | None:
        return self._store.pending(case.case_id)

    def decide(self, case: Case, standing: Standing, file: CaseFile | None = None) -> Case:
        """Writes down what was decided (choice confirmed, turn back), not an act of its own."""
        changed = replace(case, standing=standing, file=file or case.file)
        self._store.update(case.case_id, _encode(standing), _encode_file(file) if file else None, self._end(standing))
        return changed

    def intend(self, case: Case, act: Act) -> tuple[Case, StoredAct]:
        """The order's end is fixed with its number, so that asking again asks for the same; an earlier order's code goes."""
        file = None
        if act is Act.OPEN_CHARGE:
            file = msgspec.structs.replace(case.file, code=None, expires_at=self._clock.now().timestamp() + CHARGE_LIFE_S)
        changed = replace(case, standing=counted(case.standing, act), file=file or case.file)
        key = {Act.OPEN_CHARGE: changed.order_no, Act.CLOSE_CHARGE: changed.order_no, Act.REFUND: changed.refund_no}.get(act, case.case_id)
        stored = self._store.intend(
            case.case_id, act, key, self._clock.now().timestamp(), _encode(changed.standing), _encode_file(file) if file else None
        )
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
        if result.failure is not None:
            why = result.failure
            file = msgspec.structs.replace(file, cause=why.code, cause_device_code=why.device_code, cause_detail=dict(why.detail))
        outcome: dict[str, str | int | None] = {
            "outcome": result.status.value,
            "code": result.failure.code if result.failure else None,
            "device_code": result.failure.device_code if result.failure else None,
        }
        self._store.conclude(
            act,
            case.case_id,
            outcome,
            self._clock.now().timestamp(),
            _encode(standing),
            _encode_file(file) if file is not case.file else None,
            self._end(standing),
        )
        return replace(case, standing=standing, file=file)

    def count_question(self, act: StoredAct) -> None:
        self._store.count_question(act)

    def _end(self, standing: Standing) -> float | None:
        return self._clock.now().timestamp() if ended(standing) else None


def _encode(standing: Standing) -> str:
    return msgspec.json.encode(standing).decode()


def _encode_file(file: CaseFile) -> bytes:
    return msgspec.json.encode(file)
