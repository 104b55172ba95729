"""Reads and writes cases and their acts; each call is one durable transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from kiosk.store.encryption import FieldCipher
from kiosk.store.schema import ActRow, CaseRow

VERSION = 1


@dataclass(frozen=True, slots=True)
class StoredCase:
    """A case as it lies in the store. file: the decrypted case file, None where it cannot be decrypted."""

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


class CaseStore:
    """Synchronous: a commit takes well under a millisecond on a good disk and is awaited on purpose."""

    def __init__(self, engine: Engine, cipher: FieldCipher) -> None:
        self._engine = engine
        self._cipher = cipher

    def insert(self, case_id: str, as_of: str, created_at: float, standing: str, file: bytes) -> None:
        with Session(self._engine) as session, session.begin():
            session.add(
                CaseRow(
                    case_id=case_id,
                    version=VERSION,
                    as_of=as_of,
                    created_at=created_at,
                    ended_at=None,
                    standing=standing,
                    file=self._cipher.seal(file, case_id),
                )
            )

    def case(self, case_id: str) -> StoredCase | None:
        with Session(self._engine) as session:
            row = session.get(CaseRow, case_id)
            if row is None:
                return None
            return StoredCase(row.case_id, row.version, row.as_of, row.standing, self._cipher.open(row.file, case_id), row.ended_at is not None)

    def open_ids(self) -> list[str]:
        """Cases that have not ended, oldest first."""
        with Session(self._engine) as session:
            return list(session.scalars(select(CaseRow.case_id).where(CaseRow.ended_at.is_(None)).order_by(CaseRow.created_at)))

    def ended_ids(self, standing_says: str) -> list[str]:
        """Ended cases whose standing contains `standing_says`, oldest first."""
        with Session(self._engine) as session:
            wanted = select(CaseRow.case_id).where(CaseRow.ended_at.is_not(None), CaseRow.standing.contains(standing_says, autoescape=True))
            return list(session.scalars(wanted.order_by(CaseRow.created_at)))

    def update(self, case_id: str, standing: str, file: bytes | None, ended_at: float | None) -> None:
        with Session(self._engine) as session, session.begin():
            self._update(session, case_id, standing, file, ended_at)

    def _update(self, session: Session, case_id: str, standing: str, file: bytes | None, ended_at: float | None) -> None:
        row = session.get_one(CaseRow, case_id)
        row.standing = standing
        row.ended_at = ended_at
        if file is not None:
            row.file = self._cipher.seal(file, case_id)

    def intend(self, case_id: str, act: str, key: str, at: float, standing: str, file: bytes | None) -> StoredAct:
        """The intent row and the case as it stands with it, in one transaction."""
        with Session(self._engine) as session, session.begin():
            sequence = len(session.scalars(select(ActRow.id).where(ActRow.case_id == case_id)).all()) + 1
            row = ActRow(case_id=case_id, sequence=sequence, act=act, key=key, intended_at=at, asked=0)
            session.add(row)
            self._update(session, case_id, standing, file, None)
            session.flush()
            return StoredAct(row.id, sequence, act, key, 0, None, None)

    def conclude(
        self,
        act: StoredAct,
        case_id: str,
        outcome: Mapping[str, str | int | None],
        at: float,
        standing: str,
        file: bytes | None,
        ended_at: float | None,
    ) -> None:
        """The outcome row and the case after it, in one transaction. outcome: `outcome`, `code`, `device_code`."""
        with Session(self._engine) as session, session.begin():
            row = session.get_one(ActRow, act.row)
            row.outcome = str(outcome["outcome"])
            row.outcome_at = at
            row.code = None if outcome["code"] is None else str(outcome["code"])
            row.device_code = None if outcome["device_code"] is None else int(outcome["device_code"])
            self._update(session, case_id, standing, file, ended_at)

    def count_question(self, act: StoredAct) -> None:
        with Session(self._engine) as session, session.begin():
            session.get_one(ActRow, act.row).asked += 1

    def acts(self, case_id: str) -> Sequence[StoredAct]:
        with Session(self._engine) as session:
            rows = session.scalars(select(ActRow).where(ActRow.case_id == case_id).order_by(ActRow.sequence))
            return [StoredAct(row.id, row.sequence, row.act, row.key, row.asked, row.outcome, row.code) for row in rows]

    def pending(self, case_id: str) -> StoredAct | None:
        """The act with an intent and no outcome; there is never more than one."""
        open_acts = [act for act in self.acts(case_id) if act.outcome is None]
        return open_acts[-1] if open_acts else None
