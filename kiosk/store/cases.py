"""Reads and writes cases and their acts. Writing happens inside a transaction that the caller opens, so that the audit's record goes with it."""

from contextlib import AbstractContextManager
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Engine, bindparam, func, insert, literal_column, select, update

from kiosk.store.encryption import FieldCipher
from kiosk.store.schema import ActRow, CaseRow
from kiosk.store.transaction import Transaction, compiled, reading, transaction

VERSION = 2
"""Of a case's row. 1: the file is sealed to the case's number alone. 2: to everything that is read back with it."""
_SEALED_TO_THE_NUMBER = 1

_OLDEST_FIRST: ColumnElement[int] = literal_column("cases.rowid")  # by arrival: the clock may have been set back in between
_ADD_CASE = compiled(insert(CaseRow))
_CASE = compiled(
    select(CaseRow.version, CaseRow.as_of, CaseRow.standing, CaseRow.file, CaseRow.ended_at).where(CaseRow.case_id == bindparam("case_id"))
)
_OPEN = compiled(select(CaseRow.case_id).where(CaseRow.ended_at.is_(None)).order_by(_OLDEST_FIRST))
_ENDED = compiled(
    select(CaseRow.case_id)
    .where(CaseRow.ended_at.is_not(None), func.instr(CaseRow.standing, bindparam("says")) > literal_column("0"))
    .order_by(_OLDEST_FIRST)
)
_WHOLE = compiled(select(CaseRow.case_id, CaseRow.created_at).where(CaseRow.file_purged_at.is_(None)).order_by(_OLDEST_FIRST))
_ALL = compiled(select(CaseRow.case_id))
_CHANGE_CASE = compiled(
    update(CaseRow)
    .where(CaseRow.case_id == bindparam("of_case"))
    .values(version=bindparam("version"), standing=bindparam("standing"), file=bindparam("file"))
)
# apart, and only where it is another: its index would be written with every act
_SET_END = compiled(
    update(CaseRow)
    .where(CaseRow.case_id == bindparam("of_case"), CaseRow.ended_at.is_distinct_from(bindparam("ended_at")))
    .values(ended_at=bindparam("ended_at"))
)
_EMPTY_FILE = compiled(
    update(CaseRow)
    .where(CaseRow.case_id == bindparam("of_case"))
    .values(version=bindparam("version"), file=bindparam("file"), file_purged_at=bindparam("file_purged_at"))
)
_ACTS_SO_FAR = compiled(select(func.count()).select_from(ActRow).where(ActRow.case_id == bindparam("case_id")))
_ADD_ACT = compiled(
    insert(ActRow).values(
        {name: bindparam(name) for name in ("case_id", "sequence", "act", "key", "intended_at", "asked")},
    )
)
_CONCLUDE_ACT = compiled(
    update(ActRow)
    .where(ActRow.id == bindparam("of_act"))
    .values({name: bindparam(name) for name in ("outcome", "outcome_at", "code", "device_code")})
)
_COUNT_QUESTION = compiled(update(ActRow).where(ActRow.id == bindparam("of_act")).values(asked=ActRow.asked + literal_column("1")))
_ACT_COLUMNS = (ActRow.id, ActRow.sequence, ActRow.act, ActRow.key, ActRow.asked, ActRow.outcome, ActRow.code)
_ACTS = compiled(select(*_ACT_COLUMNS).where(ActRow.case_id == bindparam("case_id")).order_by(ActRow.sequence))
_PENDING = compiled(select(*_ACT_COLUMNS).where(ActRow.case_id == bindparam("case_id"), ActRow.outcome.is_(None)).order_by(ActRow.sequence.desc()))


@dataclass(frozen=True, slots=True)
class StoredCase:
    """A case as it lies in the store. file: the decrypted case file, None where anything that is read with it was altered."""

    case_id: str
    version: int
    as_of: str
    standing: str
    file: bytes | None
    ended: bool


@dataclass(frozen=True, slots=True)
class StoredAct:
    row: int
    sequence: int
    act: str
    key: str
    asked: int
    outcome: str | None
    code: str | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is written of an act that came to its end."""

    outcome: str
    at: float
    code: str | None = None
    device_code: int | None = None


class CaseStore:
    """Synchronous: a commit takes about a millisecond and is awaited on purpose. Every call may raise StoreFailed."""

    def __init__(self, engine: Engine, cipher: FieldCipher) -> None:
        self._engine = engine
        self._cipher = cipher

    def transaction(self) -> AbstractContextManager[Transaction]:
        return transaction(self._engine)

    def insert(self, write: Transaction, case_id: str, as_of: str, created_at: float, standing: str, file: bytes) -> None:
        write.run(
            _ADD_CASE,
            {
                "case_id": case_id,
                "version": VERSION,
                "as_of": as_of,
                "created_at": created_at,
                "ended_at": None,
                "standing": standing,
                "file": self._cipher.seal(file, _context(VERSION, case_id, as_of, standing)),
                "file_purged_at": None,
            },
        )

    def case(self, case_id: str) -> StoredCase | None:
        with reading(self._engine) as read:
            row = read.run(_CASE, {"case_id": case_id}).fetchone()
        if row is None:
            return None
        version, as_of, standing, sealed, ended_at = row
        whole = isinstance(sealed, bytes) and isinstance(as_of, str) and isinstance(standing, str) and isinstance(version, int)
        file = self._cipher.open(sealed, _context(version, case_id, as_of, standing)) if whole else None
        return StoredCase(case_id, version, as_of, standing, file, ended_at is not None)

    def open_ids(self) -> list[str]:
        """Cases that have not ended, oldest first."""
        with reading(self._engine) as read:
            return [row[0] for row in read.run(_OPEN)]

    def ended_ids(self, standing_says: str) -> list[str]:
        """Ended cases whose standing contains `standing_says`, oldest first."""
        with reading(self._engine) as read:
            return [row[0] for row in read.run(_ENDED, {"says": standing_says})]

    def whole_ids(self) -> list[tuple[str, float]]:
        """Cases that retention has not emptied, with their beginning (Unix seconds); oldest first."""
        with reading(self._engine) as read:
            return [(row[0], row[1]) for row in read.run(_WHOLE)]

    def all_ids(self) -> frozenset[str]:
        with reading(self._engine) as read:
            return frozenset(row[0] for row in read.run(_ALL))

    def change(self, write: Transaction, case_id: str, as_of: str, standing: str, file: bytes) -> None:
        """The file is sealed anew to the standing, so that neither can be altered without the other."""
        sealed = self._cipher.seal(file, _context(VERSION, case_id, as_of, standing))
        write.change(_CHANGE_CASE, {"of_case": case_id, "version": VERSION, "standing": standing, "file": sealed})

    def set_end(self, write: Transaction, case_id: str, ended_at: float | None) -> None:
        """None: the case is open."""
        write.run(_SET_END, {"of_case": case_id, "ended_at": ended_at})

    def replace_file(self, write: Transaction, case_id: str, file: bytes, purged_at: float) -> None:
        """Retention: the file without what it must not keep any longer. What stands is kept."""
        _version, as_of, standing, _sealed, _ended_at = write.run(_CASE, {"case_id": case_id}).fetchone()
        sealed = self._cipher.seal(file, _context(VERSION, case_id, as_of, standing))
        write.change(_EMPTY_FILE, {"of_case": case_id, "version": VERSION, "file": sealed, "file_purged_at": purged_at})

    def intend(self, write: Transaction, case_id: str, act: str, key: str, at: float) -> StoredAct:
        sequence = int(write.run(_ACTS_SO_FAR, {"case_id": case_id}).fetchone()[0]) + 1
        row = write.run(_ADD_ACT, {"case_id": case_id, "sequence": sequence, "act": act, "key": key, "intended_at": at, "asked": 0}).lastrowid
        return StoredAct(row or 0, sequence, act, key, 0, None, None)

    def conclude(self, write: Transaction, act: StoredAct, outcome: Outcome) -> None:
        write.change(
            _CONCLUDE_ACT,
            {
                "of_act": act.row,
                "outcome": outcome.outcome,
                "outcome_at": outcome.at,
                "code": outcome.code,
                "device_code": outcome.device_code,
            },
        )

    def count_question(self, act: StoredAct) -> None:
        with self.transaction() as write:
            write.change(_COUNT_QUESTION, {"of_act": act.row})

    def acts(self, case_id: str) -> list[StoredAct]:
        with reading(self._engine) as read:
            return [StoredAct(*row) for row in read.run(_ACTS, {"case_id": case_id})]

    def pending(self, case_id: str) -> StoredAct | None:
        """The act with an intent and no outcome; there is never more than one."""
        with reading(self._engine) as read:
            row = read.run(_PENDING, {"case_id": case_id}).fetchone()
        return None if row is None else StoredAct(*row)


def _context(version: int, case_id: str, as_of: str, standing: str) -> str:
    """What a file is sealed to. A row of version 1 was sealed to its number alone, and is sealed anew at its next change."""
    return case_id if version == _SEALED_TO_THE_NUMBER else f"{case_id}|{version}|{as_of}|{standing}"
